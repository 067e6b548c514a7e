//! What the shopper chooses on the hosted page. contract: craftgate §5.1, §5.3

use crate::call::Call;
use crate::domain::card::{Bin, CardKind};
use crate::domain::hosted::Hosted;
use crate::domain::installment::offer;
use crate::domain::money::Money;
use crate::domain::pan::Pan;
use crate::domain::particulars::{Provider, StoredKeys};
use crate::domain::stored_card::{NewCard, StoredCard};
use crate::domain::wallet::Card;
use crate::route::Turn;
use crate::surface::craftgate::card;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::given::Given;

/// The form as it was sent; a field that is not there is empty.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// `card`, `stored` or `masterpass`
    pub method: String,
    /// the card's number, without the spaces that people type
    pub number: String,
    /// its holder
    pub holder: String,
    /// two digits
    pub month: String,
    /// four digits
    pub year: String,
    /// number of parts
    pub installment: String,
    /// how much of the price, where several payments share it
    pub part: String,
    /// which stored card, or which card of the wallet
    pub chosen: String,
    /// with 3-D Secure
    pub three_ds: bool,
    /// keep the card
    pub store: bool,
    /// nothing is to be paid: this stored card goes
    pub delete: String,
    /// nothing is to be paid yet: in how many parts may the card pay?
    pub only_installments: bool,
    cvc: String,
}

impl Form {
    /// What `call` carries.
    pub fn read(call: &Call) -> Self {
        let fields = call.fields().ok();
        let text = |name: &str| {
            let text = fields.and_then(|fields| fields.text(name));
            text.map_or_else(String::new, |text| text.trim().to_owned())
        };
        let digits = |name: &str| text(name).replace([' ', '-'], "");
        Self {
            method: text("method"),
            number: digits("cardNumber"),
            holder: text("cardHolderName"),
            month: text("expireMonth"),
            year: text("expireYear"),
            installment: text("installment"),
            part: text("amount").replace(',', "."),
            chosen: text("chosenCard"),
            three_ds: !text("threeDS").is_empty(),
            store: !text("storeCard").is_empty(),
            delete: text("delete"),
            only_installments: text("action") == "installments",
            cvc: text("cvc"),
        }
    }

    /// Number of parts, where one is chosen.
    pub fn count(&self) -> Option<u32> {
        self.installment.parse().ok()
    }

    /// As fields of a request for a payment.
    fn fields(&self) -> Fields<'_> {
        let all = [
            ("cardNumber", &self.number),
            ("cardHolderName", &self.holder),
            ("expireYear", &self.year),
            ("expireMonth", &self.month),
            ("cvc", &self.cvc),
            ("amount", &self.part),
        ];
        let sent = all.into_iter().filter(|(_, text)| !text.is_empty());
        let sent = sent.map(|(name, text)| (name.into(), vec![text.as_str()]));
        Fields::new(Given::Query(sent.collect()), false)
    }
}

/// A way to pay that is offered here.
#[derive(Debug)]
pub struct Chosen {
    /// the card's number
    pub pan: Pan,
    /// its holder, where one is known
    pub holder: Option<String>,
    /// who takes it
    pub provider: Provider,
    /// it comes from the stored ones
    pub stored: bool,
    /// picked from the wallet
    pub of_wallet: Option<Box<Card>>,
    /// it is to be stored when the payment succeeds
    pub to_store: Option<NewCard>,
    /// number of parts
    pub count: u32,
    /// how much of the price it pays
    pub price: Money,
    /// what the card pays for that
    pub total: Money,
    /// it goes to the bank's page
    pub three_d: bool,
}

/// What is wrong with the form: fields and errors.
pub type Problems = Vec<(String, Code)>;

/// What the form chooses; Err with all that is wrong with it.
pub fn choose(turn: &Turn<'_>, hosted: &Hosted, form: &Form) -> Result<Chosen, Problems> {
    let mut fields = form.fields();
    let price = part(hosted, &mut fields);
    let paying = paying(turn, hosted, (form, &mut fields));
    let digits = paying.as_ref().map_or("", |paying| paying.pan.digits());
    let bin = turn.world.scenario.bins.find(digits);
    let credit = bin.is_some_and(|bin| bin.kind == Some(CardKind::Credit));
    if paying.is_some() && hosted.ways.credit_only && !credit {
        fields.fail("cardNumber", Code::CreditCardsOnly);
    }
    let count = form.count().unwrap_or(1);
    let offers = offers(turn, hosted, (digits, price));
    let offered = offers.into_iter().find(|(known, _)| *known == count);
    if paying.is_some() && offered.is_none() {
        fields.fail("installment", Code::InstallmentNotOffered);
    }
    let problems = fields.into_problems().into_iter();
    let problems: Problems = problems.map(|wrong| (wrong.field, wrong.code)).collect();
    let (Some(paying), Some((count, total)), true) = (paying, offered, problems.is_empty()) else {
        return Err(problems);
    };
    let debit = bin.is_some_and(|bin| bin.kind == Some(CardKind::Debit));
    let settings = &turn.world.scenario.settings.craftgate;
    let forced = hosted.ways.three_ds
        || (hosted.ways.three_ds_unless_credit && !credit)
        || (settings.force_three_ds_for_debit && debit);
    let at_the_bank = paying.provider == Provider::Bank;
    Ok(Chosen {
        count,
        price,
        total,
        three_d: at_the_bank && (forced || form.three_ds),
        ..paying
    })
}

/// How much of the price is paid now.
fn part(hosted: &Hosted, fields: &mut Fields<'_>) -> Money {
    let rest = hosted.remaining();
    if !hosted.in_parts() || !fields.has("amount") {
        return rest;
    }
    let part = fields.need_amount("amount", rest.currency()).money();
    if part > rest {
        fields.fail("amount", Code::PartTooHigh);
    }
    part
}

/// With which card; what is wrong with it is written down.
fn paying(
    turn: &Turn<'_>,
    hosted: &Hosted,
    (form, fields): (&Form, &mut Fields<'_>),
) -> Option<Chosen> {
    let nothing = hosted.remaining();
    let chosen = |pan: Pan, holder: Option<String>, provider: Provider| Chosen {
        pan,
        holder,
        provider,
        stored: false,
        of_wallet: None,
        to_store: None,
        count: 1,
        price: nothing,
        total: nothing,
        three_d: false,
    };
    match form.method.as_str() {
        "masterpass" if !wallet(turn, hosted).is_empty() => {
            let cards = wallet(turn, hosted);
            let Some(card) = cards.iter().find(|card| card.alias == form.chosen) else {
                fields.fail("chosenCard", Code::FieldMissing);
                return None;
            };
            let mut known = chosen(card.pan.clone(), None, Provider::CardWallet);
            known.of_wallet = Some(Box::new(card.clone()));
            Some(known)
        }
        "stored" if hosted.ways.card && !hosted.wants_card() => {
            let Some(card) = stored(turn, hosted, &form.chosen) else {
                fields.fail("chosenCard", Code::StoredCardNotFound);
                return None;
            };
            let mut known = chosen(card.pan.clone(), Some(card.holder.clone()), Provider::Bank);
            known.stored = true;
            Some(known)
        }
        _ if hosted.ways.card && !hosted.ways.stored_only => {
            let open = card::open(turn, fields);
            card::cvc(turn, fields, open.as_ref().map(|card| &card.pan));
            let mut open = open?;
            open.user = hosted.ways.user.clone();
            let mut known = chosen(open.pan.clone(), Some(open.holder.clone()), Provider::Bank);
            known.to_store = (form.store || hosted.ways.store).then_some(open);
            Some(known)
        }
        _ => {
            fields.fail("method", Code::MethodNotOffered);
            None
        }
    }
}

/// The cards that the wallet of the page's phone would list for the merchant.
pub fn wallet(turn: &Turn<'_>, hosted: &Hosted) -> Vec<Card> {
    let world = &*turn.world;
    let merchant = &world.scenario.settings.masterpass.merchant_id;
    let phone = hosted.ways.wallet.as_deref();
    let holder = phone.and_then(|phone| world.state.wallet.holder(&world.scenario.wallet, phone));
    let listed = holder.filter(|holder| holder.status(merchant).fault().is_none());
    let cards = listed.into_iter().flat_map(|holder| &holder.cards);
    let usable = |card: &&Card| !card.vault && card.persona.fault.is_none();
    cards.filter(usable).cloned().collect()
}

/// The stored cards that the page shows.
pub fn stored_cards<'t>(turn: &'t Turn<'_>, hosted: &'t Hosted) -> Vec<&'t StoredCard> {
    let shown = hosted.ways.card && !hosted.wants_card();
    let user = hosted.ways.user.as_deref().filter(|_| shown);
    let cards = turn.world.state.stored_cards.of(&hosted.merchant);
    cards
        .filter(|card| Some(card.keys.user.as_str()) == user)
        .collect()
}

fn stored<'t>(turn: &'t Turn<'_>, hosted: &Hosted, token: &str) -> Option<&'t StoredCard> {
    let keys = StoredKeys {
        user: hosted.ways.user.clone()?,
        token: token.to_owned(),
    };
    turn.world.state.stored_cards.find(&hosted.merchant, &keys)
}

/// First digits of the card that the form chooses.
pub fn digits(turn: &Turn<'_>, hosted: &Hosted, form: &Form) -> Option<String> {
    let number = match form.method.as_str() {
        "masterpass" => {
            let cards = wallet(turn, hosted);
            let card = cards.into_iter().find(|card| card.alias == form.chosen)?;
            card.pan.digits().to_owned()
        }
        "stored" => stored(turn, hosted, &form.chosen)?.pan.digits().to_owned(),
        _ => form.number.clone(),
    };
    number.get(..8).map(str::to_owned)
}

/// In how many parts such a card may pay `amount` here, and what that costs: at once comes first.
pub fn offers(
    turn: &Turn<'_>,
    hosted: &Hosted,
    (digits, amount): (&str, Money),
) -> Vec<(u32, Money)> {
    let scenario = &turn.world.scenario;
    let bin = scenario.bins.find(digits);
    let usual = offer(&scenario.installments, bin, digits, amount);
    let usual = usual.into_iter().map(|part| (part.count, part.total));
    let own = if hosted.in_parts() {
        Vec::new()
    } else {
        own_terms(hosted, bin)
    };
    let mut all: Vec<(u32, Money)> = if own.is_empty() {
        usual.collect()
    } else {
        usual.filter(|(count, _)| *count == 1).collect()
    };
    for (count, total) in own {
        all.retain(|(known, _)| *known != count);
        all.push((count, total));
    }
    all.sort_unstable_by_key(|(count, _)| *count);
    let ways = &hosted.ways;
    let company = bin.is_some_and(|bin| bin.commercial) || !ways.parts_for_companies_only;
    let enabled = |count: &u32| ways.counts.is_empty() || ways.counts.contains(count);
    all.retain(|(count, _)| *count == 1 || (company && enabled(count)));
    all
}

/// The shop's own totals for such a card; in parts for credit cards only.
fn own_terms(hosted: &Hosted, bin: Option<&Bin>) -> Vec<(u32, Money)> {
    let credit = bin.is_some_and(|bin| bin.kind == Some(CardKind::Credit));
    let program = bin.and_then(|bin| bin.program.as_deref());
    let terms = hosted.ways.terms.iter();
    let fitting = terms.filter(|own| own.program.is_none() || own.program.as_deref() == program);
    let fitting = fitting.filter(|own| own.count == 1 || credit);
    fitting.map(|own| (own.count, own.total.money())).collect()
}
