//! Says that it is ready: on standard output, and in the port file.

use super::Failure;
use crate::config::{Config, LogFormat};
use crate::server::url;
use serde_json::json;
use std::fs;
use std::io::{IsTerminal, Write, stdout};
use std::net::SocketAddr;
use std::path::Path;

/// Says so. The settings' address has the port that was found.
pub fn announce(config: &Config, address: SocketAddr) -> Result<(), Failure> {
    write_port(config, address)?;
    let line = if config.log_format.value == LogFormat::Json || !stdout().is_terminal() {
        json_line(config, address)
    } else {
        text(config, address)
    };
    let mut out = stdout().lock();
    // Err: nobody reads it, which is no reason not to serve
    let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    Ok(())
}

/// Says it in the port file alone, where one is wanted.
pub fn write_port(config: &Config, address: SocketAddr) -> Result<(), Failure> {
    let Some(path) = &config.port_file.value else {
        return Ok(());
    };
    write(path, address.port()).map_err(|e| {
        let path = path.display();
        let hint = "hint: `--port-file` needs a directory that can be written to";
        Failure::usage(format!("cannot write port file `{path}`: {e}\n{hint}"))
    })
}

fn json_line(config: &Config, address: SocketAddr) -> String {
    let ready = json!({
        "event": "ready",
        "url": url(config, address),
        "seed": config.seed.value,
        "version": env!("CARGO_PKG_VERSION"),
    });
    format!("{ready}\n")
}

fn text(config: &Config, address: SocketAddr) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let url = url(config, address);
    let mut text = format!("mockpos {version} listens on {url}\n");
    if !config.quiet.value {
        text += &format!(
            "try: curl -d payment_option=1 '{url}/orders/checkout/?page=PaymentOptionSelectionPage'\n     curl {url}/__mockpos/journal      or open {url} in a browser\n"
        );
        let sdk = config.masterpass_sdk.value.as_ref();
        if let Some(name) = sdk.and_then(|path| path.file_name()) {
            text += &format!("sdk: {url}/masterpass-sdk/{}\n", name.display());
        }
    }
    text
}

/// Whole or not at all: who waits for the file must not read half a number.
fn write(path: &Path, port: u16) -> std::io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    fs::write(&draft, format!("{port}\n"))?;
    fs::rename(&draft, path)
}
