//! What each byte of a text is, and the name of a field that is being read.

/// What a byte is to the scan. Looked up, not compared: it is asked for every byte of every body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Letter,
    Digit,
    /// begins an escape, or stands for another character
    Escape,
    /// stands inside of names: `card_number`
    Joiner,
    /// closes a name that may still have its separator before it
    Closer,
    /// stands between a name and its value
    Separator,
    /// ends what may have been a name
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'%' | b'\\' | b'+' => Class::Escape,
            b'_' | b'-' => Class::Joiner,
            b'"' | b'\'' | b' ' | b'\t' | b'\n' | b'\r' | b']' => Class::Closer,
            b':' | b'=' | b'>' | b'<' => Class::Separator,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// See [`Class`].
pub const fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

/// The last name seen: where it stands.
#[derive(Debug, Default)]
pub struct Name {
    pub from: Option<usize>,
    /// behind its last letter or digit
    pub to: usize,
    /// some of it is written as escapes
    pub escaped: bool,
    /// a quote, bracket or space came after it
    pub closed: bool,
    /// it began right after `<`
    pub tag: bool,
}

impl Name {
    /// Letters or digits of it stand from `at` to `to`.
    pub fn reach(&mut self, at: usize, to: usize) {
        if self.closed {
            self.end(false);
        }
        self.from.get_or_insert(at);
        self.to = to;
    }

    /// A character that is neither a letter nor a separator.
    pub fn pass(&mut self, of: Class) {
        match of {
            Class::Joiner => {}
            Class::Closer => self.closed = true,
            Class::Letter | Class::Digit | Class::Escape | Class::Separator | Class::Other => {
                self.end(false)
            }
        }
    }

    pub fn open_tag(&mut self) {
        self.end(false);
        self.tag = true;
    }

    /// Waits for the next name; `in_tag`: a namespace was read, `<soap:cvc>`.
    pub fn end(&mut self, in_tag: bool) {
        (self.from, self.closed, self.escaped) = (None, false, false);
        self.tag = self.tag && in_tag;
    }
}
