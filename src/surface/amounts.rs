//! Amounts as people read them.

use crate::domain::money::Money;
use crate::scenario::settings::Language;

/// `1.234,50 TL` or `1,234.50 TRY`, as people read it.
pub fn written(money: Money, language: Language) -> String {
    let text = money.to_string();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
    let (thousands, point) = match language {
        Language::Tr => ('.', ','),
        Language::En => (',', '.'),
    };
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    if !cents.is_empty() {
        grouped.push(point);
        grouped.push_str(cents);
    }
    let code = match (money.currency().code(), language) {
        ("TRY", Language::Tr) => "TL",
        (code, _) => code,
    };
    format!("{grouped} {code}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        for (minor, tr, en) in [
            (5, "0,05 TL", "0.05 TRY"),
            (123_456_789, "1.234.567,89 TL", "1,234,567.89 TRY"),
            (10_000, "100,00 TL", "100.00 TRY"),
        ] {
            let money = Money::new(minor, Currency::TRY);
            assert_eq!(written(money, Language::Tr), tr);
            assert_eq!(written(money, Language::En), en);
        }
    }
}
