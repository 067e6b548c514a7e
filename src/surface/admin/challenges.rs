//! 3-D Secure challenges at the bank's page: read them, end one. What comes of it is what comes of
//! the page.

use super::bodies::Failed;
use super::challenge_body::{ChallengeBody, word};
use super::{NOTHING, error};
use crate::call::Call;
use crate::call::form::Form;
use crate::domain::challenge::Challenge;
use crate::domain::decision::{OtpFault, ThreeDs, ThreeDsOutcome};
use crate::reply::Reply;
use crate::route::{Answer, Endpoint, Evidence, Turn};
use crate::scenario::suggest::nearest;
use crate::scenario::words::Words;
use crate::surface::browser_url::is_browser_url;
use crate::surface::otp_codes::{self, Entered};
use crate::surface::three_ds;
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

const ALL: &str = "/__mockpos/challenges";
const ONE: &str = "/__mockpos/challenges/{id}";
const LIMIT: usize = 100;

const fn row(
    method: Method,
    path: (&'static str, &'static str),
    handle: fn(&mut Turn<'_>) -> Answer,
) -> Endpoint {
    Endpoint::of(method, path, (Evidence::Documented, NOTHING), handle)
}

/// The challenges.
pub const ENDPOINTS: &[Endpoint] = &[
    row(Method::GET, (ALL, "admin.challenges.list"), list).told(|spec| {
        spec.query(&[
            ("status", Form::words(["open", "ended"])),
            ("order_no", Form::Text),
            ("limit", Form::Whole),
        ]);
        spec.json::<Challenges<'_>>(200);
    }),
    row(Method::GET, (ONE, "admin.challenge.read"), read)
        .told(|spec| spec.json::<ChallengeBody<'_>>(200)),
    row(Method::POST, (ONE, "admin.challenge.end"), end).told(|spec| {
        let words = ThreeDsOutcome::WORDS.iter().map(|(word, _)| *word);
        spec.body(&[
            ("outcome", Form::words(words)),
            ("md_status", Form::Whole),
            ("otp", Form::Text),
            ("return_url", Form::Text),
        ]);
        spec.json::<ChallengeBody<'_>>(200);
    }),
];

#[derive(Serialize, JsonSchema)]
struct Challenges<'a> {
    challenges: Vec<ChallengeBody<'a>>,
}

/// What is wrong, and what to do.
type Wrong = (StatusCode, String, String);

/// Which challenges are asked for; all by default.
#[derive(Debug)]
struct Filter<'a> {
    open: Option<bool>,
    order_no: Option<&'a str>,
    limit: usize,
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call) -> Result<Self, Wrong> {
        let mut filter = Self {
            open: None,
            order_no: None,
            limit: LIMIT,
        };
        for (key, value) in &call.query {
            let wrong =
                |text: String, hint: &str| Err((StatusCode::BAD_REQUEST, text, hint.to_owned()));
            match (key.as_str(), value.as_str()) {
                ("status", "open") => filter.open = Some(true),
                ("status", "ended") => filter.open = Some(false),
                ("status", other) => {
                    return wrong(format!("`{other}` is no status"), "it is `open` or `ended`");
                }
                ("order_no", order_no) => filter.order_no = Some(order_no),
                ("limit", number) => match number.parse() {
                    Ok(limit) => filter.limit = limit,
                    Err(_) => {
                        let text = format!("`limit` is not a number: `{number}`");
                        return wrong(text, "give it in digits");
                    }
                },
                (other, _) => {
                    let text = format!("`{other}` is no filter of the challenges");
                    return wrong(text, "the filters are `status`, `order_no` and `limit`");
                }
            }
        }
        Ok(filter)
    }

    fn fits(&self, challenge: &Challenge) -> bool {
        let open = challenge.ended().is_none();
        self.open.is_none_or(|wanted| wanted == open)
            && self
                .order_no
                .is_none_or(|no| no == challenge.asked.order_no)
    }
}

fn refused((status, text, hint): Wrong) -> Reply {
    error(status, &text, &hint)
}

/// The newest, oldest of them first.
fn list(turn: &mut Turn<'_>) -> Answer {
    let filter = match Filter::of(turn.call) {
        Ok(filter) => filter,
        Err(wrong) => return Ok(refused(wrong)),
    };
    let now = turn.world.now();
    let all = turn.world.state.challenges.iter();
    let overdue = |it: &&Challenge| it.ended().is_none() && !it.is_open(now);
    let overdue = all.map(|(_, it)| it).filter(overdue);
    let overdue: Vec<String> = overdue.map(|it| it.id.clone()).collect();
    for id in overdue {
        three_ds::lapse(turn.world, &id);
    }
    let all = turn.world.state.challenges.iter().rev().map(|(_, it)| it);
    let newest = all.filter(|it| filter.fits(it)).take(filter.limit);
    let mut challenges: Vec<_> = newest.map(|it| ChallengeBody::of(turn, it)).collect();
    challenges.reverse();
    Ok(Reply::json(StatusCode::OK, &Challenges { challenges }))
}

/// The challenge that the path names; one that is overdue is over.
fn named<'t>(turn: &'t mut Turn<'_>) -> Result<&'t Challenge, Wrong> {
    let id = turn.param("id").to_owned();
    three_ds::lapse(turn.world, &id);
    let found = turn.world.state.challenges.get(&id);
    found.ok_or_else(|| {
        let hint = "`GET /__mockpos/challenges` lists those of this sandbox".to_owned();
        let text = format!("there is no challenge `{id}`");
        (StatusCode::NOT_FOUND, text, hint)
    })
}

fn read(turn: &mut Turn<'_>) -> Answer {
    let id = match named(turn) {
        Ok(challenge) => challenge.id.clone(),
        Err(wrong) => return Ok(refused(wrong)),
    };
    Ok(told(turn, &id))
}

fn told(turn: &Turn<'_>, id: &str) -> Reply {
    let challenge = turn.world.state.challenges.get(id);
    let body = challenge.map(|it| ChallengeBody::of(turn, it));
    Reply::json(StatusCode::OK, &body)
}

/// What is to be done to a challenge.
#[derive(Debug)]
struct Order {
    by: By,
    return_url: Option<String>,
}

#[derive(Debug)]
enum By {
    Outcome(ThreeDs),
    Otp(String),
}

fn unprocessable<T>(text: String, hint: impl Into<String>) -> Result<T, Wrong> {
    Err((StatusCode::UNPROCESSABLE_ENTITY, text, hint.into()))
}

impl Order {
    const KEYS: [&'static str; 4] = ["outcome", "md_status", "otp", "return_url"];

    fn read(call: &Call) -> Result<Self, Wrong> {
        const FORM: &str = "send `{\"outcome\": \"succeeds\"}` or `{\"otp\": \"123456\"}`";
        let fields: Map<String, Value> = serde_json::from_slice(&call.body).map_err(|_| {
            let text = "the body is no JSON object".to_owned();
            (StatusCode::BAD_REQUEST, text, FORM.to_owned())
        })?;
        let unknown = |key: &&String| !Self::KEYS.contains(&key.as_str());
        if let Some(key) = fields.keys().find(unknown) {
            let hint = match nearest(key, &Self::KEYS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known: `{}`", Self::KEYS.join("`, `")),
            };
            return unprocessable(format!("there is no key `{key}`"), hint);
        }
        let md_status = fields.get("md_status");
        let by = match (fields.get("outcome"), fields.get("otp")) {
            (Some(word), None) => By::Outcome(outcome(word, md_status)?),
            (None, Some(_)) if md_status.is_some() => {
                let text = "`md_status` needs `outcome`".to_owned();
                return unprocessable(text, "a code of the table carries its own mdStatus");
            }
            (None, Some(Value::String(code))) if !code.trim().is_empty() => By::Otp(code.clone()),
            (None, Some(_)) => {
                let text = "`otp` is no text".to_owned();
                return unprocessable(text, "put it in quotes: `\"123456\"`");
            }
            (Some(_), Some(_)) => {
                let text = "`outcome` and `otp` contradict each other".to_owned();
                return unprocessable(text, FORM);
            }
            (None, None) => {
                let text = "neither `outcome` nor `otp` is given".to_owned();
                return unprocessable(text, FORM);
            }
        };
        let return_url = match fields.get("return_url") {
            None | Some(Value::Null) => None,
            Some(Value::String(url)) if is_browser_url(url) => Some(url.clone()),
            Some(other) => {
                let text = format!("`return_url` is no address for a browser: {other}");
                return unprocessable(text, "give a whole http or https address, without a user");
            }
        };
        Ok(Self { by, return_url })
    }
}

/// An end by its word, with the mdStatus given, or its usual one.
fn outcome(word: &Value, md_status: Option<&Value>) -> Result<ThreeDs, Wrong> {
    let words: Vec<&str> = ThreeDsOutcome::WORDS
        .iter()
        .map(|(word, _)| *word)
        .collect();
    let list = || format!("known: `{}`", words.join("`, `"));
    let Some(text) = word.as_str() else {
        return unprocessable(format!("`outcome` is no text: {word}"), list());
    };
    let known = ThreeDsOutcome::WORDS.iter().find(|(word, _)| *word == text);
    let Some((_, outcome)) = known else {
        let near = nearest(text, &words).map(|near| format!("did you mean `{near}`?"));
        let hint = near.unwrap_or_else(list);
        return unprocessable(format!("unknown outcome `{text}`"), hint);
    };
    let Some(given) = md_status else {
        return Ok(outcome.usual());
    };
    let md_status = given.as_u64().and_then(|number| u8::try_from(number).ok());
    if let Some(md_status) = md_status.filter(|it| outcome.takes(*it)) {
        return Ok(ThreeDs {
            outcome: *outcome,
            md_status,
        });
    }
    let fitting: Vec<_> = (0..=8).filter(|it| outcome.takes(*it)).collect();
    let hint = match fitting.is_empty() {
        true => "nobody sees an mdStatus then: leave it out".to_owned(),
        false => format!("`{text}` has one of {fitting:?}"),
    };
    unprocessable(format!("md_status {given} contradicts `{text}`"), hint)
}

/// Ends the challenge, as its holder would: by an outcome, or by a code.
fn end(turn: &mut Turn<'_>) -> Answer {
    let order = Order::read(turn.call);
    let (order, id) = match order.and_then(|order| Ok((ready(turn, &order)?, order))) {
        Ok((id, order)) => (order, id),
        Err(wrong) => return Ok(refused(wrong)),
    };
    match order.by {
        By::Outcome(how) => turn.world.end_challenge(&id, how)?,
        By::Otp(code) => {
            let (entered, _) = otp_codes::enter(turn.world, &id, &code, None)?;
            if let Entered::Refused { fault, tries_left } = entered {
                return Ok(not_taken(fault, tries_left));
            }
        }
    }
    let challenge = turn.world.state.challenges.get_mut(&id);
    if let (Some(challenge), Some(url)) = (challenge, order.return_url) {
        challenge.lead_to(url);
    }
    Ok(told(turn, &id))
}

/// The id of an open challenge, whose return address nobody has given yet, or this very one.
fn ready(turn: &mut Turn<'_>, order: &Order) -> Result<String, Wrong> {
    let challenge = named(turn)?;
    if let Some(ended) = challenge.ended() {
        let text = format!("this challenge is over: `{}`", word(ended.how.outcome));
        let hint = "a challenge ends once; `GET` it to see what the browser brings back";
        return Err((StatusCode::CONFLICT, text, hint.to_owned()));
    }
    let other = |known: &String| order.return_url.as_ref().is_some_and(|url| url != known);
    if challenge.asked.return_url.as_ref().is_some_and(other) {
        let text = "the return address was given before".to_owned();
        let hint = "leave `return_url` out: it is in the challenge".to_owned();
        return Err((StatusCode::CONFLICT, text, hint));
    }
    Ok(challenge.id.clone())
}

fn not_taken(fault: OtpFault, tries_left: u8) -> Reply {
    let (text, hint) = match fault {
        OtpFault::Wrong | OtpFault::TooManyTries => (
            "the code is wrong",
            "the right one is `code` under `[otp]` of the scenario, `123456` by default",
        ),
        OtpFault::Expired => (
            "the code has expired",
            "ask for a new one on the page, or send an `outcome`",
        ),
    };
    let body = Failed {
        error: text,
        hint,
        tries_left: Some(tries_left),
    };
    Reply::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
}
