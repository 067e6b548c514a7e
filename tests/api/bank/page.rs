//! What the page shows, in which language, to whom, and what it lets a browser do.

use super::{Browser, CARD, begun, begun_with, form, has, order, shown};
use crate::support::merchant::Merchant;
use crate::support::{Answer, app, app_with};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The text between the first `<tag>` and its end.
fn inner<'p>(page: &'p Answer, tag: &str) -> &'p str {
    let (_, rest) = page.text.split_once(&format!("<{tag}>")).unwrap();
    rest.split_once(&format!("</{tag}>")).unwrap().0
}

fn assert_policy(page: &Answer, more: &[&str]) {
    let policy = page.header("content-security-policy");
    let style = STANDARD.encode(Sha256::digest(inner(page, "style")));
    let style = format!("style-src 'sha256-{style}'");
    let all = ["default-src 'none'", "base-uri 'none'", &style];
    for part in all.iter().chain(more) {
        assert!(
            policy.split("; ").any(|known| known == *part),
            "{part}: {policy}"
        );
    }
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "strict-origin");
    assert!(!page.text.contains(" style="), "{}", page.text);
    for event in [
        " onload",
        " onclick",
        " onsubmit",
        "javascript:",
        "//cdn",
        "src=",
    ] {
        assert!(!page.text.contains(event), "{event}: {}", page.text);
    }
    assert!(page.text.contains("TEST"), "{}", page.text);
    if page.text.contains("<script>") {
        let script = STANDARD.encode(Sha256::digest(inner(page, "script")));
        let script = format!("script-src 'sha256-{script}'");
        assert!(policy.contains(&script), "{script}: {policy}");
        assert_eq!(page.text.matches("<script").count(), 1);
    }
}

#[test]
fn a_page_allows_its_own_style_and_script_and_nothing_else() {
    let app = app("");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    let open = browser.get(&begun.page);
    assert_policy(&open, &["form-action 'self'"]);
    assert!(
        !open
            .header("content-security-policy")
            .contains("frame-ancestors")
    );
    let leaving = browser.post(&begun.page, "outcome=fails");
    assert_policy(&leaving, &["form-action http: https:"]);
    for (path, status) in [
        ("/bank/3ds/x", 404),
        ("/bank/x", 404),
        ("/user-authorization/mp-3d-acs-form?token=x", 404),
        ("/user-authorization/mp-3d-client-success", 200),
        ("/user-authorization/mp-3d-client-error", 200),
    ] {
        let page = browser.get(path);
        assert_eq!(page.status, status, "{path}");
        assert_policy(&page, &[]);
    }
    assert_eq!(
        browser
            .send(http::Method::PUT, "/bank/3ds/x", ("", ""))
            .status,
        405
    );
    let broken = browser.send(http::Method::POST, &begun.page, ("application/json", "{"));
    assert_eq!(
        broken.status, 200,
        "it is over: what is posted does not matter"
    );
    let open = super::begun(&app).page;
    let broken = browser.send(http::Method::POST, &open, ("application/json", "{"));
    assert_eq!(broken.status, 400);
    assert_policy(&broken, &["form-action 'none'"]);
}

#[test]
fn who_may_frame_it_is_a_knob() {
    for (knob, want) in [
        ("any", None),
        ("same_origin", Some("frame-ancestors 'self'")),
        ("nobody", Some("frame-ancestors 'none'")),
    ] {
        let app = app(&format!("[bank]\nframe = \"{knob}\""));
        let page = Browser::new(&app).get(&begun(&app).page);
        let policy = page.header("content-security-policy").to_owned();
        assert_eq!(
            policy.contains("frame-ancestors"),
            want.is_some(),
            "{policy}"
        );
        assert!(policy.contains(want.unwrap_or_default()), "{policy}");
    }
    let app = app("[bank]\nreturn_by = \"redirect\"");
    let page = Browser::new(&app).get(&begun(&app).page);
    assert_policy(&page, &["form-action http: https:"]);
}

#[test]
fn the_form_comes_first_and_confirms() {
    let app = app("");
    let page = Browser::new(&app).get(&begun(&app).page);
    let first = page.text.split("<form").nth(1).unwrap();
    let first = first.split("</form").next().unwrap();
    assert!(first.contains("data-testid=\"otp-form\"") && first.contains("method=\"post\""));
    let button = first.split("<button").nth(1).unwrap();
    assert!(button.contains("data-testid=\"otp-confirm\""), "{button}");
    assert!(first.contains("inputmode=\"numeric\""), "{first}");
    assert!(first.contains("autocomplete=\"one-time-code\""), "{first}");
    assert!(first.contains("<label for=\"otp\">"), "{first}");
    let order = [
        "otp-form",
        "resend",
        "cancel",
        "test-controls",
        "outcome-succeeds",
    ];
    let order = order.map(|id| page.text.find(&format!("data-testid=\"{id}\"")).unwrap());
    assert!(order.is_sorted(), "{order:?}");
    for (word, ..) in super::ENDS {
        assert!(has(&page, &format!("outcome-{word}")), "{word}");
    }
    for more in [
        "half-2",
        "half-3",
        "half-4",
        "technical_error-5",
        "technical_error-8",
    ] {
        assert!(has(&page, &format!("outcome-{more}")), "{more}");
    }
    for (_, _, code) in super::ENDS {
        assert!(page.text.contains(&format!(">{code}</code>")), "{code}");
    }
    let script = page.text.find("<script>").unwrap();
    assert!(script > page.text.find("</main>").unwrap());
    assert!(
        !page.text.contains(" data-leave "),
        "no form of it goes by itself"
    );
}

#[test]
fn it_says_what_is_paid_in_both_languages() {
    let app = app("[bank]\nname = \"Örnek Katılım\"");
    let mut many = order("375623000000006");
    many["installment"] = json!(1);
    let amex = begun_with(&mut Merchant::new(&app), &many);
    let browser = Browser::new(&app);
    assert_eq!(shown(&browser.get(&amex.page), "card"), "3756 23**** *0006");
    let begun = begun(&app);
    for (header, query, lang, amount, date, title) in [
        (
            "",
            "",
            "tr",
            "1.250,00 TL",
            "02.01.2026 06:04",
            "Ödeme doğrulama",
        ),
        (
            "de-DE, en-GB;q=0.8, tr;q=0.2",
            "",
            "en",
            "1,250.00 TRY",
            "2 Jan 2026, 06:04",
            "Verify your payment",
        ),
        (
            "en",
            "?lang=tr",
            "tr",
            "1.250,00 TL",
            "02.01.2026 06:04",
            "Ödeme doğrulama",
        ),
        (
            "tr-TR",
            "?lang=en",
            "en",
            "1,250.00 TRY",
            "2 Jan 2026, 06:04",
            "Verify your payment",
        ),
    ] {
        let mut browser = Browser::new(&app);
        browser.header("accept-language", header);
        let page = browser.get(&format!("{}{query}", begun.page));
        assert!(
            page.text.contains(&format!("<html lang=\"{lang}\">")),
            "{header} {query}"
        );
        assert!(page.text.contains(&format!("<h1>{title}</h1>")));
        assert_eq!(shown(&page, "bank"), "Örnek Katılım");
        assert_eq!(shown(&page, "amount"), amount);
        assert_eq!(shown(&page, "card"), "5258 64** **** 0001");
        assert_eq!(shown(&page, "date"), date);
        assert_eq!(shown(&page, "merchant"), "mockpos");
        assert_eq!(shown(&page, "order-no").len(), 16);
        assert_eq!(shown(&page, "valid-until"), "06:07:05");
        assert!(page.text.contains("data-left=\"180\""));
        assert!(
            page.text.contains("Bu bir test sayfasıdır")
                && page.text.contains("This is a test page")
        );
        assert!(!page.text.contains(CARD), "{}", page.text);
    }
    let english = crate::support::app("[bank]\nlanguage = \"en\"");
    let page = Browser::new(&english).get(&super::begun(&english).page);
    assert!(page.text.contains("<html lang=\"en\">"));
}

#[test]
fn all_that_is_echoed_is_escaped() {
    let odd = "\"'><script>alert(1)</script>&";
    let toml = odd.replace('"', "\\\"");
    let app = app(&format!(
        "[bank]\nname = \"{toml}\"\nclient_id = \"{toml}\"\n[[merchant]]\nname = \"{toml}\"\n\
         api_key = \"api-key\"\nsecret_key = \"secret-key\""
    ));
    let mut order = order(CARD);
    order["bankOrderId"] = json!(odd);
    order["card"]["cardHolderName"] = json!("Haluk Demir");
    order["conversationId"] = json!(odd);
    let begun = begun_with(&mut Merchant::new(&app), &order);
    let browser = Browser::new(&app);
    let typed: String = form_urlencoded::byte_serialize(odd.as_bytes()).collect();
    for (sent, page) in [
        ("a look", browser.get(&begun.page)),
        ("a code", browser.post(&begun.page, &format!("otp={typed}"))),
        (
            "an outcome",
            browser.post(&begun.page, &format!("outcome={typed}")),
        ),
        (
            "a language",
            browser.get(&format!("{}?lang={typed}", begun.page)),
        ),
        ("a way back", browser.post(&begun.page, "outcome=succeeds")),
        ("an id", browser.get(&format!("/bank/3ds/{typed}"))),
        (
            "an end",
            browser.get(&format!("/user-authorization/mp-3d-client-error?x={typed}")),
        ),
        (
            "a return",
            browser.get(&format!(
                "/user-authorization/mp-3d-acs-form?token={}&returnUrl={typed}",
                begun.id()
            )),
        ),
    ] {
        assert!(
            page.text.matches("<script").count() <= 1,
            "{sent}: {}",
            page.text
        );
        assert!(!page.text.contains("alert(1)</"), "{sent}: {}", page.text);
        assert!(!page.text.contains("'><"), "{sent}: {}", page.text);
    }
    let page = browser.get(&begun.page);
    let (_, fields) = form(&page);
    assert_eq!(
        super::field(&fields, "oid"),
        odd,
        "and it arrives as it was"
    );
    assert_eq!(super::field(&fields, "clientid"), odd);
}

#[test]
fn nobody_waits_for_ever() {
    let app = app_with(|it| it.settings.bank.page_lifetime = Duration::ZERO);
    let (begun, browser) = (begun(&app), Browser::new(&app));
    let page = browser.get(&begun.page);
    assert_eq!(super::field(&form(&page).1, "mdStatus"), "7");
    assert_eq!(super::field(&form(&page).1, "errorCode"), "TIMED_OUT");
    let late = browser.post(&begun.page, "otp=123456");
    assert_eq!(form(&late), form(&page));
}

#[test]
fn cards_that_fail_end_it_by_themselves() {
    let app = app("");
    let browser = Browser::new(&app);
    for (card, md_status) in [("5115830000006669", "0"), ("5117280000006665", "4")] {
        let begun = begun_with(&mut Merchant::new(&app), &order(card));
        let page = browser.get(&begun.page);
        assert_eq!(
            super::field(&form(&page).1, "mdStatus"),
            md_status,
            "{card}"
        );
        assert_eq!(page.decided_by(), "test card");
        assert_eq!(browser.get(&begun.page).text, page.text);
    }
}

#[test]
fn a_rule_is_asked_once_for_a_challenge() {
    let app = app("[[rule]]\nwhen.nth = 2\nthen.three_ds = \"fails\"");
    let browser = Browser::new(&app);
    for (nth, by_itself) in [(1, false), (2, true), (3, false)] {
        let begun = begun(&app);
        let page = browser.get(&begun.page);
        assert_eq!(has(&page, "return-form"), by_itself, "{nth}");
        let back = browser.post(&begun.page, "otp=123456");
        let (url, fields) = form(&back);
        let (_, sent) = form(&browser.post(&url, &super::encoded(&fields)));
        let status = if by_itself { "FAILURE" } else { "SUCCESS" };
        assert_eq!(super::field(&sent, "status"), status, "{nth}");
    }
}

#[test]
fn a_form_that_leads_here_only_looks() {
    let rule =
        "[[rule]]\nwhen = { endpoint = \"bank.page.show\", nth = 1 }\nthen.three_ds = \"half\"";
    let app = app(rule);
    let (begun, browser) = (begun(&app), Browser::new(&app));
    let sent = browser.post(&format!("{}?lang=en", begun.page), "");
    assert_eq!(sent.status, 303);
    assert_eq!(sent.header("location"), format!("{}?lang=en", begun.page));
    let page = browser.get(sent.header("location"));
    assert_eq!(super::field(&form(&page).1, "mdStatus"), "4");
    let odd = browser.post("/bank/3ds/%22%3E%0d%0a", "");
    assert_eq!(odd.status, 303);
    assert!(
        !odd.header("location").contains('"'),
        "{}",
        odd.header("location")
    );
}

#[test]
fn rules_know_what_it_is_about() {
    let when = "bin = \"525864\", amount = \"1250.00\", installment = 1, three_d = true, \
                pos_kind = \"craftgate\", stored_card = false, endpoint = \"bank.page.*\"";
    let app = app(&format!(
        "[[rule]]\nwhen = {{ {when} }}\nthen = {{ three_ds = \"fails\" }}"
    ));
    let page = Browser::new(&app).get(&begun(&app).page);
    assert!(has(&page, "return-form"), "{}", page.text);
    let other = begun_with(&mut Merchant::new(&app), &order("5209220000000002"));
    let page = Browser::new(&app).get(&other.page);
    assert!(has(&page, "otp-form"), "{}", page.text);
}

#[test]
fn a_sandbox_keeps_its_pages() {
    let app = app("");
    let mut merchant = Merchant::new(&app).in_sandbox("a");
    let begun = begun_with(&mut merchant, &order(CARD));
    assert!(
        begun.page.starts_with("http://127.0.0.1:4242/~a/bank/3ds/"),
        "{}",
        begun.page
    );
    let inside = Browser::new(&app).in_sandbox("a");
    let page = inside.post(&begun.page, "otp=123456");
    let (url, fields) = form(&page);
    assert!(
        url.starts_with("http://127.0.0.1:4242/~a/payment/"),
        "{url}"
    );
    let (_, sent) = form(&inside.post(&url, &super::encoded(&fields)));
    assert_eq!(super::field(&sent, "status"), "SUCCESS");
    let outside = begun.page.replace("/~a", "");
    assert_eq!(Browser::new(&app).get(&outside).status, 404);
}
