//! Where in a JSON text a reader stopped: `payments[2].status`.

/// What is open there: an object with its latest key, or a list with its latest position.
enum Open<'t> {
    Object(Option<&'t str>),
    List(usize),
}

/// The path of what was read last when `read` bytes of `text` were, `.` for the whole. The text is good JSON, for
/// its reader has not complained of that.
pub fn place(text: &str, read: usize) -> String {
    let bytes = text.as_bytes();
    let (mut open, mut at) = (Vec::new(), 0);
    while at < read.min(bytes.len()) {
        at = match bytes[at] {
            b'"' => {
                let end = end_of_string(bytes, at + 1);
                if let Some(Open::Object(key @ None)) = open.last_mut() {
                    *key = text.get(at + 1..end);
                }
                end + 1
            }
            byte => {
                step(&mut open, byte);
                at + 1
            }
        };
    }
    path(&open)
}

fn step(open: &mut Vec<Open<'_>>, byte: u8) {
    match (byte, open.last_mut()) {
        (b'{', _) => open.push(Open::Object(None)),
        (b'[', _) => open.push(Open::List(0)),
        (b'}' | b']', _) => drop(open.pop()),
        (b',', Some(Open::Object(key))) => *key = None,
        (b',', Some(Open::List(position))) => *position += 1,
        _ => {}
    }
}

/// Where the quote stands that ends the string whose first character is at `at`.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn path(open: &[Open<'_>]) -> String {
    let mut path = String::new();
    for one in open {
        match one {
            Open::Object(None) => {}
            Open::Object(Some(key)) if path.is_empty() => path.push_str(key),
            Open::Object(Some(key)) => path.extend([".", key]),
            Open::List(position) => path.push_str(&format!("[{position}]")),
        }
    }
    match path.is_empty() {
        true => ".".to_owned(),
        false => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_that_of_what_was_read_last() {
        let text = r#"{"a":{"b\"}":[1,{"c":"x,y"}],"d":2},"e":[]}"#;
        // what is read up to and with this, where that is
        for (last, want) in [
            ("", "."),
            ("{", "."),
            (r#""a""#, "a"),
            (r#""b\"}":"#, r#"a.b\"}"#),
            ("[1", r#"a.b\"}[0]"#),
            ("[1,", r#"a.b\"}[1]"#),
            (r#""x,y""#, r#"a.b\"}[1].c"#),
            (r#""x,y"}"#, r#"a.b\"}[1]"#),
            (r#""x,y"}]"#, r#"a.b\"}"#),
            (r#""d":2"#, "a.d"),
            (r#""d":2}"#, "a"),
            ("[]", "e"),
            ("[]}", "."),
        ] {
            let read = text.find(last).unwrap() + last.len();
            assert_eq!(place(text, read), want, "{last}");
        }
    }
}
