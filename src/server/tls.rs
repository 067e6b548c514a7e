//! TLS on the listener: a certificate of the user's, or one that is made at start. HTTP/1.1 alone is spoken
//! in it. Nothing here happens unless it is asked for.

mod unverified;

pub use unverified::unverified;

use crate::clock::{Clock, ClockSetting};
use crate::config::Config;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;

/// Browsers take no certificate that is good for longer.
const GOOD_FOR: Duration = Duration::days(397);
/// Clocks of clients may be slow.
const SLACK: Duration = Duration::days(1);

/// What a listener needs to speak TLS.
#[derive(Clone)]
pub struct Tls {
    /// takes connections
    pub acceptor: TlsAcceptor,
    /// the authority that has signed the certificate, as PEM, where it is ours
    pub ca: Option<String>,
}

impl fmt::Debug for Tls {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

type Chain = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// As the settings have it; None: plain HTTP. Err is for people to read.
pub fn tls(config: &Config) -> Result<Option<Tls>, String> {
    let settings = &config.tls;
    settings.check().map_err(str::to_owned)?;
    let (chain, ca) = match (&settings.cert.value, &settings.key.value) {
        (Some(cert), Some(key)) => (given(cert, key)?, None),
        _ if settings.self_signed.value => {
            let made =
                made(&names(config)).map_err(|e| format!("cannot make a certificate: {e}"))?;
            (made.0, Some(made.1))
        }
        _ => return Ok(None),
    };
    if let (Some(path), Some(ca)) = (&settings.ca_out.value, &ca) {
        let hint = "hint: `--tls-ca-out` needs a directory that can be written to";
        let wrong = |e| format!("cannot write `{}`: {e}\n{hint}", path.display());
        fs::write(path, ca).map_err(wrong)?;
    }
    let acceptor = TlsAcceptor::from(Arc::new(speaks(chain)?));
    Ok(Some(Tls { acceptor, ca }))
}

fn speaks((chain, key): Chain) -> Result<ServerConfig, String> {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| format!("cannot speak TLS: {e}"))?;
    let config = builder.with_no_client_auth().with_single_cert(chain, key);
    let mut config = config.map_err(|e| {
        let hint = "hint: `--tls-key` must be the key of the first certificate in `--tls-cert`";
        format!("the certificate and the key do not fit: {e}\n{hint}")
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What stands in the user's files.
fn given(cert: &Path, key: &Path) -> Result<Chain, String> {
    let wrong = |path: &Path, why: &dyn fmt::Display, what: &str| {
        let path = path.display();
        format!("cannot use `{path}`: {why}\nhint: expected {what} in PEM: `-----BEGIN …`")
    };
    let certificates = "a certificate, and those that lead to who is trusted,";
    let bytes = fs::read(cert).map_err(|e| wrong(cert, &e, certificates))?;
    let chain = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|e| wrong(cert, &e, certificates))?;
    if chain.is_empty() {
        return Err(wrong(cert, &"there is no certificate in it", certificates));
    }
    let bytes = fs::read(key).map_err(|e| wrong(key, &e, "a private key"))?;
    // the reader's own words could quote the file
    let found = PrivateKeyDer::from_pem_slice(&bytes);
    let found = found.map_err(|_| wrong(key, &"there is no private key in it", "a private key"))?;
    Ok((chain, found))
}

/// Every name under which clients may know us.
fn names(config: &Config) -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"]
        .map(str::to_owned)
        .to_vec();
    let listen = config.listen.value.ip();
    if !listen.is_unspecified() {
        names.push(listen.to_string());
    }
    names.extend(config.allow_host.value.iter().map(|name| bare(name)));
    let public = config.public_url.value.as_deref();
    let public = public.and_then(|url| url.split("://").nth(1)?.split('/').next());
    names.extend(public.map(bare));
    names.sort_unstable();
    names.dedup();
    names
}

/// A host without its port and brackets.
fn bare(host: &str) -> String {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    }
    .unwrap_or_default()
    .to_owned()
}

/// A certificate for these names, and the authority that has signed it. Its key is forgotten here.
fn made(names: &[String]) -> Result<(Chain, String), rcgen::Error> {
    let ca_key = KeyPair::generate()?;
    let mut ca = params(&[], "mockpos test authority")?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_cert = ca.self_signed(&ca_key)?;
    let issuer = Issuer::new(ca, ca_key);

    let key = KeyPair::generate()?;
    let mut leaf = params(names, "mockpos, a test double")?;
    leaf.use_authority_key_identifier_extension = true;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &issuer)?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    Ok(((vec![leaf.der().clone()], key.into()), ca_cert.pem()))
}

fn params(names: &[String], title: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, title);
    params.distinguished_name = name;
    // whatever the clocks of sandboxes show
    let now = Clock::new(ClockSetting::Real).now().micros() / 1_000_000;
    let now = OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    params.not_before = now - SLACK;
    params.not_after = params.not_before + GOOD_FOR;
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Setting, Source};

    #[test]
    fn the_certificate_is_for_every_name_we_go_by() {
        let mut config = Config::default();
        let own = vec!["mock.test:8443".to_owned(), "localhost".to_owned()];
        config.allow_host.fill(Some(own), Source::Flag);
        config.public_url = Setting::new(Some("https://[2001:db8::1]:8443/x".to_owned()));
        let want = ["127.0.0.1", "2001:db8::1", "::1", "localhost", "mock.test"];
        assert_eq!(names(&config), want);
        let ((chain, _), ca) = made(&names(&config)).unwrap();
        assert_eq!(chain.len(), 1);
        assert!(ca.starts_with("-----BEGIN CERTIFICATE-----"), "{ca}");
    }
}
