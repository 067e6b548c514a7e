//! What a rule says: what is decided (`then`), and what happens on the way (`wire`).

use crate::domain::decision::{Authorization, Decline, Point, ThreeDs, ThreeDsOutcome, TokenFault};
use crate::scenario::callback::CallbackRow;
use crate::scenario::catalog::CatalogRow;
use crate::scenario::error::ErrorRow;
use crate::scenario::problem::{Place, Report};
use crate::scenario::read::{At, table};
use crate::scenario::values::{Code, Delay, Int, Name};
use crate::scenario::verdict::{Callback, Moment, ScriptedError, Verdict, Wire, WireFault};
use crate::scenario::words::words;

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
        /// a token is not issued, or not redeemed
        token: Option<At<TokenFault>> = r#"token = "expired""#,
        /// the call is refused: a field of a page, or by the vendor's exact code
        error: Option<At<ErrorRow>> = r#"error = { code = "4155" }"#,
    }
}

table! {
    /// What happens on the way, apart from what is decided.
    struct WireKeys {
        /// answer with this status: of 400 and more in the surface's words for a failure, else empty
        status: Option<At<Int<200, 599>>> = "status = 503",
        /// `reset`: the connection is closed without an answer; `http`: answer with `status`
        fault: Option<At<FaultWord>> = r#"fault = "reset""#,
        /// how long the call is held
        delay: Option<Delay> = r#"delay = "800ms""#,
        /// before or after the change of state
        when: Option<Moment> = r#"when = "after_commit""#,
    }
}

/// The kinds of wire fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultWord {
    Reset,
    Http,
}

words! { FaultWord, "fault":
    "reset" => Reset,
    "http" => Http,
}

words! { Moment, "moment":
    "before_commit" => BeforeCommit,
    "after_commit" => AfterCommit,
}

/// Some of the things that a rule can speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds(u16);

impl Kinds {
    pub const WIRE: Self = Self(1 << 15);

    pub const fn of(point: Point) -> Self {
        match point {
            Point::Token => Self(1),
            Point::Page => Self(2),
            Point::ThreeDs => Self(4),
            Point::Authorization => Self(8),
            Point::ThreeDsInit => Self(16),
            Point::Capture => Self(32),
            Point::Refund => Self(64),
            Point::Callback => Self(128),
        }
    }

    /// What a bank is asked besides to authorise.
    const ASIDES: Self = Self(16 | 32 | 64);

    pub fn all(points: &[Point]) -> Self {
        let kinds = points.iter().map(|point| Self::of(*point));
        kinds.fold(Self::default(), Self::and)
    }

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn has(self, point: Point) -> bool {
        !self.both(Self::of(point)).is_empty()
    }
}

/// What a rule says, ready to be said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effects {
    pub token: Option<TokenFault>,
    pub error: Option<ScriptedError>,
    pub three_ds: Option<ThreeDs>,
    pub callback: Option<Callback>,
    pub authorization: Option<Authorization>,
    /// to what the bank's answer is
    pub asked: Kinds,
    pub wire: Option<Wire>,
}

impl Effects {
    /// What it speaks of at an endpoint that decides `here`. The wire effect of a rule that also
    /// decides something goes with the decision; alone it may strike anywhere.
    pub const fn says(&self, here: Kinds) -> Kinds {
        let decides = self.decides();
        let now = decides.both(here);
        if self.wire.is_some() && (decides.is_empty() || !now.is_empty()) {
            return now.and(Kinds::WIRE);
        }
        now
    }

    const fn decides(&self) -> Kinds {
        let mut kinds = Kinds(0);
        if self.token.is_some() {
            kinds = kinds.and(Kinds::of(Point::Token));
        }
        if self.error.is_some() {
            kinds = kinds.and(Kinds::of(Point::Page));
        }
        if self.three_ds.is_some() {
            kinds = kinds.and(Kinds::of(Point::ThreeDs));
        }
        if self.callback.is_some() {
            kinds = kinds.and(Kinds::of(Point::Callback));
        }
        if self.authorization.is_some() {
            kinds = kinds.and(self.asked);
        }
        kinds
    }

    /// The bank's answer is one to an authorisation, unless the rule names only endpoints that
    /// authorise nothing: then it is one to whatever the bank is asked there. Where every endpoint
    /// that the rule names begins 3-D Secure as well, it is one to that too.
    pub fn aimed_at(mut self, rows: &[&CatalogRow]) -> Self {
        let here = rows.iter().map(|row| Kinds::all(row.points));
        let here = here.fold(Kinds::default(), Kinds::and);
        let begins = |row: &&CatalogRow| row.points.contains(&Point::ThreeDsInit);
        self.asked = if here.has(Point::Authorization) && rows.iter().all(begins) {
            Kinds::of(Point::Authorization).and(Kinds::of(Point::ThreeDsInit))
        } else if here.has(Point::Authorization) {
            Kinds::of(Point::Authorization)
        } else {
            here.both(Kinds::ASIDES)
        };
        self
    }

    /// Says `kinds`, and only those.
    pub fn apply(&self, kinds: Kinds, verdict: &mut Verdict) {
        // No `..`: an effect that is not applied does not compile.
        let Self {
            token,
            error,
            three_ds,
            callback,
            authorization,
            asked,
            wire,
        } = self;
        if kinds.has(Point::Token) {
            verdict.token = *token;
        }
        if kinds.has(Point::Page) {
            verdict.error.clone_from(error);
        }
        if kinds.has(Point::ThreeDs) {
            verdict.three_ds = *three_ds;
        }
        if kinds.has(Point::Callback) {
            verdict.callback.clone_from(callback);
        }
        let asked = kinds.both(*asked);
        if asked.has(Point::ThreeDsInit) {
            verdict.three_ds_init.clone_from(authorization);
        }
        if !asked.without(Kinds::of(Point::ThreeDsInit)).is_empty() {
            verdict.authorization.clone_from(authorization);
        }
        if !kinds.both(Kinds::WIRE).is_empty() {
            verdict.wire = *wire;
        }
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
            token,
            error,
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
            three_ds: three_ds.map(|end| ThreeDs {
                outcome: end.value,
                md_status: md_status.map_or(end.value.md_status(), |n| n.value.narrow()),
            }),
            callback: callback.and_then(|row| row.value.compile(row.place, report)),
            authorization: approved.or(declined).or(code),
            asked: Kinds::default(),
            wire: None,
        };
        (report.count() == before).then_some(effects)
    }

    fn contradictions(&self, place: Place, report: &mut Report) {
        if let Some(approve) = &self.approve
            && !approve.value
        {
            let found = report.say(approve.place, "`approve = false` says no reason");
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
            report.say(place, format!("`{other}` contradicts `{one}`"));
        }
        if let (Some(text), None) = (&self.description, &self.response_code) {
            report.say(text.place, "`description` needs `response_code`");
        }
        match (&self.md_status, &self.three_ds) {
            (Some(status), None) => {
                report.say(status.place, "`md_status` needs `three_ds`");
            }
            (Some(status), Some(end)) => check_md_status(status, end.value, report),
            (None, _) => {}
        }
        let decides = self.token.is_some() || self.error.is_some() || self.three_ds.is_some();
        let decides = decides || self.callback.is_some();
        let nothing = self.description.is_none() && self.md_status.is_none() && !decides;
        if nothing && answers.iter().all(|(_, place)| place.is_none()) {
            report.say(place, "`then` says nothing");
        }
    }

    /// Says which of its keys are never decided at the endpoints that the rule names.
    pub fn check(&self, rows: &[&CatalogRow], all: &[CatalogRow], report: &mut Report) {
        let here = rows.iter().map(|row| Kinds::all(row.points));
        let here = here.fold(Kinds::default(), Kinds::and);
        let answer = self.approve.as_ref().map(|v| ("approve", v.place));
        let answer = answer.or(self.decline.as_ref().map(|v| ("decline", v.place)));
        let answer = answer.or(self
            .response_code
            .as_ref()
            .map(|v| ("response_code", v.place)));
        let said = [
            (
                Point::Token,
                self.token.as_ref().map(|v| ("token", v.place)),
            ),
            (Point::Page, self.error.as_ref().map(|v| ("error", v.place))),
            (
                Point::ThreeDs,
                self.three_ds.as_ref().map(|v| ("three_ds", v.place)),
            ),
            (
                Point::Callback,
                self.callback.as_ref().map(|v| ("callback", v.place)),
            ),
            (Point::Authorization, answer),
        ];
        for (point, key) in said {
            let aside = point == Point::Authorization && !here.both(Kinds::ASIDES).is_empty();
            let Some((key, place)) = key.filter(|_| !here.has(point) && !aside) else {
                continue;
            };
            let message = format!("`{key}` is never decided at the endpoints of this rule");
            let found = report.say(place, message);
            let decides = |row: &&CatalogRow| row.points.contains(&point);
            let names = all.iter().filter(decides).take(3);
            let names: Vec<String> = names.map(named).collect();
            if !names.is_empty() {
                found.hint(format!("it is decided at {}", names.join(", ")));
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

/// contract: craftgate §3.8
fn check_md_status(status: &At<Int<0, 8>>, end: ThreeDsOutcome, report: &mut Report) {
    let (fits, hint) = match end {
        ThreeDsOutcome::Succeeds => (status.value.0 == 1, "`succeeds` has 1"),
        ThreeDsOutcome::Half => ((2..=4).contains(&status.value.0), "`half` has 2, 3 or 4"),
        ThreeDsOutcome::Fails | ThreeDsOutcome::Cancelled | ThreeDsOutcome::TimesOut => (
            matches!(status.value.0, 0 | 5..=8),
            "this end has 0, 5, 6, 7 or 8",
        ),
    };
    if !fits {
        let message = format!("md_status {} contradicts `three_ds`", status.value.0);
        report.say(status.place, message).hint(hint);
    }
}

impl WireKeys {
    /// What happens; None when it contradicts itself, and the report says how.
    pub fn wire(self, place: Place, report: &mut Report) -> Option<Wire> {
        let Self {
            status,
            fault,
            delay,
            when,
        } = self;
        let http = |status: At<Int<200, 599>>| Some(WireFault::Http(status.value.narrow()));
        let fault = match (fault.map(|f| (f.value, f.place)), status) {
            (None, None) => None,
            (None | Some((FaultWord::Http, _)), Some(status)) => http(status),
            (Some((FaultWord::Reset, _)), None) => Some(WireFault::Reset),
            (Some((FaultWord::Reset, _)), Some(status)) => {
                report.say(status.place, "`status` contradicts `fault = \"reset\"`");
                return None;
            }
            (Some((FaultWord::Http, place)), None) => {
                let found = report.say(place, "`fault = \"http\"` needs `status`");
                found.hint("as in `status = 503`");
                return None;
            }
        };
        if fault.is_none() && delay.is_none() {
            let found = report.say(place, "`wire` says nothing");
            found.hint("give `delay`, `status` or `fault`");
            return None;
        }
        Some(Wire {
            moment: when.unwrap_or_default(),
            delay: delay.map(|d| d.0).unwrap_or_default(),
            fault,
        })
    }
}
