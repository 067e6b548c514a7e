//! BINs and what they say of a card: programme, bank, kind, association.

use std::sync::Arc;

/// What kind of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    /// may pay in installments
    Credit,
    /// single payments only
    Debit,
    /// single payments only
    Prepaid,
}

/// The network of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the networks' own names")]
pub enum Association {
    Visa,
    MasterCard,
    Amex,
    Troy,
    Dinersclub,
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
    /// 6 or 8 digits
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

/// BINs by prefix.
#[derive(Debug, Clone, Default)]
pub struct BinTable {
    bins: Vec<Bin>,
}

impl BinTable {
    /// Adds a BIN in front of those already there.
    pub fn add(&mut self, bin: Bin) {
        self.bins.retain(|b| b.prefix != bin.prefix);
        self.bins.push(bin);
    }

    /// The longest prefix that `digits` begin with.
    pub fn find(&self, digits: &str) -> Option<&Bin> {
        let matching = self.bins.iter().filter(|b| digits.starts_with(&*b.prefix));
        matching.max_by_key(|b| b.prefix.len())
    }
}
