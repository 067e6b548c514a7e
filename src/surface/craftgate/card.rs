//! The card of a request: its number, or the keys under which it is stored. contract: craftgate §5.1

use crate::domain::card::Association;
use crate::domain::money::{Amount, Currency};
use crate::domain::pan::Pan;
use crate::domain::particulars::{Loyalty, LoyaltyKind, Reward, StoredKeys};
use crate::domain::stored_card::{Expiry, NewCard, StoredCard};
use crate::route::Turn;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::ignored;
use crate::surface::pan_guard;

/// What a holder's name must not contain. contract: craftgate §5.1
const UNSAFE: &[char] = &['<', '>', '"', '%', ';', '&', '+', '(', ')', '|', '=', '!'];
/// How many digits a holder's name may have. contract: craftgate §5.1
const NAME_DIGITS: usize = 5;
/// Fields of cards that are neither open nor stored here. contract: craftgate §5.1
const OTHER_KINDS: &[&str] = &[
    "secureFieldsToken",
    "encryptedCard",
    "tokenizedCard",
    "cardHolderIdentityNumber",
];

/// A card that pays.
#[derive(Debug, Clone)]
pub struct Card {
    /// its number
    pub pan: Pan,
    /// its holder, as written
    pub holder: String,
    /// it comes from the stored ones
    pub stored: bool,
    /// it is to be stored when the payment succeeds
    pub to_store: Option<NewCard>,
    /// the reward to spend
    pub loyalty: Option<Loyalty>,
}

/// Reads a `card` that pays in that currency; what is wrong with it is written down.
pub fn read(turn: &Turn<'_>, fields: &mut Fields<'_>, currency: Currency) -> Option<Card> {
    fields.ignore(ignored::CARD);
    let loyalty = loyalty(fields, currency);
    if let Some(stored) = stored(turn, fields) {
        let stored = stored?;
        return Some(Card {
            pan: stored.pan.clone(),
            holder: stored.holder.clone(),
            stored: true,
            to_store: None,
            loyalty,
        });
    }
    let store = fields.is("storeCardAfterSuccessPayment");
    let card = open(turn, fields);
    // Of a card that cannot be read nothing more is asked, but by one who wants to know all that may be.
    if card.is_some() || fields.describes().is_some() {
        cvc(turn, fields, card.as_ref().map(|card| &card.pan));
    }
    let card = card?;
    Some(Card {
        pan: card.pan.clone(),
        holder: card.holder.clone(),
        stored: false,
        to_store: store.then_some(card),
        loyalty,
    })
}

/// The stored card that the fields name by both its keys; None: they name none. Some(None): there
/// is no such card, which is written down.
pub fn stored<'t>(turn: &'t Turn<'_>, fields: &mut Fields<'_>) -> Option<Option<&'t StoredCard>> {
    if !(fields.has("cardUserKey") && fields.has("cardToken")) {
        return None;
    }
    let keys = StoredKeys {
        user: fields.need_text("cardUserKey").into(),
        token: fields.need_text("cardToken").into(),
    };
    let found = turn.world.state.stored_cards.find(&turn.caller, &keys);
    if found.is_none() {
        fields.fail("cardToken", Code::StoredCardNotFound);
    }
    Some(found)
}

/// A card by its number, with holder, expiry and what people call it; but for its security code.
pub fn open(turn: &Turn<'_>, fields: &mut Fields<'_>) -> Option<NewCard> {
    if !fields.has("cardNumber")
        && let Some(kind) = OTHER_KINDS.iter().find(|kind| fields.has(kind))
    {
        fields.fail(kind, Code::CardKindNotMocked);
        return None;
    }
    let holder = holder(fields);
    let pan = number(turn, fields);
    let expiry = expiry(turn, fields);
    let (alias, user) = (fields.text("cardAlias"), fields.text("cardUserKey"));
    Some(NewCard {
        merchant: turn.caller.clone(),
        user: user.map(Into::into),
        pan: pan?,
        holder,
        alias: alias.map(Into::into),
        expiry: expiry?,
    })
}

/// The number of a card that the guard lets pass: of a test card, unless it is told otherwise.
pub fn number(turn: &Turn<'_>, fields: &mut Fields<'_>) -> Option<Pan> {
    let number = fields.need_text("cardNumber");
    if number.is_empty() {
        return None;
    }
    let Some(pan) = Pan::parse(&number) else {
        fields.fail("cardNumber", Code::CardNumberInvalid);
        return None;
    };
    if !pan_guard::takes(turn, &pan) {
        fields.fail("cardNumber", Code::NotATestCard);
        return None;
    }
    Some(pan)
}

/// Until when the card is good: not past, as far as years go.
pub fn expiry(turn: &Turn<'_>, fields: &mut Fields<'_>) -> Option<Expiry> {
    let (year, month) = (
        fields.need_text("expireYear"),
        fields.need_text("expireMonth"),
    );
    let this_year = turn.world.now().turkey().year();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let number = year
        .parse()
        .ok()
        .filter(|_| year.len() == 4 && digits(&year));
    let number = number.filter(|number: &u16| i32::from(*number) >= this_year);
    if number.is_none() && !year.is_empty() {
        fields.fail_of("expireYear", Code::ExpireYearInvalid, &year);
    }
    let nth = month
        .parse()
        .ok()
        .filter(|_| month.len() <= 2 && digits(&month));
    let nth = nth.filter(|nth: &u8| (1..=12).contains(nth));
    if nth.is_none() && !month.is_empty() {
        fields.fail("expireMonth", Code::ExpireMonthInvalid);
    }
    Some(Expiry {
        year: number?,
        month: nth?,
    })
}

/// The security code: four digits on American Express cards, three on others. It is not kept.
pub fn cvc(turn: &Turn<'_>, fields: &mut Fields<'_>, pan: Option<&Pan>) {
    let cvc = fields.need_text("cvc");
    let bin = pan.and_then(|pan| turn.world.scenario.bins.find(pan.digits()));
    let amex = bin.is_some_and(|bin| bin.association == Some(Association::Amex));
    let length = if amex { 4 } else { 3 };
    let right = cvc.len() == length && cvc.bytes().all(|b| b.is_ascii_digit());
    if !right && !cvc.is_empty() {
        fields.fail("cvc", Code::CvcInvalid);
    }
}

fn holder(fields: &mut Fields<'_>) -> String {
    let name = fields.need_text("cardHolderName");
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if name.contains(UNSAFE) || digits > NAME_DIGITS {
        fields.fail("cardHolderName", Code::HolderNameInvalid);
    }
    name.into()
}

/// A reward to spend, as written. contract: craftgate §5.6
pub fn loyalty(fields: &mut Fields<'_>, currency: Currency) -> Option<Loyalty> {
    let read = |fields: &mut Fields<'_>| {
        let kinds = LoyaltyKind::ALL.iter();
        let kinds: Vec<_> = kinds.map(|kind| (kind.code(), *kind)).collect();
        let kind = fields.word("type", &kinds);
        if kind.is_none() && !fields.has("type") {
            fields.fail("type", Code::FieldMissing);
        }
        let reward = fields.object("reward", |reward| reward_money(reward, currency));
        let message = fields.text("message");
        Some(Loyalty {
            kind: kind?,
            reward,
            message: message.map(Into::into),
        })
    };
    fields.object("loyalty", read).flatten()
}

fn reward_money(fields: &mut Fields<'_>, currency: Currency) -> Reward {
    let mut amount = |name: &str| -> Option<Amount> { fields.amount(name, currency) };
    Reward {
        card: amount("cardRewardMoney"),
        firm: amount("firmRewardMoney"),
        mile: amount("mileRewardMoney"),
        total: amount("totalRewardMoney"),
    }
}

/// Stores a card, or renews it.
pub fn keep(turn: &mut Turn<'_>, card: NewCard) -> StoredCard {
    let at = turn.world.now();
    let ids = &mut turn.world.ids;
    let fresh = StoredKeys {
        user: ids.uuid().to_string(),
        token: ids.uuid().to_string(),
    };
    turn.world.state.stored_cards.store(card, fresh, at).clone()
}
