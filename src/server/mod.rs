//! The program's outside: sockets, HTTP and time, and the way to start it from other Rust projects.

mod bounds;
mod follow;
mod garbled;
pub mod http;
mod intake;
mod line;
pub mod listen;
mod request_id;
mod sandbox;
pub mod script;
pub mod sdk;
mod socket;
pub mod tls;
mod travel;
pub mod webhook;

pub use bounds::Bounds;
pub use http::Desk;
pub use sandbox::Sandbox;

use crate::app::App;
use crate::clock::ClockSetting;
use crate::config::{Config, Source};
use crate::route::Script;
use crate::scenario::Scenario;
use crate::surface::admin::Access;
use crate::world::Birth;
use request_id::RequestIds;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use webhook::Courier;

/// A mockpos inside another program, for its tests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// let mockpos = mockpos::Server::builder().seed(1).start().await?;
///
/// let mut client = tokio::net::TcpStream::connect(mockpos.address()).await?;
/// let request = "GET /__mockpos/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
/// client.write_all(request.as_bytes()).await?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await?;
///
/// assert!(answer.starts_with("HTTP/1.1 200 OK"));
/// mockpos.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server;

impl Server {
    /// A server on a free port of the loopback interface, with the built-in scenario.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// What a [`Server`] starts with.
#[derive(Debug)]
#[must_use = "nothing is served before `start`"]
pub struct Builder {
    config: Config,
    scenarios: Vec<String>,
}

impl Default for Builder {
    fn default() -> Self {
        let mut config = Config::default();
        config.listen.value.set_port(0);
        let scenarios = Vec::new();
        Self { config, scenarios }
    }
}

impl Builder {
    /// A scenario: its TOML text, or the name of a shipped one. Of several the later goes over the
    /// earlier.
    pub fn scenario(mut self, text_or_name: impl Into<String>) -> Self {
        self.scenarios.push(text_or_name.into());
        self
    }

    /// Chance and ids follow from it; without it the scenario's, else 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed.fill(Some(seed), Source::Flag);
        self
    }

    /// How sandboxes tell the time; without it the scenario's, else the real time.
    pub fn clock(mut self, clock: ClockSetting) -> Self {
        self.config.clock.fill(Some(clock), Source::Flag);
        self
    }

    /// Where to listen; without it a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.config.listen.fill(Some(address), Source::Flag);
        self
    }

    /// How browsers reach it, when not by the Host they name.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.config
            .public_url
            .fill(Some(Some(url.into())), Source::Flag);
        self
    }

    /// Serves this copy of the wallet vendor's SDK, with the sandbox's public key in it, at
    /// `/masterpass-sdk/` and its name.
    pub fn masterpass_sdk(mut self, file: impl Into<PathBuf>) -> Self {
        let file = Some(Some(file.into()));
        self.config.masterpass_sdk.fill(file, Source::Flag);
        self
    }

    /// Speaks TLS with a certificate that is made at start; [`Running::ca`] is whom clients must trust.
    pub fn tls_self_signed(mut self) -> Self {
        self.config.tls.self_signed.fill(Some(true), Source::Flag);
        self
    }

    /// Listens, and serves on the present tokio runtime.
    ///
    /// # Errors
    /// When the scenario or the SDK is no good, no certificate can be made, or the address cannot be listened on.
    pub async fn start(self) -> Result<Running, Error> {
        let mut config = self.config;
        let texts = self.scenarios.into_iter().map(script::named).collect();
        let texts: Vec<_> = Result::map_err(texts, Error::Scenario)?;
        let scenario = script::compile(&texts).map_err(Error::Scenario)?;
        script::fill(&mut config, &scenario);
        let sdk = sdk::read(config.masterpass_sdk.value.as_deref()).map_err(Error::Sdk)?;
        let listener = listen::bind(config.listen.value).map_err(Error::Listen)?;
        let address = reachable(listener.local_addr().map_err(Error::Listen)?);
        let (stop, stopped) = watch::channel(false);
        let tls = tls::tls(&config).map_err(Error::Tls)?;
        let ca = tls.as_ref().and_then(|tls| tls.ca.clone());
        let desk = Desk::new(&config, (Arc::new(scenario), sdk), stopped);
        let desk = Arc::new(desk.speaking(tls));
        Ok(Running {
            ca,
            app: Arc::clone(&desk.app),
            courier: Arc::clone(&desk.courier),
            url: url(&config, address),
            address,
            stop,
            task: tokio::spawn(listen::run(listener, desk)),
        })
    }
}

impl Desk {
    /// Answers by the scenario, until it is told to stop; serves the SDK, when there is one.
    pub fn new(
        config: &Config,
        (scenario, sdk): (Arc<Scenario>, Option<Script>),
        stop: watch::Receiver<bool>,
    ) -> Self {
        let birth = Birth {
            seed: config.seed.value,
            clock: config.clock.value,
        };
        let access = Access {
            token: config.admin_token.value.clone(),
            hosts: config.allow_host.value.clone(),
            loopback: config.listen.value.ip().is_loopback(),
        };
        let app = App::within(scenario, birth, access, config.limits.caps());
        let app = Arc::new(app.serving(sdk).guarding(config.pan_guard.value));
        Self {
            courier: Arc::new(Courier::new(Arc::clone(&app))),
            app,
            public_url: config.public_url.value.clone(),
            bounds: Bounds::from(&config.limits),
            request_ids: RequestIds::new(),
            tls: None,
            stop,
        }
    }

    /// In TLS, where there is any.
    #[must_use]
    pub fn speaking(mut self, tls: Option<tls::Tls>) -> Self {
        self.tls = tls;
        self
    }
}

/// The base URL at which a client on this machine reaches a listener.
pub fn url(config: &Config, address: SocketAddr) -> String {
    format!("{}://{}", config.tls.scheme(), reachable(address))
}

/// The address at which a client on this machine reaches a listener: loopback for "any".
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// A server that runs. Dropping it ends it, without waiting.
#[derive(Debug)]
pub struct Running {
    app: Arc<App>,
    courier: Arc<Courier>,
    url: String,
    ca: Option<String>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<usize>,
}

impl Running {
    /// Its base URL, without a trailing slash: `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// In PEM, the authority that has signed its certificate, where one was made.
    pub fn ca(&self) -> Option<&str> {
        self.ca.as_deref()
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A sandbox that has just begun; the same name is the same sandbox, begun anew. Tests that share a
    /// server each take one of their own.
    ///
    /// # Panics
    /// When the name is not 1 to 64 letters, digits, `_` and `-` — spaces become `-` — or 10,000 others
    /// are in use.
    pub fn sandbox(&self, name: &str) -> Sandbox {
        let name = name.replace(' ', "-");
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-".contains(&b);
        let good = (1..=64).contains(&name.len()) && name.bytes().all(plain);
        assert!(good, "`{name}` is no name of a sandbox");
        let begun = Sandbox::begin((&self.app, &self.courier), &self.url, &name);
        begun.expect("there is room for another sandbox")
    }

    /// Ends it: delays end at once, requests in flight are answered. Takes a second at most.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        // Err: the runtime is ending, and the server with it
        let _ = self.task.await;
    }
}

/// Why a server does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// the scenario is no good; the text says where and why
    Scenario(String),
    /// the SDK cannot be served; the text says why
    Sdk(String),
    /// TLS cannot be spoken; the text says why
    Tls(String),
    /// the address cannot be listened on
    Listen(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenario(why) | Self::Sdk(why) | Self::Tls(why) => f.write_str(why),
            Self::Listen(why) => write!(f, "cannot listen: {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Scenario(_) | Self::Sdk(_) | Self::Tls(_) => None,
            Self::Listen(why) => Some(why),
        }
    }
}
