//! Spellings, by class: amounts as they stand in a body, and addresses to which a browser is to be sent. How many of
//! each there are is part of the test.

use crate::craftgate::cards::{INIT, PAYMENTS, order, order_3d, with};
use crate::support::bare;
use crate::support::merchant::Merchant;
use http::Method;
use serde_json::json;

const CARD: &str = "5258640000000001";

/// `paidPrice` as it stands in the body, and as it comes back; None: refused.
const AMOUNTS: [(&str, Option<&str>); 60] = [
    ("100", Some("100")),
    ("100.0", Some("100.0")),
    ("100.00", Some("100.00")),
    ("100.000000", Some("100.000000")),
    ("100.00000000", Some("100.00000000")),
    ("\"100\"", Some("100")),
    ("\"100.5\"", Some("100.5")),
    ("\"105.50\"", Some("105.50")),
    ("0.01", Some("0.01")),
    ("4.35", Some("4.35")),
    ("0.3", Some("0.3")),
    ("10000000000000", Some("10000000000000")),
    ("10000000000000.01", None),
    ("99999999999999999999999999999999", None),
    ("9223372036854775807", None),
    ("9223372036854775808", None),
    ("-9223372036854775808", None),
    ("0", None),
    ("0.00", None),
    ("-0", None),
    ("-1", None),
    ("-0.01", None),
    ("\"-1\"", None),
    ("\"+1\"", None),
    ("+1", None),
    ("0.001", None),
    ("0.30000000000000004", None),
    ("434.99999999999994", None),
    ("100.49999999999999", None),
    ("0.00000000000000000000000000001", None),
    ("\"0.00000000000000000000000000001\"", None),
    ("100.000000000", None),
    ("1e2", None),
    ("1E2", None),
    ("1e+2", None),
    ("1e400", None),
    ("1e-2", None),
    ("\"1e2\"", None),
    ("\"1_000\"", None),
    ("\"1,000\"", None),
    ("\"100,00\"", None),
    ("\"1.000,00\"", None),
    ("\" 100\"", None),
    ("\"100 \"", None),
    ("\"100\\n\"", None),
    ("\"100\\u0000\"", None),
    ("\"\"", None),
    ("\".5\"", None),
    ("\"5.\"", None),
    ("\"1.2.3\"", None),
    ("\"0x64\"", None),
    ("\"NaN\"", None),
    ("\"Infinity\"", None),
    ("\"\\u0661\\u0660\\u0660\"", None),
    ("\"\\uff11\"", None),
    ("\"100 TL\"", None),
    ("NaN", None),
    ("Infinity", None),
    ("01", None),
    ("[100]", None),
];

#[test]
fn amounts_are_taken_as_written_or_not_at_all() {
    let mut merchant = Merchant::new(&bare(""));
    for (written, echo) in AMOUNTS {
        let body = order(CARD).to_string();
        let body = body.replacen("\"paidPrice\":100", &format!("\"paidPrice\":{written}"), 1);
        let answer = merchant.send(Method::POST, PAYMENTS, &body);
        match echo {
            Some(echo) => {
                let echoed = format!("\"paidPrice\":{echo},");
                assert!(answer.text.contains(&echoed), "{written}: {}", answer.text);
            }
            None => {
                assert!(
                    (400..500).contains(&answer.status),
                    "{written}: {}",
                    answer.text
                );
                assert!(
                    answer.at("errors.errorCode").is_string(),
                    "{written}: {}",
                    answer.text
                );
            }
        }
    }
    let list = merchant.get("/payment-reporting/v1/payments?size=100");
    let kept = AMOUNTS.iter().filter(|(_, echo)| echo.is_some()).count();
    let listed = list.at("data.items").as_array().map_or(0, Vec::len);
    assert_eq!(listed, kept, "what is refused is not kept: {}", list.text);
}

/// Where a browser must not be sent, and what passes for such a thing and is none.
const ADDRESSES: [(&str, bool); 64] = [
    ("https://shop.example/", true),
    ("https://shop.example", true),
    ("http://shop.example:8080/cg?order=7&x=a%2Fb#top", true),
    ("HTTPS://shop.example/", true),
    ("https://shop.example/?next=javascript:alert(1)", true),
    ("https://shop.example/?u=https://other.example/@x", true),
    ("https://shop.example//double", true),
    ("https://shop.example/../x", true),
    ("https://[::1]:3000/", true),
    ("http://127.0.0.1:3000/back", true),
    ("https://shop.example/#@evil.example", true),
    ("https://shop.example/%0d%0aset-cookie:x", true),
    ("", false),
    ("/", false),
    ("/back", false),
    ("back", false),
    ("?back", false),
    ("//evil.example", false),
    ("///evil.example", false),
    ("////evil.example/", false),
    ("\\\\evil.example", false),
    ("/\\evil.example", false),
    ("https:evil.example", false),
    ("https:/evil.example", false),
    ("https:\\\\evil.example", false),
    ("https://\\evil.example", false),
    ("https:///evil.example", false),
    ("https://", false),
    ("https://?x", false),
    ("https://#x", false),
    ("http://:80/", false),
    ("javascript:alert(1)", false),
    ("JaVaScRiPt:alert(1)", false),
    ("javascript://shop.example/%0aalert(1)", false),
    (" javascript:alert(1)", false),
    ("java\tscript:alert(1)", false),
    ("java\nscript:alert(1)", false),
    ("\u{1}javascript:alert(1)", false),
    ("data:text/html,<script>alert(1)</script>", false),
    ("data:text/html;base64,PHNjcmlwdD4=", false),
    ("vbscript:msgbox(1)", false),
    ("file:///etc/passwd", false),
    ("ftp://shop.example/", false),
    ("ws://shop.example/", false),
    ("blob:https://shop.example/1", false),
    ("view-source:https://shop.example", false),
    ("about:blank", false),
    ("intent://shop.example#Intent;end", false),
    ("https://shop.example@evil.example/", false),
    ("https://user:pass@shop.example/", false),
    ("https://shop.example:80@evil.example/", false),
    ("https://shop.example\\@evil.example/", false),
    ("https://shop.example\\.evil.example/", false),
    (
        "https://shop.example/\r\nlocation: https://evil.example",
        false,
    ),
    ("https://shop.example/\nx", false),
    ("https://shop.example/\tx", false),
    ("https://shop.example/ x", false),
    (" https://shop.example/", false),
    ("https://shop.example /", false),
    ("https://shop.example/\"><script>alert(1)</script>", false),
    ("https://shop.example/'\"", false),
    ("https://shop.example:99999/", false),
    ("https://shop%2eexample/", false),
    ("https://[::1/", false),
];

#[test]
fn browsers_are_sent_to_plain_addresses_alone() {
    for (n, (url, goes)) in ADDRESSES.into_iter().enumerate() {
        let mut merchant = Merchant::new(&bare(""));
        let answer = merchant.post(INIT, &with(order_3d(CARD), "/callbackUrl", json!(url)));
        assert_eq!(answer.status == 200, goes, "{n} {url:?}: {}", answer.text);
        let listed = merchant.get("/payment-reporting/v1/payments?size=100");
        let kept = listed.at("data.items").as_array().map_or(0, Vec::len);
        assert_eq!(kept, usize::from(goes), "{url:?}: {}", listed.text);
    }
    let refused = ADDRESSES.iter().filter(|(_, goes)| !goes).count();
    assert!(refused >= 40, "{refused}");
}
