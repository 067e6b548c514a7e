//! The usual mistakes of those who hash the bank's fields by hand. contract: masterpass §7

use super::{HASH_PARAMS, PAYU, covered, hash};
use crate::domain::hex::hex;
use crate::journal::Mismatch;
use crate::scenario::settings::Bank;
use crate::surface::mismatch::{Form, Hash, Part, Recipe};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Which mistake makes the hash of a return post. None: it is right, or there is none.
pub fn explain<'v>(said: impl Fn(&str) -> Option<&'v str>, bank: &Bank) -> Option<Mismatch> {
    let given = said("hash")?;
    let value = |name: &str| said(name).unwrap_or_default();
    let text = covered(value);
    if given == hash(&text, bank) {
        return None;
    }
    if bank.ica == PAYU {
        return Some(keyed(given, HASH_PARAMS.map(value), bank));
    }
    let field = |name: &'static str| Part {
        name,
        secret: false,
        right: vec![value(name).as_bytes().to_vec()],
        wrong: as_in_forms(value(name)),
    };
    let mut parts: Vec<Part<'_>> = HASH_PARAMS.into_iter().map(field).collect();
    parts.push(Part {
        name: "store key",
        secret: true,
        right: vec![bank.store_key.as_bytes().to_vec()],
        wrong: vec![
            (
                "the client id instead of the store key",
                bank.client_id.as_bytes().to_vec(),
            ),
            (
                "the text was hashed with a newline at its end",
                format!("{}\n", bank.store_key).into_bytes(),
            ),
        ],
    });
    let recipe = Recipe {
        what: "hash",
        parts,
        separator: "",
        hash: Hash::Sha1,
        form: Form::Base64,
    };
    Some(recipe.explain(given))
}

/// A value as it stands in a form, and as it is read by who takes it for one that does.
fn as_in_forms<'a>(value: &str) -> Vec<(&'a str, Vec<u8>)> {
    let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let others = [
        ("a value was hashed as it is encoded in the form", encoded),
        ("a `+` was read as a space", value.replace('+', " ")),
    ];
    let others = others.into_iter().filter(|(_, other)| other != value);
    others
        .map(|(says, other)| (says, other.into_bytes()))
        .collect()
}

/// Of the bank that hashes with a key that is no part of the text.
fn keyed(given: &str, values: [&str; 7], bank: &Bank) -> Mismatch {
    let covered = values.concat();
    let mut texts = vec![
        (covered.clone(), None),
        (
            format!("{covered}\n"),
            Some("the text was hashed with a newline at its end".to_owned()),
        ),
    ];
    for separator in [":", "|", ";", ",", "&"] {
        texts.push((
            values.join(separator),
            Some(format!("{separator:?} stands between the parts")),
        ));
    }
    let keys = [
        (&bank.store_key, None),
        (
            &bank.client_id,
            Some("the client id instead of the store key".to_owned()),
        ),
    ];
    let guesses = keys
        .iter()
        .flat_map(|key| texts.iter().map(move |text| (key, text)));
    let found = guesses
        .into_iter()
        .find_map(|((key, other_key), (text, other_text))| {
            let mac = super::keyed(text, key.as_bytes());
            let forms = [
                (hex(&mac), None),
                (
                    hex(&mac).to_ascii_uppercase(),
                    Some("hex in capitals for hex".to_owned()),
                ),
                (STANDARD.encode(&mac), Some("base64 for hex".to_owned())),
            ];
            let (_, other_form) = forms.into_iter().find(|(form, _)| form == given)?;
            let mistakes = [other_key.clone(), other_text.clone(), other_form];
            Some((
                text.clone(),
                mistakes
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", and "),
            ))
        });
    let cut = |text: &str| text.chars().take(1024).collect::<String>();
    let (theirs, mistake) = found.unzip();
    let differs = |text: &String| {
        let same = covered.chars().zip(text.chars()).position(|(a, b)| a != b);
        same.or_else(|| {
            (*text != covered).then(|| covered.chars().count().min(text.chars().count()))
        })
    };
    Mismatch {
        what: "hash",
        received: given.chars().take(128).collect(),
        first_difference: theirs.as_ref().and_then(differs),
        ours: cut(&covered),
        theirs: theirs.as_deref().map(cut),
        mistake,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha1::{Digest, Sha1};

    #[test]
    fn mistakes_are_named() {
        let bank = Bank::default();
        let fields = |name: &str| HASH_PARAMS.contains(&name).then_some("7");
        let right = covered(|name| fields(name).unwrap_or_default());
        let explained = |hash: &str| {
            explain(
                |name| {
                    if name == "hash" {
                        Some(hash)
                    } else {
                        fields(name)
                    }
                },
                &bank,
            )
        };
        assert_eq!(explained(&hash(&right, &bank)), None);
        let of = |text: String| STANDARD.encode(Sha1::digest(text));
        let without = explained(&of(right.clone())).unwrap();
        assert_eq!(
            without.mistake.as_deref(),
            Some("the store key is left out")
        );
        let good = format!("{right}{}", bank.store_key);
        let digest = Sha1::digest(&good);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let joined = [&["7"; HASH_PARAMS.len()][..], &[&*bank.store_key]].concat();
        for (hash, says) in [
            (of(format!("{good}\n")), "with a newline at its end"),
            (of(joined.join(":")), "\":\" stands between the parts"),
            (of(joined.join("|")), "\"|\" stands between the parts"),
            (hex.clone(), "hex for base64"),
            (hex.to_uppercase(), "hex in capitals for base64"),
            (STANDARD.encode(hex), "base64 of the hex digits"),
            (
                STANDARD.encode(digest).to_lowercase(),
                "the case of its letters",
            ),
        ] {
            let found = explained(&hash).unwrap().mistake;
            let found = found.unwrap_or_else(|| panic!("{says}: nothing is found"));
            assert!(found.contains(says), "{says}: {found}");
        }
        let client = explained(&of(format!("{right}{}", bank.client_id))).unwrap();
        assert_eq!(
            client.mistake.as_deref(),
            Some("the client id instead of the store key")
        );
        assert!(
            !format!("{client:?}").contains(&bank.store_key),
            "{client:?}"
        );
        assert_eq!(explained("else").unwrap().mistake, None);
        assert_eq!(explain(fields, &bank), None, "no hash came");
    }
}
