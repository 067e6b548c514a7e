//! A body of JSON, looked through once: whether it is one that nobody can take in two ways, and where its values
//! stand. Who reads it asks for them by name; nothing is copied, and numbers keep their digits.

use crate::config::{LIMITS, Limit};
use bytes::Bytes;
use hifijson::str::LexAlloc as _;
use hifijson::token::Lex as _;
use hifijson::{Read as _, SliceLexer, num};
use std::borrow::Cow;
use std::collections::HashSet;

/// How deep a body may be nested when nobody says so.
pub const DEPTH: usize = LIMITS[Limit::JsonDepth as usize].default as usize;

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonFault {
    /// not JSON
    Syntax,
    /// says one key twice, which readers take in different ways
    Twice,
    /// nested too deeply
    Deep,
}

/// A text of JSON and where its values stand.
#[derive(Debug, Clone)]
pub struct Json {
    text: Bytes,
    /// in the order of the text: a value, then what is in it; before each value of an object its key
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    from: u32,
    to: u32,
    /// the node behind it and all that is in it; behind a key's value, which stands right behind the key
    next: u32,
    /// a text or key in which something stands for another character
    escaped: bool,
}

impl Json {
    /// Err: the first thing that is wrong with it.
    pub fn read(text: &Bytes, depth: usize) -> Result<Self, JsonFault> {
        let nodes = Scan {
            text,
            lexer: SliceLexer::new(text),
            nodes: Vec::with_capacity(64),
        };
        let nodes = nodes.run(depth)?;
        let text = text.clone();
        Ok(Self { text, nodes })
    }

    /// The whole.
    pub const fn root(&self) -> Value<'_> {
        Value { json: self, at: 0 }
    }
}

/// One value, as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Value<'j> {
    json: &'j Json,
    at: usize,
}

impl<'j> Value<'j> {
    fn node(self) -> Node {
        self.json.nodes[self.at]
    }

    fn bytes(self) -> &'j [u8] {
        let node = self.node();
        &self.json.text[node.from as usize..node.to as usize]
    }

    fn begins(self, with: u8) -> bool {
        self.bytes().first() == Some(&with)
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.begins(b'n')
    }

    /// Whether it is `null` or `""`.
    pub fn is_nothing(self) -> bool {
        self.is_null() || self.bytes() == b"\"\""
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.begins(b'{')
    }

    /// What a text says.
    pub fn text(self) -> Option<Cow<'j, str>> {
        self.begins(b'"').then(|| self.unquoted())
    }

    /// What a text says; numbers and booleans are their own text, with all their digits.
    pub fn scalar(self) -> Option<Cow<'j, str>> {
        match self.bytes().first()? {
            b'"' => Some(self.unquoted()),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(readable(self.bytes()))),
        }
    }

    fn unquoted(self) -> Cow<'j, str> {
        unquoted(self.bytes(), self.node().escaped)
    }

    /// What is in a list; None: it is none.
    pub fn items(self) -> Option<impl Iterator<Item = Value<'j>>> {
        self.begins(b'[').then(|| self.within())
    }

    /// What is in an object, by name; None: it is none.
    pub fn members(self) -> Option<impl Iterator<Item = (Cow<'j, str>, Value<'j>)>> {
        let members = self.is_object().then(|| self.within())?;
        Some(members.map(|key| (key.unquoted(), key.value())))
    }

    /// What an object has under that name.
    pub fn get(self, name: &str) -> Option<Value<'j>> {
        if !self.is_object() {
            return None;
        }
        let nodes = self.json.nodes.get(..self.node().next as usize)?;
        let mut at = self.at + 1;
        while let Some(key) = nodes.get(at) {
            // The length alone tells of most that it is another.
            let may_be = key.escaped || (key.to - key.from) as usize == name.len() + 2;
            let key_at = Value { at, ..self };
            if may_be && key_at.is_key(name, <[u8]>::eq) {
                return Some(key_at.value());
            }
            at = key.next as usize;
        }
        None
    }

    /// What an object has under names like that, whatever the case of either; None: it is none.
    pub fn all_like(self, name: &str) -> Option<impl Iterator<Item = Value<'j>>> {
        let keys = self.is_object().then(|| self.within())?;
        let keys = keys.filter(|key| key.is_key(name, <[u8]>::eq_ignore_ascii_case));
        Some(keys.map(Value::value))
    }

    /// What stands behind a key.
    const fn value(self) -> Self {
        Self {
            at: self.at + 1,
            ..self
        }
    }

    /// Whether a key says that name, as far as `same` goes.
    #[inline(always)]
    fn is_key(self, name: &str, same: impl Fn(&[u8], &[u8]) -> bool) -> bool {
        let quoted = self.bytes();
        match self.node().escaped {
            true => same(self.unquoted().as_bytes(), name.as_bytes()),
            false => same(&quoted[1..quoted.len() - 1], name.as_bytes()),
        }
    }

    /// The values of a list, or the keys of an object.
    fn within(self) -> impl Iterator<Item = Value<'j>> {
        let (mut at, end) = (self.at + 1, self.node().next as usize);
        std::iter::from_fn(move || {
            let value = (at < end).then_some(Value { at, ..self })?;
            at = value.node().next as usize;
            Some(value)
        })
    }
}

/// What was found to be UTF-8 when it was looked through.
fn readable(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn unquoted(bytes: &[u8], escaped: bool) -> Cow<'_, str> {
    match (escaped, bytes) {
        (false, [b'"', plain @ .., b'"']) => Cow::Borrowed(readable(plain)),
        _ => {
            let text = SliceLexer::new(bytes).discarded().str_string();
            text.unwrap_or_default()
        }
    }
}

/// So many keys are compared one by one.
const FEW: usize = 16;

/// The look through.
struct Scan<'t> {
    text: &'t [u8],
    lexer: SliceLexer<'t>,
    nodes: Vec<Node>,
}

impl<'t> Scan<'t> {
    fn run(mut self, depth: usize) -> Result<Vec<Node>, JsonFault> {
        u32::try_from(self.text.len()).map_err(|_| JsonFault::Syntax)?;
        std::str::from_utf8(self.text).map_err(|_| JsonFault::Syntax)?;
        let next = self.lexer.ws_peek().ok_or(JsonFault::Syntax)?;
        self.value(next, depth)?;
        match self.lexer.ws_peek() {
            None => Ok(self.nodes),
            Some(_) => Err(JsonFault::Syntax),
        }
    }

    /// A value that begins with `first`, and may be nested so deep.
    fn value(&mut self, first: u8, depth: usize) -> Result<(), JsonFault> {
        let at = self.begin();
        match first {
            b'"' => self.string(at)?,
            b'{' => self.object(depth.checked_sub(1).ok_or(JsonFault::Deep)?)?,
            b'[' => self.list(depth.checked_sub(1).ok_or(JsonFault::Deep)?)?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ => drop(self.lexer.null_or_bool().ok_or(JsonFault::Syntax)?),
        }
        self.end(at);
        Ok(())
    }

    fn string(&mut self, at: usize) -> Result<(), JsonFault> {
        self.lexer.take_next();
        let text = self.lexer.as_slice();
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
        let plain = text.iter().position(special).ok_or(JsonFault::Syntax)?;
        if text[plain] == b'"' {
            self.lexer = SliceLexer::new(&text[plain + 1..]);
            return Ok(());
        }
        self.nodes[at].escaped = true;
        self.lexer
            .str_string()
            .map(drop)
            .map_err(|_| JsonFault::Syntax)
    }

    fn number(&mut self) -> Result<(), JsonFault> {
        let number = num::Lex::num_ignore(&mut self.lexer).validate();
        number.map(drop).map_err(|_| JsonFault::Syntax)
    }

    fn list(&mut self, depth: usize) -> Result<(), JsonFault> {
        let mut goes_on = !self.ends_at_once(b']')?;
        while goes_on {
            let first = self.next()?;
            self.value(first, depth)?;
            goes_on = self.goes_on(b']')?;
        }
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), JsonFault> {
        let mut keys = Keys {
            first: self.nodes.len(),
            few: 0,
            many: HashSet::new(),
        };
        let mut goes_on = !self.ends_at_once(b'}')?;
        while goes_on {
            let key = self.key(&mut keys)?;
            let colon = self.lexer.expect(SliceLexer::ws_peek, b':');
            colon.ok_or(JsonFault::Syntax)?;
            let first = self.next()?;
            self.value(first, depth)?;
            self.nodes[key].next = count(self.nodes.len());
            goes_on = self.goes_on(b'}')?;
        }
        Ok(())
    }

    fn key(&mut self, keys: &mut Keys<'t>) -> Result<usize, JsonFault> {
        if self.next()? != b'"' {
            return Err(JsonFault::Syntax);
        }
        let at = self.begin();
        self.string(at)?;
        self.end(at);
        if keys.few < FEW {
            keys.few += 1;
            return match self.keys(keys.first, at).any(|known| self.same(known, at)) {
                true => Err(JsonFault::Twice),
                false => Ok(at),
            };
        }
        if keys.many.is_empty() {
            let known = self.keys(keys.first, at).map(|known| self.unquoted(known));
            keys.many.extend(known);
        }
        match keys.many.insert(self.unquoted(at)) {
            true => Ok(at),
            false => Err(JsonFault::Twice),
        }
    }

    /// The keys of an object from its first to before `end`.
    fn keys(&self, first: usize, end: usize) -> impl Iterator<Item = usize> {
        let mut at = first;
        std::iter::from_fn(move || {
            let key = (at < end).then_some(at)?;
            at = self.nodes[key].next as usize;
            Some(key)
        })
    }

    fn same(&self, known: usize, key: usize) -> bool {
        match self.nodes[known].escaped || self.nodes[key].escaped {
            true => self.unquoted(known) == self.unquoted(key),
            false => self.bytes(known) == self.bytes(key),
        }
    }

    fn bytes(&self, at: usize) -> &'t [u8] {
        let node = self.nodes[at];
        &self.text[node.from as usize..node.to as usize]
    }

    fn unquoted(&self, at: usize) -> Cow<'t, str> {
        unquoted(self.bytes(at), self.nodes[at].escaped)
    }

    /// The next character that is no space.
    fn next(&mut self) -> Result<u8, JsonFault> {
        self.lexer.ws_peek().ok_or(JsonFault::Syntax)
    }

    /// Steps into a list or object; whether nothing is in it.
    fn ends_at_once(&mut self, end: u8) -> Result<bool, JsonFault> {
        self.lexer.take_next();
        let ends = self.next()? == end;
        if ends {
            self.lexer.take_next();
        }
        Ok(ends)
    }

    /// Steps over what stands between two values, or ends them.
    fn goes_on(&mut self, end: u8) -> Result<bool, JsonFault> {
        let next = self.next()?;
        self.lexer.take_next();
        match next {
            b',' => Ok(true),
            _ if next == end => Ok(false),
            _ => Err(JsonFault::Syntax),
        }
    }

    fn place(&self) -> u32 {
        count(self.text.len() - self.lexer.as_slice().len())
    }

    /// A value or key begins here.
    fn begin(&mut self) -> usize {
        let from = self.place();
        self.nodes.push(Node {
            from,
            to: from,
            next: 0,
            escaped: false,
        });
        self.nodes.len() - 1
    }

    /// It ends here, and what is in it stands behind it.
    fn end(&mut self, at: usize) {
        let (to, next) = (self.place(), count(self.nodes.len()));
        let node = &mut self.nodes[at];
        (node.to, node.next) = (to, next);
    }
}

/// The keys of an object so far.
struct Keys<'t> {
    /// the first one's node
    first: usize,
    /// how many have been compared one by one
    few: usize,
    /// all of them, when they are more
    many: HashSet<Cow<'t, str>>,
}

/// Places and nodes are fewer than bytes, and those have been counted.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json, JsonFault> {
        Json::read(&Bytes::copy_from_slice(text.as_bytes()), 4)
    }

    #[test]
    fn keys_are_there_once_and_depth_has_an_end() {
        let many = |last: &str| {
            let keys: String = (0..99).map(|n| format!("\"k{n}\":0,")).collect();
            format!("{{{keys}\"{last}\":1}}")
        };
        let (twice, deep) = (Some(JsonFault::Twice), Some(JsonFault::Deep));
        let syntax = Some(JsonFault::Syntax);
        for (body, why) in [
            (r#"{"a":1,"b":{"a":1}}"#, None),
            (r#"{"a":1,"a":1}"#, twice),
            (r#"{"a":1,"\u0061":1}"#, twice),
            (r#"{"a":1,"A":1}"#, None),
            (r#"[{"a":1},{"a":1}]"#, None),
            (r#"[{"a":[{"b":1,"b":2}]}]"#, twice),
            (&many("new"), None),
            (&many("k3"), twice),
            (&many("k98"), twice),
            (&many("\\u006b98"), twice),
            ("[[[[1]]]]", None),
            ("[[[[[1]]]]]", deep),
            (r#"{"a":{"a":{"a":{"a":{}}}}}"#, deep),
            (&"[".repeat(9_999), deep),
            (r#"{"a":1e400}"#, None),
            (r#"{"a":1"#, syntax),
            (r#"{"a":007}"#, syntax),
            ("a=1&a=2", syntax),
            ("{} x", syntax),
            ("\"a\"", None),
            ("", syntax),
        ] {
            assert_eq!(read(body).err(), why, "{body}");
        }
    }

    #[test]
    fn values_are_found_by_name_as_they_were_sent() {
        let json = read(
            r#" {"t":"x","n": 100.0,"e":"\u0041\n","b":true,"z":null,"":"", "l":[1,{"k":"v"},[]],"q\"":1} "#,
        );
        let json = json.unwrap();
        let root = json.root();
        let scalar = |name: &str| root.get(name).unwrap().scalar().map(Cow::into_owned);
        for (name, want) in [
            ("t", Some("x")),
            ("n", Some("100.0")),
            ("e", Some("A\n")),
            ("b", Some("true")),
            ("z", None),
            ("", Some("")),
            ("l", None),
            ("q\"", Some("1")),
        ] {
            assert_eq!(scalar(name).as_deref(), want, "{name}");
        }
        assert!(root.get("x").is_none() && root.items().is_none());
        assert!(root.get("z").unwrap().is_nothing() && root.get("").unwrap().is_nothing());
        assert_eq!(root.get("n").unwrap().text(), None);
        let items: Vec<_> = root.get("l").unwrap().items().unwrap().collect();
        assert_eq!(items.len(), 3);
        assert_eq!(items[1].get("k").unwrap().text().unwrap(), "v");
        assert_eq!(items[2].items().unwrap().count(), 0);
        let names: Vec<_> = root.members().unwrap().map(|(name, _)| name).collect();
        assert_eq!(names, ["t", "n", "e", "b", "z", "", "l", "q\""]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(20_000))]

        /// The library that reads all other JSON is of the same opinion.
        #[test]
        fn what_is_json_is_so_to_others_and_says_the_same(
            parts in proptest::collection::vec(proptest::sample::select(PIECES), 0..14)
        ) {
            let text = parts.concat();
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match read(&text) {
                Ok(json) => match theirs {
                    Ok(theirs) => proptest::prop_assert!(alike(json.root(), &theirs), "{}", text),
                    // theirs are binary floats
                    Err(e) => proptest::prop_assert!(e.to_string().contains("out of range"), "{}: {}", text, e),
                },
                Err(JsonFault::Syntax) => proptest::prop_assert!(theirs.is_err(), "{}", text),
                Err(JsonFault::Twice | JsonFault::Deep) => {}
            }
        }
    }

    fn alike(ours: Value<'_>, theirs: &serde_json::Value) -> bool {
        use serde_json::Value as Theirs;
        match theirs {
            Theirs::Null => ours.is_null(),
            Theirs::Bool(flag) => ours.scalar().unwrap() == flag.to_string(),
            Theirs::Number(number) => {
                let ours = ours.scalar().unwrap();
                ours.parse::<f64>().ok() == number.as_f64()
            }
            Theirs::String(text) => ours.text().unwrap() == *text,
            Theirs::Array(list) => {
                let ours: Vec<_> = ours.items().unwrap().collect();
                ours.len() == list.len()
                    && ours
                        .into_iter()
                        .zip(list)
                        .all(|(ours, theirs)| alike(ours, theirs))
            }
            Theirs::Object(map) => {
                ours.members().unwrap().count() == map.len()
                    && map
                        .iter()
                        .all(|(name, value)| alike(ours.get(name).unwrap(), value))
            }
        }
    }

    const PIECES: &[&str] = &[
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "{\"k\":", "\\", "\\u0041",
        "\\ud83d", "\\ude00", "\\n", "null", "true", "fals", "e", "-", "0", "1", "10", ".5", "E+",
        "e2", "+", " ", "\t", "\n", "\u{1}", "ğ", "x", "[1,", "[]", "{}", "\"\"",
    ];
}
