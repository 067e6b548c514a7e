//! `mockpos healthcheck`: asks a running mockpos how it is, for containers that have no curl.

use super::{Failure, settings};
use crate::config::Config;
use crate::server::{tls, url};
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The options of `healthcheck`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where it listens [default: where MOCKPOS_LISTEN says, else http://127.0.0.1:4242]
    #[arg(value_name = "URL")]
    url: Option<String>,
}

/// Ok when a mockpos answers there and is well.
pub fn healthcheck(args: &Args) -> Result<(), Failure> {
    let url = args.url.clone().map_or_else(here, Ok)?;
    let (secure, host) = parts(&url)?;
    ask(secure, host).map_err(|e| Failure::run(format!("unhealthy: `{host}`: {e}")))
}

/// Where a mockpos with this environment listens.
fn here() -> Result<String, Failure> {
    let known = ["MOCKPOS_LISTEN", "MOCKPOS_TLS", "MOCKPOS_TLS_CERT"];
    let listen = |name: &str| settings::environment(name).filter(|_| known.contains(&name));
    let config: Config = settings::config(&settings::Args::default(), &listen)?;
    Ok(url(&config, config.listen.value))
}

/// Whether in TLS, and `host:port` of a URL.
fn parts(url: &str) -> Result<(bool, &str), Failure> {
    let plain = url.strip_prefix("http://").map(|rest| (false, rest));
    let found = plain.or_else(|| Some((true, url.strip_prefix("https://")?)));
    let found = found.map(|(secure, rest)| (secure, rest.split('/').next().unwrap_or_default()));
    found.filter(|(_, host)| !host.is_empty()).ok_or_else(|| {
        let hint = "hint: expected one like `http://127.0.0.1:4242`";
        Failure::run(format!("`{url}` is no URL that can be asked\n{hint}"))
    })
}

fn ask(secure: bool, host: &str) -> io::Result<()> {
    let bracketed = host.rfind(']').unwrap_or(0);
    let named = host[bracketed..].contains(':');
    let target = match (named, secure) {
        (true, _) => host.to_owned(),
        (false, true) => format!("{host}:443"),
        (false, false) => format!("{host}:80"),
    };
    let address = target.to_socket_addrs()?.next();
    let address = address.ok_or_else(|| io::Error::other("no such host"))?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    match secure {
        true => answered(tls::unverified(stream)?, host),
        false => answered(stream, host),
    }
}

fn answered(mut stream: impl Read + Write, host: &str) -> io::Result<()> {
    let request = "GET /__mockpos/health HTTP/1.1\r\nconnection: close\r\nhost:";
    stream.write_all(format!("{request} {host}\r\n\r\n").as_bytes())?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    if status == *b"HTTP/1.1 200" {
        return Ok(());
    }
    let status = String::from_utf8_lossy(&status);
    Err(io::Error::other(format!(
        "answered `{}`",
        status.escape_debug()
    )))
}
