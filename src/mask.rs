//! Card data and secrets made unreadable in any text: bodies, queries, paths; whatever the format,
//! valid or not. Two nets: by field name, and by the shape of a card number. One scan, no parsing.

mod cards;
mod hide;
mod names;
mod plain;
mod scan;
mod text;

pub use cards::{Card, cards};
pub use hide::hide_cards;
pub use plain::is_plain;

use names::{EDGES, Kind, kind};
use plain::Found;
use scan::{Class, Name, class};
use text::{Text, Unit};

/// `text` with card numbers as `525864******0001` and secrets as `***`.
///
/// By name: the fields of [`names`], in any mix of case, `_` and `-`, as JSON, form, query or XML.
/// Lists and objects under such a name are looked into but not hidden: `{"otp": ["is required"]}`.
/// By shape: 13 to 19 digits that pass Luhn, in one run or in groups with spaces or dashes between
/// them. One long number in ten passes by chance, an order number of ours too: it is hidden as well.
/// Percent, form and JSON escapes are seen through, several layers of them. The result is for
/// reading: it need not be valid JSON. Expiry dates and names stay. Base64 and letters for digits are not seen through, the name
/// of a field in a multipart body neither: so nothing of such a body stays.
pub fn mask(text: &[u8]) -> String {
    if plain::is_multipart(text) {
        return format!("(multipart, {} bytes, not kept)", text.len());
    }
    match plain::found(text) {
        Found::Nothing => readable(text),
        Found::Cards => hide::hidden(text, plain::card_spans(text)),
        Found::Anything => scanned(text),
    }
}

fn readable(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// As [`mask`], by a look at every byte.
fn scanned(text: &[u8]) -> String {
    let mut scan = Scan::of(text);
    scan.run();
    if scan.kept == 0 {
        return readable(text);
    }
    scan.keep_to(text.len());
    readable(&scan.out)
}

struct Scan<'a> {
    text: Text<'a>,
    /// quotes end values: JSON, HTML and XML, not forms
    markup: bool,
    /// up to here the text is in `out`, or replaced there
    kept: usize,
    out: Vec<u8>,
}

impl<'a> Scan<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self {
            text: Text(text),
            markup: matches!(text.trim_ascii().first(), Some(b'{' | b'[' | b'<' | b'"')),
            kept: 0,
            out: Vec::new(),
        }
    }

    fn run(&mut self) {
        let mut name = Name::default();
        let mut after_digit = false;
        let mut at = 0;
        while let Some(&byte) = self.text.0.get(at) {
            // Most of any text is letters, and most of the rest digits: these runs are passed at once.
            match class(byte) {
                Class::Letter => {
                    let end = self.run_of(at + 1, Class::Letter);
                    name.reach(at, end);
                    after_digit = false;
                    at = end;
                }
                Class::Digit => {
                    let end = self.run_of(at + 1, Class::Digit);
                    if !after_digit && (end - at >= 13 || self.may_go_on(end)) {
                        self.card_from(at);
                    }
                    name.reach(at, end);
                    after_digit = true;
                    at = end;
                }
                Class::Joiner | Class::Closer | Class::Other => {
                    after_digit = false;
                    name.pass(class(byte));
                    at += 1;
                }
                Class::Separator => {
                    after_digit = false;
                    let (ch, end) = (byte, at + 1);
                    at = self.step(at, Unit { ch, end }, &mut name);
                }
                Class::Escape => {
                    let unit = self.text.unit(at);
                    self.escaped_digits(at, unit, after_digit);
                    after_digit = unit.ch.is_ascii_digit();
                    at = self.step(at, unit, &mut name);
                }
            }
        }
    }

    /// Where the run that goes on at `at` ends.
    fn run_of(&self, at: usize, of: Class) -> usize {
        let rest = &self.text.0[at..];
        let run = rest.iter().position(|byte| class(*byte) != of);
        at + run.unwrap_or(rest.len())
    }

    /// Whether the byte at `at` is a space, a dash, or the beginning of an escape.
    fn may_go_on(&self, at: usize) -> bool {
        matches!(
            self.text.0.get(at),
            Some(b' ' | b'-' | b'+' | b'\t' | b'%' | b'\\')
        )
    }

    /// A card number may begin with an escaped digit; and `%52` may be a percent sign before one.
    fn escaped_digits(&mut self, at: usize, unit: Unit, after_digit: bool) {
        if unit.ch.is_ascii_digit() && !after_digit {
            self.card_from(at);
        }
        if self.text.0[at] == b'%' && unit.end > at + 1 && self.text.0[at + 1].is_ascii_digit() {
            self.card_from(at + 1);
        }
    }

    /// What a character means for the name before it; where to go on.
    fn step(&mut self, at: usize, unit: Unit, name: &mut Name) -> usize {
        match class(unit.ch) {
            Class::Letter | Class::Digit => {
                name.reach(at, unit.end);
                name.escaped = true;
            }
            Class::Separator => return self.separate(at, unit, name),
            of @ (Class::Joiner | Class::Closer | Class::Escape | Class::Other) => name.pass(of),
        }
        unit.end
    }

    /// A separator: the value behind it is hidden when the name before it says so. Where to go on.
    fn separate(&mut self, at: usize, unit: Unit, name: &mut Name) -> usize {
        let mut next = unit.end;
        match unit.ch {
            b'<' => name.open_tag(),
            b'>' if !name.tag => name.end(false),
            ch => {
                let from = name.from.filter(|_| name.escaped || self.may_tell(name));
                if let Some(kind) = from.and_then(|from| self.kind(from)) {
                    next = self.value(kind, (at, unit));
                }
                name.end(ch == b':');
            }
        }
        next
    }

    /// Whether a name without escapes may be one of ours, by its edges alone.
    fn may_tell(&self, name: &Name) -> bool {
        let edge = |at: usize| self.text.0[at];
        let last = || edge(name.to - 1);
        name.from
            .is_some_and(|from| EDGES.may_be(edge(from), last()))
    }

    /// What the name that stands at `at` says of its value.
    fn kind(&self, mut at: usize) -> Option<Kind> {
        let mut letters = [0; 40];
        let mut len = 0;
        // Most names have no escape in them, and most texts are names: these are read byte by byte.
        while let Some(&byte) = self.text.0.get(at) {
            match class(byte) {
                Class::Letter | Class::Digit => {
                    *letters.get_mut(len)? = byte.to_ascii_lowercase();
                    len += 1;
                }
                Class::Joiner => {}
                Class::Escape => break,
                Class::Closer | Class::Separator | Class::Other => return kind(&letters[..len]),
            }
            at += 1;
        }
        while let Some(unit) = self.text.peek(at) {
            if unit.ch.is_ascii_alphanumeric() {
                // A name that is too long for this is none of ours.
                *letters.get_mut(len)? = unit.ch.to_ascii_lowercase();
                len += 1;
            } else if !matches!(unit.ch, b'_' | b'-') {
                break;
            }
            at = unit.end;
        }
        kind(&letters[..len])
    }

    /// Hides the card number that begins at `at`, if one does. The scan goes on inside of it:
    /// where groups of digits stand in a row, the next one may begin another.
    fn card_from(&mut self, at: usize) {
        if let Some(end) = self.text.card(at) {
            self.hide_digits(at, end);
        }
    }

    /// Hides the value behind a separator; where to go on.
    fn value(&mut self, kind: Kind, (sep, separator): (usize, Unit)) -> usize {
        let mut from = separator.end;
        while let Some(unit) = self.text.peek(from)
            && unit.ch.is_ascii_whitespace()
        {
            from = unit.end;
        }
        let Some(open) = self.text.peek(from) else {
            return from;
        };
        let quotes = separator.ch != b'=' || self.markup;
        let to = match open.ch {
            b'[' | b'{' if separator.ch == b':' => return from,
            b'"' | b'\'' if quotes => {
                let quote = from..open.end;
                from = open.end;
                self.closing(&self.text.0[quote], from)
            }
            _ => self.delimiter(from, (sep, separator)),
        };
        let literal = matches!(&self.text.0[from..to], b"" | b"null" | b"true" | b"false");
        if !literal {
            match kind {
                Kind::Pan if self.is_number(from, to) => self.hide_digits(from, to),
                Kind::Pan | Kind::Secret => self.replace((from, to), b"***"),
            }
        }
        to
    }

    /// The quote that closes the one written `quote`; the end of the text when nothing does.
    fn closing(&self, quote: &[u8], mut at: usize) -> usize {
        let mut escaped = false;
        while let Some(unit) = self.text.peek(at) {
            if !escaped && &self.text.0[at..unit.end] == quote {
                return at;
            }
            escaped = unit.ch == b'\\';
            at = unit.end;
        }
        at
    }

    /// Where a value without quotes ends.
    fn delimiter(&self, mut at: usize, (sep, separator): (usize, Unit)) -> usize {
        let nested = separator.end > sep + 1;
        while let Some(unit) = self.text.peek(at) {
            let raw = unit.end == at + 1;
            let ends = match (separator.ch, unit.ch) {
                (b'=', b'&') => raw || nested,
                (b'=', b'\n' | b'\r') => raw,
                (b'=', b'"' | b'\'' | b'<') => self.markup,
                (b':', b',' | b'}' | b']' | b'\n' | b'\r' | b'&' | b'"' | b'\'') => true,
                (b'>', b'<') => true,
                _ => false,
            };
            if ends {
                break;
            }
            at = unit.end;
        }
        at
    }

    /// Digits, spaces and dashes, and what others have masked with.
    fn is_number(&self, mut at: usize, to: usize) -> bool {
        while at < to {
            let unit = self.text.unit(at);
            if !matches!(
                unit.ch,
                b'0'..=b'9' | b' ' | b'-' | b'.' | b'*' | b'x' | b'X'
            ) {
                return false;
            }
            at = unit.end;
        }
        true
    }

    /// All but the first six and the last four digits become `*`.
    fn hide_digits(&mut self, from: usize, to: usize) {
        let mut digits = Vec::with_capacity(19);
        let mut at = from;
        while at < to {
            let unit = self.text.unit(at);
            if unit.ch.is_ascii_digit() {
                digits.push((at, unit.end));
            }
            at = unit.end;
        }
        let last = digits.len().saturating_sub(4);
        for (from, to) in digits.into_iter().take(last).skip(6) {
            if from >= self.kept {
                self.replace((from, to), b"*");
            }
        }
    }

    fn replace(&mut self, (from, to): (usize, usize), stars: &[u8]) {
        self.keep_to(from);
        self.out.extend_from_slice(stars);
        self.kept = self.kept.max(to);
    }

    fn keep_to(&mut self, to: usize) {
        if to > self.kept {
            self.out.extend_from_slice(&self.text.0[self.kept..to]);
            self.kept = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        mask(text.as_bytes())
    }

    const CASES: &[(&str, &str)] = &[
        // nothing to hide
        ("", ""),
        (
            r#"{"amount":100,"msisdn":"905321234567"}"#,
            r#"{"amount":100,"msisdn":"905321234567"}"#,
        ),
        (
            "/orders/checkout/?page=MasterpassRestBinNumberPage",
            "/orders/checkout/?page=MasterpassRestBinNumberPage",
        ),
        ("5258640000000002", "5258640000000002"),
        ("çay 5258640000000001 ığüş", "çay 525864******0001 ığüş"),
        // by shape
        (r#"{"a":"5258640000000001"}"#, r#"{"a":"525864******0001"}"#),
        (r#"{"a":5258640000000001}"#, r#"{"a":525864******0001}"#),
        ("x=5258+6400+0000+0001&y=2", "x=5258+64**+****+0001&y=2"),
        ("x=5258%206400%200000%200001", "x=5258%2064**%20****%200001"),
        ("375623-000000-006", "375623-*****0-006"),
        ("100 5258640000000001 12/29", "100 525864******0001 12/29"),
        // by name, also when it is no card number
        (
            r#"{"card_number":"5258640000000002"}"#,
            r#"{"card_number":"525864******0002"}"#,
        ),
        (
            r#"{"cardNumber": "525864******0001"}"#,
            r#"{"cardNumber": "525864******0001"}"#,
        ),
        (r#"{"rtaPan":"8D2F6C"}"#, r#"{"rtaPan":"***"}"#),
        (
            r#"{"cvc":"123","a":{"CVV2" : 456}}"#,
            r#"{"cvc":"***","a":{"CVV2" : ***}}"#,
        ),
        (
            r#"{"cvc":null,"otp":"","password":false}"#,
            r#"{"cvc":null,"otp":"","password":false}"#,
        ),
        (
            r#"{"password":["This field is required."]}"#,
            r#"{"password":["This field is required."]}"#,
        ),
        (
            r#"{"cvcRequired":true,"pinType":"otp","is_otp":"1"}"#,
            r#"{"cvcRequired":true,"pinType":"otp","is_otp":"1"}"#,
        ),
        (
            r#"{"password":"a\"b","x":1}"#,
            r#"{"password":"***","x":1}"#,
        ),
        (
            r#"{"body":"{\"cvc\":\"123\",\"x\":1}"}"#,
            r#"{"body":"{\"cvc\":\"***\",\"x\":1}"}"#,
        ),
        (
            r#"{"card\u004eumber":"5258640000000002"}"#,
            r#"{"card\u004eumber":"525864******0002"}"#,
        ),
        (
            r#"{"cv\u0063":"123","\u0063vv":1,"%63vc":2}"#,
            r#"{"cv\u0063":"***","\u0063vv":***,"%63vc":***}"#,
        ),
        (
            r#"{"Kart_No":"a","PIN":"1","pins":"1","x_track2":"3"}"#,
            r#"{"Kart_No":"***","PIN":"***","pins":"1","x_track2":"3"}"#,
        ),
        ("email=a&password=p%26w+x&z=1", "email=a&password=***&z=1"),
        ("card[cvc]=123&z=1", "card[cvc]=***&z=1"),
        ("card%5Bcvc%5D=123&z=1", "card%5Bcvc%5D=***&z=1"),
        (
            "data=%7B%22cvc%22%3A%22123%22%2C%22z%22%3A1%7D",
            "data=%7B%22cvc%22%3A%22***%22%2C%22z%22%3A1%7D",
        ),
        (
            "u=%2Fx%3Fotp%3D123456%26z%3D1&y=1",
            "u=%2Fx%3Fotp%3D***%26z%3D1&y=1",
        ),
        ("/pay?otpCode=123456", "/pay?otpCode=***"),
        (
            r#"{"url":"/pay?otp=123456","z":1}"#,
            r#"{"url":"/pay?otp=***","z":1}"#,
        ),
        (
            "<a><soap:cvv>123</soap:cvv><PIN>1</PIN></a>",
            "<a><soap:cvv>***</soap:cvv><PIN>***</PIN></a>",
        ),
        ("{'cvc':'123', pin: 4", "{'cvc':'***', pin: ***"),
        (r#"{"secretKey":"not closed"#, r#"{"secretKey":"***"#),
        (
            "--b\r\nContent-Disposition: form-data; name=\"cvc\"\r\n\r\n123",
            "(multipart, 54 bytes, not kept)",
        ),
    ];

    #[test]
    fn texts_and_what_stays_of_them() {
        for (text, want) in CASES {
            assert_eq!(masked(text), *want, "{text}");
        }
    }

    /// A number with this stem, of this length, that passes Luhn.
    fn pan(n: u64) -> String {
        let stems = [
            "525864", "411111", "375623", "979206", "30569", "5", "62", "6011", "9",
        ];
        let len = 12 + usize::try_from(n % 7).unwrap();
        let mut digits = format!(
            "{}{:018}",
            stems[(n % 9) as usize],
            n * 7_919_777_777_777 % 1_000_000_007
        );
        digits.truncate(len);
        let check = (0..10).find(|check| {
            let sum: u32 =
                format!("{digits}{check}")
                    .bytes()
                    .rev()
                    .enumerate()
                    .fold(0, |sum, (i, b)| {
                        let d = u32::from(b - b'0') << (i % 2);
                        sum + d / 10 + d % 10
                    });
            sum.is_multiple_of(10)
        });
        format!("{digits}{}", check.unwrap())
    }

    /// Undone escapes, digits only, so that nothing hides behind an encoding.
    fn readable(text: &str) -> String {
        let mut plain = text.to_owned();
        for _ in 0..2 {
            for b in b'0'..=b'9' {
                let digit = char::from(b).to_string();
                plain = plain
                    .replace(&format!("%{b:02x}"), &digit)
                    .replace(&format!("\\u00{b:02x}"), &digit);
            }
            plain = plain
                .replace("%20", "")
                .replace("%2D", "")
                .replace("%25", "%");
        }
        plain.replace([' ', '-', '+'], "")
    }

    #[test]
    fn no_card_number_is_readable_wherever_it_stands() {
        let each = |pan: &str, f: fn(u8) -> String| pan.bytes().map(f).collect::<String>();
        let grouped = |pan: &str, gap: &str| {
            let groups: Vec<_> = pan
                .as_bytes()
                .chunks(4)
                .map(String::from_utf8_lossy)
                .collect();
            groups.join(gap)
        };
        for n in 0..200 {
            let pan = pan(n);
            let shapes = [
                pan.clone(),
                grouped(&pan, " "),
                grouped(&pan, "-"),
                grouped(&pan, " - "),
                grouped(&pan, "+"),
                grouped(&pan, "%20"),
                grouped(&pan, "%2D"),
                grouped(&pan, "%2520"),
                each(&pan, |b| format!("%{b:02x}")),
                each(&pan, |b| format!("%25{b:02x}")),
                each(&pan, |b| format!("\\u00{b:02x}")),
            ];
            let places = [
                "@",
                "{\"x\":\"@\"}",
                "{\"x\":@}",
                "{\"a\":[{\"b\":{\"c\":[1,\"@\"]}}]}",
                "{\"x\":\"pay @ now\"}",
                "x=@&y=1",
                "y=1&x=@",
                "/cards/@/pay",
                "/cards?q=@",
                "/cards/a_@",
                "{\"x\":\"@",
                "[@,",
                "<pan>@</pan>",
                "x=%22@%22",
                "{\"x\":\"{\\\"y\\\":\\\"@\\\"}\"}",
                "12 @ 34",
                "99% @",
                "100%@",
                "tel:@;",
                "a@b",
                "{\"cardNumber\":\"@\"}",
                "cardNumber=@&cvc=1",
                "5 12 @",
            ];
            for (shape, place) in shapes
                .iter()
                .flat_map(|s| places.iter().map(move |p| (s, p)))
            {
                let text = place.replace('@', shape);
                let hidden = masked(&text);
                assert!(!readable(&hidden).contains(&pan), "{text}\n{hidden}");
                // Nor all but a few of its digits: what lies between the first six and the last four.
                let stars = hidden.matches('*').count();
                assert!(stars + 10 >= pan.len() || stars >= 3, "{text}\n{hidden}");
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        #[test]
        fn what_is_plain_has_nothing_to_hide(
            parts in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)
        ) {
            let text = parts.concat();
            let bytes = text.as_bytes();
            match plain::found(bytes) {
                Found::Nothing => assert_eq!(scanned(bytes), text),
                Found::Cards => {
                    let hidden = hide::hidden(bytes, plain::card_spans(bytes));
                    assert_eq!(scanned(bytes), hidden);
                }
                Found::Anything => {}
            }
        }
    }

    /// What names, card numbers and what stands around them are made of.
    const PIECES: &[&str] = &[
        "cvc",
        "pan",
        "card",
        "Number",
        "otp",
        "pin",
        "Secret",
        "x",
        "a1",
        "_",
        "-",
        ":",
        "=",
        ">",
        "<",
        "\"",
        "'",
        " ",
        "\t",
        "]",
        "[",
        "{",
        "}",
        ",",
        ";",
        "&",
        "+",
        "%",
        "\\",
        "%3",
        "u00",
        "%34",
        "%3D",
        "%2534",
        "%253A",
        "%22",
        "%63vc",
        "%52586400",
        "\\u0034",
        "\\\"",
        "\\u011f",
        "\n",
        "/",
        "ğ",
        "null",
        "5258640000000001",
        "525864",
        "0000",
        "000001",
        "4111 1111 ",
        "1111-1111",
        "7",
        "12345678901",
        "                                                               ",
        "abcdefghijklmnopqrstuvwxyz",
    ];

    #[test]
    fn most_texts_are_plain() {
        for text in [
            "/orders/checkout/?page=MasterpassRestBinNumberPage",
            r#"{"amount":100,"msisdn":"905321234567","pk":1,"otp_sent":true}"#,
            r#"{"price":"100.00","basket":[{"id":1,"sku":"TSHIRT-M-WHITE"}]}"#,
            include_str!("../templates/bank/bank.js"),
            include_str!("../templates/bank/bank.css"),
            include_str!("../templates/craftgate/checkout.css"),
            r#"<label for="otp">Kod</label><input name="otp" style="width: 100%">"#,
            "905321234567",
            "page=a%20b&returnUrl=http%3A%2F%2Fshop%2F%3Fa%3D%C4%9F",
            r#"{"html":"<a href=\"\/\">\u011f</a>"}"#,
        ] {
            assert!(is_plain(text.as_bytes()), "{text}");
        }
        for text in [
            "cvc=1",
            "5258640000000001",
            "%35258640000000001",
            "%5258640000000001",
            "%63vc%3D1",
            "{\"pan\" : 1}",
            "4111 1111 1111 1111",
        ] {
            assert!(!is_plain(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_stands_beside_a_style_sheet_is_hidden() {
        let style = include_str!("../templates/bank/bank.css");
        let page = |before: &str, style: &str, behind: &str| {
            format!("<!doctype html>{before}<style>{style}</style>{behind}")
        };
        let plain = page("<p>", style, "<p>");
        assert!(is_plain(plain.as_bytes()));
        let pan = "<b>5258640000000001</b>";
        for page in [
            page(pan, style, ""),
            page("", style, pan),
            page("", &format!("{style}{pan}"), ""),
            page("", &format!("{pan}{style}"), ""),
            page("", &style[..style.len() - 1], pan),
        ] {
            let masked = mask(page.as_bytes());
            assert_eq!(masked, page.replace("5258640000000001", "525864******0001"));
        }
    }

    #[test]
    fn any_bytes_are_masked_without_panic_and_in_linear_time() {
        let hostile: [&[u8]; 8] = [
            b"%",
            b"\\",
            b"1 ",
            b"{\"cvc\":",
            b"a1",
            b"%25",
            b"\\u00",
            b"\xff\"=",
        ];
        for piece in hostile {
            let text = piece.repeat(50_000 / piece.len());
            let _ = mask(&text);
        }
    }
}
