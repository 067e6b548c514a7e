//! The listener in TLS: whom clients trust, what is spoken, who is slow.

use crate::support::{HEALTH, PATIENCE, Process, get, has_status, ran};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("mockpos-tls-{name}-{}.pem", std::process::id()))
}

/// A server with a certificate of its own, and the file that says whom to trust.
fn server(name: &str, args: &[&str]) -> (Process, PathBuf) {
    let ca = file(name);
    let own = ["--tls", "self-signed", "--tls-ca-out", ca.to_str().unwrap()];
    (Process::start(&[&own, args].concat()), ca)
}

/// What a client that trusts `ca` reads to the end, and the protocol that was agreed on. Err: no handshake.
fn talk(
    port: u16,
    (ca, host): (&str, &str),
    protocols: &[&str],
    text: &str,
) -> Result<(String, Option<Vec<u8>>), String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let host = ServerName::try_from(host.to_owned()).unwrap();
    let client = ClientConnection::new(Arc::new(config), host).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut stream = StreamOwned::new(client, stream);
    stream
        .write_all(text.as_bytes())
        .map_err(|e| e.to_string())?;
    let mut answer = String::new();
    // the end is said in TLS too: else it would be an error
    stream
        .read_to_string(&mut answer)
        .map_err(|e| e.to_string())?;
    Ok((answer, stream.conn.alpn_protocol().map(<[u8]>::to_vec)))
}

#[test]
fn clients_that_trust_the_authority_are_served() {
    let (server, file) = server("trust", &[]);
    let ca = fs::read_to_string(&file).unwrap();
    let url = server.ready["url"].as_str().unwrap();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    for host in ["localhost", "127.0.0.1", "::1"] {
        for (offered, agreed) in [
            (&[][..], None),
            (&["http/1.1"][..], Some(b"http/1.1".to_vec())),
            (&["h2", "http/1.1"][..], Some(b"http/1.1".to_vec())),
        ] {
            let (answer, spoken) = talk(server.port, (&ca, host), offered, &get(HEALTH)).unwrap();
            has_status(&answer, 200);
            assert_eq!(spoken, agreed, "{offered:?}");
        }
    }
    let refused = talk(server.port, (&ca, "localhost"), &["h2"], &get(HEALTH));
    assert!(refused.is_err(), "HTTP/2 is not spoken: {refused:?}");
    let refused = talk(server.port, (&ca, "other.example"), &[], &get(HEALTH));
    let why = refused.unwrap_err();
    assert!(why.contains("not valid for name"), "{why}");
    let (_, another) = self::server("another", &[]);
    let stranger = fs::read_to_string(&another).unwrap();
    let refused = talk(server.port, (&stranger, "localhost"), &[], &get(HEALTH));
    assert!(refused.is_err(), "another authority has not signed it");
    for file in [file, another] {
        fs::remove_file(file).unwrap();
    }
}

#[test]
fn addresses_that_are_handed_out_are_https() {
    let (server, file) = server("urls", &[]);
    let ca = fs::read_to_string(&file).unwrap();
    let body = r#"{"UserId":"1","AccountKey":"905551110020","OrderNo":"1001","IsMsisdnValidated":true,"CurrencyCode":"TRY"}"#;
    let post = |path: &str, lines: &str, body: &str| {
        let length = body.len();
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n{lines}\r\n{body}"
        );
        talk(server.port, (&ca, "localhost"), &[], &text).unwrap().0
    };
    let keys =
        "clientid: mockpos-merchant\r\nsecret: mockpos-secret\r\ngranttype: client_credentials\r\n";
    let token = post("/merchant/api/token/generate", keys, body);
    let token = token.split("accessToken\":\"").nth(1).expect(&token);
    let bearer = format!("authorization: {}\r\n", token.split('"').next().unwrap());
    let pays = r#"{"accountKey":"905551110020","amount":10000,"cardAlias":"THREE D","orderNo":"1001","installmentCount":1,"merchantId":"mockpos-merchant"}"#;
    let answer = post("/payment/api/Payment/request", &bearer, pays);
    assert!(
        answer.contains("\"url3d\":\"https://localhost/"),
        "{answer}"
    );
    assert!(!answer.contains("http://"), "{answer}");
    fs::remove_file(file).unwrap();
}

#[test]
fn certificates_of_the_user_are_served() {
    let made = rcgen::generate_simple_self_signed(vec!["mock.example".to_owned()]).unwrap();
    let (cert, key) = (file("cert"), file("key"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let args = [
        "--tls-cert",
        cert.to_str().unwrap(),
        "--tls-key",
        key.to_str().unwrap(),
    ];
    let server = Process::start(&args);
    let ca = made.cert.pem();
    let (answer, _) = talk(server.port, (&ca, "mock.example"), &[], &get(HEALTH)).unwrap();
    has_status(&answer, 200);

    let other = file("other");
    let stranger = rcgen::KeyPair::generate().unwrap();
    fs::write(&other, stranger.serialize_pem()).unwrap();
    let [cert, key, other] = [&cert, &key, &other].map(|path| path.to_str().unwrap());
    // arguments, what the message says
    let cases: [(&[&str], &str); 8] = [
        (&["--tls", "yes"], "expected `self-signed`"),
        (&["--tls-cert", cert], "belong together"),
        (
            &["--tls", "self-signed", "--tls-cert", cert],
            "makes its own certificate",
        ),
        (&["--tls-ca-out", cert], "is for `--tls self-signed`"),
        (
            &["--tls-cert", "./none.pem", "--tls-key", key],
            "cannot use `./none.pem`",
        ),
        (
            &["--tls-cert", key, "--tls-key", key],
            "there is no certificate in it",
        ),
        (
            &["--tls-cert", cert, "--tls-key", cert],
            "there is no private key in it",
        ),
        (&["--tls-cert", cert, "--tls-key", other], "do not fit"),
    ];
    for (args, says) in cases {
        let (code, out, err) = ran(&[&["serve", "--listen", "127.0.0.1:0"], args].concat(), &[]);
        assert_eq!((code, &*out), (Some(2), ""), "{args:?} {err}");
        assert!(
            err.starts_with("error: ") && err.contains(says) && !err.contains("PRIVATE"),
            "{err}"
        );
    }
    for path in [cert, key, other] {
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn slow_handshakes_end_and_plain_http_is_told() {
    let (server, file) = server("slow", &["--header-timeout", "100ms"]);
    let mut silent = server.connect();
    let mut slow = server.connect();
    slow.send("\u{16}\u{3}\u{1}");
    assert!(silent.is_cut() && slow.is_cut());
    let plain = server.talk(&get(HEALTH));
    has_status(&plain, 400);
    assert!(plain.contains("the base URL is https, not http"), "{plain}");
    let ca = fs::read_to_string(&file).unwrap();
    let (answer, _) = talk(server.port, (&ca, "localhost"), &[], &get(HEALTH)).unwrap();
    has_status(&answer, 200);
    fs::remove_file(file).unwrap();
}

/// What curl and the container's health check make of it.
#[test]
fn curl_and_the_health_check_get_through() {
    let (server, file) = server("curl", &[]);
    let url = format!("https://127.0.0.1:{}", server.port);
    assert_eq!(ran(&["healthcheck", &url], &[]).0, Some(0));
    let listen = format!("127.0.0.1:{}", server.port);
    let env = [("MOCKPOS_LISTEN", &*listen), ("MOCKPOS_TLS", "self-signed")];
    assert_eq!(ran(&["healthcheck"], &env).0, Some(0));
    let curl = std::process::Command::new("curl")
        .args([
            "-sS",
            "--cacert",
            file.to_str().unwrap(),
            &format!("{url}{HEALTH}"),
        ])
        .output()
        .unwrap();
    assert!(curl.status.success(), "{curl:?}");
    assert!(curl.stdout.starts_with(b"{\"status\":\"ok\""), "{curl:?}");
    fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn the_library_speaks_it_too() {
    let running = mockpos::Server::builder()
        .tls_self_signed()
        .start()
        .await
        .unwrap();
    assert!(running.url().starts_with("https://127.0.0.1:"));
    let (port, ca) = (running.address().port(), running.ca().unwrap().to_owned());
    let asked = tokio::task::spawn_blocking(move || {
        talk(port, (&ca, "localhost"), &[], &get(HEALTH)).unwrap().0
    });
    has_status(&asked.await.unwrap(), 200);
    running.shutdown().await;
}
