//! The published test cards: what each one's BIN says, and at which operation it fails and why.

use crate::domain::card::{Association, Bank, Bin, BinTable, Bins, CardKind};
use crate::domain::decision::{Authorization, Decline, ThreeDs, ThreeDsOutcome};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// contract: craftgate §9
const CSV: &str = include_str!("test_cards.csv");

/// Six digits that two programmes share: their cards are told apart by eight.
const AMBIGUOUS: &[&str] = &["979267"];

// Three ways to look at the table, each read when it is first needed: a start needs the numbers alone.
static CARDS: LazyLock<Vec<TestCard>> = LazyLock::new(|| rows().map(|row| row.card()).collect());
static BINS: LazyLock<Bins> = LazyLock::new(bins);
static BY_PAN: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
    let first = |line: &'static str| line.split_once(',').map_or(line, |(pan, _)| pan);
    lines()
        .map(first)
        .enumerate()
        .map(|(n, pan)| (pan, n))
        .collect()
});

fn lines() -> impl Iterator<Item = &'static str> {
    CSV.lines().skip(1)
}

fn rows() -> impl Iterator<Item = Row> {
    lines().map(Row::read)
}

/// Something that is done with a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// paying without 3-D Secure
    Payment,
    /// beginning 3-D Secure
    ThreeDsInit,
    /// the bank's page
    ThreeDsVerify,
    /// paying after the bank's page
    ThreeDsComplete,
    /// authorising without capture
    PreAuth,
    /// capturing
    PostAuth,
    /// giving back
    Refund,
}

impl Operation {
    /// Every operation.
    pub const ALL: &'static [Self] = &[
        Self::Payment,
        Self::ThreeDsInit,
        Self::ThreeDsVerify,
        Self::ThreeDsComplete,
        Self::PreAuth,
        Self::PostAuth,
        Self::Refund,
    ];

    /// As the table writes it: `3ds-init`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::ThreeDsInit => "3ds-init",
            Self::ThreeDsVerify => "3ds-verify",
            Self::ThreeDsComplete => "3ds-complete",
            Self::PreAuth => "pre-auth",
            Self::PostAuth => "post-auth",
            Self::Refund => "refund",
        }
    }

    /// The operation that the table writes so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

/// A published test card. An operation that is not listed as failing succeeds with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCard {
    /// its number
    pub pan: &'static str,
    /// the first six digits
    pub bin: &'static str,
    /// where it fails, with the error group of that failure: `NOT_SUFFICIENT_FUNDS`
    pub failures: Vec<(Operation, &'static str)>,
    /// how 3-D Secure ends with it
    pub three_ds: ThreeDs,
    /// what the table says besides
    pub note: &'static str,
}

impl TestCard {
    /// The error group with which `operation` fails; None: it succeeds.
    pub fn fails_at(&self, operation: Operation) -> Option<&'static str> {
        let found = self.failures.iter().find(|(at, _)| *at == operation);
        found.map(|(_, group)| *group)
    }

    /// What the bank says to `operation`.
    pub fn authorization(&self, operation: Operation) -> Authorization {
        let Some(group) = self.fails_at(operation) else {
            return Authorization::Approved;
        };
        let why = Decline::from_group(group);
        Authorization::Declined(why.expect("every group of the table is a reason"))
    }
}

/// Every published test card, in the order of the table.
pub fn test_cards() -> &'static [TestCard] {
    &CARDS
}

/// Its row in the table; None: it is not a published test card.
pub fn row(pan: &str) -> Option<usize> {
    BY_PAN.get(pan).copied()
}

/// The published test card with that number.
pub fn test_card(pan: &str) -> Option<&'static TestCard> {
    row(pan).map(|n| &CARDS[n])
}

impl BinTable {
    /// The BINs of the published test cards, read once and shared.
    pub fn published() -> Self {
        Self::over(&BINS)
    }
}

/// One line of the table.
struct Row {
    pan: &'static str,
    bin: &'static str,
    bank: &'static str,
    bank_code: &'static str,
    kind: &'static str,
    program: &'static str,
    association: &'static str,
    commercial: bool,
    groups: &'static str,
    fails_at: &'static str,
    note: &'static str,
}

impl Row {
    fn read(line: &'static str) -> Self {
        let columns: Vec<_> = line.split(',').collect();
        let columns: [_; 12] = columns.try_into().expect("every line has twelve columns");
        let [
            pan,
            bin,
            bank,
            bank_code,
            kind,
            program,
            association,
            commercial,
            ..,
        ] = columns;
        let [.., _result, groups, fails_at, note] = columns;
        Self {
            pan,
            bin,
            bank,
            bank_code,
            kind,
            program,
            association,
            commercial: commercial == "true",
            groups,
            fails_at,
            note,
        }
    }

    fn card(&self) -> TestCard {
        TestCard {
            pan: self.pan,
            bin: self.bin,
            failures: self.failures(),
            three_ds: self.three_ds(),
            note: self.note,
        }
    }

    /// What fails, with its group. After a verification that fails, completing is a matter of the
    /// payment's state (and goes through where half 3-D Secure is enough), not of the bank.
    fn failures(&self) -> Vec<(Operation, &'static str)> {
        let operations = self.fails_at.split(';').filter_map(Operation::from_code);
        let mut failures: Vec<_> = operations.map(|at| (at, self.group(at))).collect();
        let unverified = failures
            .iter()
            .any(|(at, _)| *at == Operation::ThreeDsVerify);
        failures.retain(|(at, _)| !(unverified && *at == Operation::ThreeDsComplete));
        failures
    }

    /// `GROUP`, or `GROUP (payment) / OTHER (3ds-init)`: the one that names `at`, else the first.
    fn group(&self, at: Operation) -> &'static str {
        let bare = |text: &'static str| text.split_once(' ').map_or(text, |(group, _)| group);
        let named = format!("({})", at.code());
        let mut groups = self.groups.split(" / ");
        let first = groups.clone().next().unwrap_or_default();
        bare(
            groups
                .find(|group| group.ends_with(&named))
                .unwrap_or(first),
        )
    }

    /// The note says the mdStatus of a verification that fails; without a note it is 0.
    fn three_ds(&self) -> ThreeDs {
        let fails = Operation::ThreeDsVerify.code();
        if !self.fails_at.split(';').any(|at| at == fails) {
            return ThreeDs::SUCCESS;
        }
        let half = self.note.contains("mdStatus 4");
        let outcome = if half {
            ThreeDsOutcome::Half
        } else {
            ThreeDsOutcome::Fails
        };
        outcome.usual()
    }

    fn bin(&self, prefix: &str, names: &mut Names) -> Bin {
        let named = |text: &'static str| (!text.is_empty()).then_some(text);
        Bin {
            prefix: prefix.into(),
            program: named(self.program).map(|program| names.shared(program)),
            bank: named(self.bank).map(|bank| Bank {
                code: self.bank_code.parse().ok(),
                name: names.shared(bank),
            }),
            kind: CardKind::from_code(self.kind),
            association: Association::from_code(self.association),
            commercial: self.commercial,
        }
    }
}

/// Each name once.
#[derive(Default)]
struct Names(HashMap<&'static str, Arc<str>>);

impl Names {
    fn shared(&mut self, name: &'static str) -> Arc<str> {
        Arc::clone(self.0.entry(name).or_insert_with(|| name.into()))
    }
}

/// The first line of a BIN speaks for it; lines that know nothing of the card make none. A card of
/// another programme than its BIN's has eight digits of its own.
fn bins() -> Bins {
    let (mut bins, mut names) = (Bins::new(), Names::default());
    for row in rows().filter(|row| !row.association.is_empty()) {
        let known = bins.get(row.bin).and_then(|bin| bin.program.as_deref());
        let other = known.is_some_and(|known| known != row.program);
        let eight = (other || AMBIGUOUS.contains(&row.bin)).then(|| &row.pan[..8]);
        for prefix in std::iter::once(row.bin).chain(eight) {
            if !bins.contains_key(prefix) {
                bins.insert(prefix.into(), row.bin(prefix, &mut names));
            }
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pan::luhn;
    use std::collections::HashSet;

    fn find(digits: &str) -> Option<Bin> {
        BinTable::published().find(digits).cloned()
    }

    #[test]
    fn every_line_is_understood() {
        assert_eq!(test_cards().len(), 413);
        for (row, card) in rows().zip(test_cards()) {
            assert_eq!(test_card(row.pan), Some(card));
            assert!(luhn(row.pan) && row.pan.starts_with(row.bin), "{}", row.pan);
            assert_eq!(CardKind::from_code(row.kind).is_none(), row.kind.is_empty());
            let unknown = Association::from_code(row.association).is_none();
            assert_eq!(unknown, row.association.is_empty(), "{}", row.pan);
            let coded = row.bank_code.parse::<u32>().is_ok();
            assert_eq!(coded, !row.bank_code.is_empty(), "{}", row.pan);
            let operations = row.fails_at.split(';').filter(|at| !at.is_empty());
            assert!(
                operations
                    .clone()
                    .all(|at| Operation::from_code(at).is_some())
            );
            assert_eq!(operations.count() == 0, card.failures.is_empty());
            assert_eq!(row.groups.is_empty(), card.failures.is_empty());
        }
        assert_eq!(test_card("4242424242424242"), None);
    }

    #[test]
    fn the_bins_are_those_with_a_bank_and_the_foreign_ones() {
        let bins = &*BINS;
        let six = bins.values().filter(|bin| bin.prefix.len() == 6);
        assert_eq!(six.filter(|bin| bin.bank.is_some()).count(), 338);
        let mut others: Vec<&str> = bins
            .values()
            .filter(|bin| bin.bank.is_none() || bin.prefix.len() == 8)
            .map(|bin| &*bin.prefix)
            .collect();
        others.sort_unstable();
        let foreign = ["305693", "378282", "411111", "555555"];
        let mut want = foreign.to_vec();
        want.extend(["51889619", "97926700", "97926750"]);
        want.sort_unstable();
        assert_eq!(others, want);
        for prefix in foreign {
            let bin = find(prefix).unwrap();
            assert_eq!((bin.kind, bin.program), (None, None));
        }
        for unknown in ["540001", "487074", "406015", "665544"] {
            assert_eq!(find(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn only_the_ambiguous_bin_has_cards_that_differ() {
        let mut differing = HashSet::new();
        for row in rows().filter(|row| !row.bank.is_empty()) {
            let mut bin = row.bin(row.bin, &mut Names::default());
            let known = find(row.bin).unwrap();
            bin.prefix = Arc::clone(&known.prefix);
            if bin != known {
                differing.insert(row.bin);
            }
        }
        assert_eq!(differing, HashSet::from(["979267"]));
    }

    #[test]
    fn a_bin_says_what_the_table_says() {
        let bin = find("5258640000000001").unwrap();
        assert_eq!(&*bin.prefix, "525864");
        assert_eq!(bin.program.as_deref(), Some("World"));
        let bank = bin.bank.unwrap();
        assert_eq!(
            (&*bank.name, bank.code),
            ("YAPI VE KREDİ BANKASI A.Ş.", Some(67))
        );
        assert_eq!(bin.kind, Some(CardKind::Credit));
        assert_eq!(bin.association, Some(Association::MasterCard));
        assert!(!bin.commercial);
        for (digits, prefix, program, commercial) in [
            ("9792675000000002", "97926750", "Sağlam Kart", true),
            ("9792670000000003", "97926700", "Kuveyt Türk CC", false),
            ("979267", "979267", "Kuveyt Türk CC", false),
            ("5188961939192544", "51889619", "Bonus", false),
        ] {
            let bin = find(digits).unwrap();
            let got = (&*bin.prefix, bin.program.as_deref(), bin.commercial);
            assert_eq!(got, (prefix, Some(program), commercial));
        }
    }

    #[test]
    fn cards_fail_where_the_table_says() {
        use Operation::ThreeDsVerify;
        use Operation::{Payment, PostAuth, PreAuth, Refund, ThreeDsComplete, ThreeDsInit};
        const FUNDS: &str = "NOT_SUFFICIENT_FUNDS";
        type Case = (&'static str, &'static [(Operation, &'static str)], u8);
        let cases: &[Case] = &[
            ("5258640000000001", &[], 1),
            ("5136620000006669", &[(Payment, "LOST_CARD")], 1),
            (
                "5100560000006669",
                &[
                    (Payment, "DO_NOT_HONOUR"),
                    (ThreeDsComplete, "DO_NOT_HONOUR"),
                ],
                1,
            ),
            (
                "5115830000006669",
                &[(Payment, FUNDS), (ThreeDsVerify, FUNDS)],
                0,
            ),
            (
                "5117280000006665",
                &[(Payment, FUNDS), (ThreeDsVerify, FUNDS)],
                4,
            ),
            (
                "5117580000006668",
                &[
                    (Payment, FUNDS),
                    (ThreeDsInit, "THREEDS_INIT_ERROR"),
                    (ThreeDsVerify, FUNDS),
                ],
                0,
            ),
            ("9792120000006667", &[(PreAuth, FUNDS)], 1),
            ("4043150000006662", &[(PostAuth, "INVALID_TRANSACTION")], 1),
            ("5428040000006667", &[(Refund, "ARCHIVED_PAYMENT")], 1),
            (
                "5400630000006667",
                &[(Payment, "REQUIRES_DAY_END"), (Refund, "REQUIRES_DAY_END")],
                1,
            ),
        ];
        for (pan, failures, md_status) in cases {
            let card = test_card(pan).unwrap();
            assert_eq!(card.failures, *failures, "{pan}");
            assert_eq!(card.three_ds.md_status, *md_status, "{pan}");
            for operation in Operation::ALL {
                let want = failures.iter().find(|(at, _)| at == operation);
                assert_eq!(card.fails_at(*operation), want.map(|(_, group)| *group));
            }
        }
    }

    #[test]
    fn the_bank_says_it_in_our_words_where_there_are_some() {
        let said = |pan, operation| test_card(pan).unwrap().authorization(operation);
        let lost = "5136620000006669";
        assert_eq!(
            said(lost, Operation::Payment),
            Authorization::Declined(Decline::LostCard)
        );
        assert_eq!(said(lost, Operation::Refund), Authorization::Approved);
        assert_eq!(
            said("5400630000006667", Operation::Refund),
            Authorization::Declined(Decline::RequiresDayEnd)
        );
        for (operation, group) in test_cards().iter().flat_map(|card| &card.failures) {
            assert!(
                Decline::from_group(group).is_some(),
                "{group} at {operation:?}"
            );
        }
    }
}
