//! The usual mistakes of those who sign their calls by hand. contract: craftgate §1.2

use crate::call::Call;
use crate::domain::merchant::{Merchant, Merchants};
use crate::journal::Mismatch;
use crate::surface::mismatch::{Form, Hash, Part, Recipe};
use serde_json::Value;

/// A body that is longer is not written anew in search of the one that was signed.
const REWRITTEN: usize = 16 * 1024;

type Wrong<'a> = Vec<(&'a str, Vec<u8>)>;

/// Which mistake makes the signature of `call`; `urls` are the right texts of its URL.
pub fn explain(
    call: &Call,
    urls: &[String],
    (merchant, others): (&Merchant, &Merchants),
) -> Mismatch {
    let header = |name| call.header(name).unwrap_or_default();
    let random = header("x-rnd-key");
    let api_key = &merchant.api_key;
    let body = &call.body;
    let bytes = |text: &str| text.as_bytes().to_vec();
    let part = |name, right: Vec<Vec<u8>>, wrong| Part {
        name,
        secret: false,
        right,
        wrong,
    };
    let secret = Part {
        name: "secret key",
        secret: true,
        right: vec![bytes(&merchant.secret_key)],
        wrong: other_keys(merchant, others),
    };
    let urls_right = urls.iter().map(|url| bytes(url)).collect();
    let recipe = Recipe {
        what: "x-signature",
        parts: vec![
            part("URL", urls_right, other_urls(call, urls)),
            part(
                "API key",
                vec![bytes(api_key)],
                other_case("the case of the API key is another", api_key),
            ),
            secret,
            part(
                "random text",
                vec![bytes(random)],
                other_case("the case of the random text is another", random),
            ),
            part("body", vec![body.to_vec()], other_bodies(body)),
        ],
        separator: "",
        hash: Hash::Sha256,
        form: Form::Base64,
    };
    recipe.explain(header("x-signature"))
}

fn other_keys<'a>(merchant: &'a Merchant, others: &'a Merchants) -> Wrong<'a> {
    let own = [
        (
            "the callback key instead of the secret key",
            &merchant.callback_key,
        ),
        (
            "the webhook key instead of the secret key",
            &merchant.webhook_key,
        ),
        ("the API key instead of the secret key", &merchant.api_key),
    ];
    let others = others
        .iter()
        .filter(|other| other.secret_key != merchant.secret_key);
    let others = others.map(|other| ("the secret key of another merchant", &other.secret_key));
    let all = own.into_iter().chain(others);
    all.map(|(mistake, key)| (mistake, key.as_bytes().to_vec()))
        .collect()
}

fn other_case<'a>(mistake: &'a str, text: &str) -> Wrong<'a> {
    let all = [text.to_ascii_lowercase(), text.to_ascii_uppercase()];
    let others = all.into_iter().filter(|other| other != text);
    others.map(|other| (mistake, other.into_bytes())).collect()
}

/// The URL as clients that do not follow the vendor's write it.
fn other_urls<'a>(call: &Call, urls: &[String]) -> Wrong<'a> {
    let mut wrong: Wrong<'a> = Vec::new();
    let mut add = |mistake, text: String| {
        if !urls.contains(&text) {
            wrong.push((mistake, text.into_bytes()));
        }
    };
    let target = &call.target;
    let plain = target.strip_prefix(&*call.prefix).unwrap_or(target);
    add(
        "the path alone was signed, without the base URL",
        target.clone(),
    );
    add(
        "the path alone was signed, without the base URL",
        plain.to_owned(),
    );
    for url in urls {
        if !call.prefix.is_empty() {
            let without = url.replacen(&*call.prefix, "", 1);
            add("the URL was signed without the sandbox's prefix", without);
        }
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        if query.is_empty() {
            add("a slash at the end of the URL", format!("{path}/"));
            add(
                "a slash is missing at the end of the URL",
                path.trim_end_matches('/').to_owned(),
            );
            continue;
        }
        add("the URL was signed without its query", path.to_owned());
        let encode = |space: &str| {
            let pairs = crate::call::decode_pairs(query);
            let mut text = form_urlencoded::Serializer::new(String::new());
            let text = text.extend_pairs(pairs).finish();
            format!("{path}?{}", text.replace('+', space))
        };
        add("the query is encoded in another way", encode("+"));
        add("the query is encoded in another way", encode("%20"));
        let lower = |text: &str| text.to_ascii_lowercase();
        add(
            "the case of the query's escapes is another",
            format!("{path}?{}", lower(query)),
        );
    }
    let lower = urls.iter().map(|url| url.to_ascii_lowercase());
    for url in lower {
        add("the case of the URL is another", url);
    }
    wrong
}

/// The body as another program would have written it.
fn other_bodies<'a>(body: &[u8]) -> Wrong<'a> {
    let mut wrong: Wrong<'a> = Vec::new();
    let mut add = |mistake, text: Vec<u8>| {
        if text != body {
            wrong.push((mistake, text));
        }
    };
    if body.is_empty() {
        add(
            "an empty JSON object was signed, and no body sent",
            b"{}".to_vec(),
        );
        add("`null` was signed, and no body sent", b"null".to_vec());
        return wrong;
    }
    if body.len() > REWRITTEN {
        return wrong;
    }
    let newline = "the body was signed with a newline at its end";
    add(newline, [body, b"\n"].concat());
    add(newline, [body, b"\r\n"].concat());
    add(
        "the body was signed without the newline at its end",
        body.trim_ascii().to_vec(),
    );
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return wrong;
    };
    let rewritten = "the body was written anew after it was signed";
    let compact = value.to_string();
    let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
    let four = pretty.lines().map(|line| {
        let text = line.trim_start();
        format!("{}{text}", " ".repeat(2 * (line.len() - text.len())))
    });
    let four = four.collect::<Vec<_>>().join("\n");
    let spaced = spaced(&compact);
    let sorted = sorted(&value).to_string();
    for text in [&compact, &pretty, &four, &spaced, &sorted] {
        add(rewritten, text.clone().into_bytes());
        add(rewritten, ascii(text).into_bytes());
        add(rewritten, text.replace('/', "\\/").into_bytes());
        add(rewritten, ascii(text).replace('/', "\\/").into_bytes());
    }
    wrong
}

/// With a space behind each colon and comma, as Python writes it.
fn spaced(compact: &str) -> String {
    let (mut text, mut inside, mut escaped) = (String::new(), false, false);
    for c in compact.chars() {
        text.push(c);
        match c {
            '"' if !escaped => inside = !inside,
            ':' | ',' if !inside => text.push(' '),
            _ => {}
        }
        escaped = inside && c == '\\' && !escaped;
    }
    text
}

/// With the keys of every object in the order of the alphabet.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(table) => {
            let mut keys: Vec<_> = table.iter().collect();
            keys.sort_unstable_by_key(|(key, _)| *key);
            keys.into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)))
                .collect()
        }
        Value::Array(list) => list.iter().map(sorted).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// With escapes for all that is not ASCII.
fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            out += &format!("\\u{unit:04x}");
        }
    }
    out
}
