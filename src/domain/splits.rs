//! How what the card pays for each item is shared out between bank, seller and merchant.
//! contract: craftgate §11.3

use crate::domain::items::Item;
use crate::domain::money::{Money, Percent};
use compact_str::{CompactString, format_compact};

/// The shares of one item. They add up to what was paid for it: bank, seller and merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// paid for it on top of its price; below nothing for a discount
    pub commission: Money,
    /// that, in per cent of the price
    pub commission_rate: CompactString,
    /// what the bank takes
    pub bank: Money,
    /// the seller's share of the price, in per cent
    pub seller_rate: CompactString,
    /// what the seller gets
    pub seller: Money,
    /// what is left to the merchant; below nothing when the bank takes more than there is
    pub merchant: Money,
}

/// The shares of every item. `sellers` has each item's share of its price that is the seller's, and
/// may be shorter; `bank_rate` is what the bank takes.
pub fn splits(items: &[Item], sellers: &[Option<Money>], bank_rate: Percent) -> Vec<Split> {
    let paid: Vec<Money> = items.iter().map(|item| item.paid).collect();
    let whole = paid.iter().copied().reduce(|a, b| {
        let sum = a.plus(b);
        sum.expect("items add up to an amount that is counted")
    });
    let Some(whole) = whole else {
        return Vec::new();
    };
    let banks = whole.percent(bank_rate).shares(&paid);
    let sellers = sellers.iter().copied().chain(std::iter::repeat(None));
    items
        .iter()
        .zip(banks)
        .zip(sellers)
        .map(|((item, bank), seller)| split(item, bank, seller))
        .collect()
}

fn split(item: &Item, bank: Money, seller_price: Option<Money>) -> Split {
    let less = |a: Money, b: Money| Money::new(a.minor() - b.minor(), a.currency());
    let nothing = Money::zero(item.paid.currency());
    let seller_price = seller_price.unwrap_or(nothing);
    let seller = item.paid.share(seller_price, item.price);
    let commission = less(item.paid, item.price);
    Split {
        commission,
        commission_rate: rate(commission, item.price),
        bank,
        seller_rate: rate(seller_price, item.price),
        seller,
        merchant: less(less(item.paid, bank), seller),
    }
}

/// `part` in per cent of `whole`, with up to four decimals, rounded half up: `5`, `3.3333`, `-2.5`.
/// Nothing of nothing is `0`.
pub fn rate(part: Money, whole: Money) -> CompactString {
    const SCALE: i128 = 10_000;
    let (part, whole) = (i128::from(part.minor()), i128::from(whole.minor().max(1)));
    let scaled = (part.abs() * 100 * SCALE * 2 + whole).div_euclid(whole * 2);
    let sign = if part < 0 && scaled > 0 { "-" } else { "" };
    let mut text = format_compact!("{sign}{}.{:04}", scaled / SCALE, scaled % SCALE);
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::items::Items;
    use crate::domain::money::Currency;
    use crate::domain::tests::config;
    use proptest::prelude::*;

    fn lira(minor: i64) -> Money {
        Money::new(minor, Currency::TRY)
    }

    fn items(prices: &[i64], paid: i64) -> Items {
        let prices: Vec<Money> = prices.iter().copied().map(lira).collect();
        Items::new(&prices, lira(paid))
    }

    /// commission and its rate, bank, seller and its rate, merchant
    type Row<'a> = (i64, &'a str, i64, i64, &'a str, i64);

    fn rows(splits: &[Split]) -> Vec<Row<'_>> {
        let row = |s: &'_ Split| -> Row<'_> {
            let (commission, bank) = (s.commission.minor(), s.bank.minor());
            // The strings live as long as the splits.
            (
                commission,
                "",
                bank,
                s.seller.minor(),
                "",
                s.merchant.minor(),
            )
        };
        splits
            .iter()
            .map(|s| {
                let (c, _, b, m, _, r) = row(s);
                (c, &*s.commission_rate, b, m, &*s.seller_rate, r)
            })
            .collect()
    }

    #[test]
    fn the_worked_example_holds() {
        let got = splits(
            items(&[3_000, 5_000, 2_000], 10_000).as_slice(),
            &[],
            Percent::ZERO,
        );
        assert_eq!(
            rows(&got),
            [
                (0, "0", 0, 0, "0", 3_000),
                (0, "0", 0, 0, "0", 5_000),
                (0, "0", 0, 0, "0", 2_000)
            ]
        );
    }

    #[test]
    fn bank_and_seller_take_their_part() {
        let one_percent = "1".parse().unwrap();
        let sellers = [Some(lira(2_700)), None];
        let got = splits(
            items(&[3_000, 5_000, 2_000], 10_500).as_slice(),
            &sellers,
            one_percent,
        );
        assert_eq!(
            rows(&got),
            [
                (150, "5", 32, 2_835, "90", 283),
                (250, "5", 53, 0, "0", 5_197),
                (100, "5", 20, 0, "0", 2_080),
            ]
        );
        let discount = splits(items(&[10_000], 9_750).as_slice(), &[], one_percent);
        assert_eq!(rows(&discount), [(-250, "-2.5", 98, 0, "0", 9_652)]);
        assert_eq!(splits(&[], &[], one_percent), []);
    }

    #[test]
    fn rates_round_half_up() {
        for (part, whole, want) in [
            (1, 3, "33.3333"),
            (2, 3, "66.6667"),
            (1, 1, "100"),
            (0, 0, "0"),
            (-1, 3, "-33.3333"),
            (-1, 10_000_000, "0"),
            (1, 2_000_000, "0.0001"),
        ] {
            assert_eq!(rate(lira(part), lira(whole)), want, "{part}/{whole}");
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn shares_add_up_to_the_last_kurus(
            prices in proptest::collection::vec((0..1_000_000_i64, 0..=100_i64), 1..20),
            paid in 1..30_000_000_i64,
            percent in 0..1_000_u32,
        ) {
            let whole: Vec<i64> = prices.iter().map(|(price, _)| *price).collect();
            let sellers: Vec<_> = prices.iter().map(|(p, s)| Some(lira(p * s / 100))).collect();
            let rate = format!("{}.{:02}", percent / 100, percent % 100).parse().unwrap();
            let items = items(&whole, paid);
            let got = splits(items.as_slice(), &sellers, rate);
            let sum: i64 = got.iter()
                .map(|s| s.bank.minor() + s.seller.minor() + s.merchant.minor())
                .sum();
            prop_assert_eq!(sum, paid);
            let bank: i64 = got.iter().map(|s| s.bank.minor()).sum();
            prop_assert_eq!(bank, lira(paid).percent(rate).minor());
        }
    }
}
