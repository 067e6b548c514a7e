//! Addresses to which a browser may be sent: those that a merchant gave, and only plain ones.

use std::net::Ipv6Addr;

/// How many characters a URL may have.
pub const MOST: usize = 2_048;

/// An absolute http or https URL with a host and without a user, as browsers take it.
pub fn is_browser_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let known = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>');
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    known && text.chars().nth(MOST).is_none() && !text.contains(odd) && is_host(host)
}

/// A name or an address, IPv6 in brackets, and perhaps a port.
fn is_host(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            let port = port.strip_prefix(':').or(port.is_empty().then_some(""));
            address.parse::<Ipv6Addr>().is_ok() && port.is_some_and(is_port)
        });
    }
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    !name.is_empty() && !name.contains(['@', '[', ']', '%']) && is_port(port)
}

/// Empty stands for the scheme's own.
fn is_port(text: &str) -> bool {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.is_empty() || (digits && text.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_go_to_plain_urls_only() {
        for good in [
            "http://shop.example",
            "https://shop.example/cg/3ds?order=1001&a=b",
            "http://127.0.0.1:3000/",
            "https://[::1]:8443/x#y",
            "https://[2001:db8::1]",
            "HTTP://x/",
            "hTTps://shop.example:/?a",
        ] {
            assert!(is_browser_url(good), "{good}");
        }
        for bad in [
            "",
            "shop.example/x",
            "//shop.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://shop.example",
            "HTTPS//x",
            "https://",
            "https:///x",
            "https://a@b/",
            "https://a\\b/",
            "https://a/\r\nx: y",
            "https://a/ b",
            "https://a/\"><script>",
            "https://:80/",
            "http://[::1",
            "http://[::1/x]",
            "http://[]/",
            "http://[::1]8080/",
            "http://[::1]:x/",
            "http://[x]/",
            "http://a]/",
            "http://::1/",
            "http://a:b/",
            "http://a:65536/",
            "http://a:1@b/",
            "http://%0d%0aa/",
            "http://a%2eb/",
            "ws://x/",
            "://x/",
        ] {
            assert!(!is_browser_url(bad), "{bad}");
        }
    }
}
