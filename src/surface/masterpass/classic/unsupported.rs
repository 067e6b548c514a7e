//! Operations that are known and not mocked: they say so, rather than that there are none.
//! contract: masterpass §2.3, "rarely used"

use crate::domain::decision::{Point, WalletFault};
use crate::refusal::Refusal;
use crate::route::{Answer, Turn};

operations! {
    "QrPaymentVerify" "mfs.qr.verify" (Inferred, POINTS) => unsupported;
    "initiateMoneySend" "mfs.money.send" (Inferred, POINTS) => unsupported;
    "ListAccountByCardOwner" "mfs.owner.list" (Inferred, POINTS) => unsupported;
    "deletecardbycardowner" "mfs.owner.delete" (Inferred, POINTS) => unsupported;
    "digitalLoanUrl" "mfs.loan.url" (Inferred, POINTS) => unsupported;
    "initiateTcknValidation" "mfs.loan.identify" (Inferred, POINTS) => unsupported;
    "completeLoan" "mfs.loan.complete" (Inferred, POINTS) => unsupported;
    "initiateLoanPayment" "mfs.loan.pay" (Inferred, POINTS) => unsupported;
}

const POINTS: &[Point] = &[Point::Page, Point::Token];

fn unsupported(_: &mut Turn<'_>) -> Answer {
    Err(Refusal::Wallet(WalletFault::Unsupported))
}
