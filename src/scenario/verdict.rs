//! What the rules say about one call.

use crate::domain::decision::{Ask, Authorization, OtpFault, ThreeDs, TokenFault, WalletFault};
use crate::domain::installment::Terms;
use crate::domain::particulars::Loyalty;
use crate::domain::published::Operation;
use crate::domain::wallet::{AccountStatus, Card};
use crate::domain::webhook::Plan;
use crate::refusal::{Refusal, VendorError};
use crate::scenario::amounts::MAGIC;
use crate::scenario::effects::Kinds;
use crate::scenario::engine::SceneKept;
use crate::scenario::patch::{Edit, HeaderEdit};
use std::borrow::Cow;
use std::time::Duration;

/// When a wire effect strikes, seen from the change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    /// nothing has happened yet, nor will it when the effect is a fault
    #[default]
    BeforeCommit,
    /// it has happened; the client may never learn of it
    AfterCommit,
}

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    /// the connection is closed without an answer
    Reset,
    /// this status and an empty body instead of the answer
    Http(u16),
    /// 200 with an empty body
    Empty,
    /// the head tells the length of the body, of which half comes
    HalfBody,
    /// bytes that are no HTTP
    Garbage,
    /// 200 with JSON that breaks off
    BadJson,
    /// 500 with a page in HTML
    ErrorPage,
    /// so many bytes a second
    Slow(u32),
    /// the head, and nothing of the body
    Stall,
}

/// What happens on the way, apart from what is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wire {
    /// before or after the change of state
    pub moment: Moment,
    /// how long the call is held
    pub delay: Duration,
    /// what goes wrong, if anything
    pub fault: Option<WireFault>,
}

/// An error in the scenario's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptedError {
    /// a field is refused
    Field {
        /// the field on the wire; empty: the whole form
        field: String,
        /// what to say
        message: String,
    },
    /// a vendor's exact error
    Code(VendorError),
}

impl ScriptedError {
    /// What to refuse with.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Field { field, message } => Refusal::Scripted {
                field: field.clone(),
                message: message.clone(),
            },
            Self::Code(error) => error.clone().into(),
        }
    }
}

/// What the browser brings back to the merchant instead of what is so; None: as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// `SUCCESS` or `FAILURE` of the verification
    pub status: Option<String>,
    /// `WAITING` or `COMPLETED`
    pub complete_status: Option<String>,
    /// the payment
    pub payment_id: Option<String>,
    /// opaque
    pub conversation_data: Option<String>,
    /// the shop's own
    pub conversation_id: Option<String>,
    /// `ALREADY_RETURNED`, or empty
    pub callback_status: Option<String>,
    /// of the second generation only
    pub md_status: Option<String>,
    /// need not fit the fields
    pub hash: Option<String>,
}

/// What the rules say about one call; None where no rule spoke.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// a token is not issued or not redeemed
    pub token: Option<TokenFault>,
    /// the call is refused
    pub error: Option<ScriptedError>,
    /// how 3-D Secure ends
    pub three_ds: Option<ThreeDs>,
    /// what the browser brings back to the merchant
    pub callback: Option<Callback>,
    /// how the wallet says an account stands
    pub account_status: Option<AccountStatus>,
    /// the wallet refuses what it is asked
    pub wallet: Option<WalletFault>,
    /// what the wallet asks for before it goes on
    pub asks: Option<Vec<Ask>>,
    /// what becomes of a one-time password
    pub otp: Option<OtpFault>,
    /// what becomes of what the merchant is told by itself
    pub webhook: Option<Plan>,
    /// in how many parts the card may pay
    pub installments: Option<Vec<Terms>>,
    /// which rewards the card has
    pub loyalties: Option<Vec<Loyalty>>,
    /// what the bank says to 3-D Secure that is to begin
    pub three_ds_init: Option<Authorization>,
    /// what the bank says to anything else that it is asked: to authorise, to capture, to give back
    pub authorization: Option<Authorization>,
    /// what is changed in the JSON of the answer
    pub patch: Vec<Edit>,
    /// what is changed in its headers
    pub headers: Vec<HeaderEdit>,
    /// what happens on the way
    pub wire: Option<Wire>,
    /// what decided where no rule spoke: `test card`, `one-time password`, `amount`
    pub magic: Option<&'static str>,
    /// who spoke: `declines.toml:12`, in the order in which they were asked
    pub decided_by: Vec<String>,
    /// of what each of them spoke
    pub(crate) spoken: Vec<Kinds>,
    /// what the rules saw besides the call, for the journal
    pub scene: SceneKept,
}

/// Who spoke, for what a call's own header says; no file's place is written so.
pub const CALL: &str = "header";
/// The same, of the address of a page.
pub const PAGE: &str = "query";

impl Verdict {
    /// Where no rule says what the bank answers to `operation`, the card does: yes is not worth a word.
    pub fn by_card(&mut self, card: &Card, operation: Operation) {
        let said = card.authorization(operation);
        if self.authorization.is_none() && said != Authorization::Approved {
            self.authorization = Some(said);
            self.magic = Some("test card");
        }
    }

    /// The call was refused so. Who spoke of nothing but what the bank says did not decide that, unless it is the
    /// bank's no, or a challenge's.
    pub fn refused(&mut self, refusal: &Refusal) {
        let by_bank = match refusal {
            Refusal::Declined(_)
            | Refusal::ResponseCode { .. }
            | Refusal::ThreeDsFailed(_)
            | Refusal::Token(_)
            | Refusal::Wallet(_)
            | Refusal::Otp(_) => true,
            Refusal::Unreadable(_)
            | Refusal::Invalid(_)
            | Refusal::NotAuthenticated
            | Refusal::Forbidden(_)
            | Refusal::WrongOrder
            | Refusal::EmptyBasket
            | Refusal::ThreeDsMixUp
            | Refusal::Vendor(_)
            | Refusal::Scripted { .. }
            | Refusal::IllegalState
            | Refusal::Amount
            | Refusal::NotFound(_)
            | Refusal::Full => false,
        };
        if by_bank {
            return;
        }
        self.magic = self.magic.filter(|magic| *magic != MAGIC);
        let mut spoken = std::mem::take(&mut self.spoken).into_iter();
        let more = |kinds: Kinds| !kinds.without(Kinds::AT_BANK).is_empty();
        self.decided_by.retain(|_| spoken.next().is_none_or(more));
    }

    /// For the header `x-mockpos-decided-by` and the journal: the call's own header, the rules, a magic
    /// card, password or amount, or `default`.
    pub fn decided_by(&self) -> Cow<'static, str> {
        if self.decided_by.is_empty() {
            return Cow::Borrowed(self.magic.unwrap_or("default"));
        }
        let who = self.decided_by.iter().map(|place| match place.as_str() {
            CALL | PAGE => place.clone(),
            rule => format!("rule {rule}"),
        });
        let text = who.collect::<Vec<_>>().join(", ");
        match self.magic {
            Some(magic) => format!("{text}, {magic}").into(),
            None => text.into(),
        }
    }
}
