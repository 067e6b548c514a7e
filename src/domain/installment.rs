//! In how many parts a card may pay, and what that costs.

use crate::domain::card::{Bin, CardKind, PREFIX_DIGITS};
use crate::domain::money::{Money, Percent};
use serde::{Deserialize, Serialize};

/// One way to pay: so many parts at such a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// number of parts; 1 is a single payment
    pub count: u32,
    /// commission on top of the amount
    pub rate: Percent,
    /// what people read instead of `3 Installments`, in English and in Turkish
    pub label: Option<Label>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// English
    pub en: String,
    /// Turkish
    pub tr: String,
}

/// Cards whose number begins with digits from the first to the last, both included and as long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BinRange {
    first: String,
    last: String,
}

impl BinRange {
    /// `525864`, or `525864..525899`: 6 to 8 digits each. None when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let digits = |text: &str| {
            PREFIX_DIGITS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        let fits = digits(first) && digits(last) && first.len() == last.len() && first <= last;
        fits.then(|| Self {
            first: first.to_owned(),
            last: last.to_owned(),
        })
    }

    /// Whether a card with these digits is one of them.
    pub fn holds(&self, card: &str) -> bool {
        let head = card.get(..self.first.len());
        head.is_some_and(|head| (self.first.as_str()..=&self.last).contains(&head))
    }
}

/// The terms for the cards of one programme or BIN range.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstallmentTable {
    /// cards of this programme; None: of any
    pub program: Option<String>,
    /// cards whose number begins with one of these; empty: any
    pub bins: Vec<BinRange>,
    /// amounts from here on; None: any
    pub min_amount: Option<Money>,
    /// by count, each count once
    pub terms: Vec<Terms>,
}

/// What a card is offered for an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Installment {
    /// position in the offer, from 1
    pub pk: u32,
    /// number of parts
    pub count: u32,
    /// to pay in all
    pub total: Money,
    /// to pay each month; the last month takes the rest
    pub monthly: Money,
    /// commission on top
    pub rate: Percent,
    /// what people read; None: the usual words
    pub label: Option<Label>,
}

impl InstallmentTable {
    /// Whether it speaks for this card and amount. A table that lists `bins` takes those cards
    /// whatever their kind; any other takes cards that may pay in parts.
    fn fits(&self, bin: Option<&Bin>, card: &str, amount: Money) -> bool {
        let dear_enough = self.min_amount.is_none_or(|min| amount >= min);
        let programs = bin.and_then(|bin| bin.program.as_deref());
        let of_program = self.program.is_none() || self.program.as_deref() == programs;
        let of_range = if self.bins.is_empty() {
            bin.is_some_and(in_parts)
        } else {
            self.bins.iter().any(|range| range.holds(card))
        };
        dear_enough && of_program && of_range
    }
}

/// Whether such cards may pay in parts: credit cards, and those of a programme whose kind nobody said.
fn in_parts(bin: &Bin) -> bool {
    match bin.kind {
        Some(CardKind::Credit) => true,
        Some(CardKind::Debit | CardKind::Prepaid) => false,
        None => bin.program.is_some(),
    }
}

impl Installment {
    /// The offer for these terms; None when they have no parts, or cost more than is counted.
    /// Rounding: contract akinon §10.
    fn new(terms: &Terms, amount: Money) -> Option<Self> {
        let total = amount.with_percent(terms.rate)?;
        (terms.count > 0).then(|| Self {
            pk: 1,
            count: terms.count,
            total,
            monthly: total.per(terms.count),
            rate: terms.rate,
            label: terms.label.clone(),
        })
    }

    /// All at once, at no cost.
    fn single(amount: Money) -> Self {
        Self {
            pk: 1,
            count: 1,
            total: amount,
            monthly: amount,
            rate: Percent::ZERO,
            label: None,
        }
    }

    /// What is paid in each month: `monthly`, and the rest in the last one. They add up to `total`.
    pub fn months(&self) -> Vec<Money> {
        let mut left = self.total;
        let mut months = Vec::new();
        for _ in 1..self.count {
            let rest = left.minus(self.monthly);
            months.push(if rest.is_some() { self.monthly } else { left });
            left = rest.unwrap_or_else(|| Money::zero(left.currency()));
        }
        months.push(left);
        months
    }
}

/// What a card is offered for `amount`: the terms of the first table that fits, in their order, but
/// a single payment first. `card` is as many of its digits as are known.
pub fn offer(
    tables: &[InstallmentTable],
    bin: Option<&Bin>,
    card: &str,
    amount: Money,
) -> Vec<Installment> {
    let table = tables.iter().find(|table| table.fits(bin, card, amount));
    offer_of(table.map_or(&[][..], |table| &table.terms), amount)
}

/// These terms for `amount`, a single payment first, whichever card pays.
pub fn offer_of(terms: &[Terms], amount: Money) -> Vec<Installment> {
    let offered = terms.iter().filter_map(|t| Installment::new(t, amount));
    let (single, parts): (Vec<_>, Vec<_>) = offered.partition(|offer| offer.count == 1);
    let single = single.into_iter().next();
    let single = single.unwrap_or_else(|| Installment::single(amount));
    let all = std::iter::once(single).chain(parts);
    (1..)
        .zip(all)
        .map(|(pk, offer)| Installment { pk, ..offer })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::card::BinTable;
    use crate::domain::money::{Currency, MAX_MINOR};
    use crate::domain::tests::config;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_of_whole_prefixes() {
        let cases = [
            ("525864", "5258640000000001", true),
            ("525864", "525865", false),
            ("525864..525899", "525864", true),
            ("525864..525899", "525899", true),
            ("525864..525899", "525900", false),
            ("52586400..52586499", "525864", false),
            ("52586400..52586499", "52586450", true),
        ];
        for (range, card, holds) in cases {
            assert_eq!(
                BinRange::parse(range).unwrap().holds(card),
                holds,
                "{range} {card}"
            );
        }
        for text in [
            "",
            "52586",
            "525864..",
            "525899..525864",
            "525864..52586499",
            "52586x",
            "525864..",
        ] {
            assert_eq!(BinRange::parse(text), None, "{text}");
        }
    }

    fn lira(text: &str) -> Money {
        Money::parse(text, Currency::TRY).unwrap()
    }

    fn terms(counts: &[(u32, &str)]) -> Vec<Terms> {
        let term = |(count, rate): &(u32, &str)| Terms {
            count: *count,
            rate: rate.parse().unwrap(),
            label: None,
        };
        counts.iter().map(term).collect()
    }

    fn table(program: Option<&str>, bins: &[&str], counts: &[(u32, &str)]) -> InstallmentTable {
        InstallmentTable {
            program: program.map(str::to_owned),
            bins: bins
                .iter()
                .map(|range| BinRange::parse(range).unwrap())
                .collect(),
            min_amount: None,
            terms: terms(counts),
        }
    }

    fn bins() -> BinTable {
        let mut bins = BinTable::published();
        bins.add(Bin {
            prefix: "665544".into(),
            program: Some("Card Finans".into()),
            bank: None,
            kind: None,
            association: None,
            commercial: false,
        });
        bins
    }

    fn offered(tables: &[InstallmentTable], card: &str, amount: &str) -> Vec<Installment> {
        offer(tables, bins().find(card), card, lira(amount))
    }

    fn counts(tables: &[InstallmentTable], card: &str, amount: &str) -> Vec<u32> {
        offered(tables, card, amount)
            .iter()
            .map(|i| i.count)
            .collect()
    }

    #[test]
    fn the_worked_example_holds() {
        let tables = [table(Some("Card Finans"), &[], &[(1, "0"), (3, "5.00")])];
        let rows: Vec<_> = offered(&tables, "665544", "100.00")
            .iter()
            .map(|i| (i.pk, i.count, i.total.to_string(), i.monthly.to_string()))
            .collect();
        let row = |pk, count, total: &str, monthly: &str| (pk, count, total.into(), monthly.into());
        assert_eq!(
            rows,
            [row(1, 1, "100.00", "100.00"), row(2, 3, "105.00", "35.00")]
        );
    }

    #[test]
    fn the_first_table_that_fits_speaks() {
        let dear = InstallmentTable {
            min_amount: Some(lira("500")),
            ..table(Some("World"), &[], &[(24, "9")])
        };
        let foreign = InstallmentTable {
            min_amount: Some(Money::new(1, Currency::USD)),
            ..table(None, &[], &[(36, "9")])
        };
        let tables = [
            foreign,
            table(None, &["479681", "41111111"], &[(2, "1")]),
            table(Some("Bonus"), &["525864"], &[(5, "1")]),
            dear,
            table(Some("World"), &[], &[(3, "1"), (1, "0"), (6, "2")]),
            table(None, &[], &[(9, "3")]),
        ];
        for (card, amount, want, why) in [
            (
                "525864",
                "499.99",
                &[1, 3, 6][..],
                "by programme, the single payment first",
            ),
            ("525864", "500.00", &[1, 24], "from the least amount on"),
            ("520922", "100", &[1, 9], "any other programme"),
            ("479681", "100", &[1, 2], "a debit card that is listed"),
            (
                "4111111111111111",
                "100",
                &[1, 2],
                "a foreign card that is listed",
            ),
            ("411111", "100", &[1], "too few digits to be listed"),
            ("404315", "100", &[1], "debit"),
            ("554567", "100", &[1], "unknown"),
            ("555555", "100", &[1], "foreign"),
            ("", "100", &[1], "nothing known"),
        ] {
            assert_eq!(counts(&tables, card, amount), want, "{why}");
        }
        let prepaid = Bin {
            kind: Some(CardKind::Prepaid),
            ..bins().find("525864").unwrap().clone()
        };
        assert_eq!(offer(&tables, Some(&prepaid), "525864", lira("1")).len(), 1);
    }

    #[test]
    fn pks_follow_the_offer() {
        let tables = [table(None, &[], &[(6, "1"), (3, "1"), (1, "2.5")])];
        let got = offered(&tables, "525864", "100");
        let rows: Vec<_> = got
            .iter()
            .map(|i| (i.pk, i.count, i.total.minor()))
            .collect();
        assert_eq!(rows, [(1, 1, 10_250), (2, 6, 10_100), (3, 3, 10_100)]);
    }

    #[test]
    fn what_cannot_be_counted_is_not_offered() {
        let tables = [table(None, &[], &[(0, "0"), (1, "1"), (2, "0"), (3, "1")])];
        let bins = bins();
        let most = Money::new(MAX_MINOR, Currency::TRY);
        let got = offer(&tables, bins.find("525864"), "525864", most);
        let rows: Vec<_> = got.iter().map(|i| (i.pk, i.count, i.rate)).collect();
        assert_eq!(rows, [(1, 1, Percent::ZERO), (2, 2, Percent::ZERO)]);
    }

    #[test]
    fn totals_and_months_round_half_up() {
        for (amount, rate, count, total, months) in [
            ("100.00", "0", 3, 10_000, vec![3_333, 3_333, 3_334]),
            ("0.10", "5", 2, 11, vec![6, 5]),
            ("0.05", "0", 9, 5, vec![1, 1, 1, 1, 1, 0, 0, 0, 0]),
            ("0.01", "0", 2, 1, vec![1, 0]),
            (
                "200.00",
                "0",
                6,
                20_000,
                vec![3_333, 3_333, 3_333, 3_333, 3_333, 3_335],
            ),
        ] {
            let tables = [table(None, &[], &[(count, rate)])];
            let offer = &offered(&tables, "525864", amount)[1];
            assert_eq!(offer.total.minor(), total);
            let got: Vec<_> = offer.months().iter().map(|m| m.minor()).collect();
            assert_eq!(got, months, "{amount} in {count}");
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn months_add_up(minor in 0..=MAX_MINOR / 11, count in 1..60_u32, rate in 0..10_000_u32) {
            let rate = format!("{}.{:02}", rate / 100, rate % 100).parse().unwrap();
            let terms = Terms { count, rate, label: None };
            let offer = Installment::new(&terms, Money::new(minor, Currency::TRY)).unwrap();
            let months: Vec<_> = offer.months().iter().map(|month| month.minor()).collect();
            prop_assert_eq!(months.len(), count as usize);
            prop_assert_eq!(months.iter().sum::<i64>(), offer.total.minor());
            prop_assert!(months.iter().all(|month| *month >= 0));
            prop_assert!(offer.total.minor() >= minor);
        }
    }
}
