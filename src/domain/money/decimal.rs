//! An amount's text without a formatter and without an allocation: a page of a checkout has two dozen of them.

use super::Money;

/// The longest text: a sign, 19 digits, a point.
const MOST: usize = 24;

/// An amount as text: `-100.00`.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    bytes: [u8; MOST],
    from: usize,
}

impl Decimal {
    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[self.from..]).unwrap_or_default()
    }

    /// Puts a character in front.
    fn push(&mut self, byte: u8) {
        self.from -= 1;
        self.bytes[self.from] = byte;
    }
}

impl Money {
    /// Its text, always with the currency's own number of decimals.
    pub fn decimal(&self) -> Decimal {
        let mut text = Decimal {
            bytes: [b'0'; MOST],
            from: MOST,
        };
        let mut rest = self.minor.unsigned_abs();
        let decimals = self.currency.exponent();
        let mut written = 0;
        while rest > 0 || written <= decimals {
            if written == decimals && decimals > 0 {
                text.push(b'.');
            }
            // the remainder of a division by ten is a digit
            text.push(b'0' + (rest % 10) as u8);
            rest /= 10;
            written += 1;
        }
        if self.minor < 0 {
            text.push(b'-');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (minor, currency, want) in [
            (10_000, Currency::TRY, "100.00"),
            (0, Currency::TRY, "0.00"),
            (5, Currency::TRY, "0.05"),
            (-5, Currency::TRY, "-0.05"),
            (100, Currency::JPY, "100"),
            (0, Currency::JPY, "0"),
            (1, Currency::KWD, "0.001"),
            (i64::MAX, Currency::TRY, "92233720368547758.07"),
            (i64::MIN, Currency::KWD, "-9223372036854775.808"),
            (i64::MIN, Currency::JPY, "-9223372036854775808"),
        ] {
            let money = Money::new(minor, currency);
            assert_eq!(money.decimal().as_str(), want);
            assert_eq!(money.to_string(), want);
        }
    }
}
