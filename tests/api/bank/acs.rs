//! The wallet's way to the page: return addresses, and the name under which the page is served.

use super::{Browser, SHOP, begun, begun_with, form, order};
use crate::support::app;
use crate::support::merchant::Merchant;
use serde_json::json;

#[test]
fn a_browser_is_sent_to_plain_addresses_only() {
    let app = app("");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    for bad in [
        "",
        "shop.example",
        "/shop",
        "//shop.example",
        "///shop.example",
        "/\\shop.example",
        "\\\\shop.example",
        "http:shop.example",
        "http:/shop.example",
        "http:///shop.example",
        "https:\\\\shop.example",
        "https://shop.example\\@evil.example/",
        "http://user@shop.example/",
        "http://user:pass@shop.example/",
        "http://shop.example:80@evil.example/",
        "http://%0d%0aevil.example/",
        "http://shop.example/%0d%0aset-cookie:a=b",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java%09script:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "ftp://shop.example/",
        "intent://shop.example#Intent;scheme=http;end",
        "about:blank",
        "blob:http://shop.example/x",
        "view-source:http://shop.example/",
        "http://[::1",
        "http://:80/",
        "http://shop.example:99999/",
        "http://shop .example/",
        "http://\"><script>/",
        "%68ttp://",
    ] {
        // As it is, where it reads as encoded: whatever of it is decoded, none is taken.
        let all: String = form_urlencoded::byte_serialize(bad.as_bytes()).collect();
        for given in [bad, &*all.replace("%25", "%").replace('+', "%20")] {
            let url = format!(
                "/user-authorization/mp-3d-acs-form?token={}&returnUrl={given}",
                begun.id()
            );
            let page = browser.get(&url);
            if given == "http://shop.example/%0d%0aset-cookie:a=b" {
                // Not decoded: to a browser these are the letters `%0d%0a`.
                assert_eq!(page.status, 303, "{given}");
                continue;
            }
            assert_eq!(page.status, 400, "{given}: {}", page.header("location"));
            assert!(super::has(&page, "bank-bad-return"), "{given}");
        }
    }
    let told = browser.get(&begun.admin());
    assert!(
        told.text_at("return_url").contains("/3ds-callback/"),
        "a gateway's stays its own"
    );
}

#[test]
fn the_page_is_served_under_the_name_that_the_knob_asks_for() {
    for (knob, shop, want) in [
        (
            "as_called",
            "http://localhost:3000/cb",
            "http://127.0.0.1:4242",
        ),
        ("same", "http://localhost:3000/cb", "http://localhost:4242"),
        ("same", "http://127.0.0.1:3000/cb", "http://127.0.0.1:4242"),
        ("cross", "http://localhost:3000/cb", "http://127.0.0.1:4242"),
        ("cross", "http://127.0.0.1:3000/cb", "http://localhost:4242"),
        ("same", "https://shop.example/cb", "http://127.0.0.1:4242"),
    ] {
        let app = app(&format!("[bank]\nsite = \"{knob}\""));
        let mut order = order(super::CARD);
        order["callbackUrl"] = json!(shop);
        let begun = begun_with(&mut Merchant::new(&app), &order);
        assert!(
            begun.page.starts_with(&format!("{want}/bank/3ds/")),
            "{knob}: {}",
            begun.page
        );
        let (url, _) = form(&Browser::new(&app).post(&begun.page, "otp=123456"));
        assert!(
            url.starts_with(&format!("{want}/payment/")),
            "{knob}: {url}"
        );
    }
    assert!(SHOP.contains("shop.example"));
}
