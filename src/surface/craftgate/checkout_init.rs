//! What a shop says of a hosted page: what is paid there, and how. contract: craftgate §5.3

use crate::call::json::Value;
use crate::domain::hosted::{Hosted, OwnTerms, Ways};
use crate::domain::money::{Amount, Currency};
use crate::domain::particulars::{Particulars, Provider, Source};
use crate::domain::payment::{NewPayment, Phase};
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};
use crate::surface::craftgate::errors::Code;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::new_payment::{GROUPS, PHASES, lines};
use crate::surface::craftgate::write::{Date, data};
use crate::surface::craftgate::{body, ignored, text};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a shop may keep a page open, in minutes: a year.
const LONGEST_TTL: u32 = 365 * 24 * 60;

/// The page that the body asks for. `in_parts`: for a payment of which clients say the price alone.
pub fn read(turn: &Turn<'_>, in_parts: bool) -> Result<Hosted, Refusal> {
    let settings = &turn.world.scenario.settings.craftgate;
    let now = turn.world.now();
    body::read(turn, |fields| {
        let mut draft = draft(fields, in_parts);
        draft.particulars.merchant = Some(turn.caller.as_str().into());
        draft.particulars.bank_rate = settings.bank_commission_rate;
        let ways = ways(fields, draft.paid.currency());
        let callback_url = fields.need_url("callbackUrl");
        let back_url = fields.url("returnBackUrl");
        let leaves_frame = fields.is("useTopRedirection");
        let webhook_url = fields.url("merchantWebhookUrl");
        let ttl = lifetime(fields).unwrap_or(settings.checkout_lifetime);
        let mut hosted = Hosted::new(draft, ways, callback_url, now.plus(ttl));
        (hosted.back_url, hosted.leaves_frame) = (back_url, leaves_frame);
        hosted.webhook_url = webhook_url;
        hosted
    })
}

/// `ttl` is in minutes.
pub fn lifetime(fields: &mut Fields<'_>) -> Option<Duration> {
    let minutes = fields.count("ttl")?;
    match minutes {
        0 => fields.fail("ttl", Code::NotPositive),
        1..=LONGEST_TTL => {}
        _ => fields.fail("ttl", Code::FieldMalformed),
    }
    Some(Duration::from_secs(u64::from(minutes) * 60))
}

fn draft(fields: &mut Fields<'_>, in_parts: bool) -> NewPayment {
    fields.ignore(ignored::PAYMENT);
    fields.ignore(ignored::PAGE);
    let currency = fields.need_currency("currency");
    let price = fields.need_amount("price", currency);
    let paid = if in_parts && !fields.has("paidPrice") {
        price.clone()
    } else {
        fields.need_amount("paidPrice", currency)
    };
    let lines = lines(fields, &price);
    let particulars = Particulars {
        conversation_id: fields.reference("conversationId"),
        external_id: fields.reference("externalId").map(Into::into),
        channel: fields.text("paymentChannel").map(Into::into),
        group: fields.word("paymentGroup", GROUPS).unwrap_or_default(),
        source: Source::CheckoutForm,
        provider: Provider::Bank,
        buyer: fields.id("buyerMemberId"),
        price: Some(price.clone()),
        paid: Some(paid.clone()),
        ..Particulars::default()
    };
    let prices = lines.iter().filter_map(|line| line.price.as_ref());
    NewPayment {
        order_no: fields.text("orderId").unwrap_or_default(),
        paid: paid.money(),
        phase: fields.word("paymentPhase", PHASES).unwrap_or(Phase::Sale),
        items: prices.map(Amount::money).collect(),
        ..NewPayment::carrying(
            price.money(),
            Particulars {
                lines,
                ..particulars
            },
        )
    }
}

fn ways(fields: &mut Fields<'_>, currency: Currency) -> Ways {
    let methods = methods(fields);
    let enabled = |method: &str| methods.is_empty() || methods.iter().any(|m| m == method);
    let phone = fields.text("masterpassGsmNumber");
    if let Some(phone) = &phone
        && !(text::is_msisdn(phone) && phone.starts_with("90"))
    {
        fields.fail("masterpassGsmNumber", Code::MsisdnInvalid);
    }
    let (user, stored_only) = (
        fields.text("cardUserKey"),
        fields.is("allowOnlyStoredCards"),
    );
    let store = fields.is("alwaysStoreCardAfterPayment");
    if stored_only && user.is_none() {
        fields.fail("cardUserKey", Code::FieldMissing);
    }
    if stored_only && store {
        fields.fail("alwaysStoreCardAfterPayment", Code::FieldMalformed);
    }
    Ways {
        card: enabled("CARD"),
        wallet: phone.filter(|_| enabled("MASTERPASS")).map(Into::into),
        counts: counts(fields),
        terms: terms(fields, currency),
        credit_only: fields.is("allowOnlyCreditCard"),
        parts_for_companies_only: fields.is("allowInstallmentOnlyCommercialCards"),
        three_ds: fields.is("forceThreeDS"),
        three_ds_unless_credit: fields.is("forceAuthForNonCreditCards"),
        user: user.map(Into::into),
        may_delete: fields.is("allowDeleteStoredCard"),
        stored_only,
        store,
    }
}

fn counts(fields: &mut Fields<'_>) -> Vec<u32> {
    let ids = fields.ids("enabledInstallments");
    let counts: Vec<u32> = ids
        .iter()
        .filter_map(|id| u32::try_from(*id).ok())
        .collect();
    if counts.len() != ids.len() || counts.contains(&0) {
        fields.fail("enabledInstallments", Code::FieldMalformed);
    }
    counts
}

/// How many ways to pay or card families a form may name.
const MOST_NAMES: usize = 100;

fn is_short(name: &str) -> bool {
    text::is_within(name, text::MOST_REFERENCE)
}

/// Names of ways to pay; those that are not shown here are accepted.
fn methods(fields: &mut Fields<'_>) -> Vec<String> {
    const NAME: &str = "enabledPaymentMethods";
    let Some(value) = fields.json(NAME) else {
        return Vec::new();
    };
    let text = |value: Value<'_>| value.text().map(Cow::into_owned);
    let names = value.items().and_then(|all| all.map(text).collect());
    let names = names.filter(|all: &Vec<String>| {
        all.len() <= MOST_NAMES && all.iter().all(|name| is_short(name))
    });
    names.unwrap_or_else(|| {
        fields.fail(NAME, Code::FieldMalformed);
        Vec::new()
    })
}

/// The shop's own totals: for some card families, and for any.
fn terms(fields: &mut Fields<'_>, currency: Currency) -> Vec<OwnTerms> {
    let mut all = Vec::new();
    let families = fields.json("cardBrandInstallments");
    let families = families.and_then(Value::members).into_iter().flatten();
    let mut families: BTreeSet<_> = families.map(|(name, _)| name.into_owned()).collect();
    if fields.describes().is_some() {
        families.insert("*".to_owned());
    }
    if families.len() > MOST_NAMES || !families.iter().all(|name| is_short(name)) {
        fields.fail("cardBrandInstallments", Code::FieldMalformed);
        return all;
    }
    fields.object("cardBrandInstallments", |inner| {
        for family in &families {
            all.extend(own_terms(inner, family, (Some(family), currency)));
        }
    });
    all.extend(own_terms(fields, "customInstallments", (None, currency)));
    all
}

fn own_terms(
    fields: &mut Fields<'_>,
    name: &str,
    (program, currency): (Option<&String>, Currency),
) -> Vec<OwnTerms> {
    fields.list(name, |row| OwnTerms {
        program: program.cloned(),
        count: row.need_count("number"),
        total: row.need_amount("totalPrice", currency),
    })
}

/// Where a page is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    token: String,
    page_url: String,
    token_expire_date: Date,
}

/// Puts the page up, and says where it is.
pub fn open(turn: &mut Turn<'_>, mut hosted: Hosted) -> Answer {
    let token = turn.world.ids.uuid().to_string();
    hosted.id = turn.world.ids.page();
    let opened = Opened {
        page_url: format!("{}/pay?token={token}", turn.call.base()),
        token_expire_date: Date(hosted.expires_at),
        token: token.clone(),
    };
    turn.world.state.hosted.put(token, hosted);
    data(&opened)
}

/// The caller's page with the token in the path, of the kind that is asked for.
pub fn own<'t>(turn: &'t Turn<'_>, fits: fn(&Hosted) -> bool) -> Result<&'t Hosted, Refusal> {
    let found = turn.world.state.hosted.get(turn.param("token"));
    let own = |page: &&Hosted| page.merchant == turn.caller && fits(page);
    found
        .filter(own)
        .ok_or_else(|| Code::CheckoutTokenUnknown.into())
}
