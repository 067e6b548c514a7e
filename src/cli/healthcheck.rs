//! `mockpos healthcheck`: asks a running mockpos how it is, for containers that have no curl.

use super::{Failure, settings};
use crate::config::Config;
use crate::server::reachable;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
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
    let host = match &args.url {
        Some(url) => host(url)?.to_owned(),
        None => here()?.to_string(),
    };
    ask(&host).map_err(|e| Failure::run(format!("unhealthy: `{host}`: {e}")))
}

/// Where a mockpos with this environment listens.
fn here() -> Result<SocketAddr, Failure> {
    let listen = |name: &str| settings::environment(name).filter(|_| name == "MOCKPOS_LISTEN");
    let config: Config = settings::config(&settings::Args::default(), &listen)?;
    Ok(reachable(config.listen.value))
}

/// `host:port` of a URL.
fn host(url: &str) -> Result<&str, Failure> {
    let rest = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next());
    rest.filter(|host| !host.is_empty()).ok_or_else(|| {
        let hint = "hint: expected one like `http://127.0.0.1:4242`";
        Failure::run(format!("`{url}` is no URL that can be asked\n{hint}"))
    })
}

fn ask(host: &str) -> io::Result<()> {
    let bracketed = host.rfind(']').unwrap_or(0);
    let named = host[bracketed..].contains(':');
    let target = if named {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let address = target.to_socket_addrs()?.next();
    let address = address.ok_or_else(|| io::Error::other("no such host"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
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
