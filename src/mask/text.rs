//! A text as its last reader will see it, escapes undone, and the card numbers in it.

/// One character as its reader will see it, escapes undone, and where it ends in the text.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// what it is; 0xff when it is no ASCII
    pub ch: u8,
    /// the byte behind it
    pub end: usize,
}

/// A text as it was received.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a>(pub &'a [u8]);

impl Text<'_> {
    /// The character at `at`; None at the end.
    pub fn peek(&self, at: usize) -> Option<Unit> {
        (at < self.0.len()).then(|| self.unit(at))
    }

    /// The character at `at`: `%35`, `%2535`, `\u0035` and `\"` are one each, `+` is a space.
    pub fn unit(&self, at: usize) -> Unit {
        let plain = |ch| Unit { ch, end: at + 1 };
        match self.0[at] {
            b'%' => self.percent(at).unwrap_or(plain(b'%')),
            b'\\' => self.backslash(at),
            b'+' => plain(b' '),
            ch => plain(ch),
        }
    }

    fn percent(&self, at: usize) -> Option<Unit> {
        let mut digits = at + 1;
        let mut ch = self.hex(digits, 2)?;
        while ch == b'%'
            && let Some(inner) = self.hex(digits + 2, 2)
            && !inner.is_ascii_alphabetic()
        {
            (digits, ch) = (digits + 2, inner);
        }
        let end = digits + 2;
        Some(Unit { ch, end })
    }

    fn backslash(&self, at: usize) -> Unit {
        let run = self.0[at..].iter().take_while(|b| **b == b'\\').count();
        let last = at + run;
        let (ch, end) = match self.0.get(last) {
            Some(quote @ (b'"' | b'\'')) => (*quote, last + 1),
            Some(b'n' | b'r') => (b'\n', last + 1),
            Some(b't') => (b'\t', last + 1),
            Some(b'u') => match self.hex(last + 1, 4) {
                Some(ch) => (ch, last + 5),
                None => (b'\\', last),
            },
            _ => (b'\\', last),
        };
        Unit { ch, end }
    }

    /// The value of so many hex digits; 0xff for what is no ASCII.
    fn hex(&self, at: usize, len: usize) -> Option<u8> {
        let digits = self.0.get(at..at + len)?;
        let fold = |sum: u32, digit: &u8| Some(sum * 16 + char::from(*digit).to_digit(16)?);
        let value = digits.iter().try_fold(0, fold)?;
        Some(u8::try_from(value).unwrap_or(0xff))
    }

    /// The digits from one place to another.
    pub fn digits(&self, from: usize, to: usize) -> String {
        let mut digits = String::with_capacity(19);
        let mut at = from;
        while at < to {
            let unit = self.unit(at);
            digits.extend(unit.ch.is_ascii_digit().then_some(char::from(unit.ch)));
            at = unit.end;
        }
        digits
    }

    /// Where the longest card number that begins at `at` ends: whole groups of digits, up to three
    /// spaces and dashes between them, 13 to 19 digits in all, Luhn.
    pub fn card(&self, mut at: usize) -> Option<usize> {
        let mut luhn = Luhn::default();
        let mut best = None;
        loop {
            while let Some(unit) = self.peek(at)
                && unit.ch.is_ascii_digit()
            {
                if luhn.len == 19 {
                    return best;
                }
                luhn.push(unit.ch - b'0');
                at = unit.end;
            }
            if luhn.len >= 13 && luhn.holds() {
                best = Some(at);
            }
            match self.gap(at) {
                Some(next) => at = next,
                None => return best,
            }
        }
    }

    /// The digit behind one to three spaces and dashes.
    fn gap(&self, mut at: usize) -> Option<usize> {
        for passed in 0..=3 {
            let unit = self.peek(at)?;
            match unit.ch {
                b'0'..=b'9' => return (passed > 0).then_some(at),
                b' ' | b'-' | b'\t' => at = unit.end,
                _ => return None,
            }
        }
        None
    }
}

/// The Luhn sum of digits that come from the left, before their number is known.
#[derive(Debug, Default)]
struct Luhn {
    len: usize,
    /// digits with an even index doubled, and with an odd index doubled
    sums: [u32; 2],
}

impl Luhn {
    fn push(&mut self, digit: u8) {
        let plain = u32::from(digit);
        let doubled = plain * 2 / 10 + plain * 2 % 10;
        self.sums[self.len % 2] += doubled;
        self.sums[(self.len + 1) % 2] += plain;
        self.len += 1;
    }

    /// Counted from the right every second digit is doubled: the even indices when there is an even
    /// number of digits.
    const fn holds(&self) -> bool {
        self.sums[self.len % 2].is_multiple_of(10)
    }
}
