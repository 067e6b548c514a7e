//! Where a webhook may go: the host is resolved once, every address is looked at, and only those are
//! connected to.

use crate::domain::webhook::NamedBy;
use crate::surface::webhook::Parcel;
use http::Uri;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::lookup_host;

/// A URL that may be sent to.
#[derive(Debug)]
pub struct Target {
    /// all addresses of its host, each of them fit
    pub addresses: Vec<SocketAddr>,
    /// for the `Host` header
    pub authority: String,
    /// what is asked for
    pub path: String,
}

/// In whose reach an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// this machine alone
    Loopback,
    /// the whole internet
    Public,
    /// a network of somebody's own, or none at all
    Private,
}

/// The addresses to send `parcel` to. Err says why it is not sent.
pub async fn target(parcel: &Parcel) -> Result<Target, String> {
    let url: Uri = parcel.message.url.parse().map_err(|_| "not a URL")?;
    match url.scheme_str() {
        Some("http") => {}
        Some("https") => return Err("https is not supported for webhooks yet".to_owned()),
        Some(_) | None => return Err("not an http URL".to_owned()),
    }
    let authority = url.authority().ok_or("a URL without a host")?.as_str();
    if authority.contains('@') {
        return Err("a URL with a user".to_owned());
    }
    let host = host(&url).ok_or("a URL without a host")?;
    let port = url.port_u16().unwrap_or(80);
    let found = lookup_host((host.as_str(), port)).await;
    let addresses: Vec<_> = found
        .map_err(|e| format!("cannot resolve `{host}`: {e}"))?
        .collect();
    let rule = Rule::of(parcel, &host);
    if let Some(bad) = addresses.iter().find(|address| !rule.allows(address.ip())) {
        let why = "is neither loopback nor in `allow_hosts`";
        return Err(format!("`{host}` is {}, which {why}", bad.ip()));
    }
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    Ok(Target {
        addresses,
        authority: authority.to_owned(),
        path: path.to_owned(),
    })
}

/// Without the brackets of IPv6.
fn host(url: &Uri) -> Option<String> {
    let host = url.host()?.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// What is allowed for one host.
struct Rule<'a> {
    allowed: &'a [String],
    named: bool,
    public: bool,
}

impl<'a> Rule<'a> {
    /// A host that a call has named may be public only where the scenario tells that merchant anyway.
    fn of(parcel: &'a Parcel, host: &str) -> Self {
        let allowed = &parcel.settings().allow_hosts;
        let own = parcel.merchant_url.as_deref();
        let own = own.and_then(|url| self::host(&url.parse().ok()?));
        Self {
            named: allowed.iter().any(|name| name == host),
            allowed,
            public: match parcel.named_by {
                NamedBy::Settings => true,
                NamedBy::Call => own.as_deref() == Some(host),
            },
        }
    }

    fn allows(&self, ip: IpAddr) -> bool {
        let listed = || self.allowed.contains(&ip.to_canonical().to_string());
        match reach(ip) {
            Reach::Loopback => true,
            Reach::Public => self.public || self.named || listed(),
            Reach::Private => self.named || listed(),
        }
    }
}

fn reach(ip: IpAddr) -> Reach {
    match ip.to_canonical() {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    }
}

/// The special-purpose registry of IANA: RFC 6890.
fn reach_v4(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    if ip.is_loopback() {
        return Reach::Loopback;
    }
    let special = matches!(
        (a, b, c),
        (0 | 10 | 224.., ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    if special {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// Only what is given out for the internet is public, less what stands for other networks.
fn reach_v6(ip: Ipv6Addr) -> Reach {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        // an IPv4 loopback inside IPv6 is not this machine: it is whatever a gateway makes of it
        match reach_v4(Ipv4Addr::new(a, b, c, d)) {
            Reach::Public => Reach::Public,
            Reach::Loopback | Reach::Private => Reach::Private,
        }
    };
    match s {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Loopback,
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Private,
        [0x2000..=0x3fff, ..] => Reach::Public,
        _ => Reach::Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ClockSetting;
    use crate::domain::merchant::{Merchant, Merchants};
    use crate::domain::webhook::{Event, Notice, Plan};
    use crate::scenario::Scenario;
    use crate::world::{Birth, World};
    use std::sync::Arc;
    use std::time::Duration;

    fn reach_of(text: &str) -> Reach {
        reach(text.parse().unwrap())
    }

    #[test]
    fn addresses_are_told_apart() {
        for (text, want) in [
            ("127.0.0.1", Reach::Loopback),
            ("127.255.255.254", Reach::Loopback),
            ("::1", Reach::Loopback),
            ("::ffff:127.0.0.1", Reach::Loopback),
            ("8.8.8.8", Reach::Public),
            ("172.32.0.1", Reach::Public),
            ("::ffff:8.8.8.8", Reach::Public),
            ("2606:4700::1111", Reach::Public),
            ("64:ff9b::808:808", Reach::Public),
            ("2002:808:808::1", Reach::Public),
            ("0.0.0.0", Reach::Private),
            ("10.1.2.3", Reach::Private),
            ("100.64.0.1", Reach::Private),
            ("169.254.169.254", Reach::Private),
            ("172.16.0.1", Reach::Private),
            ("172.31.255.255", Reach::Private),
            ("192.0.2.1", Reach::Private),
            ("192.168.1.1", Reach::Private),
            ("198.18.0.1", Reach::Private),
            ("224.0.0.1", Reach::Private),
            ("255.255.255.255", Reach::Private),
            ("::", Reach::Private),
            ("::127.0.0.1", Reach::Private),
            ("::169.254.169.254", Reach::Private),
            ("::ffff:169.254.169.254", Reach::Private),
            ("::ffff:10.0.0.1", Reach::Private),
            ("64:ff9b::a9fe:a9fe", Reach::Private),
            ("64:ff9b::7f00:1", Reach::Private),
            ("64:ff9b:1::808:808", Reach::Private),
            ("2002:a9fe:a9fe::1", Reach::Private),
            ("2002:7f00:1::1", Reach::Private),
            ("2001::1", Reach::Private),
            ("2001:db8::1", Reach::Private),
            ("fc00::1", Reach::Private),
            ("fd00:ec2::254", Reach::Private),
            ("fe80::1", Reach::Private),
            ("ff02::1", Reach::Private),
        ] {
            assert_eq!(reach_of(text), want, "{text}");
        }
    }

    /// To `url`, which `named_by` has named, with these hosts allowed and this address of the merchant.
    async fn sent_to(
        (url, named_by): (&str, NamedBy),
        allow_hosts: &[&str],
        merchant_url: Option<&str>,
    ) -> Result<Vec<SocketAddr>, String> {
        let mut scenario = Scenario::default();
        let hosts = allow_hosts.iter().map(|&host| host.to_owned());
        scenario.settings.webhooks.allow_hosts = hosts.collect();
        let merchant = Merchant {
            webhook_url: merchant_url.map(str::to_owned),
            ..Merchant::default()
        };
        scenario.merchants = Merchants::new(vec![merchant]);
        let clock = ClockSetting::default();
        let mut world = World::new("a", Arc::new(scenario), Birth { seed: 1, clock });
        let notice = Notice {
            merchant: String::new(),
            url: url.to_owned(),
            named_by,
            event: Event::PageDone,
            subject: String::new(),
            success: true,
            at: world.now(),
        };
        let (plan, usual) = (Plan::default(), Duration::ZERO);
        world.state.webhooks.add(&notice, plan, usual);
        let parcel = Parcel::of(&world, (1, 1)).unwrap();
        target(&parcel).await.map(|target| target.addresses)
    }

    /// Spellings that some resolver or other takes for 169.254.169.254, for this machine's own `::`, or for
    /// a network of somebody's own.
    #[tokio::test]
    async fn no_spelling_leads_to_a_private_address() {
        const HOSTS: [&str; 38] = [
            "169.254.169.254",
            "169.254.169.254:80",
            "169.254.43518",
            "169.16689662",
            "2852039166",
            "0xa9fea9fe",
            "0xA9.0xFE.0xA9.0xFE",
            "0xa9.254.0251.254",
            "0251.0376.0251.0376",
            "00000251.0376.0251.0376",
            "025177524776",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[0:0:0:0:0:ffff:a9fe:a9fe]",
            "[::169.254.169.254]",
            "[::a9fe:a9fe]",
            "[64:ff9b::169.254.169.254]",
            "[2002:a9fe:a9fe::1]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[fc00::]",
            "[::]",
            "0.0.0.0",
            "0",
            "10.0.0.1",
            "012.0.0.1",
            "0x0a000001",
            "172.20.0.1",
            "192.168.0.1",
            "192.168.1",
            "[::ffff:10.0.0.1]",
            "100.100.100.200",
            "169.254.169.254.",
            "a@127.0.0.1",
            "127.0.0.1@169.254.169.254",
            "[fe80::1%25lo]",
            "169。254。169。254",
            "%31%36%39.254.169.254",
        ];
        for host in HOSTS {
            let url = format!("http://{host}/latest/meta-data");
            let sent = sent_to((&url, NamedBy::Settings), &["shop"], None).await;
            assert!(sent.is_err(), "{host}: {sent:?}");
        }
        for url in [
            "https://127.0.0.1/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "//127.0.0.1/",
            "/",
            "",
        ] {
            let sent = sent_to((url, NamedBy::Settings), &[], None).await;
            assert!(sent.is_err(), "{url}: {sent:?}");
        }
    }

    #[tokio::test]
    async fn loopback_is_told_and_others_by_name_or_by_the_scenario() {
        use NamedBy::{Call, Settings};
        let public = "http://8.8.8.8/hook";
        for (url, named_by, allowed, own, fits) in [
            ("http://127.0.0.1:3000/", Settings, "", None, true),
            ("http://127.1/", Call, "", None, true),
            ("http://[::1]:3000/", Call, "", None, true),
            ("http://[::ffff:127.0.0.1]/", Call, "", None, true),
            (public, Settings, "", None, true),
            (public, Call, "", None, false),
            (public, Call, "", Some("http://8.8.8.8:81/x"), true),
            (public, Call, "", Some("http://8.8.4.4/hook"), false),
            (public, Call, "8.8.8.8", None, true),
            ("http://10.1.2.3/", Settings, "10.1.2.3", None, true),
            ("http://0x0a010203/", Settings, "10.1.2.3", None, true),
            ("http://[::ffff:10.1.2.3]/", Call, "10.1.2.3", None, true),
            ("http://10.1.2.4/", Settings, "10.1.2.3", None, false),
            (
                "http://10.1.2.3/",
                Call,
                "",
                Some("http://10.1.2.3/"),
                false,
            ),
        ] {
            let sent = sent_to((url, named_by), &[allowed], own).await;
            assert_eq!(sent.is_ok(), fits, "{url} {named_by:?} {sent:?}");
        }
        let https = sent_to(("https://a/", Settings), &[], None).await;
        assert_eq!(
            https.unwrap_err(),
            "https is not supported for webhooks yet"
        );
    }
}
