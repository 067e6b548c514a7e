//! The bank terminals that a gateway routes to: one for each card family.

use crate::domain::card::Bin;

/// A bank's virtual terminal.
#[derive(Debug, PartialEq, Eq)]
pub struct Pos {
    /// its number
    pub id: u32,
    /// `garanti`
    pub name: &'static str,
    /// bank, name and number: `62-garanti-59`
    pub alias: &'static str,
    /// the bank's EFT code
    pub bank_code: u32,
    /// the bank's name
    pub bank: &'static str,
    /// the card family that may pay in parts here
    pub program: &'static str,
    /// rewards can be spent here
    pub loyalty: bool,
}

const fn pos(
    (id, alias, name): (u32, &'static str, &'static str),
    (bank_code, bank): (u32, &'static str),
    (program, loyalty): (&'static str, bool),
) -> Pos {
    Pos {
        id,
        name,
        alias,
        bank_code,
        bank,
        program,
        loyalty,
    }
}

/// Every terminal. The first two are the vendor's own examples (contract: craftgate §3.7, §3.9);
/// the others are named alike for the families of §10.
#[rustfmt::skip]
pub const ALL: &[Pos] = &[
    pos((59, "62-garanti-59", "garanti"), (62, "T. GARANTİ BANKASI A.Ş."), ("Bonus", true)),
    pos((12, "67-ykb-12", "ykb"), (67, "YAPI VE KREDİ BANKASI A.Ş."), ("World", true)),
    pos((13, "46-akbank-13", "akbank"), (46, "AKBANK T.A.Ş."), ("Axess", true)),
    pos((14, "64-isbank-14", "isbank"), (64, "T. İŞ BANKASI A.Ş."), ("Maximum", false)),
    pos((15, "12-halkbank-15", "halkbank"), (12, "T.HALK BANKASI A.Ş."), ("Paraf", false)),
    pos((16, "111-finansbank-16", "finansbank"), (111, "QNB FİNANSBANK A.Ş."), ("CardFinans", false)),
    pos((17, "10-ziraat-17", "ziraat"), (10, "T.C.ZİRAAT BANKASI A.Ş."), ("Bankkart Combo", false)),
    pos((18, "123-hsbc-18", "hsbc"), (123, "HSBC BANK A.Ş."), ("Advantage", false)),
    pos((19, "205-kuveytturk-19", "kuveytturk"), (205, "KUVEYT TÜRK KATILIM BANKASI A.Ş."), ("Sağlam Kart", false)),
];

/// The terminal with that alias.
pub fn by_alias(alias: &str) -> Option<&'static Pos> {
    ALL.iter().find(|pos| pos.alias == alias)
}

/// Where a payment with this card goes: the terminal that was asked for, else the family's own,
/// else the card's bank's, else the first one.
pub fn route(bin: Option<&Bin>, requested: Option<&str>) -> &'static Pos {
    let program = bin.and_then(|bin| bin.program.as_deref());
    let bank = bin.and_then(|bin| bin.bank.as_ref()).and_then(|b| b.code);
    let of_family = || ALL.iter().find(|pos| Some(pos.program) == program);
    let of_bank = || ALL.iter().find(|pos| Some(pos.bank_code) == bank);
    let asked = requested.and_then(by_alias);
    asked.or_else(of_family).or_else(of_bank).unwrap_or(&ALL[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::card::BinTable;

    #[test]
    fn aliases_are_made_of_bank_name_and_number() {
        for pos in ALL {
            let alias = format!("{}-{}-{}", pos.bank_code, pos.name, pos.id);
            assert_eq!(pos.alias, alias);
            assert_eq!(by_alias(&alias), Some(pos));
        }
    }

    #[test]
    fn a_card_goes_to_its_family_or_its_bank() {
        let bins = BinTable::published();
        for (card, requested, want) in [
            ("525864", None, "67-ykb-12"),
            ("520922", None, "62-garanti-59"),
            ("425669", None, "46-akbank-13"),
            ("411111", None, "62-garanti-59"),
            ("525864", Some("62-garanti-59"), "62-garanti-59"),
            ("525864", Some("unknown"), "67-ykb-12"),
        ] {
            assert_eq!(route(bins.find(card), requested).alias, want, "{card}");
        }
    }
}
