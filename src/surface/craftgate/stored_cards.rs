//! Cards that a merchant keeps for its shoppers. contract: craftgate §5.4

use crate::clock::Timestamp;
use crate::domain::card::{Association, Bin, CardKind};
use crate::domain::decision::Point;
use crate::domain::particulars::StoredKeys;
use crate::domain::stored_card::{ExpiryStatus, NewCard, StoredCard};
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::craftgate::bins::CardFacts;
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::query::{self, Page};
use crate::surface::craftgate::{body, card, write};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

const fn row(
    method: Method,
    (path, name): (&'static str, &'static str),
    evidence: Evidence,
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, (path, name), (evidence, &[Point::Page]), handle)
}

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        Method::GET,
        (
            "/payment/v1/cards/provider-card-mappings",
            "craftgate.stored_card.provider_mappings",
        ),
        Evidence::Observed,
        provider_mappings,
    )
    .told(write::items::<StoredCardBody>),
    row(
        Method::POST,
        ("/payment/v1/cards", "craftgate.stored_card.store"),
        Evidence::Documented,
        store,
    )
    .told(write::one::<StoredCardBody>),
    row(
        Method::GET,
        ("/payment/v1/cards", "craftgate.stored_card.search"),
        Evidence::Documented,
        search,
    )
    .told(write::pages::<StoredCardBody>),
    row(
        Method::POST,
        ("/payment/v1/cards/update", "craftgate.stored_card.update"),
        Evidence::Documented,
        update,
    )
    .told(write::one::<StoredCardBody>),
    row(
        Method::POST,
        ("/payment/v1/cards/delete", "craftgate.stored_card.delete"),
        Evidence::Documented,
        delete,
    )
    .told(write::none),
    row(
        Method::POST,
        ("/payment/v1/cards/clone", "craftgate.stored_card.clone"),
        Evidence::Documented,
        clone,
    )
    .told(write::one::<StoredCardBody>),
];

/// A stored card as clients read it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredCardBody {
    bin_number: String,
    last_four_digits: String,
    card_user_key: String,
    card_token: String,
    card_holder_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_alias: Option<String>,
    #[serde(flatten)]
    card: CardFacts,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_bank_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_bank_id: Option<u32>,
    expire_year: String,
    expire_month: String,
    is_commercial: bool,
    card_expiry_status: &'static str,
    created_at: write::Date,
}

impl StoredCardBody {
    /// `stored`, as of now.
    pub fn of(turn: &Turn<'_>, stored: &StoredCard) -> Self {
        let bin = turn.world.scenario.bins.find(stored.pan.digits());
        let bank = bin.and_then(|bin| bin.bank.as_ref());
        Self {
            bin_number: bin
                .map_or_else(|| stored.pan.bin(), |bin| &bin.prefix)
                .to_owned(),
            last_four_digits: stored.pan.last_four().to_owned(),
            card_user_key: stored.keys.user.clone(),
            card_token: stored.keys.token.clone(),
            card_holder_name: stored.holder.clone(),
            card_alias: stored.alias.clone(),
            card: bin.map(CardFacts::of).unwrap_or_default(),
            card_bank_name: bank.map(|bank| bank.name.to_string()),
            card_bank_id: bank.and_then(|bank| bank.code),
            expire_year: format!("{:04}", stored.expiry.year),
            expire_month: format!("{:02}", stored.expiry.month),
            is_commercial: bin.is_some_and(|bin| bin.commercial),
            card_expiry_status: code(stored.expiry.status(turn.world.now())),
            created_at: write::Date(stored.created_at),
        }
    }
}

/// contract: craftgate §10 CardExpiryStatus
const fn code(status: ExpiryStatus) -> &'static str {
    match status {
        ExpiryStatus::Expired => "EXPIRED",
        ExpiryStatus::NextMonth => "WILL_EXPIRE_NEXT_MONTH",
        ExpiryStatus::Good => "NOT_EXPIRED",
    }
}

const STATUSES: &[(&str, ExpiryStatus)] = &[
    (code(ExpiryStatus::Expired), ExpiryStatus::Expired),
    (code(ExpiryStatus::NextMonth), ExpiryStatus::NextMonth),
    (code(ExpiryStatus::Good), ExpiryStatus::Good),
];

/// Both keys of a card, required.
fn keys(fields: &mut Fields<'_>, user: &str, token: &str) -> StoredKeys {
    StoredKeys {
        user: fields.need_text(user).into(),
        token: fields.need_text(token).into(),
    }
}

fn store(turn: &mut Turn<'_>) -> Answer {
    let new = body::read(turn, |fields| card::open(turn, fields))?;
    let new = new.ok_or(Code::FieldMissing)?;
    let stored = card::keep(turn, new);
    write::data(&StoredCardBody::of(turn, &stored))
}

fn update(turn: &mut Turn<'_>) -> Answer {
    let (keys, expiry, alias) = body::read(turn, |fields| {
        let keys = keys(fields, "cardUserKey", "cardToken");
        (keys, card::expiry(turn, fields), fields.text("cardAlias"))
    })?;
    let expiry = expiry.ok_or(Code::FieldMissing)?;
    let found = turn.world.state.stored_cards.find_mut(&turn.caller, &keys);
    let stored = found.ok_or(Code::StoredCardNotFound)?;
    stored.expiry = expiry;
    stored.alias = alias.map(Into::into).or_else(|| stored.alias.take());
    let stored = stored.clone();
    write::data(&StoredCardBody::of(turn, &stored))
}

fn delete(turn: &mut Turn<'_>) -> Answer {
    let keys = body::read(turn, |fields| keys(fields, "cardUserKey", "cardToken"))?;
    let gone = turn.world.state.stored_cards.remove(&turn.caller, &keys);
    gone.ok_or(Code::StoredCardNotFound)?;
    write::nothing()
}

/// The same card for another merchant; merchants are numbered from 1, in the scenario's order.
fn clone(turn: &mut Turn<'_>) -> Answer {
    let (keys, target, user) = body::read(turn, |fields| {
        let keys = keys(fields, "sourceCardUserKey", "sourceCardToken");
        let target = fields.need_id("targetMerchantId");
        (keys, target, fields.text("targetCardUserKey"))
    })?;
    let source = turn.world.state.stored_cards.find(&turn.caller, &keys);
    let source = source.ok_or(Code::StoredCardNotFound)?.clone();
    let target = turn.world.scenario.merchants.numbered(target);
    let merchant = target.ok_or(Code::MerchantNotFound)?.api_key.clone();
    let new = NewCard {
        merchant,
        user: user.map(Into::into),
        pan: source.pan,
        holder: source.holder,
        alias: source.alias,
        expiry: source.expiry,
    };
    let stored = card::keep(turn, new);
    write::data(&StoredCardBody::of(turn, &stored))
}

/// What is looked for; what is not given fits all.
struct Filter {
    /// the text of the card, and what it must be
    texts: Vec<(Field, String)>,
    kind: Option<CardKind>,
    association: Option<Association>,
    status: Option<ExpiryStatus>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

/// A stored card, and what is known of it by its number.
type Known<'a> = (&'a StoredCard, Option<&'a Bin>);
type Field = for<'a> fn(Known<'a>) -> Option<&'a str>;

/// Filters that compare a text.
const TEXTS: &[(&str, Field)] = &[
    ("cardAlias", |(stored, _)| stored.alias.as_deref()),
    ("cardBrand", |(_, bin)| bin?.program.as_deref()),
    ("cardUserKey", |(stored, _)| Some(&stored.keys.user)),
    ("cardToken", |(stored, _)| Some(&stored.keys.token)),
    ("cardBankName", |(_, bin)| Some(&*bin?.bank.as_ref()?.name)),
];

impl Filter {
    fn read(fields: &mut Fields<'_>) -> Self {
        let kinds: Vec<_> = CardKind::ALL
            .iter()
            .map(|kind| (kind.code(), *kind))
            .collect();
        let networks = Association::ALL.iter();
        let networks: Vec<_> = networks.map(|known| (known.code(), *known)).collect();
        let text = |(name, field): &(&str, Field)| Some((*field, fields.text(name)?.into()));
        Self {
            texts: TEXTS.iter().filter_map(text).collect(),
            kind: fields.word("cardType", &kinds),
            association: fields.word("cardAssociation", &networks),
            status: fields.word("cardExpiryStatus", STATUSES),
            from: fields.date("minCreatedDate"),
            to: fields.date("maxCreatedDate"),
        }
    }

    fn fits(&self, (stored, bin): Known<'_>, now: Timestamp) -> bool {
        let mut texts = self.texts.iter();
        let (kind, network) = (
            bin.and_then(|bin| bin.kind),
            bin.and_then(|bin| bin.association),
        );
        texts.all(|(field, want)| field((stored, bin)) == Some(want))
            && self.kind.is_none_or(|wanted| kind == Some(wanted))
            && self
                .association
                .is_none_or(|wanted| network == Some(wanted))
            && self
                .status
                .is_none_or(|wanted| stored.expiry.status(now) == wanted)
            && self.from.is_none_or(|from| from <= stored.created_at)
            && self.to.is_none_or(|to| stored.created_at <= to)
    }
}

/// The merchant's cards, newest first. Only those of the page are written.
fn search(turn: &mut Turn<'_>) -> Answer {
    let usual = turn.world.scenario.settings.craftgate.page_size;
    let (filter, page) = query::read(turn, |fields| {
        (Filter::read(fields), Page::read(fields, usual))
    })?;
    let all = turn.world.state.stored_cards.of(&turn.caller).rev();
    let (bins, now) = (&turn.world.scenario.bins, turn.world.now());
    let fits = |stored: &&StoredCard| filter.fits((stored, bins.find(stored.pan.digits())), now);
    let (found, total) = page.cut(all.filter(fits));
    let items: Vec<_> = found
        .into_iter()
        .map(|stored| StoredCardBody::of(turn, stored))
        .collect();
    write::paged(&items, page, total)
}

/// Providers from whom cards can have been brought along, as the vendor's clients name them.
const PROVIDERS: &[(&str, ())] = &[
    ("IYZICO", ()),
    ("IPARA", ()),
    ("BIRLESIK_ODEME", ()),
    ("MEX", ()),
];

/// Cards that another provider stored and the merchant brought along: in a sandbox there are none.
fn provider_mappings(turn: &mut Turn<'_>) -> Answer {
    query::read(turn, |fields| {
        fields.word("cardProvider", PROVIDERS);
    })?;
    let none: Vec<StoredCardBody> = Vec::new();
    write::list(&none)
}
