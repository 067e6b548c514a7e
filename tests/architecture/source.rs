//! The project's Rust files, and as much of Rust's grammar as the rules need.

use std::fs;
use std::iter;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One Rust file.
pub struct Source {
    /// from the project's root, with `/`: `src/call.rs`
    pub path: String,
    /// as it stands in the file
    pub text: String,
    /// the text with comments and the insides of literals blanked; every byte keeps its place
    pub code: String,
    /// the code with tests blanked too
    pub shipped: String,
    /// where the tests are
    pub tests: Vec<Range<usize>>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let code = code_of(text);
        let tests = tests_in(&code);
        let shipped = blanked(&code, &tests);
        let (path, text) = (path.to_owned(), text.to_owned());
        Self {
            path,
            text,
            code,
            shipped,
            tests,
        }
    }

    /// The modules in files that it declares for tests only: `src/call/tests`.
    fn test_modules(&self) -> impl Iterator<Item = String> {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder,
            _ => self.path.trim_end_matches(".rs"),
        };
        let declared = self.tests.iter().filter_map(|range| {
            let item = self.code[range.clone()].strip_prefix(TEST)?.trim();
            item.strip_prefix("mod ")?.strip_suffix(';')
        });
        declared.map(move |name| format!("{folder}/{name}"))
    }

    /// The line that the byte at `at` is on, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// A departure at the byte at `at`: `src/call.rs:12: what is wrong`.
    pub fn spot(&self, at: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, self.line(at))
    }
}

/// All Rust files under these folders of the project, in the order of their paths.
pub fn tree(folders: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in folders {
        gather(&root.join(folder), &mut paths);
    }
    paths.sort();
    assert!(!paths.is_empty(), "there is no Rust file in {folders:?}");
    let source = |path: &PathBuf| {
        let inner = path.strip_prefix(root).unwrap().to_str().unwrap();
        Source::new(
            &inner.replace('\\', "/"),
            &fs::read_to_string(path).unwrap(),
        )
    };
    let mut sources: Vec<_> = paths.iter().map(source).collect();
    let modules: Vec<_> = sources.iter().flat_map(Source::test_modules).collect();
    let inside = |path: &str, module: &String| {
        path.strip_prefix(module.as_str())
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };
    for source in &mut sources {
        if modules.iter().any(|module| inside(&source.path, module)) {
            source.tests = iter::once(0..source.code.len()).collect();
            source.shipped = blanked(&source.code, &source.tests);
        }
    }
    sources
}

/// The Rust files under `folder`, but for what test clients install.
fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "node_modules" && !name.starts_with('.') {
            gather(&path, paths);
        } else if name.ends_with(".rs") {
            paths.push(path);
        }
    }
}

/// Fails with all departures, one a line.
#[track_caller]
pub fn none(departures: impl IntoIterator<Item = String>) {
    let departures: Vec<_> = departures.into_iter().collect();
    let (count, list) = (departures.len(), departures.join("\n"));
    assert!(departures.is_empty(), "{count} departures:\n{list}");
}

/// Identifiers and numbers of `code` with their places.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    iter::from_fn(move || {
        at += code[at..].find(is_word)?;
        let start = at;
        at += code[at..].find(|c| !is_word(c)).unwrap_or(code.len() - at);
        Some((start, &code[start..at]))
    })
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The place of the first of `marks` at `from` or later that stands in no bracket opened since.
pub fn first_of(code: &str, from: usize, marks: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        if depth == 0 && marks.contains(&byte) {
            return Some(at);
        }
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// The place of the bracket that closes the one at `open`.
pub fn close_of(code: &str, open: usize) -> Option<usize> {
    first_of(code, open + 1, b")]}")
}

/// `code` with these bytes blanked, but for line ends.
fn blanked(code: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for range in ranges {
        blank(&mut bytes[range.clone()]);
    }
    String::from_utf8(bytes).unwrap()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

const TEST: &str = "#[cfg(test)]";

/// The items under `#[cfg(test)]`.
fn tests_in(code: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in code.match_indices(TEST) {
        if found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let mark = first_of(code, start + TEST.len(), b";{");
        let end = mark.and_then(|at| {
            if code.as_bytes()[at] == b'{' {
                close_of(code, at)
            } else {
                Some(at)
            }
        });
        found.push(start..end.map_or(code.len(), |end| end + 1));
    }
    found
}

/// `text` with comments and the insides of literals blanked.
fn code_of(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (hidden, len) = hidden_at(rest, text[..at].chars().next_back());
        blank(&mut bytes[at + hidden.start..at + hidden.end]);
        at += len;
    }
    String::from_utf8(bytes).unwrap()
}

/// What to blank at the start of `rest`, and how many bytes to go on.
fn hidden_at(rest: &str, before: Option<char>) -> (Range<usize>, usize) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let until =
        |mark: &str, from: usize| rest[from..].find(mark).map_or(rest.len(), |at| from + at);
    if rest.starts_with("//") {
        let end = until("\n", 0);
        return (0..end, end);
    }
    if rest.starts_with("/*") {
        let end = comment_end(rest);
        return (0..end, end);
    }
    if rest.starts_with('"') {
        let end = quoted_end(rest, '"');
        return (1..end - 1, end);
    }
    if rest.starts_with("r\"") || rest.starts_with("r#") && !before.is_some_and(is_word) {
        let marks = rest[1..].bytes().take_while(|b| *b == b'#').count();
        if rest[1 + marks..].starts_with('"') {
            let end = until(&format!("\"{}", "#".repeat(marks)), 2 + marks);
            return (2 + marks..end, (end + 1 + marks).min(rest.len()));
        }
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        let mut chars = inside.chars();
        let (one, two) = (chars.next(), chars.next());
        if one == Some('\\') || two == Some('\'') {
            let end = quoted_end(rest, '\'');
            return (1..end - 1, end);
        }
    }
    (0..0, first)
}

/// Behind the quote that closes the one at the start.
fn quoted_end(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// Behind a block comment; they nest.
fn comment_end(rest: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < rest.len() {
        let step = match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                2
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                2
            }
            _ => 1,
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

#[test]
fn comments_and_literals_are_blanked() {
    let cases = [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        (
            r#"f("ab\"c", 'x', '\'', 'ş')"#,
            r#"f("     ", ' ', '  ', '  ')"#,
        ),
        (
            r##"f(r#"a"b"#, br"c\", "d")"##,
            r##"f(r#"   "#, br"  ", " ")"##,
        ),
        (
            "fn f<'a>(x: &'a str, c: char)",
            "fn f<'a>(x: &'a str, c: char)",
        ),
        ("for r in x { r.y(\"z\") }", "for r in x { r.y(\" \") }"),
        ("// ğ\nx", "     \nx"),
    ];
    for (text, code) in cases {
        assert_eq!(code_of(text), code, "{text}");
    }
}

#[test]
fn test_items_are_not_shipped() {
    let code = "fn a() {}\n#[cfg(test)]\nuse x::{y};\n#[cfg(test)]\nmod tests { fn b() { {} } }\nfn c() {}";
    let source = Source::new("src/a/mod.rs", code);
    let kept: Vec<_> = words(&source.shipped).map(|(_, word)| word).collect();
    assert_eq!(kept, ["fn", "a", "fn", "c"]);
    assert_eq!(source.shipped.len(), code.len());
}

#[test]
fn test_modules_in_files_are_known() {
    let code = "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\nmod c {}";
    for (path, module) in [
        ("src/x.rs", "src/x/b"),
        ("src/x/mod.rs", "src/x/b"),
        ("src/lib.rs", "src/b"),
    ] {
        assert_eq!(
            Source::new(path, code).test_modules().collect::<Vec<_>>(),
            [module]
        );
    }
}

#[test]
fn brackets_are_matched() {
    let code = "match f(|x| { x }) { A => [1; 2], B => {} } ;";
    let open = first_of(code, 0, b"{").unwrap();
    assert_eq!(&code[open - 2..=open], ") {");
    assert_eq!(close_of(code, open), Some(code.len() - 3));
    assert_eq!(first_of("a } ;", 0, b";"), None);
}
