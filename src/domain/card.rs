//! BINs and what they say of a card: programme, bank, kind, association.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock};

/// What kind of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardKind {
    /// may pay in installments
    Credit,
    /// single payments only
    Debit,
    /// single payments only
    Prepaid,
}

impl CardKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Credit, Self::Debit, Self::Prepaid];

    /// As tables write it: `CREDIT_CARD` (contract: craftgate §10 CardType).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Credit => "CREDIT_CARD",
            Self::Debit => "DEBIT_CARD",
            Self::Prepaid => "PREPAID_CARD",
        }
    }

    /// The kind that tables write so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// The network of a card (contract: craftgate §10 CardAssociation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the networks' own names")]
pub enum Association {
    Visa,
    MasterCard,
    Amex,
    Troy,
    Jcb,
    UnionPay,
    Maestro,
    Discover,
    DinersClub,
}

impl Association {
    /// Every network.
    pub const ALL: &'static [Self] = &[
        Self::Visa,
        Self::MasterCard,
        Self::Amex,
        Self::Troy,
        Self::Jcb,
        Self::UnionPay,
        Self::Maestro,
        Self::Discover,
        Self::DinersClub,
    ];

    /// As tables write it: `MASTER_CARD`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Visa => "VISA",
            Self::MasterCard => "MASTER_CARD",
            Self::Amex => "AMEX",
            Self::Troy => "TROY",
            Self::Jcb => "JCB",
            Self::UnionPay => "UNION_PAY",
            Self::Maestro => "MAESTRO",
            Self::Discover => "DISCOVER",
            Self::DinersClub => "DINERS_CLUB",
        }
    }

    /// The network that tables write so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

/// A bank that issues cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    /// EFT code; e-money institutions have none
    pub code: Option<u32>,
    /// full name
    pub name: Arc<str>,
}

/// What is known of all cards whose number begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// 6 to 8 digits
    pub prefix: Arc<str>,
    /// card programme (family): `Bonus`
    pub program: Option<Arc<str>>,
    /// who issued it
    pub bank: Option<Bank>,
    /// None: foreign, unknown
    pub kind: Option<CardKind>,
    /// None: unknown
    pub association: Option<Association>,
    /// a company's card
    pub commercial: bool,
}

/// How many digits a prefix has.
pub const PREFIX_DIGITS: RangeInclusive<usize> = 6..=8;

/// BINs by prefix: own ones, over a table that all share.
#[derive(Debug, Clone, Default)]
pub struct BinTable {
    own: Bins,
    shared: Option<&'static LazyLock<Bins>>,
}

pub(super) type Bins = HashMap<Arc<str>, Bin>;

impl BinTable {
    /// Nothing of its own yet, over a table that is not copied.
    pub(super) fn over(shared: &'static LazyLock<Bins>) -> Self {
        let own = Bins::new();
        Self {
            own,
            shared: Some(shared),
        }
    }

    /// Adds a BIN in front of those already there.
    pub fn add(&mut self, bin: Bin) {
        self.own.insert(Arc::clone(&bin.prefix), bin);
    }

    /// Every BIN that is known.
    pub fn all(&self) -> impl Iterator<Item = &Bin> {
        let shared = self.shared.into_iter().flat_map(|bins| bins.values());
        self.own.values().chain(shared)
    }

    /// Whether a BIN of one's own, not of the shared table, is what `digits` begin with.
    pub fn has_own(&self, digits: &str) -> bool {
        longest(&self.own, digits).is_some()
    }

    /// The longest prefix that `digits` begin with; own BINs before shared ones, however short.
    /// contract: craftgate §4.1
    pub fn find(&self, digits: &str) -> Option<&Bin> {
        longest(&self.own, digits).or_else(|| longest(self.shared?, digits))
    }
}

fn longest<'a>(bins: &'a Bins, digits: &str) -> Option<&'a Bin> {
    let prefixes = PREFIX_DIGITS.rev().filter_map(|len| digits.get(..len));
    prefixes.filter_map(|prefix| bins.get(prefix)).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(prefix: &str, program: &str) -> Bin {
        Bin {
            prefix: prefix.into(),
            program: Some(program.into()),
            bank: None,
            kind: None,
            association: None,
            commercial: false,
        }
    }

    fn program<'a>(table: &'a BinTable, digits: &str) -> Option<&'a str> {
        table.find(digits)?.program.as_deref()
    }

    #[test]
    fn the_longest_prefix_is_found() {
        let mut table = BinTable::default();
        assert_eq!(table.find("6655440000000000"), None);
        table.add(bin("665544", "six"));
        table.add(bin("6655440", "seven"));
        table.add(bin("66554400", "eight"));
        for (digits, want) in [
            ("6655440000000000", Some("eight")),
            ("66554400", Some("eight")),
            ("66554401", Some("seven")),
            ("6655440", Some("seven")),
            ("66554499", Some("six")),
            ("665544", Some("six")),
            ("66554", None),
            ("665545", None),
            ("", None),
            ("66554\u{664}", None),
        ] {
            assert_eq!(program(&table, digits), want, "{digits}");
        }
    }

    #[test]
    fn a_later_bin_takes_the_place_of_an_earlier_one() {
        let mut table = BinTable::default();
        table.add(bin("665544", "first"));
        table.add(bin("665544", "second"));
        assert_eq!(program(&table, "665544"), Some("second"));
    }

    #[test]
    fn own_bins_hide_published_ones() {
        let mut table = BinTable::published();
        assert_eq!(program(&table, "9792675000000002"), Some("Sağlam Kart"));
        table.add(bin("979267", "own"));
        assert_eq!(program(&table, "9792675000000002"), Some("own"));
        assert_eq!(program(&table, "525864"), Some("World"));
        assert_eq!(
            program(&BinTable::published(), "979267"),
            Some("Kuveyt Türk CC"),
            "others do not see it"
        );
    }

    #[test]
    fn codes_are_read_back() {
        for kind in CardKind::ALL {
            assert_eq!(CardKind::from_code(kind.code()), Some(*kind));
        }
        for association in Association::ALL {
            assert_eq!(
                Association::from_code(association.code()),
                Some(*association)
            );
        }
        assert_eq!(CardKind::from_code("credit_card"), None);
        assert_eq!(Association::from_code(""), None);
    }
}
