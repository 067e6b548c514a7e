//! Who has a wallet: a phone number with its account, the merchants that may see it, and its cards.

use crate::domain::wallet::{Card, Recurring};
use crate::refusal::WalletFault;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How many merchants a holder remembers.
const MOST_LINKS: usize = 100;
/// How many cards a holder has at most.
const MOST_CARDS: usize = 200;

/// A merchant that may see an account, and as whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// the merchant; None: any
    pub merchant: Option<String>,
    /// the merchant's user; None: any
    pub user: Option<String>,
}

/// A phone number, and what the wallet knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// digits with the country code
    pub msisdn: String,
    /// an account exists
    pub account: bool,
    /// who may see it
    pub links: Vec<Link>,
    /// the account is locked
    pub blocked: bool,
    /// the number was changed at another merchant
    pub number_changed: bool,
    /// cards of the account, and of merchants' own programmes
    pub cards: Vec<Card>,
    /// cards that were deleted since the last one was added
    pub deletions: u32,
    /// what is paid again and again
    pub recurring: Vec<Recurring>,
    /// what happens with it, for people
    pub about: String,
}

/// The facts of an account, as sixteen characters of `0` and `1`. contract: masterpass §5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountStatus([bool; 7]);

impl AccountStatus {
    /// Seven facts, the rest unknown and zero.
    pub const fn new(facts: [bool; 7]) -> Self {
        Self(facts)
    }

    /// 7 to 16 characters of `0` and `1`, of which those behind the seventh are zero.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|b| b == b'0' || b == b'1');
        let rest = text.get(7..)?;
        let fits = plain && text.len() <= 16 && !rest.contains('1');
        let mut facts = [false; 7];
        for (fact, byte) in facts.iter_mut().zip(text.bytes()) {
            *fact = byte == b'1';
        }
        fits.then_some(Self(facts))
    }

    /// a card is kept in the merchant's own programme
    pub const fn in_vault(self) -> bool {
        self.0[0]
    }

    /// an account exists
    pub const fn account(self) -> bool {
        self.0[1]
    }

    /// the account holds a card
    pub const fn cards(self) -> bool {
        self.0[2]
    }

    /// this merchant may see it
    pub const fn linked(self) -> bool {
        self.0[3]
    }

    /// it is locked
    pub const fn blocked(self) -> bool {
        self.0[4]
    }

    /// the number was changed at another merchant
    pub const fn number_changed(self) -> bool {
        self.0[5]
    }

    /// there is a card that this merchant can use
    pub const fn usable(self) -> bool {
        self.0[6]
    }

    /// Why this merchant gets no list of cards; None: it gets one, if an empty one.
    pub const fn fault(self) -> Option<WalletFault> {
        if !self.account() && !self.in_vault() {
            return Some(WalletFault::NoAccount);
        }
        if self.blocked() {
            return Some(WalletFault::Blocked);
        }
        // With no card in the account there is nothing that a link would show.
        let listed_anyway = self.in_vault() && !self.cards();
        if self.account() && !self.linked() && !listed_anyway {
            return Some(WalletFault::NotLinked);
        }
        None
    }
}

impl fmt::Display for AccountStatus {
    /// `0111001000000000`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fact in self.0 {
            f.write_str(if fact { "1" } else { "0" })?;
        }
        f.write_str("000000000")
    }
}

impl Holder {
    /// Nobody has an account under this number.
    pub fn nobody(msisdn: &str) -> Self {
        Self {
            msisdn: msisdn.to_owned(),
            account: false,
            links: Vec::new(),
            blocked: false,
            number_changed: false,
            cards: Vec::new(),
            deletions: 0,
            recurring: Vec::new(),
            about: String::new(),
        }
    }

    /// How the account stands, seen by a merchant.
    pub fn status(&self, merchant: &str) -> AccountStatus {
        let any = |of: fn(&Card) -> bool| self.cards.iter().any(of);
        AccountStatus([
            any(|card| card.vault),
            self.account,
            self.account && any(|card| !card.vault),
            self.account && self.link(merchant).is_some(),
            self.blocked,
            self.number_changed,
            any(|card| card.supported),
        ])
    }

    /// The merchant's leave to see the account.
    pub fn link(&self, merchant: &str) -> Option<&Link> {
        let ours = |link: &&Link| link.merchant.as_deref().is_none_or(|m| m == merchant);
        self.links.iter().find(ours)
    }

    /// Whether the account is linked to another user of this merchant.
    pub fn belongs_to_another(&self, merchant: &str, user: &str) -> bool {
        let known = self.link(merchant).and_then(|link| link.user.as_deref());
        !user.is_empty() && known.is_some_and(|known| known != user)
    }

    /// The merchant may see the account from now on, as this user's. The account begins to exist. A
    /// leave for any merchant stays what it is to the others: the merchant's own is found before it.
    pub fn link_to(&mut self, merchant: &str, user: &str) {
        self.account = true;
        let own = |link: &Link| link.merchant.as_deref() == Some(merchant);
        self.links.retain(|link| !own(link));
        let link = Link {
            merchant: Some(merchant.to_owned()),
            user: (!user.is_empty()).then(|| user.to_owned()),
        };
        self.links.insert(0, link);
        if self.links.len() > MOST_LINKS {
            let oldest = self.links.iter().rposition(|link| link.merchant.is_some());
            oldest.map(|oldest| self.links.remove(oldest));
        }
    }

    /// The merchant may no longer see it. False when it could not.
    pub fn unlink(&mut self, merchant: &str) -> bool {
        let before = self.links.len();
        self.links
            .retain(|link| link.merchant.as_deref().is_some_and(|m| m != merchant));
        self.links.len() < before
    }

    /// The card of that name, decoded.
    pub fn card(&self, alias: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.alias == alias)
    }

    /// Err when the account holds the same number, or another card of that name, or too many.
    pub fn takes(&self, card: &Card) -> Result<(), WalletFault> {
        let same = |known: &Card| !known.vault && known.pan == card.pan;
        if self.cards.iter().any(same) || self.card(&card.alias).is_some() {
            return Err(WalletFault::CardExists);
        }
        if self.cards.len() >= MOST_CARDS {
            return Err(WalletFault::SaveFailed);
        }
        Ok(())
    }

    /// Keeps a card in the account, if that takes it.
    pub fn keep(&mut self, card: Card) -> Result<(), WalletFault> {
        self.takes(&card)?;
        self.account = true;
        self.deletions = 0;
        self.cards.push(card);
        Ok(())
    }

    /// Takes a card away, and with it what is paid again and again with it. Err when there is none of that name, or `most` went already.
    pub fn delete(&mut self, alias: &str, most: u32) -> Result<Card, WalletFault> {
        let at = self.cards.iter().position(|card| card.alias == alias);
        let at = at.ok_or(WalletFault::CardNotFound)?;
        if self.deletions >= most {
            return Err(WalletFault::RepeatedDeletion);
        }
        self.deletions += 1;
        self.recurring.retain(|order| order.alias != alias);
        Ok(self.cards.remove(at))
    }

    /// A card of the merchant's own programme moves into the account.
    pub fn move_in(&mut self, alias: &str) -> Result<(), WalletFault> {
        let card = self.cards.iter_mut().find(|card| card.alias == alias);
        card.ok_or(WalletFault::CardNotFound)?.vault = false;
        self.account = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pan::Pan;
    use crate::domain::stored_card::Expiry;
    use crate::domain::wallet::Persona;

    fn card(alias: &str, pan: &str, vault: bool) -> Card {
        Card {
            alias: alias.into(),
            pan: Pan::parse(pan).unwrap(),
            expiry: Expiry {
                year: 2030,
                month: 12,
            },
            name: "AYŞE YILMAZ".into(),
            vault,
            supported: true,
            persona: Persona::default(),
        }
    }

    fn holder() -> Holder {
        Holder {
            account: true,
            cards: vec![card("a", "5258640000000001", false)],
            ..Holder::nobody("905551110001")
        }
    }

    #[test]
    fn a_status_is_what_is_so() {
        let mut holder = holder();
        assert_eq!(holder.status("m").to_string(), "0110001000000000");
        assert_eq!(holder.status("m").fault(), Some(WalletFault::NotLinked));
        holder.link_to("m", "7");
        assert_eq!(holder.status("m").to_string(), "0111001000000000");
        assert_eq!(holder.status("other").to_string(), "0110001000000000");
        assert_eq!(holder.status("m").fault(), None);
        holder.blocked = true;
        assert_eq!(holder.status("m").fault(), Some(WalletFault::Blocked));
        let nobody = Holder::nobody("9");
        assert_eq!(nobody.status("m").to_string(), "0".repeat(16));
        assert_eq!(nobody.status("m").fault(), Some(WalletFault::NoAccount));
        for text in ["0111001", "0111001000000000", "1111111"] {
            let status = AccountStatus::parse(text).unwrap();
            assert!(status.to_string().starts_with(text));
        }
        for text in [
            "",
            "011100",
            "0111002",
            "01110010000000000",
            "0111001000000001",
            "ğğğğğ",
        ] {
            assert_eq!(AccountStatus::parse(text), None, "{text}");
        }
    }

    #[test]
    fn links_are_of_a_merchant_and_a_user() {
        let mut holder = holder();
        holder.link_to("m", "7");
        assert!(holder.belongs_to_another("m", "8"));
        assert!(!holder.belongs_to_another("m", "7"));
        assert!(!holder.belongs_to_another("m", ""));
        holder.link_to("m", "8");
        assert!(!holder.belongs_to_another("m", "8"));
        assert!(holder.unlink("m"));
        assert!(!holder.unlink("m"));
    }

    #[test]
    fn a_leave_for_any_merchant_is_not_lost_to_one() {
        let mut holder = holder();
        holder.links.push(Link {
            merchant: None,
            user: Some("7".to_owned()),
        });
        holder.link_to("m", "8");
        assert_eq!(holder.status("other").fault(), None);
        assert!(holder.belongs_to_another("other", "8"));
        assert!(!holder.belongs_to_another("m", "8"));
        holder.link_to("m", "9");
        assert_eq!(holder.links.len(), 2);
    }

    #[test]
    fn merchants_and_cards_are_not_remembered_without_end() {
        let mut holder = holder();
        holder.links.push(Link {
            merchant: None,
            user: None,
        });
        for merchant in 0..2 * MOST_LINKS {
            holder.link_to(&merchant.to_string(), "");
        }
        assert_eq!(holder.links.len(), MOST_LINKS);
        assert!(holder.links.iter().any(|link| link.merchant.is_none()));
        assert_eq!(holder.links[0].merchant.as_deref(), Some("199"));
        holder.cards = vec![card("a", "5258640000000001", false); MOST_CARDS];
        let full = holder.keep(card("b", "5209220000000002", false));
        assert_eq!(full, Err(WalletFault::SaveFailed));
    }

    #[test]
    fn cards_come_and_go_by_name() {
        let mut holder = holder();
        let again = card("b", "5258640000000001", false);
        assert_eq!(holder.keep(again), Err(WalletFault::CardExists));
        assert_eq!(holder.keep(card("b", "5209220000000002", false)), Ok(()));
        assert_eq!(holder.delete("c", 3), Err(WalletFault::CardNotFound));
        assert_eq!(holder.delete("a", 1).unwrap().alias, "a");
        assert_eq!(holder.delete("b", 1), Err(WalletFault::RepeatedDeletion));
        assert_eq!(holder.cards.len(), 1);
    }

    #[test]
    fn a_merchants_own_card_moves_in() {
        let mut holder = Holder::nobody("9");
        holder.cards.push(card("v", "5258640000000001", true));
        assert_eq!(holder.status("m").to_string(), "1000001000000000");
        assert_eq!(holder.status("m").fault(), None);
        assert_eq!(holder.move_in("v"), Ok(()));
        assert_eq!(holder.status("m").to_string(), "0110001000000000");
        assert_eq!(holder.move_in("w"), Err(WalletFault::CardNotFound));
    }
}
