//! Which payments and refunds a report asks for. contract: craftgate §4.4, §4.7

use crate::clock::Timestamp;
use crate::domain::money::{Currency, Money};
use crate::domain::payment::Payment;
use crate::domain::pos;
use crate::domain::refund::Refund;
use crate::scenario::Scenario;
use crate::surface::craftgate::fields::Fields;
use crate::surface::craftgate::payment_body::{bin_number, provider, source, status};
use crate::surface::craftgate::refund_body;
use compact_str::CompactString;

/// From, to, both included; either may be open.
#[derive(Debug, Clone, Copy)]
struct Range {
    least: Option<i64>,
    most: Option<i64>,
}

impl Range {
    fn has(self, value: i64) -> bool {
        self.least.is_none_or(|least| least <= value) && self.most.is_none_or(|most| value <= most)
    }

    /// Amounts, whatever their currency: in thousandths.
    fn of_amounts(fields: &mut Fields<'_>, least: &[&str], most: &[&str]) -> Self {
        // No currency has more decimals than three.
        let mut read = |names: &[&str]| {
            let amounts = names
                .iter()
                .filter_map(|name| fields.amount(name, Currency::KWD));
            amounts.map(|amount| amount.money().minor()).next()
        };
        Self {
            least: read(least),
            most: read(most),
        }
    }

    /// Creation: what is said has whole seconds.
    fn of_dates(fields: &mut Fields<'_>) -> Self {
        Self {
            least: fields.date("minCreatedDate").map(Timestamp::seconds),
            most: fields.date("maxCreatedDate").map(Timestamp::seconds),
        }
    }
}

fn thousandths(money: Money) -> i64 {
    let scale = 10_i64.pow(Currency::KWD.exponent() - money.currency().exponent());
    money.minor().saturating_mul(scale)
}

/// What is not asked for fits.
fn fits<T: PartialEq + ?Sized>(wanted: Option<&T>, value: Option<&T>) -> bool {
    wanted.is_none() || wanted == value
}

fn same_word(wanted: Option<&CompactString>, word: &str) -> bool {
    wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(word))
}

/// The payments that are asked for.
#[derive(Debug)]
pub struct Payments {
    id: Option<u64>,
    transaction: Option<u64>,
    buyer: Option<u64>,
    seller: Option<u64>,
    conversation_id: Option<CompactString>,
    external_id: Option<CompactString>,
    order_id: Option<CompactString>,
    pos: Option<u32>,
    kind: Option<CompactString>,
    provider: Option<CompactString>,
    status: Option<CompactString>,
    source: Option<CompactString>,
    channel: Option<CompactString>,
    bin: Option<CompactString>,
    last_four: Option<CompactString>,
    currency: Option<Currency>,
    paid: Range,
    installment: Option<u32>,
    three_d: Option<bool>,
    created: Range,
}

impl Payments {
    /// Reads the filters of a query; names that nobody knows are ignored.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: fields.id("paymentId"),
            transaction: fields.id("paymentTransactionId"),
            buyer: fields.id("buyerMemberId"),
            seller: fields.id("subMerchantMemberId"),
            conversation_id: fields.text("conversationId"),
            external_id: fields.text("externalId"),
            order_id: fields.text("orderId"),
            pos: fields.count("merchantPosId"),
            kind: fields.text("paymentType"),
            provider: fields.text("paymentProvider"),
            status: fields.text("paymentStatus"),
            source: fields.text("paymentSource"),
            channel: fields.text("paymentChannel"),
            bin: fields.text("binNumber"),
            last_four: fields.text("lastFourDigits"),
            currency: fields.currency("currency"),
            paid: Range::of_amounts(fields, &["minPaidPrice"], &["maxPaidPrice"]),
            installment: fields.count("installment"),
            three_d: fields.flag("isThreeDS"),
            created: Range::of_dates(fields),
        }
    }

    /// Whether `payment` is asked for.
    pub fn has(&self, scenario: &Scenario, payment: &Payment) -> bool {
        self.names(payment)
            && self.words(payment)
            && self.card(scenario, payment)
            && fits(self.currency.as_ref(), Some(&payment.paid().currency()))
            && self.paid.has(thousandths(payment.paid()))
            && self.created.has(payment.created_at.seconds())
    }

    fn names(&self, payment: &Payment) -> bool {
        let p = &payment.particulars;
        let sold = |seller| p.lines.iter().any(|line| line.seller == Some(seller));
        fits(self.id.as_ref(), Some(&payment.id))
            && self
                .transaction
                .is_none_or(|id| payment.position(id).is_some())
            && fits(self.buyer.as_ref(), p.buyer.as_ref())
            && self.seller.is_none_or(sold)
            && fits(
                self.conversation_id.as_deref(),
                p.conversation_id.as_deref(),
            )
            && fits(self.external_id.as_deref(), p.external_id.as_deref())
            && fits(self.order_id.as_deref(), Some(&*payment.order_no))
            && fits(self.channel.as_deref(), p.channel.as_deref())
    }

    fn words(&self, payment: &Payment) -> bool {
        let p = &payment.particulars;
        same_word(self.kind.as_ref(), "CARD_PAYMENT")
            && same_word(self.provider.as_ref(), provider(p.provider))
            && same_word(self.status.as_ref(), status(payment))
            && same_word(self.source.as_ref(), source(p.source))
            && fits(self.installment.as_ref(), Some(&payment.installment))
            && fits(self.three_d.as_ref(), Some(&payment.three_d))
    }

    /// A BIN may be asked for as it is told, or with as many digits as the payment knows.
    fn card(&self, scenario: &Scenario, payment: &Payment) -> bool {
        let p = &payment.particulars;
        let bin = scenario.bins.find(&payment.bin);
        let routed = || pos::route(bin, p.requested_pos.as_deref()).id;
        let of_bin = |wanted: &str| {
            bin_number(bin, payment) == Some(wanted) || payment.bin.starts_with(wanted)
        };
        fits(self.last_four.as_deref(), p.last_four.as_deref())
            && self.bin.as_deref().is_none_or(of_bin)
            && self.pos.is_none_or(|wanted| routed() == wanted)
    }
}

/// The refunds that are asked for, with their payments.
#[derive(Debug)]
pub struct Refunds {
    id: Option<u64>,
    payment: Option<u64>,
    transaction: Option<u64>,
    buyer: Option<u64>,
    conversation_id: Option<CompactString>,
    status: Option<CompactString>,
    currency: Option<Currency>,
    amount: Range,
    created: Range,
    after_settlement: Option<bool>,
}

impl Refunds {
    /// Reads the filters of a query. Documentation and clients name the amounts differently: both
    /// are read.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            id: fields.id("id"),
            payment: fields.id("paymentId"),
            transaction: fields.id("paymentTransactionId"),
            buyer: fields.id("buyerMemberId"),
            conversation_id: fields.text("conversationId"),
            status: fields.text("status"),
            currency: fields.currency("currency"),
            amount: Range::of_amounts(
                fields,
                &["minRefundPrice", "minPaidPrice"],
                &["maxRefundPrice", "maxPaidPrice"],
            ),
            created: Range::of_dates(fields),
            after_settlement: fields.flag("isAfterSettlement"),
        }
    }

    /// Whether `refund` of `payment` is asked for.
    pub fn has(&self, payment: &Payment, refund: &Refund) -> bool {
        let transaction = refund.item.map(|item| payment.transactions + item as u64);
        fits(self.id.as_ref(), Some(&refund.id))
            && fits(self.payment.as_ref(), Some(&payment.id))
            && (refund.item.is_none() || fits(self.transaction.as_ref(), transaction.as_ref()))
            && fits(self.buyer.as_ref(), payment.particulars.buyer.as_ref())
            && fits(
                self.conversation_id.as_deref(),
                refund.wish.conversation_id.as_deref(),
            )
            && same_word(self.status.as_ref(), refund_body::status(refund))
            && fits(self.currency.as_ref(), Some(&refund.amount.currency()))
            && self.amount.has(thousandths(refund.amount))
            && self.created.has(refund.at.seconds())
            && (refund.item.is_none()
                || fits(
                    self.after_settlement.as_ref(),
                    Some(&refund.after_settlement),
                ))
    }
}
