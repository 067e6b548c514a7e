//! What a rule decides: the keys of `then`, and what contradicts what.

use crate::domain::decision::{
    Ask, Authorization, Decline, OtpFault, Point, ThreeDs, ThreeDsOutcome, TokenFault, WalletFault,
};
use crate::domain::wallet::AccountStatus;
use crate::scenario::callback::CallbackRow;
use crate::scenario::cards::terms;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::effects::{Effects, Kinds};
use crate::scenario::error::ErrorRow;
use crate::scenario::mistake::Mistake;
use crate::scenario::offers::LoyaltyRow;
use crate::scenario::patch::{Edit, PatchRow, headers};
use crate::scenario::problem::{Place, Report, tick};
use crate::scenario::read::{At, Map, table};
use crate::scenario::values::{Code, Int, Name, Rate, Slug, text_value};
use crate::scenario::webhooks::WebhookRow;

text_value!(
    AccountStatus,
    "7 to 16 digits `0` and `1`, with zeros from the eighth on",
    AccountStatus::parse
);

table! {
    /// What is decided, in the words of the payments field, or by the vendor's exact code.
    struct Then {
        /// the bank says yes
        approve: Option<At<bool>> = "approve = true",
        /// the bank says no, for this reason
        decline: Option<At<Decline>> = r#"decline = "insufficient_funds""#,
        /// the vendor's own result code, word for word
        response_code: Option<At<Code>> = r#"response_code = "1409""#,
        /// what is shown with `response_code`
        description: Option<At<Name>> = r#"description = "İşlem reddedildi""#,
        /// how 3-D Secure ends
        three_ds: Option<At<ThreeDsOutcome>> = r#"three_ds = "fails""#,
        /// the number that the merchant sees with `three_ds`
        md_status: Option<At<Int<0, 8>>> = "md_status = 0",
        /// what the browser brings back to the merchant after 3-D Secure
        callback: Option<At<CallbackRow>> = r#"callback = { hash = "forged" }"#,
        /// how the wallet says an account stands, in the vendor's own sixteen digits, of which seven will do
        account_status: Option<At<AccountStatus>> = r#"account_status = "0111001""#,
        /// the wallet refuses what it is asked
        wallet: Option<At<WalletFault>> = r#"wallet = "not_linked""#,
        /// what the wallet asks for before it goes on, in this order; `[]`: nothing
        asks: Option<At<Vec<Ask>>> = r#"asks = ["wallet_otp", "bank_otp"]"#,
        /// what becomes of a one-time password, whatever it is
        otp: Option<At<OtpFault>> = r#"otp = "expired""#,
        /// what becomes of what the merchant is told by itself
        webhook: Option<At<WebhookRow>> = r#"webhook = { send = "held" }"#,
        /// in how many parts the card may pay, as `counts` of `[[installments]]`; `{}`: in one
        installments: Option<At<Map<Rate>>> = r#"installments = { 2 = "0", 6 = "5.00" }"#,
        /// which rewards the card has; `[]`: none
        loyalties: Option<At<Vec<At<LoyaltyRow>>>> = r#"loyalties = [{ kind = "reward_money", card = "12.35" }]"#,
        /// a token is not issued, or not redeemed
        token: Option<At<TokenFault>> = r#"token = "expired""#,
        /// the call is refused: a field of a page, or by the vendor's exact code
        error: Option<At<ErrorRow>> = r#"error = { code = "4155" }"#,
        /// what is changed in the JSON of the answer, in order; at any endpoint
        patch: Option<At<Vec<At<PatchRow>>>> = r#"patch = [{ set = "exception", null = true }]"#,
        /// the state that the sandbox is in from the next call on, for `when.state`; at any endpoint
        set_state: Option<At<Slug>> = r#"set_state = "bank-down""#,
        /// headers of the answer; an empty text takes one away; at any endpoint
        headers: Option<At<Map<At<String>>>> = r#"headers = { retry-after = "30" }"#,
    }
}

impl Then {
    /// What it says; None when it contradicts itself, and the report says how.
    pub fn effects(self, place: Place, report: &mut Report) -> Option<Effects> {
        let before = report.count();
        self.contradictions(place, report);
        let Self {
            approve,
            decline,
            response_code,
            description,
            three_ds,
            md_status,
            callback,
            account_status,
            wallet,
            asks,
            otp,
            webhook,
            installments,
            loyalties,
            token,
            error,
            patch,
            set_state,
            headers: sent,
        } = self;
        let code = response_code.map(|code| Authorization::ResponseCode {
            code: code.value.0,
            description: description.map(|text| text.value.0),
        });
        let approved = approve.map(|_| Authorization::Approved);
        let declined = decline.map(|reason| Authorization::Declined(reason.value));
        let effects = Effects {
            token: token.map(|fault| fault.value),
            error: error.and_then(|error| error.compile(report)),
            three_ds: three_ds.map(|end| ends(&end, md_status.as_ref())),
            account_status: account_status.map(|status| status.value),
            wallet: wallet.map(|fault| fault.value),
            asks: asks.and_then(|asks| in_order(&asks, report)),
            otp: otp.map(|fault| fault.value),
            callback: callback.and_then(|row| row.value.compile(row.place, report)),
            webhook: webhook.and_then(|row| row.value.compile(row.place, report)),
            installments: installments.map(|all| terms(all.value, Map::default(), report)),
            loyalties: loyalties.map(|all| {
                let all = all.value.into_iter();
                all.filter_map(|row| row.compile(report)).collect()
            }),
            authorization: approved.or(declined).or(code),
            asked: Kinds::default(),
            patch: edits(patch, report),
            headers: sent.map_or_else(Vec::new, |rows| headers(rows, report)),
            state_at: set_state.as_ref().map_or(place, |state| state.place),
            set_state: set_state.map(|state| state.value.0.into()),
            wire: None,
        };
        (report.count() == before).then_some(effects)
    }

    fn contradictions(&self, place: Place, report: &mut Report) {
        if let Some(approve) = &self.approve
            && !approve.value
        {
            let found = report.say(
                Mistake::Contradiction,
                approve.place,
                "`approve = false` says no reason",
            );
            found.hint("write `decline = \"declined\"`, or another reason");
        }
        let answers = [
            ("approve", self.approve.as_ref().map(|v| v.place)),
            ("decline", self.decline.as_ref().map(|v| v.place)),
            (
                "response_code",
                self.response_code.as_ref().map(|v| v.place),
            ),
        ];
        let mut given = answers.iter().filter_map(|(n, place)| Some((n, (*place)?)));
        if let (Some((one, _)), Some((other, place))) = (given.next(), given.next()) {
            report.say(
                Mistake::Contradiction,
                place,
                format!("`{other}` contradicts `{one}`"),
            );
        }
        if let (Some(text), None) = (&self.description, &self.response_code) {
            report.say(
                Mistake::NeedsAnother,
                text.place,
                "`description` needs `response_code`",
            );
        }
        self.passwords(report);
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
        let decides = self.token.is_some() || self.error.is_some() || self.three_ds.is_some();
        let decides = decides || self.callback.is_some() || self.account_status.is_some();
        let decides = decides || self.webhook.is_some();
        let decides = decides || self.installments.is_some() || self.loyalties.is_some();
        let decides = decides || self.wallet.is_some() || self.asks.is_some() || self.otp.is_some();
        let decides = decides || self.patch.is_some() || self.headers.is_some();
        let decides = decides || self.set_state.is_some();
        let nothing = self.description.is_none() && self.md_status.is_none() && !decides;
        if nothing && answers.iter().all(|(_, place)| place.is_none()) {
            report.say(Mistake::SaysNothing, place, "`then` says nothing");
        }
    }

    /// A password is judged only where one is asked for.
    fn passwords(&self, report: &mut Report) {
        let asks = self.asks.as_ref().map(|asks| &asks.value);
        let asked = asks.is_none_or(|asks| asks.iter().any(|ask| ask.leads_to_otp()));
        if let Some(otp) = self.otp.as_ref().filter(|_| !asked) {
            let why = "`otp` contradicts `asks`, which asks for no password";
            let found = report.say(Mistake::Contradiction, otp.place, why);
            found.hint(
                "`asks = [\"bank_otp\"]` asks for one; the bank's page of `three_ds` does too",
            );
        }
    }

    /// What it decides: at which point, by which key, and where that stands.
    pub fn decided(&self) -> Vec<(Point, &'static str, Place)> {
        fn place<T>(value: Option<&At<T>>) -> Option<Place> {
            value.map(|value| value.place)
        }
        let all = [
            (Point::Token, "token", place(self.token.as_ref())),
            (Point::Page, "error", place(self.error.as_ref())),
            (Point::ThreeDs, "three_ds", place(self.three_ds.as_ref())),
            (Point::Callback, "callback", place(self.callback.as_ref())),
            (
                Point::Account,
                "account_status",
                place(self.account_status.as_ref()),
            ),
            (Point::Wallet, "wallet", place(self.wallet.as_ref())),
            (Point::Asks, "asks", place(self.asks.as_ref())),
            (Point::Otp, "otp", place(self.otp.as_ref())),
            (Point::Webhook, "webhook", place(self.webhook.as_ref())),
            (
                Point::Installments,
                "installments",
                place(self.installments.as_ref()),
            ),
            (Point::Loyalty, "loyalties", place(self.loyalties.as_ref())),
            (
                Point::Authorization,
                "approve",
                place(self.approve.as_ref()),
            ),
            (
                Point::Authorization,
                "decline",
                place(self.decline.as_ref()),
            ),
            (
                Point::Authorization,
                "response_code",
                place(self.response_code.as_ref()),
            ),
        ];
        let given = all.into_iter();
        let given = given.filter_map(|(point, key, place)| Some((point, key, place?)));
        given.collect()
    }

    /// Says which of its keys are never decided at the endpoints that the rule names.
    pub fn check(&self, rows: &[&CatalogRow], all: &[CatalogRow], report: &mut Report) {
        let here = rows.iter().map(|row| Kinds::all(row.points));
        let here = here.fold(Kinds::default(), Kinds::and);
        let mut answered = false;
        for (point, key, place) in self.decided() {
            let answer = point == Point::Authorization;
            let aside = answer && !here.both(Kinds::ASIDES).is_empty();
            // Two answers of the bank contradict each other, which is told elsewhere.
            let again = answer && std::mem::replace(&mut answered, true);
            if here.has(point) || aside || again {
                continue;
            }
            let message = format!("`{key}` is never decided at the endpoints of this rule");
            let found = report.say(Mistake::NeverDecided, place, message);
            let decides = |row: &&CatalogRow| row.points.contains(&point);
            let mut names: Vec<String> = all.iter().filter(decides).map(named).collect();
            names.dedup();
            names.truncate(3);
            if !names.is_empty() {
                found.hint(format!("it is decided at {}", names.join(", ")));
            }
        }
        self.check_codes(rows, report);
    }

    /// Says which codes none of these endpoints' vendors lists.
    fn check_codes(&self, rows: &[&CatalogRow], report: &mut Report) {
        let of_error = self.error.as_ref();
        let of_error = of_error.and_then(|error| error.value.code.as_ref());
        let answers = Kinds::of(Point::Authorization).and(Kinds::ASIDES);
        for (code, by) in [
            (self.response_code.as_ref(), answers),
            (of_error, Kinds::of(Point::Page)),
        ] {
            let Some(code) = code else { continue };
            let said = |row: &&&CatalogRow| !Kinds::all(row.points).both(by).is_empty();
            let mut said = rows.iter().filter(said).peekable();
            // Where it is never said, that is told already.
            let unlisted = said.peek().is_some() && !said.any(|row| (row.lists)(&code.value.0));
            if unlisted {
                warn_unlisted(code, report);
            }
        }
    }
}

fn named(row: &CatalogRow) -> String {
    match row.page {
        Some(page) => format!("`{}` (page `{page}`)", row.name),
        None => format!("`{}`", row.name),
    }
}

/// The end that a rule or a card's row names, with the mdStatus given, or its usual one.
pub(crate) fn ends(end: &At<ThreeDsOutcome>, md_status: Option<&At<Int<0, 8>>>) -> ThreeDs {
    let usual = end.value.usual();
    ThreeDs {
        md_status: md_status.map_or(usual.md_status, |n| n.value.narrow()),
        ..usual
    }
}

fn edits(patch: Option<At<Vec<At<PatchRow>>>>, report: &mut Report) -> Vec<Edit> {
    let rows = patch.map_or_else(Vec::new, |rows| {
        if rows.value.is_empty() {
            report.say(
                Mistake::SaysNothing,
                rows.place,
                "an empty `patch` changes nothing",
            );
        }
        rows.value
    });
    let all = rows.into_iter().filter_map(|row| row.compile(report));
    all.collect()
}

/// The bank's page is the last thing to be asked for: it leads away from the wallet.
pub(crate) fn in_order(asks: &At<Vec<Ask>>, report: &mut Report) -> Option<Vec<Ask>> {
    let away = asks.value.iter().rev().skip(1);
    if away.into_iter().any(|ask| *ask == Ask::ThreeDs) {
        let found = report.say(
            Mistake::Contradiction,
            asks.place,
            "nothing can be asked for after `three_ds`",
        );
        found.hint("write `three_ds` at the end of the list, once");
        return None;
    }
    Some(asks.value.clone())
}

/// Says so when no vendor's public list has the code.
pub(crate) fn listed(code: &At<Code>, report: &mut Report) {
    if !report
        .catalog
        .rows
        .iter()
        .any(|row| (row.lists)(&code.value.0))
    {
        warn_unlisted(code, report);
    }
}

fn warn_unlisted(code: &At<Code>, report: &mut Report) {
    let listing = |row: &&CatalogRow| (row.lists)(&code.value.0);
    let elsewhere = report.catalog.rows.iter().rfind(listing).map(|row| {
        let surface = row.name.split('.').next();
        surface.unwrap_or_default().to_owned()
    });
    let token = tick(&code.value.0);
    let (why, hint) = match elsewhere {
        Some(surface) => (
            format!("the public lists for the endpoints of this rule do not have the code {token}"),
            format!("those for `{surface}.*` have it; it is answered all the same, word for word"),
        ),
        None => (
            format!("no public list has the code {token}"),
            "it is answered all the same, word for word".to_owned(),
        ),
    };
    report
        .warn(Mistake::UnlistedCode, code.place, why)
        .hint(hint);
}

/// contract: craftgate §3.8
pub(crate) fn check_md_status(status: &At<Int<0, 8>>, end: ThreeDsOutcome, report: &mut Report) {
    let hint = match end {
        ThreeDsOutcome::Succeeds => "`succeeds` has 1",
        ThreeDsOutcome::Half => "`half` has 2, 3 or 4",
        ThreeDsOutcome::Fails | ThreeDsOutcome::Cancelled | ThreeDsOutcome::TimesOut => {
            "this end has 0, 5, 6, 7 or 8"
        }
        ThreeDsOutcome::TechnicalError => "`technical_error` has 5, 6, 7 or 8",
        ThreeDsOutcome::NeverReturns => "nobody sees an mdStatus",
        ThreeDsOutcome::BadHash | ThreeDsOutcome::WrongOrderNo | ThreeDsOutcome::WrongAmount => {
            "the holder was authenticated: it is 1"
        }
    };
    if !end.takes(status.value.narrow()) {
        let message = format!("md_status {} contradicts `three_ds`", status.value.0);
        report
            .say(Mistake::Contradiction, status.place, message)
            .hint(hint);
    }
}
