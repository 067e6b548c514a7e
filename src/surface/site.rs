//! From which site the bank's page is served. Browsers know a loopback address by several names, and
//! each is a site of its own: whether the shop's `SameSite` cookies come back depends on the name.

use crate::scenario::bank::Site;

const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// `base` under the loopback name that the knob asks for, seen from the shop at `shop`: the same
/// port and path, another host. As it is where one of the two is no loopback name.
pub fn sited(base: &str, shop: &str, site: Site) -> String {
    let parts = split(base).filter(|(_, own, _)| loopback(own).is_some());
    let shops = split(shop).and_then(|(_, host, _)| loopback(host));
    let (Some((scheme, own, rest)), Some(shops)) = (parts, shops) else {
        return base.to_owned();
    };
    let host = match site {
        Site::AsCalled => own,
        Site::Same => shops,
        Site::Cross if shops == NAMES[0] => NAMES[1],
        Site::Cross => NAMES[0],
    };
    format!("{scheme}{host}{rest}")
}

fn loopback(host: &str) -> Option<&'static str> {
    let known = NAMES.iter().find(|name| name.eq_ignore_ascii_case(host));
    known.copied()
}

/// Scheme, host, and what comes after it.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let start = url.find("://")? + 3;
    let inner = &url[start..];
    let end = inner.find(['/', '?', '#']).unwrap_or(inner.len());
    let authority = &inner[..end];
    let host = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(end),
    };
    Some((&url[..start], &inner[..host], &inner[host..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_follows_the_shops() {
        let (local, number) = ("http://localhost:4242/~a", "http://127.0.0.1:4242/~a");
        for (site, base, shop, want) in [
            (Site::AsCalled, local, "http://127.0.0.1:3000/x", local),
            (Site::Same, local, "http://127.0.0.1:3000/x", number),
            (Site::Same, local, "http://localhost/x", local),
            (Site::Same, number, "http://LOCALHOST?x", local),
            (
                Site::Same,
                local,
                "http://[::1]:3000/",
                "http://[::1]:4242/~a",
            ),
            (Site::Cross, local, "http://127.0.0.1:3000/x", local),
            (Site::Cross, number, "http://127.0.0.1:3000/x", local),
            (Site::Cross, local, "http://localhost:3000/x", number),
            (Site::Cross, number, "http://[::1]/", local),
            (Site::Same, local, "http://shop.example/", local),
            (Site::Cross, local, "http://shop.example/", local),
            (
                Site::Cross,
                "https://bank.example",
                "http://localhost",
                "https://bank.example",
            ),
            (
                Site::Same,
                "http://localhost",
                "http://127.0.0.1",
                "http://127.0.0.1",
            ),
            (Site::Same, local, "", local),
        ] {
            assert_eq!(sited(base, shop, site), want, "{site:?} {base} {shop}");
        }
    }
}
