//! Of what a merchant is told without asking, and when: enqueued in the step that changes the payment.
//! contract: craftgate §8, §5.3

use crate::domain::hosted::{Hosted, Purpose};
use crate::domain::merchant::ThreeDsModel;
use crate::domain::payment::{Payment, PaymentId, Status};
use crate::domain::refund::Refund;
use crate::domain::webhook::{Event, NamedBy, Notice};
use crate::route::Turn;
use crate::surface::craftgate::{body, callback, is_page};

/// The bank has been asked for the money of `payment`.
pub fn charged(turn: &mut Turn<'_>, payment: &Payment) {
    let moved = has_moved(payment);
    if !is_told(payment) {
        return;
    }
    if payment.particulars.page.is_some() {
        return on_page(turn, payment, moved);
    }
    // Of 3DPay, which charges on the way back from the bank, one event tells both: see `verified`.
    let at_once = callback::owner(turn, payment).three_ds_model == ThreeDsModel::ThreeDPay;
    if moved && !(payment.three_d && at_once) {
        of_payment(turn, payment, (Event::Charged, true));
    }
}

/// 3-D Secure of the payment with that number has ended, and with 3DPay the bank was asked at once.
pub fn verified(turn: &mut Turn<'_>, id: PaymentId, success: bool) {
    let Some(payment) = turn.world.state.payments.get(&id).cloned() else {
        return;
    };
    if !is_told(&payment) {
        return;
    }
    match (
        payment.particulars.page.is_some(),
        callback::owner(turn, &payment).three_ds_model,
    ) {
        (true, _) if success => {} // the bank is asked next
        (true, _) => on_page(turn, &payment, false),
        (false, ThreeDsModel::ThreeD) => of_payment(turn, &payment, (Event::Verified, success)),
        (false, ThreeDsModel::ThreeDPay) => {
            let moved = has_moved(&payment);
            of_payment(turn, &payment, (Event::VerifiedAndCharged, moved));
        }
    }
}

/// 3-D Secure could not begin: only who waits for a hosted page is told, all others have the answer.
pub fn not_begun(turn: &mut Turn<'_>, payment: &Payment) {
    if payment.particulars.page.is_some() && is_told(payment) {
        on_page(turn, payment, false);
    }
}

/// Money was given back.
pub fn refunded(turn: &mut Turn<'_>, payment: &Payment, refund: &Refund) {
    let event = match refund.item {
        Some(_) => Event::ItemRefunded,
        None => Event::Refunded,
    };
    let merchant = callback::owner(turn, payment);
    let url = merchant
        .webhook_url
        .clone()
        .map(|url| (url, NamedBy::Settings));
    tell(
        turn,
        (&merchant.api_key, url),
        (event, refund.id.to_string(), true),
    );
}

/// The merchant's call names something: what waited until it asks by itself is due.
pub fn asked_about(turn: &mut Turn<'_>) {
    if is_page(turn.endpoint) || turn.world.state.webhooks.next_due().is_none() {
        return;
    }
    let now = turn.world.now();
    let posted = body::peek(turn.call, |fields| fields.id("paymentId")).flatten();
    let named = turn.params.iter().map(|(_, value)| value.clone());
    let posted = posted.map(|id: u64| id.to_string());
    for subject in named.chain(posted).collect::<Vec<_>>() {
        turn.world.state.webhooks.asked_about(&subject, now);
    }
}

/// What only checks a card is told to nobody: no event is documented for it. A payment that names no
/// merchant is a commerce platform's, which would hear of it itself.
fn is_told(payment: &Payment) -> bool {
    !payment.particulars.checks_card && payment.particulars.merchant.is_some()
}

fn has_moved(payment: &Payment) -> bool {
    match payment.status() {
        Status::Authorized | Status::Captured | Status::Voided => true,
        Status::Created
        | Status::AwaitingThreeDs
        | Status::Authenticated(_)
        | Status::Failed(_) => false,
    }
}

fn of_payment(turn: &mut Turn<'_>, payment: &Payment, (event, success): (Event, bool)) {
    let merchant = callback::owner(turn, payment);
    let url = merchant
        .webhook_url
        .clone()
        .map(|url| (url, NamedBy::Settings));
    let subject = payment.id.to_string();
    tell(turn, (&merchant.api_key, url), (event, subject, success));
}

/// Somebody has paid on a hosted page, or could not. Of a price that several payments share only its
/// end is told.
fn on_page(turn: &mut Turn<'_>, payment: &Payment, success: bool) {
    let token = payment.particulars.page.clone().unwrap_or_default();
    let page = turn.world.state.hosted.get(&*token).cloned();
    // Whoever has tried again since waits for that.
    let Some(page) = page.filter(|page| page.last() == Some(payment.id)) else {
        return;
    };
    let event = match page.purpose {
        Purpose::Payment => Event::PaidOnPage,
        Purpose::Parts if page.is_settled() => Event::PaidInParts,
        Purpose::Parts | Purpose::ChargedCard | Purpose::Card => return,
    };
    of_page(turn, (token.into(), &page), (event, success));
}

fn of_page(turn: &mut Turn<'_>, (token, page): (String, &Hosted), (event, success): (Event, bool)) {
    let merchants = &turn.world.scenario.merchants;
    let known = merchants.find(&page.merchant);
    let usual = known.and_then(|merchant| merchant.webhook_url.clone());
    let usual = usual.map(|url| (url, NamedBy::Settings));
    tell(
        turn,
        (&page.merchant, usual),
        (event, token.clone(), success),
    );
    let own = page.webhook_url.clone().map(|url| (url, NamedBy::Call));
    tell(
        turn,
        (&page.merchant, own),
        (Event::PageDone, token, success),
    );
}

/// Enqueued as the rules have it; without an address there is nothing to enqueue.
fn tell(
    turn: &mut Turn<'_>,
    (merchant, url): (&str, Option<(String, NamedBy)>),
    (event, subject, success): (Event, String, bool),
) {
    let settings = &turn.world.scenario.settings.webhooks;
    let Some((url, named_by)) = url.filter(|_| settings.enabled) else {
        return;
    };
    let usual = settings.first_attempt;
    let notice = Notice {
        merchant: merchant.to_owned(),
        url,
        named_by,
        event,
        subject,
        success,
        at: turn.world.now(),
    };
    let plan = turn.verdict.webhook.unwrap_or_default();
    turn.world.state.webhooks.add(&notice, plan, usual);
}
