//! Card numbers, security codes and passwords are planted wherever a client can put them; none comes out again: not in
//! answers, journal, explanations, snapshots, reports, pages or logs.

use crate::support::{Client, Scratch, Server, alone, count, get, request, told};
use serde_json::json;

/// Planted numbers begin so: no test card does, and nothing else here.
const BIN: &str = "423478";
/// Names under which vendors and shops send what nobody may keep.
pub const SECRETS: [&str; 12] = [
    "cvc",
    "cvv",
    "cardCvc",
    "cvv2",
    "otp",
    "otpCode",
    "smsCode",
    "validationCode",
    "password",
    "pin",
    "encCPin",
    "securityCode",
];
pub const NUMBERS: [&str; 6] = [
    "cardNumber",
    "card_number",
    "pan",
    "kartNo",
    "ccNumber",
    "rtaPan",
];

/// The `n`th of two hundred: 13 to 19 digits that pass the check.
pub fn number(n: usize) -> String {
    let length = 13 + n % 7;
    let mut digits = format!("{BIN}{:0width$}", 700_001 + n * 31, width = length - 7);
    let sum = |digits: &str| -> u32 {
        let each = digits.bytes().rev().enumerate();
        each.map(|(i, b)| {
            let d = u32::from(b - b'0') << (i % 2);
            d / 10 + d % 10
        })
        .sum()
    };
    let check = (0..10)
        .find(|check| sum(&format!("{digits}{check}")).is_multiple_of(10))
        .unwrap();
    digits.push_str(&check.to_string());
    digits
}

/// The `n`th password or code: no digits, so that nothing else reads the same.
pub fn secret(n: usize) -> String {
    format!("Qz{:03}xK", n % 200)
}

/// A request with the canaries of that number in one of its places.
fn planted(method: &str, path: &str, (n, place): (usize, usize)) -> Vec<u8> {
    let (pan, secret) = (number(n % 200), secret(n));
    let (name, own) = (SECRETS[n % SECRETS.len()], NUMBERS[n % NUMBERS.len()]);
    let grouped = pan
        .as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join("-");
    let flat = json!({name: secret, own: pan, "note": pan, "conversationId": grouped, "end": "of what a cut leaves whole"});
    let card = json!({"cardHolderName": pan, "cardNumber": pan, "expireYear": "2044", "expireMonth": "07", "cvc": secret});
    let form = format!(
        "{name}={secret}&{own}={pan}&note={}",
        grouped.replace('-', "%20")
    );
    let path = path.replace("{", "").replace("}", "");
    let (json, text) = (("content-type", "application/json"), flat.to_string());
    let form_type = ("content-type", "application/x-www-form-urlencoded");
    let key = ("x-api-key", "api-key");
    let and = if path.contains('?') { '&' } else { '?' };
    match place {
        0 => request(method, &path, &[json, key], text.as_bytes()),
        1 => request(method, &path, &[form_type, key], form.as_bytes()),
        2 => request(method, &format!("{path}{and}{form}"), &[key], b""),
        3 => request(method, &format!("{path}/{pan}"), &[key], b""),
        4 => {
            let headers = [
                json,
                ("x-api-key", &*pan),
                ("cookie", &*format!("osessionid={pan}; {name}={secret}")),
                ("x-seen", &*grouped),
                ("x-rnd-key", &*pan),
                ("x-signature", &*pan),
                ("authorization", &*format!("Bearer {pan}")),
                ("x-idempotency-key", &*pan),
                ("user-agent", &*pan),
                ("referer", &*format!("https://x/?{form}")),
                ("origin", &*format!("https://{pan}.example")),
            ];
            request(method, &path, &headers, b"{}")
        }
        5 => request(
            method,
            &path,
            &[json, key],
            &text.as_bytes()[..text.len() - 1 - n % 20],
        ),
        6 => {
            let deep = json!({"price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1, "paymentGroup": "PRODUCT",
                "externalId": pan, "conversationId": pan, "card": card, "items": [{"name": pan, "externalId": pan, "price": 100}],
                "callbackUrl": format!("https://shop.example/?{form}"), "body": text});
            request(method, &path, &[json, key], deep.to_string().as_bytes())
        }
        7 => {
            let multipart = format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{secret}\r\n--b\r\n\
                Content-Disposition: form-data; name=\"note\"\r\n\r\n{pan}\r\n--b--\r\n"
            );
            request(
                method,
                &path,
                &[("content-type", "multipart/form-data; boundary=b"), key],
                multipart.as_bytes(),
            )
        }
        8 => {
            let xml = format!(
                "<a><{own}>{pan}</{own}><{name}>{secret}</{name}><note>{grouped}</note></a>"
            );
            request(
                method,
                &path,
                &[("content-type", "text/xml"), key],
                xml.as_bytes(),
            )
        }
        _ => {
            let mut latin = format!(
                "\u{feff}{{\"{name}\":\"{secret}\",\"x\":{pan},\"y\":\"\\u0034{}\"",
                &pan[1..]
            )
            .into_bytes();
            latin.push(0xff);
            request(method, &path, &[json, key], &latin)
        }
    }
}

const PLACES: usize = 10;
/// These take what is written in the scenario language.
const LANGUAGE: [&str; 4] = [
    "/__mockpos/rules",
    "/__mockpos/scenario",
    "/__mockpos/verify",
    "/__mockpos/state",
];

/// A canary in `text`, whatever it is written in.
pub fn leak(text: &str) -> Option<String> {
    let plain: String = text
        .replace("%20", "")
        .replace("%2D", "")
        .replace("\\u0034", "4")
        .replace("%34", "4");
    let plain: String = plain
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '+'))
        .collect();
    let digits = |at: usize| {
        plain[at + BIN.len()..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count()
    };
    let number = plain
        .match_indices(BIN)
        .map(|(at, _)| at)
        .find(|at| digits(*at) >= 3);
    let secret = plain.match_indices("Qz").map(|(at, _)| at).find(|at| {
        let rest = &plain.as_bytes()[at + 2..];
        rest.get(3..5) == Some(b"xK") && rest[..3].iter().all(u8::is_ascii_digit)
    });
    let at = number.or(secret)?;
    let from = plain.floor_char_boundary(at.saturating_sub(120));
    let to = plain.floor_char_boundary((at + 60).min(plain.len()));
    Some(plain[from..to].to_owned())
}

/// All that the admin tells, the page for people with it.
const TOLD: [(&str, &str); 13] = [
    ("GET", "/__mockpos/journal"),
    ("GET", "/__mockpos/explain"),
    ("GET", "/__mockpos/explain?limit=100"),
    ("POST", "/__mockpos/verify?strict=true"),
    ("POST", "/__mockpos/verify?format=junit&strict=true"),
    ("POST", "/__mockpos/verify?format=text&strict=true"),
    ("GET", "/__mockpos/webhooks"),
    ("GET", "/__mockpos/challenges"),
    ("GET", "/__mockpos/sandboxes"),
    ("GET", "/__mockpos/rules"),
    ("GET", "/__mockpos/health"),
    ("GET", "/__mockpos/metrics"),
    ("GET", "/"),
];

pub fn silent(client: &mut Client, sandbox: &str, what: &str) {
    for (method, path) in TOLD {
        let headers = [("x-mockpos-sandbox", sandbox)];
        let answer = client.ask(&request(method, path, &headers, b""));
        let found = leak(&answer.text());
        assert!(
            found.is_none(),
            "{method} {path} after {what}: {}",
            found.unwrap()
        );
    }
}

/// Payments that go well, of test cards, with numbers wherever a shop has words of its own.
fn paid_with_canaries(client: &mut Client, n: usize) -> usize {
    // as long as networks make them: 13, 16 and 19 digits
    let pan = number(7 * n + 3 * (n % 3));
    let card = json!({"cardHolderName": "Ali Veli", "cardNumber": "5258640000000001", "expireYear": "2044",
        "expireMonth": "07", "cvc": "987"});
    let order = json!({"price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1, "paymentGroup": "PRODUCT",
        "externalId": pan, "conversationId": pan, "card": card,
        "items": [{"name": pan, "externalId": pan, "price": 100}], "callbackUrl": format!("https://shop.example/?x={pan}")});
    for path in ["", "/3ds-init"] {
        let headers = [
            ("content-type", "application/json"),
            ("x-api-key", "api-key"),
            ("x-mockpos-sandbox", "paid"),
        ];
        let target = format!("/payment/v1/card-payments{path}");
        let answer = client.ask(&request(
            "POST",
            &target,
            &headers,
            order.to_string().as_bytes(),
        ));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    2
}

/// Handlers that die say nothing of what they had in their hands.
fn in_panics(client: &mut Client) -> usize {
    let crashes = if cfg!(feature = "crash") { 20 } else { 0 };
    for n in 0..crashes {
        // a field for card numbers would not reach the handler
        let json = json!({"note": number(n), "cvc": secret(n), "payment_option": number(n)});
        let headers = [
            ("x-mockpos-crash", &*number(n)),
            ("content-type", "application/json"),
        ];
        let target = "/orders/checkout/?page=PaymentOptionSelectionPage";
        let answer = client.ask(&request(
            "POST",
            target,
            &headers,
            json.to_string().as_bytes(),
        ));
        assert_eq!(answer.status, 500);
        assert!(leak(&answer.text()).is_none(), "{}", answer.text());
    }
    silent(client, "default", "panics");
    crashes
}

#[test]
fn nothing_that_was_planted_comes_out() {
    let _alone = alone();
    // what rules ask for is kept in the journal, and merchants are told of payments
    let rules = "version = 1\n[craftgate]\nsignature = \"off\"\n[[merchant]]\nwebhook_url = \"http://127.0.0.1:9/hook\"\n\
        [[rule]]\nwhen = { header = { x-seen = \"never\", user-agent = \"never\", x-signature = \"never\" } }\nthen = { headers = { x-a = \"b\" } }\n";
    let file = Scratch::new("cards.toml", rules);
    let clock = ["--clock", "frozen:2026-01-02T03:04:05Z"];
    let args = ["--log-format", "json", "--scenario", file.path()];
    let server = Server::start(&[&args[..], &clock].concat());
    let mut client = server.client();
    let rows = client.ask(&get("/__mockpos/endpoints")).json();
    let rows: Vec<(String, String)> = rows["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["timed"] == false)
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let page = row["page"]
                .as_str()
                .map_or_else(String::new, |page| format!("?page={page}"));
            (text("method"), text("path") + &page)
        })
        .filter(|(method, path)| {
            !path.starts_with("/__mockpos") || method == "POST" || method == "PUT"
        })
        .collect();
    assert!(rows.len() > 200, "{}", rows.len());
    // every row and place once, or every canary there, too
    let rounds = count(1, 10, 200);
    let (mut done, mut since) = (0, 0);
    for round in 0..rounds {
        for (row, (method, path)) in rows.iter().enumerate() {
            for place in 0..PLACES {
                let n = round + row * 7 + place;
                let bytes = planted(method, path, (n, place));
                let Ok(answer) = client.try_ask(&bytes) else {
                    client = server.client();
                    continue;
                };
                // what is wrong with a scenario is shown to who wrote it, line by line: cards are what it is about
                let own = LANGUAGE.contains(&path.as_str());
                let refused = answer.status >= 400 && !own;
                let found = leak(&answer.head)
                    .or_else(|| leak(&answer.text()))
                    .filter(|_| refused);
                assert!(
                    found.is_none(),
                    "{method} {path}, place {place}: {}",
                    found.unwrap()
                );
                done += 1;
                since += 1;
                // the journal holds a thousand
                if since >= 900 {
                    silent(&mut client, "default", path);
                    since = 0;
                }
            }
        }
    }
    silent(&mut client, "default", "all");
    let state = client.ask(&get("/__mockpos/state")).text();
    assert!(
        leak(&state).is_none(),
        "snapshot: {}",
        leak(&state).unwrap()
    );
    for n in 0..count(50, 400, 400) {
        done += paid_with_canaries(&mut client, n);
    }
    silent(&mut client, "paid", "payments");
    let state = client.ask(&get("/~paid/__mockpos/state")).text();
    assert!(state.contains("conversation_id"), "{state}");
    assert!(
        leak(&state).is_none(),
        "snapshot: {}",
        leak(&state).unwrap()
    );
    client = server.client();
    done += crate::stories::told(&mut client);
    done += in_panics(&mut client);
    server.signal("-TERM");
    let mut server = server;
    let status = server.ended(crate::support::PATIENCE);
    assert_eq!(status.code(), Some(0));
    let log = server.log();
    assert!(log.lines().count() > done / 2, "{}", log.lines().count());
    assert!(leak(&log).is_none(), "log: {}", leak(&log).unwrap());
    told(
        "card numbers, codes and passwords planted",
        done * 2,
        "none found",
        "none in answers, admin, snapshots, logs",
    );
}

#[test]
fn a_canary_is_found() {
    let pan = number(3);
    assert!(leak(&format!("x{pan}y")).is_some() && leak(&secret(7)).is_some());
    assert!(leak("423478******1234").is_none() && leak("***").is_none());
    assert!(leak("4234 7870 0001").is_some());
}
