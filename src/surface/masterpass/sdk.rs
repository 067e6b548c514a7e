//! The user's own copy of the vendor's SDK, with the sandbox's public key in the vendor's place: what
//! it then seals can be opened. Nothing of the vendor's is in this program. contract: masterpass §2.2

use crate::domain::decision::Point;
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Script, Turn};
use crate::surface::masterpass::sealed::{MODULUS, MODULUS_DIGITS};
use bytes::Bytes;
use http::{Method, StatusCode};

/// The file, under its own name.
pub const ENDPOINTS: &[Endpoint] = &[Endpoint::of(
    Method::GET,
    ("/masterpass-sdk/{file}", "mfs.sdk.read"),
    (Evidence::Inferred, NOTHING),
    read,
)
.told(|spec| {
    spec.text(200, "application/javascript");
    spec.text(404, "text/plain");
})];

const NOTHING: &[Point] = &[];

/// What is served for the file of that name: the same but for its one public key. Err says what is
/// wrong with it.
pub fn rewritten(name: &str, file: &[u8]) -> Result<Script, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if name.is_empty() || !name.bytes().all(plain) {
        return Err("its name needs letters, digits, `.`, `-` and `_` only".to_owned());
    }
    let keys = keys(file);
    let [at] = keys[..] else {
        let found = keys.len();
        return Err(format!(
            "expected one public key, a run of {MODULUS_DIGITS} hex digits; found {found}"
        ));
    };
    let key = &file[at..at + MODULUS_DIGITS];
    let lower = key.iter().any(u8::is_ascii_lowercase);
    let own = match lower {
        true => MODULUS.to_ascii_lowercase(),
        false => MODULUS.to_owned(),
    };
    let parts = [&file[..at], own.as_bytes(), &file[at + MODULUS_DIGITS..]];
    Ok(Script {
        name: name.to_owned(),
        text: Bytes::from(parts.concat()),
    })
}

/// Where runs of exactly as many hex digits as a key has begin.
fn keys(file: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in file.split(|byte| !byte.is_ascii_hexdigit()) {
        if word.len() == MODULUS_DIGITS {
            found.push(at);
        }
        at += word.len() + 1;
    }
    found
}

fn read(turn: &mut Turn<'_>) -> Answer {
    let asked = turn.param("file");
    Ok(match turn.sdk {
        Some(sdk) if sdk.name == asked => {
            Reply::new(StatusCode::OK, "application/javascript", sdk.text.clone())
        }
        Some(_) | None => {
            let text = "no such file: `--masterpass-sdk FILE` serves your copy of the SDK\n";
            Reply::new(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", text)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(key: &str) -> String {
        format!("var k=new K;k.set('{key}','03');var short='ABCDEF',deadbeef=1;")
    }

    #[test]
    fn the_one_key_becomes_the_sandboxes() {
        for (key, own) in [
            ("0123456789ABCDEF".repeat(22), MODULUS.to_owned()),
            ("0123456789abcdef".repeat(22), MODULUS.to_lowercase()),
            ("0".repeat(352), MODULUS.to_owned()),
        ] {
            let served = rewritten("mfs-client.min.js", script(&key).as_bytes()).unwrap();
            assert_eq!(served.text, script(&own));
            assert_eq!(served.name, "mfs-client.min.js");
        }
        let bare = "A".repeat(352);
        assert_eq!(rewritten("a", bare.as_bytes()).unwrap().text, MODULUS);
    }

    #[test]
    fn what_is_no_such_file_is_said() {
        let key = "AB".repeat(176);
        let two = script(&key) + &script(&key);
        let longer = script(&format!("{key}0"));
        let shorter = script(&key[1..]);
        for (name, file, why) in [
            ("a.js", &*two, "found 2"),
            ("a.js", &longer, "found 0"),
            ("a.js", &shorter, "found 0"),
            ("a.js", "", "found 0"),
            ("a b.js", &script(&key), "its name needs"),
            ("", &script(&key), "its name needs"),
        ] {
            let error = rewritten(name, file.as_bytes()).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
