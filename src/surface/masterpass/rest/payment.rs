//! Purchases, in the browser: with a saved card, a typed one, and a typed one that is kept.
//! contract: masterpass §1.2, §3.3

use super::account::ASKING;
use super::caller;
use super::envelope::{Stand, Urls, asking};
use super::said::{MOST_TEXT, MOST_USER, Said};
use crate::domain::money::Money;
use crate::domain::wallet::{Card, TransactionKind};
use crate::refusal::Refusal;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::surface::masterpass::wallet::{self, Caller, Wanted};
use http::Method;
use schemars::JsonSchema;
use serde::Serialize;

/// The rows.
pub const ENDPOINTS: &[Endpoint] = &[
    row(
        ("/payment/api/Payment/request", "masterpass.payment.request"),
        |turn| purchase(turn, TransactionKind::Saved),
    ),
    row(
        (
            "/payment/api/DirectPayment/request",
            "masterpass.payment.direct",
        ),
        |turn| purchase(turn, TransactionKind::Direct),
    ),
    row(
        (
            "/payment/api/RegisterAndPurchase",
            "masterpass.payment.register",
        ),
        |turn| purchase(turn, TransactionKind::Registering),
    ),
];

const fn row(known: (&'static str, &'static str), handle: fn(&mut Turn<'_>) -> Answer) -> Endpoint {
    Endpoint::of(Method::POST, known, (Evidence::Observed, ASKING), handle).told(asking::<Paid>)
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Paid {
    token: Option<String>,
    retrieval_reference_number: String,
    masked_number: String,
    terminal_group_id: Option<String>,
    #[serde(flatten)]
    urls: Urls,
    response_code: &'static str,
    description: &'static str,
}

/// What every purchase says besides its card.
struct Order {
    account_key: String,
    order_no: String,
    amount: Money,
    installment: u32,
    terminal_group: Option<String>,
}

impl Order {
    fn read(turn: &Turn<'_>, said: &mut Said<'_>) -> Self {
        caller::check_order(turn, said, "orderNo");
        said.text("merchantUserId", MOST_USER);
        Self {
            account_key: said.account_key(),
            order_no: said.need("orderNo", MOST_TEXT),
            amount: said.need_amount("amount"),
            installment: said.installments(),
            terminal_group: said.text("terminalGroupId", MOST_TEXT),
        }
    }
}

fn purchase(turn: &mut Turn<'_>, kind: TransactionKind) -> Answer {
    let mut said = Said::read(turn.call)?;
    let order = Order::read(turn, &mut said);
    let (caller, card) = match kind {
        TransactionKind::Saved => saved(turn, said, &order)?,
        TransactionKind::Direct => typed(turn, said, (&order, false))?,
        TransactionKind::Registering => typed(turn, said, (&order, true))?,
    };
    let masked_number = card.pan.to_string();
    let wanted = Wanted {
        kind,
        order_no: order.order_no,
        amount: order.amount,
        installment: order.installment,
        card,
    };
    let next = wallet::purchase(turn, &caller, wanted, false)?;
    let stand = Stand::of(turn, &next);
    let paid = Paid {
        token: stand.token.clone(),
        retrieval_reference_number: stand.reference.clone(),
        masked_number,
        terminal_group_id: order.terminal_group,
        urls: stand.urls.clone(),
        response_code: stand.response_code,
        description: stand.description,
    };
    Ok(stand.say(turn, &paid))
}

fn saved(turn: &Turn<'_>, mut said: Said<'_>, order: &Order) -> Result<(Caller, Card), Refusal> {
    let alias = said.alias("cardAlias");
    let caller = caller::paying(turn, &said, &order.account_key);
    said.check()?;
    let caller = caller?;
    let card = wallet::saved(turn, &caller, &alias)?;
    Ok((caller, card))
}

fn typed(
    turn: &Turn<'_>,
    mut said: Said<'_>,
    (order, kept): (&Order, bool),
) -> Result<(Caller, Card), Refusal> {
    let alias = if kept {
        said.alias("cardAlias")
    } else {
        String::new()
    };
    let card = said.card(turn);
    let caller = caller::paying(turn, &said, &order.account_key);
    said.check()?;
    let card = wallet::typed(turn, (card.number, &card.name), (&alias, &card.expiry))?;
    Ok((caller?, card))
}
