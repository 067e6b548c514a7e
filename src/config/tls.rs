//! Whether the listener speaks TLS, and with which certificate.

use super::{Setting, Source};
use std::path::PathBuf;

/// The settings of TLS.
#[derive(Debug, Clone)]
pub struct Tls {
    /// a certificate is made at start
    pub self_signed: Setting<bool>,
    /// PEM: the certificate, and those that lead to who is trusted
    pub cert: Setting<Option<PathBuf>>,
    /// PEM: its private key
    pub key: Setting<Option<PathBuf>>,
    /// gets the authority that has signed the certificate that was made
    pub ca_out: Setting<Option<PathBuf>>,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            self_signed: Setting::new(false),
            cert: Setting::new(None),
            key: Setting::new(None),
            ca_out: Setting::new(None),
        }
    }
}

impl Tls {
    /// Whether it is spoken.
    pub const fn is_on(&self) -> bool {
        self.self_signed.value || self.cert.value.is_some()
    }

    /// How our URLs begin.
    pub const fn scheme(&self) -> &'static str {
        if self.is_on() { "https" } else { "http" }
    }

    /// Whether the settings fit each other. Err says why not.
    pub fn check(&self) -> Result<(), &'static str> {
        let (cert, key) = (self.cert.value.is_some(), self.key.value.is_some());
        match (self.self_signed.value, cert, key) {
            (true, false, false) | (false, true, true) => {}
            (false, false, false) => {}
            (true, ..) => {
                return Err(
                    "`--tls self-signed` makes its own certificate: leave out `--tls-cert` and `--tls-key`",
                );
            }
            (false, ..) => return Err("`--tls-cert` and `--tls-key` belong together"),
        }
        match self.ca_out.value.is_some() && !self.self_signed.value {
            true => Err(
                "`--tls-ca-out` is for `--tls self-signed`: nothing else has an authority of ours",
            ),
            false => Ok(()),
        }
    }

    /// Each value as text with its source.
    pub fn rows(&self) -> [(&'static str, String, Source); 4] {
        let path = |setting: &Setting<Option<PathBuf>>| {
            let path = setting.value.as_ref();
            path.map_or(String::new(), |path| path.display().to_string())
        };
        let word = if self.self_signed.value {
            "self-signed"
        } else {
            ""
        };
        [
            ("tls", word.to_owned(), self.self_signed.source),
            ("tls-cert", path(&self.cert), self.cert.source),
            ("tls-key", path(&self.key), self.key.source),
            ("tls-ca-out", path(&self.ca_out), self.ca_out.source),
        ]
    }
}

/// The word after `--tls`. Err says what was expected.
pub fn self_signed(text: &str) -> Result<bool, String> {
    match text {
        "self-signed" => Ok(true),
        _ => Err(
            "expected `self-signed`; `--tls-cert` and `--tls-key` take a certificate of yours"
                .to_owned(),
        ),
    }
}
