//! `mockpos serve`: from settings to a server that runs until it is told to stop.

use super::settings;
use super::watch::Watch;
use super::{Failure, load, log, ready};
use crate::config::{Config, Limit, Source};
use crate::domain::hex::hex;
use crate::route::Script;
use crate::scenario::Scenario;
use crate::server::{Desk, listen, script, sdk, tls};
use std::io;
use std::net::SocketAddr;
use std::process;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How many files the process would like to open: the most connections, and some for itself.
const FILES: u64 = 16_384;

/// The options of `serve`.
#[derive(Debug, clap::Args)]
#[group(id = "serve")] // the flattened options are a group of the same name
pub struct Args {
    #[command(flatten)]
    settings: settings::Args,
    /// Ends when standard input does: a process that starts mockpos, and dies, leaves nothing behind
    #[arg(long, help_heading = "Behaviour")]
    while_stdin: bool,
}

/// Serves until SIGTERM or SIGINT, or the end of standard input where that was asked for.
pub fn serve(args: &Args) -> Result<(), Failure> {
    let Args {
        settings: args,
        while_stdin,
    } = args;
    let mut config = settings::config(args, &settings::environment)?;
    let scenario = load::load(&config).map_err(Failure::usage)?;
    script::fill(&mut config, &scenario);
    if args.print_config {
        print(&config);
        return Ok(());
    }
    let sdk = sdk::read(config.masterpass_sdk.value.as_deref()).map_err(Failure::usage)?;
    let _lines = log::start(&config);
    let runtime = runtime(&config)?;
    let (stop, stopped) = watch::channel(false);
    if *while_stdin {
        until_stdin_ends(stop.clone());
    }
    let done = runtime.block_on(run(config, (scenario, sdk), (stop, stopped)));
    runtime.shutdown_background();
    done
}

/// What a server runs on: the present thread, or so many others.
pub fn runtime(config: &Config) -> Result<Runtime, Failure> {
    // Err: then it is as many as it is
    let _ = rlimit::increase_nofile_limit(FILES);
    let mut builder = match config.limits.count(Limit::Threads) {
        1 => runtime::Builder::new_current_thread(),
        _ => runtime::Builder::new_multi_thread(),
    };
    let builder = builder.worker_threads(config.limits.count(Limit::Threads));
    let runtime = builder.enable_all().build();
    runtime.map_err(|e| Failure::run(format!("cannot start: {e}")))
}

/// Each value, and where it came from.
pub fn print(config: &Config) {
    for (name, value, source) in config.rows() {
        println!("{name:<15} = {value:<40} ({source})");
    }
}

/// Away from loopback the admin needs a token; without a given one, one is made.
pub fn secure(config: &mut Config) -> Result<(), Failure> {
    if config.listen.value.ip().is_loopback() || config.admin_token.value.is_some() {
        return Ok(());
    }
    // A secret is the one thing that must not follow from the seed.
    let mut secret = [0; 16];
    getrandom::fill(&mut secret).map_err(|e| {
        let hint = "hint: give a token of your own with `--admin-token`";
        Failure::usage(format!("cannot make an admin token: {e}\n{hint}"))
    })?;
    let token = hex(&secret);
    // a warning, so that it is told even when quiet
    tracing::warn!(
        admin_token = token,
        "made for this run; `--admin-token` takes your own"
    );
    config.admin_token.fill(Some(Some(token)), Source::Flag);
    Ok(())
}

/// Says what is allowed in a scenario, and likely not meant.
pub fn warn(scenario: &Scenario) {
    if !scenario.warnings.is_empty() {
        tracing::warn!("the scenario as it reads\n{}", scenario.warnings.render());
    }
}

async fn run(
    mut config: Config,
    (scenario, sdk): (Scenario, Option<Script>),
    (stop, stopped): (watch::Sender<bool>, watch::Receiver<bool>),
) -> Result<(), Failure> {
    let (found, listener) = bind(config.listen.value)?;
    secure(&mut config)?;
    tokio::spawn(signals(stop).map_err(|e| Failure::run(format!("cannot take signals: {e}")))?);
    let desk = desk(&config, (scenario, sdk), stopped)?;
    ready::announce(&config, found)?;
    let cut = listen::run(listener, desk).await;
    if cut > 0 {
        tracing::warn!(connections = cut, "cut off: the second was over");
    }
    Ok(())
}

/// Where calls will be answered; the scenario's files are watched from here on, where that is wanted.
pub fn desk(
    config: &Config,
    (scenario, sdk): (Scenario, Option<Script>),
    stopped: watch::Receiver<bool>,
) -> Result<Arc<Desk>, Failure> {
    warn(&scenario);
    let scenario = Arc::new(scenario);
    let tls = tls::tls(config).map_err(Failure::usage)?;
    let desk = Desk::new(config, (Arc::clone(&scenario), sdk), stopped);
    let desk = Arc::new(desk.speaking(tls));
    if config.watch.value {
        let watch = Watch::new(config.clone(), Arc::clone(&desk.app), scenario);
        tokio::spawn(watch.map_err(Failure::usage)?.run());
    }
    Ok(desk)
}

/// Listens there; with the port that was found.
pub fn bind(address: SocketAddr) -> Result<(SocketAddr, TcpListener), Failure> {
    let bound = listen::bind(address).and_then(|l| Ok((l.local_addr()?, l)));
    bound.map_err(|e| {
        let hint = match e.kind() {
            io::ErrorKind::AddrInUse => "something listens there already; port 0 takes a free one",
            io::ErrorKind::PermissionDenied => "ports below 1024 are for root; take a higher one",
            _ => "is it an address of this machine? `127.0.0.1:4242` always is",
        };
        Failure::usage(format!("cannot listen on `{address}`: {e}\nhint: {hint}"))
    })
}

/// On a thread of its own: nobody can be woken from a read of a terminal.
fn until_stdin_ends(stop: watch::Sender<bool>) {
    std::thread::spawn(move || {
        // Err: it cannot be read, and so has ended
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        stop.send_replace(true);
    });
}

/// The first signal asks to stop, the second ends the process at once.
fn signals(stop: watch::Sender<bool>) -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        either(&mut terminate, &mut interrupt).await;
        stop.send_replace(true);
        let number = either(&mut terminate, &mut interrupt).await;
        process::exit(128 + number)
    })
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) -> i32 {
    tokio::select! {
        _ = terminate.recv() => SignalKind::terminate().as_raw_value(),
        _ = interrupt.recv() => SignalKind::interrupt().as_raw_value(),
    }
}
