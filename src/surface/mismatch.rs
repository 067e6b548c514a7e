//! Why a signature or hash is not right: the text that should have been signed, and which of the usual
//! mistakes makes the one that came.
//!
//! Whoever checks a signature says what goes into it, part by part, and what callers are known to put
//! there instead. A hash tells nothing of its text, so that each single mistake is tried.

use crate::domain::hex::hex;
use crate::journal::Mismatch;
use crate::mask::mask;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// How many bytes of text are hashed in search of a mistake, in all.
const EFFORT: usize = 4 << 20;
/// How many bytes of a part are shown.
const SHOWN: usize = 1 << 10;
/// How many bytes at a cut may be part of a card number, which is known as one only when it is whole.
const UNSURE: usize = 64;

/// What goes into a signature, and how.
pub struct Recipe<'a> {
    /// which signature: `x-signature`
    pub what: &'static str,
    /// what is joined, in order
    pub parts: Vec<Part<'a>>,
    /// what stands between the parts
    pub separator: &'static str,
    /// how the text is hashed
    pub hash: Hash,
    /// how the hash is written
    pub form: Form,
}

/// One part of the text.
pub struct Part<'a> {
    /// what it is called: `secret key`
    pub name: &'static str,
    /// never shown
    pub secret: bool,
    /// what is right: any of these
    pub right: Vec<Vec<u8>>,
    /// what callers put there by mistake, and what that is called
    pub wrong: Vec<(&'a str, Vec<u8>)>,
}

/// How a text is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// 20 bytes
    Sha1,
    /// 32 bytes
    Sha256,
    /// 64 bytes
    Sha512,
}

/// How a hash is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// the usual one
    Base64,
    /// in small letters
    HexLower,
    /// in capitals
    HexUpper,
    /// of the lower-case hex digits
    Base64OfHex,
    /// `-` and `_` for `+` and `/`
    Base64Url,
    /// without `=` at its end
    Base64NoPad,
    /// both
    Base64UrlNoPad,
}

impl Hash {
    const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::Sha512];

    const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
        }
    }

    fn of(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(text).to_vec(),
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::Sha512 => Sha512::digest(text).to_vec(),
        }
    }
}

impl Form {
    const ALL: [Self; 7] = [
        Self::Base64,
        Self::HexLower,
        Self::HexUpper,
        Self::Base64OfHex,
        Self::Base64Url,
        Self::Base64NoPad,
        Self::Base64UrlNoPad,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::HexLower => "hex",
            Self::HexUpper => "hex in capitals",
            Self::Base64OfHex => "base64 of the hex digits",
            Self::Base64Url => "base64 for URLs",
            Self::Base64NoPad => "base64 without padding",
            Self::Base64UrlNoPad => "base64 for URLs without padding",
        }
    }

    fn of(self, hash: &[u8]) -> String {
        let hex = || hex(hash);
        match self {
            Self::Base64 => STANDARD.encode(hash),
            Self::HexLower => hex(),
            Self::HexUpper => hex().to_ascii_uppercase(),
            Self::Base64OfHex => STANDARD.encode(hex()),
            Self::Base64Url => URL_SAFE.encode(hash),
            Self::Base64NoPad => STANDARD_NO_PAD.encode(hash),
            Self::Base64UrlNoPad => URL_SAFE_NO_PAD.encode(hash),
        }
    }
}

/// What is put between parts that are to stand side by side, and the other way round.
const SEPARATORS: [&str; 10] = ["", ":", "|", "\n", "&", ",", ";", "-", ".", " "];

/// One text that may have been signed: the bytes of each part, what it is called when it is a mistake,
/// and what stands between the parts. None: the part is left out.
struct Guess<'r> {
    parts: Vec<Option<Chosen<'r>>>,
    separator: &'r str,
    mistake: Option<String>,
}

#[derive(Clone, Copy)]
struct Chosen<'r> {
    part: &'r Part<'r>,
    bytes: &'r [u8],
    mistake: Option<&'r str>,
}

impl Guess<'_> {
    fn len(&self) -> usize {
        self.parts
            .iter()
            .flatten()
            .map(|chosen| chosen.bytes.len())
            .sum()
    }

    fn text(&self) -> Vec<u8> {
        let parts: Vec<&[u8]> = self
            .parts
            .iter()
            .flatten()
            .map(|chosen| chosen.bytes)
            .collect();
        parts.join(self.separator.as_bytes())
    }

    /// For people: masked, and secrets by their names.
    fn shown(&self) -> String {
        let parts: Vec<String> = self.parts.iter().flatten().map(Chosen::shown).collect();
        parts.join(self.separator)
    }
}

impl Chosen<'_> {
    fn shown(&self) -> String {
        match (self.part.secret, self.mistake) {
            (true, None) => format!("({})", self.part.name),
            (true, Some(mistake)) => format!("({mistake})"),
            (false, _) => shown(self.bytes),
        }
    }
}

impl<'a> Recipe<'a> {
    /// What is wrong with `received`. It is not right: who checks it has found that out.
    pub fn explain(&self, received: &str) -> Mismatch {
        let mut left = EFFORT;
        let found = self.guesses().into_iter().find_map(|guess| {
            left = left.checked_sub(guess.len() + 64)?;
            let how = self.reading(&guess.text(), &guess, received)?;
            Some((guess, how))
        });
        let (ours, theirs, mistake) = match found {
            Some((guess, how)) => {
                let right = self.like(&guess);
                (right.shown(), Some(guess.shown()), Some(how))
            }
            None => {
                let first = self.right(0);
                (first.shown(), None, None)
            }
        };
        let first_difference = theirs.as_deref().and_then(|theirs| {
            let differs = |(_, (a, b)): &(usize, (Option<char>, Option<char>))| a != b;
            let longest = ours.chars().count().max(theirs.chars().count());
            let mut pairs = (0..longest).zip(pairs(&ours, theirs));
            pairs.find(differs).map(|(at, _)| at)
        });
        Mismatch {
            what: self.what,
            received: shown(received.as_bytes()),
            ours,
            theirs,
            first_difference,
            mistake,
        }
    }

    /// What makes `received` of that text; None: nothing that is known.
    fn reading(&self, text: &[u8], guess: &Guess<'_>, received: &str) -> Option<String> {
        let hashes = Hash::ALL.into_iter();
        // Two mistakes at once are looked for only where one of them is the form.
        let hashes = hashes.filter(|hash| *hash == self.hash || guess.mistake.is_none());
        for hash in hashes {
            let digest = hash.of(text);
            for form in Form::ALL {
                if form.of(&digest) != received {
                    continue;
                }
                let other_hash = (hash != self.hash)
                    .then(|| format!("{} for {}", hash.name(), self.hash.name()));
                let other_form = (form != self.form)
                    .then(|| format!("{} for {}", form.name(), self.form.name()));
                let all = [guess.mistake.clone(), other_hash, other_form];
                let all: Vec<String> = all.into_iter().flatten().collect();
                return (!all.is_empty()).then(|| all.join(", and "));
            }
        }
        let right = self.form.of(&self.hash.of(text));
        let case = guess.mistake.is_none() && right.eq_ignore_ascii_case(received);
        case.then(|| "the case of its letters was changed".to_owned())
    }

    /// All that may have been signed, the right ones first.
    fn guesses(&self) -> Vec<Guess<'_>> {
        let rights = self.rights();
        let mut all: Vec<Guess<'_>> = (0..rights).map(|n| self.right(n)).collect();
        for n in 0..rights {
            for separator in SEPARATORS.into_iter().filter(|s| *s != self.separator) {
                let mut guess = self.right(n);
                guess.separator = separator;
                guess.mistake = Some(between(separator, self.separator));
                all.push(guess);
            }
            for (at, part) in self.parts.iter().enumerate() {
                let instead = part.wrong.iter().map(|(mistake, bytes)| {
                    let chosen = Chosen {
                        part,
                        bytes,
                        mistake: Some(mistake),
                    };
                    (Some(chosen), (*mistake).to_owned())
                });
                let without = (None, format!("the {} is left out", part.name));
                for (chosen, mistake) in instead.chain([without]) {
                    let mut guess = self.right(n);
                    guess.parts[at] = chosen;
                    guess.mistake = Some(mistake);
                    all.push(guess);
                }
            }
        }
        all
    }

    /// How many right texts there are: one for each right form of the part that has most.
    fn rights(&self) -> usize {
        self.parts
            .iter()
            .map(|part| part.right.len())
            .max()
            .unwrap_or(1)
    }

    /// The `n`th right text.
    fn right(&self, n: usize) -> Guess<'_> {
        let parts = self.parts.iter().map(|part| {
            let bytes = part.right.get(n).or_else(|| part.right.first())?;
            Some(Chosen {
                part,
                bytes,
                mistake: None,
            })
        });
        Guess {
            parts: parts.collect(),
            separator: self.separator,
            mistake: None,
        }
    }

    /// The right text that a guess was made of.
    fn like(&self, guess: &Guess<'_>) -> Guess<'_> {
        let shares = |n: &usize| {
            let right = self.right(*n);
            let pairs = right.parts.iter().zip(&guess.parts);
            pairs
                .filter(|(a, b)| matches!((a, b), (Some(a), Some(b)) if a.bytes == b.bytes))
                .count()
        };
        self.right((0..self.rights()).rev().max_by_key(shares).unwrap_or(0))
    }
}

/// What stands between the parts instead of what should.
fn between(separator: &str, right: &str) -> String {
    match right {
        "" => format!("{separator:?} stands between the parts, where nothing should"),
        right if separator.is_empty() => {
            format!("nothing stands between the parts, where {right:?} should")
        }
        right => format!("{separator:?} stands between the parts, where {right:?} should"),
    }
}

/// The characters of both, side by side, to the end of the longer.
fn pairs(a: &str, b: &str) -> impl Iterator<Item = (Option<char>, Option<char>)> {
    let ends = std::iter::repeat(None);
    let a = a.chars().map(Some).chain(ends.clone());
    a.zip(b.chars().map(Some).chain(ends))
}

/// The beginning of `text`, masked. It is cut before it is masked, which takes time, and again behind.
fn shown(text: &[u8]) -> String {
    let head = &text[..text.len().min(SHOWN + UNSURE)];
    let mut masked = mask(head);
    let sure = match head.len() < text.len() {
        true => masked.len().saturating_sub(UNSURE),
        false => masked.len(),
    };
    masked.truncate(masked.floor_char_boundary(sure));
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash over three parts with bars between them, in capitals of hex.
    fn recipe(right: &[&str]) -> Recipe<'static> {
        let part = |name, secret, right: &[&str]| Part {
            name,
            secret,
            right: right.iter().map(|text| text.as_bytes().to_vec()).collect(),
            wrong: vec![("something else", b"other".to_vec())],
        };
        Recipe {
            what: "hash",
            parts: vec![
                part("order", false, &["7"]),
                part("store key", true, &["s3cret"]),
                part("amount", false, right),
            ],
            separator: "|",
            hash: Hash::Sha1,
            form: Form::HexUpper,
        }
    }

    fn upper(text: &str) -> String {
        Form::HexUpper.of(&Hash::Sha1.of(text.as_bytes()))
    }

    #[test]
    fn single_mistakes_are_found() {
        // signature, mistake, their text, where it differs
        let cases = [
            (
                upper("7s3cret1.00"),
                "nothing stands between the parts, where \"|\" should",
                "7(store key)1.00",
                1,
            ),
            (
                upper("7:s3cret:1.00"),
                "\":\" stands between the parts, where \"|\" should",
                "7:(store key):1.00",
                1,
            ),
            (
                upper("7|other|1.00"),
                "something else",
                "7|(something else)|1.00",
                4,
            ),
            (
                upper("7|s3cret|other"),
                "something else",
                "7|(store key)|other",
                14,
            ),
            (
                upper("7|s3cret"),
                "the amount is left out",
                "7|(store key)",
                13,
            ),
        ];
        for (sign, mistake, theirs, at) in cases {
            let found = recipe(&["1.00", "100"]).explain(&sign);
            assert_eq!(found.mistake.as_deref(), Some(mistake));
            assert_eq!(found.theirs.as_deref(), Some(theirs));
            assert_eq!(found.ours, "7|(store key)|1.00");
            assert_eq!(found.first_difference, Some(at), "{theirs}");
        }
        let lower = upper("7|s3cret|100").to_ascii_lowercase();
        let found = recipe(&["1.00", "100"]).explain(&lower);
        assert_eq!(found.mistake.as_deref(), Some("hex for hex in capitals"));
        assert_eq!(
            (found.ours.as_str(), found.first_difference),
            ("7|(store key)|100", None)
        );
    }

    #[test]
    fn a_long_text_is_not_searched_forever() {
        let long = "x".repeat(EFFORT + 1);
        let sign = upper(&format!("7:s3cret:{long}"));
        let found = recipe(&[&long]).explain(&sign);
        assert_eq!(found.mistake, None);
        assert!(found.ours.len() < 2 * SHOWN, "{}", found.ours.len());
    }
}
