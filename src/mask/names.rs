//! The names of fields whose values nobody may read, and how most other names are passed quickly.

/// What a field's name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// a card number: the first six and the last four digits stay
    Pan,
    /// nothing stays
    Secret,
}

/// Names of fields whose values nobody may read, as lower-case letters and digits: wherever a name ends so.
const SECRET_ENDINGS: &[&str] = &[
    "password",
    "secretword",
    "secret",
    "secretkey",
    "cvc",
    "cvv",
    "cvc2",
    "cvv2",
];
/// Names of card numbers.
const PANS: &[&str] = &[
    "cardnumber",
    "cardno",
    "cardpan",
    "ccnumber",
    "ccno",
    "creditcardnumber",
    "clearpan",
    "encpan",
    "kartno",
    "kartnumarasi",
    "pan",
    "primaryaccountnumber",
    "rtapan",
];
/// Names of values nobody may read, as a whole.
const SECRETS: &[&str] = &[
    "csc",
    "cvn",
    "cvccode",
    "cvvcode",
    "securitycode",
    "cardsecuritycode",
    "otp",
    "otpcode",
    "smscode",
    "smsotp",
    "validationcode",
    "verificationcode",
    "passwd",
    "password1",
    "password2",
    "pwd",
    "parola",
    "sifre",
    "pin",
    "mpin",
    "cpin",
    "enccpin",
    "encpin",
    "pinblock",
    "track1",
    "track2",
    "trackdata",
];

/// What the name of a field, lower-case letters and digits only, says of its value.
pub fn kind(name: &[u8]) -> Option<Kind> {
    let (first, last) = (*name.first()?, *name.last()?);
    let ends = |ending: &&str| {
        ending.as_bytes().last() == Some(&last) && name.ends_with(ending.as_bytes())
    };
    if EDGES.any[usize::from(last)] && SECRET_ENDINGS.iter().any(ends) {
        return Some(Kind::Secret);
    }
    if !EDGES.may_be_whole(first, last) || !EDGES.may_be_as_long(first, name.len()) {
        return None;
    }
    let is = |known: &&str| name == known.as_bytes();
    if SECRETS.iter().any(is) {
        return Some(Kind::Secret);
    }
    PANS.iter().any(is).then_some(Kind::Pan)
}

/// What letter and digit each of those names begins and ends with, and each of the endings ends with: most
/// names are passed by these alone.
pub struct Edges {
    /// the lengths of those that begin so, a bit each
    first: [u32; 256],
    last: [bool; 256],
    /// of endings: any name may end so
    any: [bool; 256],
}

impl Edges {
    /// Whether a name that begins and ends so may be one of those.
    pub fn may_be(&self, first: u8, last: u8) -> bool {
        self.any[usize::from(last)] || self.may_be_whole(first, last)
    }

    fn may_be_whole(&self, first: u8, last: u8) -> bool {
        self.first[usize::from(first)] != 0 && self.last[usize::from(last)]
    }

    fn may_be_as_long(&self, first: u8, len: usize) -> bool {
        len < 32 && self.first[usize::from(first)] >> len & 1 != 0
    }
}

/// The last three letters of those names and endings, which are no shorter, tell of nearly all other names that they
/// are none: by a last one, which may stand before it, and which before that; a bit for each letter and digit, and one
/// for all else. What is neither letter nor digit tells nothing: all bits.
const BEFORE_LAST: [[u64; 2]; 256] = {
    let mut before = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        before[byte] = [if PLACE[byte] == ELSE {
            u64::MAX
        } else {
            1 << ELSE
        }; 2];
        byte += 1;
    }
    let lists = [PANS, SECRETS, SECRET_ENDINGS];
    let mut list = 0;
    while list < lists.len() {
        let mut n = 0;
        while n < lists[list].len() {
            let name = lists[list][n].as_bytes();
            let last = name[name.len() - 1];
            before[last as usize][0] |= 1 << PLACE[name[name.len() - 2] as usize];
            before[last as usize][1] |= 1 << PLACE[name[name.len() - 3] as usize];
            before[last.to_ascii_uppercase() as usize] = before[last as usize];
            n += 1;
        }
        list += 1;
    }
    before
};

/// The bit of what is neither letter nor digit.
const ELSE: u8 = 63;

/// Which bit stands for a letter, in either case, or a digit.
const PLACE: [u8; 256] = {
    let mut places = [ELSE; 256];
    let mut byte = 0u8;
    while byte < 128 {
        places[byte as usize] = match byte.to_ascii_lowercase() {
            letter @ b'a'..=b'z' => letter - b'a',
            digit @ b'0'..=b'9' => 26 + digit - b'0',
            _ => ELSE,
        };
        byte += 1;
    }
    places
};

/// Whether a name that ends so may be one of those. What is no letter or digit may stand for anything.
pub fn may_end_so([third, second, last]: [u8; 3]) -> bool {
    let [seconds, thirds] = BEFORE_LAST[usize::from(last)];
    let stands = |bits: u64, letter: u8| bits >> PLACE[usize::from(letter)] & 1 != 0;
    stands(seconds, second) && (stands(thirds, third) || PLACE[usize::from(second)] == ELSE)
}

/// See [`Edges`].
pub const EDGES: Edges = {
    const fn mark(marks: &mut [bool; 256], letter: u8) {
        marks[letter as usize] = true;
        marks[letter.to_ascii_uppercase() as usize] = true;
    }
    let none = [false; 256];
    let mut edges = Edges {
        first: [0; 256],
        last: none,
        any: none,
    };
    let whole = [PANS, SECRETS];
    let mut list = 0;
    while list < whole.len() {
        let mut n = 0;
        while n < whole[list].len() {
            let name = whole[list][n].as_bytes();
            assert!(name.len() < 32);
            edges.first[name[0] as usize] |= 1 << name.len();
            edges.first[name[0].to_ascii_uppercase() as usize] |= 1 << name.len();
            mark(&mut edges.last, name[name.len() - 1]);
            n += 1;
        }
        list += 1;
    }
    let mut n = 0;
    while n < SECRET_ENDINGS.len() {
        let ending = SECRET_ENDINGS[n].as_bytes();
        mark(&mut edges.any, ending[ending.len() - 1]);
        n += 1;
    }
    edges
};
