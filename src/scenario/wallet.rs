//! The data tables of the wallet: who has one, and which cards are in it or may be typed.

use crate::domain::decision::{Ask, Authorization, Decline, ThreeDsOutcome, WalletFault};
use crate::domain::pan::Pan;
use crate::domain::stored_card::Expiry;
use crate::domain::wallet::{Card, Holder, Link, Persona, TypedCard, WalletTable};
use crate::scenario::compile::BUILTIN;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::read::{At, Rows, table};
use crate::scenario::then::{check_md_status, ends, in_order, listed};
use crate::scenario::values::{Code, Int, Name, Phone, text_value};
use std::collections::HashMap;
use std::sync::Arc;

table! {
    /// Somebody with a wallet.
    struct HolderRow {
        /// the phone with its country code
        msisdn: At<Phone> = r#"msisdn = "905551110003""#,
        /// an account exists; not given: true
        account: Option<bool> = "account = true",
        /// the merchant may see the account; not given: true where there is one
        linked: Option<bool> = "linked = true",
        /// the merchant's user that it is linked to; not given: any
        user: Option<Name> = r#"user = "1""#,
        /// the account is locked
        blocked: Option<bool> = "blocked = false",
        /// the number was changed at another merchant
        number_changed: Option<bool> = "number_changed = false",
        /// what happens with it, for people
        about: Option<Name> = r#"about = "linked, with cards""#,
    }
}

table! {
    /// A card of a wallet; without `holder` one that anybody may type.
    struct CardRow {
        /// whose wallet it is in: the `msisdn` of a `[[holder]]`
        holder: Option<At<Phone>> = r#"holder = "905551110003""#,
        /// what calls name it by, in a wallet
        alias: Option<At<Name>> = r#"alias = "Maaş kartım""#,
        /// a published test number, or one of a `[[bin]]`
        number: At<Number> = r#"number = "5258640000000001""#,
        /// the name on it; a typed card that cannot be decrypted is found by it
        name: Option<At<Name>> = r#"name = "BANK OTP""#,
        /// year and month; not given: 3012
        expiry: Option<YearMonth> = r#"expiry = "3012""#,
        /// in the merchant's own programme instead of the wallet
        vault: Option<At<bool>> = "vault = false",
        /// a credit card, or a debit card that the merchant takes; not given: true
        supported: Option<bool> = "supported = true",
        /// what the wallet asks for before money may move, in this order; not given: what the token says
        asks: Option<At<Vec<Ask>>> = r#"asks = ["bank_otp", "three_ds"]"#,
        /// how 3-D Secure ends by itself; not given: the bank's page waits
        three_ds: Option<At<ThreeDsOutcome>> = r#"three_ds = "fails""#,
        /// the number that the merchant sees with `three_ds`
        md_status: Option<At<Int<0, 8>>> = "md_status = 0",
        /// the bank says no to a completion; not given: what the published table says of the number
        decline: Option<Decline> = r#"decline = "insufficient_funds""#,
        /// the bank's own code to a completion, word for word
        response_code: Option<At<Code>> = r#"response_code = "193""#,
        /// why the wallet refuses it
        wallet: Option<WalletFault> = r#"wallet = "save_failed""#,
        /// what happens with it, for people
        about: Option<Name> = r#"about = "asks for the bank's password""#,
    }
}

/// A card number that is nobody's.
#[derive(Debug, Clone)]
pub(crate) struct Number(Pan);

text_value!(
    Number,
    "a card number of 13 to 19 digits that passes its check",
    |text| { Pan::parse(text).map(Self) }
);

/// `3012`: year and month, as the wallet writes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct YearMonth(Expiry);

text_value!(
    YearMonth,
    "year and month in four digits: `\"3012\"`",
    |text| { Expiry::from_yymm(text).map(Self) }
);

/// The tables of the last files that give them.
#[derive(Debug, Default)]
pub(crate) struct WalletRows {
    pub holder: Option<Rows<HolderRow>>,
    pub card: Option<Rows<CardRow>>,
}

impl WalletRows {
    /// The wallet. What is wrong between its tables goes to the report.
    pub fn compile(self, report: &mut Report) -> WalletTable {
        let file = |place: Option<Place>| place.map_or(0, |place| place.file);
        let holders_of = file(self.holder.as_ref().map(|rows| rows.place));
        let mut holders: HashMap<String, Holder> = HashMap::new();
        for row in self.holder.into_iter().flat_map(|rows| rows.rows) {
            let place = row.value.msisdn.place;
            let holder = row.value.holder();
            let number = holder.msisdn.clone();
            if holders.insert(number.clone(), holder).is_some() {
                let message = format!("there are two with the number {}", tick(&number));
                report.say(Mistake::Twice, place, message);
            }
        }
        let mut typed = Vec::new();
        for row in self.card.into_iter().flat_map(|rows| rows.rows) {
            let (place, row) = (row.place, row.value);
            row.check(report);
            let Some(of) = row.holder.clone() else {
                typed.extend(row.typed(place, report));
                continue;
            };
            match holders.get_mut(&of.value.0) {
                Some(holder) => row.put_into(holder, place, report),
                // Cards of a file whose holders a later file has replaced go with them.
                None if of.place.file < holders_of => gone(&of, report),
                None => {
                    let message = format!("there is no holder {}", tick(&of.value.0));
                    let found = report.say(Mistake::NoSuchRow, of.place, message);
                    found.hint("give it a `[[holder]]` with this `msisdn`");
                }
            }
        }
        let shared = |(number, holder)| (number, Arc::new(holder));
        WalletTable {
            holders: holders.into_iter().map(shared).collect(),
            cards: typed,
        }
    }
}

/// A later file has other holders: only worth a word where nobody would expect it.
fn gone(of: &At<Phone>, report: &mut Report) {
    if of.place.file >= BUILTIN.len() {
        let message = format!("a later file's holders replace {}", tick(&of.value.0));
        let found = report.warn(Mistake::Unused, of.place, message);
        found.hint("give the later file this `[[holder]]` and its cards too");
    }
}

impl HolderRow {
    fn holder(self) -> Holder {
        // No `..`: a key that is not used does not compile.
        let Self {
            msisdn,
            account,
            linked,
            user,
            blocked,
            number_changed,
            about,
        } = self;
        let account = account.unwrap_or(true);
        let link = Link {
            merchant: None,
            user: user.map(|user| user.0),
        };
        let links = linked.unwrap_or(account).then_some(link);
        Holder {
            account,
            links: links.into_iter().collect(),
            blocked: blocked.unwrap_or(false),
            number_changed: number_changed.unwrap_or(false),
            about: about.map(|about| about.0).unwrap_or_default(),
            ..Holder::nobody(&msisdn.value.0)
        }
    }
}

impl CardRow {
    fn check(&self, report: &mut Report) {
        match (&self.md_status, &self.three_ds) {
            (Some(status), None) => {
                report.say(
                    Mistake::NeedsAnother,
                    status.place,
                    "`md_status` needs `three_ds`",
                );
            }
            (Some(status), Some(end)) => check_md_status(status, end.value, report),
            (None, _) => {}
        }
        if let Some(asks) = &self.asks {
            in_order(asks, report);
        }
        if let Some(code) = &self.response_code {
            listed(code, report);
        }
        if let (Some(code), Some(_)) = (&self.response_code, &self.decline) {
            report.say(
                Mistake::Contradiction,
                code.place,
                "`response_code` contradicts `decline`",
            );
        }
    }

    fn persona(&self) -> Persona {
        let declined = self.decline.map(Authorization::Declined);
        let coded = self.response_code.as_ref();
        let coded = coded.map(|code| Authorization::ResponseCode {
            code: code.value.0.clone(),
            description: None,
        });
        Persona {
            asks: self.asks.as_ref().map(|asks| asks.value.clone()),
            three_ds: self
                .three_ds
                .as_ref()
                .map(|end| ends(end, self.md_status.as_ref())),
            authorization: declined.or(coded),
            fault: self.wallet,
            about: self
                .about
                .as_ref()
                .map(|about| about.0.clone())
                .unwrap_or_default()
                .into(),
        }
    }

    fn typed(self, place: Place, report: &mut Report) -> Option<TypedCard> {
        let in_wallet = [
            ("alias", self.alias.as_ref().map(|alias| alias.place)),
            ("vault", self.vault.as_ref().map(|vault| vault.place)),
        ];
        for (key, place) in in_wallet {
            if let Some(place) = place {
                report.say(
                    Mistake::NeedsAnother,
                    place,
                    format!("`{key}` needs `holder`"),
                );
            }
        }
        let persona = self.persona();
        let Some(name) = self.name else {
            let found = report.say(
                Mistake::MissingKey,
                place,
                "a card that may be typed needs `name`",
            );
            found.hint(
                "it is found by the name on it, as in `name = \"BANK OTP\"`; or give `holder`",
            );
            return None;
        };
        Some(TypedCard {
            name: name.value.0,
            pan: self.number.value.0,
            supported: self.supported.unwrap_or(true),
            persona,
        })
    }

    fn put_into(self, holder: &mut Holder, place: Place, report: &mut Report) {
        let persona = self.persona();
        let Some(alias) = self.alias else {
            report.say(
                Mistake::MissingKey,
                place,
                "a card of a holder needs `alias`",
            );
            return;
        };
        if holder.card(&alias.value.0).is_some() {
            let message = format!("there are two with the alias {}", tick(&alias.value.0));
            report.say(Mistake::Twice, alias.place, message);
        }
        let vault = self.vault.is_some_and(|vault| vault.value);
        if let (false, false) = (vault, holder.account) {
            let found = report.say(
                Mistake::NoSuchRow,
                place,
                "this holder has no account for a card to be in",
            );
            found.hint("`vault = true` puts it into the merchant's own programme");
        }
        holder.cards.push(Card {
            alias: alias.value.0.into(),
            pan: self.number.value.0,
            expiry: self.expiry.map_or(Expiry::LATE, |expiry| expiry.0),
            name: self
                .name
                .map_or_else(|| "AYSE YILMAZ".to_owned(), |name| name.value.0)
                .into(),
            vault,
            supported: self.supported.unwrap_or(true),
            persona,
        });
    }
}
