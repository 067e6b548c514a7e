//! `mockpos run -- COMMAND`: a server for the time that a command takes, and a judgement at the end.

use super::settings::{self, Args as Serve};
use super::{Failure, export, load, log, report, serve};
use crate::app::App;
use crate::config::{Config, Source};
use crate::route::Script;
use crate::scenario::Scenario;
use crate::server::webhook::Courier;
use crate::server::{listen, script, sdk, url};
use crate::surface::admin::{Report, summary};
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::signal::unix::{self, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::Instant;

/// The options of `run`: those of `serve`, and its own.
#[derive(Debug, clap::Args)]
#[group(id = "run")] // the flattened options are a group of the same name
pub(super) struct Args {
    #[command(flatten)]
    serve: Serve,
    /// Gives the command a further variable; again for more. WHAT is `url`, `api-key`, `secret-key`,
    /// `callback-key`, `webhook-key`, `bearer-key` or `admin-token`
    #[arg(long, value_name = "NAME=WHAT", help_heading = "The command")]
    export: Vec<String>,
    /// Writes what was found to a file, `junit=FILE` or `json=FILE`; again for both
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "The command")]
    report: Vec<String>,
    /// Calls that went wrong are failures, whatever the scenario says
    #[arg(long, help_heading = "The command")]
    strict: bool,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command, and ends with its code; with 1 when it went well and what was expected did not
/// happen.
pub(super) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut config = settings::config(&args.serve, &settings::environment)?;
    let exports = export::read(&args.export)?;
    let reports = report::read(&args.report)?;
    let scenario = load::load(&config).map_err(Failure::usage)?;
    script::fill(&mut config, &scenario);
    // Many may run at once, and the log is the command's.
    let port = (config.listen.source == Source::Default).then(|| {
        let mut free = config.listen.value;
        free.set_port(0);
        free
    });
    config.listen.fill(port, Source::Flag);
    let talks = !config.quiet.value || config.quiet.source == Source::Default;
    if config.quiet.source == Source::Default {
        config.quiet.fill(Some(true), Source::Flag);
    }
    if args.serve.print_config {
        serve::print(&config);
        return Ok(ExitCode::SUCCESS);
    }
    let sdk = sdk::read(config.masterpass_sdk.value.as_deref()).map_err(Failure::usage)?;
    let _lines = log::start(&config);
    let runtime = serve::runtime(&config)?;
    let ended = runtime.block_on(async {
        let mut stage = Stage::set(config, (scenario, sdk)).await?;
        let status = stage.play(&args.command, &exports).await?;
        let found = stage.end(args.strict).await;
        Ok((status, found))
    });
    runtime.shutdown_background();
    let (status, found) = ended?;
    let wrong = report::write(&reports, &found).err();
    if talks {
        eprint!("{}", summary(&found));
    }
    if let Some(wrong) = &wrong {
        eprintln!("{wrong}");
    }
    let passed = wrong.is_none() && found.iter().all(|report| report.passed);
    Ok(match code(status) {
        0 if !passed => ExitCode::FAILURE,
        code => ExitCode::from(code),
    })
}

/// How long webhooks are waited for that nobody takes.
const DRAIN: Duration = Duration::from_secs(10);

/// A server that is ready, and what the command is told of it.
struct Stage {
    app: Arc<App>,
    courier: Arc<Courier>,
    told: export::Told,
    stop: watch::Sender<bool>,
    server: tokio::task::JoinHandle<usize>,
    signals: Signals,
}

impl Stage {
    /// Connections wait from here on, so that the command finds somebody there.
    async fn set(
        mut config: Config,
        (scenario, sdk): (Scenario, Option<Script>),
    ) -> Result<Self, Failure> {
        let (found, listener) = serve::bind(config.listen.value)?;
        serve::secure(&mut config)?;
        let signals = Signals::new();
        let signals = signals.map_err(|e| Failure::run(format!("cannot take signals: {e}")))?;
        let url = url(&config, found);
        let told = export::Told::of(&config, &scenario, url);
        let (stop, stopped) = watch::channel(false);
        let desk = serve::desk(&config, (scenario, sdk), stopped)?;
        super::ready::write_port(&config, found)?;
        Ok(Self {
            app: Arc::clone(&desk.app),
            courier: Arc::clone(&desk.courier),
            told,
            stop,
            server: tokio::spawn(listen::run(listener, desk)),
            signals,
        })
    }

    /// Runs the command to its end.
    async fn play(
        &mut self,
        command: &[OsString],
        exports: &[export::Export],
    ) -> Result<ExitStatus, Failure> {
        let [program, arguments @ ..] = command else {
            return Err(Failure::usage("there is no command to run"));
        };
        let mut child = Command::new(program);
        child.args(arguments).envs(self.told.variables(exports));
        let mut child = child.spawn().map_err(|e| not_run(program, &e))?;
        loop {
            tokio::select! {
                ended = child.wait() => {
                    return ended.map_err(|e| Failure::run(format!("lost the command: {e}")));
                }
                signal = self.signals.next() => pass_on(&child, signal),
            }
        }
    }

    /// Ends the server, and says what has happened.
    async fn end(self, strict: bool) -> Vec<Report> {
        // What is still to be sent to the shop is sent before it is judged what the shop has done.
        self.courier.drain(Instant::now() + DRAIN).await;
        let found = self.app.verify(strict);
        self.stop.send_replace(true);
        // Err: it has ended before
        let _ = self.server.await;
        found
    }
}

/// As shells have it: 127 for a command that is not there, 126 for one that cannot be run.
fn not_run(program: &OsString, error: &io::Error) -> Failure {
    let program = program.to_string_lossy();
    let (code, hint) = match error.kind() {
        io::ErrorKind::NotFound => (127, "is it installed, and on the PATH?"),
        _ => (126, "may it be executed?"),
    };
    let message = format!("cannot run `{program}`: {error}\nhint: {hint}");
    Failure { code, message }
}

/// The exit code; of a command that died by a signal, as shells have it.
fn code(status: ExitStatus) -> u8 {
    let by_signal = || status.signal().map_or(1, |signal| 128 + signal);
    let code = status.code().unwrap_or_else(by_signal);
    u8::try_from(code).unwrap_or(1)
}

/// The signals that ask to end.
struct Signals {
    terminate: unix::Signal,
    interrupt: unix::Signal,
    hang_up: unix::Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.hang_up.recv() => Signal::HUP,
        }
    }
}

/// At a terminal Ctrl-C has reached the command already; twice may mean something else to it.
fn pass_on(child: &Child, signal: Signal) {
    if signal == Signal::INT && io::stdin().is_terminal() {
        return;
    }
    let pid = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        // Err: it has just ended, which is what was asked for
        let _ = kill_process(pid, signal);
    }
}
