//! The page of an open challenge: what a bank shows its customer, and beneath it what testers press.

use super::view::{self, Leads, SCRIPT, STYLE, language_of, tag};
use super::words::{self, Words, label};
use crate::clock::Timestamp;
use crate::domain::challenge::ChallengedCard;
use crate::domain::decision::{OtpFault, ThreeDs, ThreeDsOutcome};
use crate::reply::{Reply, rendered};
use crate::route::Turn;
use crate::scenario::settings::Language;
use crate::scenario::words::Words as _;
use crate::surface::amounts::written;
use crate::surface::otp_codes::{CODES, Meaning};
use askama::Template;
use http::StatusCode;
use std::sync::LazyLock;

/// What the page says of the last thing that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// another code is on its way
    Resent,
    /// no code was typed
    Empty,
    /// not the right one; so many tries are left
    Wrong(u8),
    /// the code's time has passed
    Expired,
    /// no more codes are sent
    NoResend,
    /// there is no such outcome
    NoOutcome,
}

impl Notice {
    const fn is_error(self) -> bool {
        !matches!(self, Self::Resent)
    }

    fn text(self, words: &Words) -> String {
        match self {
            Self::Resent => words.resent.to_owned(),
            Self::Empty => words.empty.to_owned(),
            Self::Wrong(left) => format!("{} {left}", words.wrong),
            Self::Expired => words.expired.to_owned(),
            Self::NoResend => words.no_resend.to_owned(),
            Self::NoOutcome => words.no_outcome.to_owned(),
        }
    }
}

/// A button of the test controls.
struct Button {
    word: &'static str,
    label: &'static str,
    md_status: u8,
}

#[derive(Template)]
#[template(path = "bank/page.html")]
struct Page<'a> {
    lang: &'static str,
    words: &'static Words,
    tr: &'static Words,
    en: &'static Words,
    style: &'static str,
    script: &'static str,
    bank: &'a str,
    merchant: &'a str,
    amount: String,
    parts: Option<u32>,
    card: String,
    order_no: &'a str,
    date: String,
    phone: Option<String>,
    until: String,
    left: i64,
    notice: Option<String>,
    error: Option<String>,
    may_resend: bool,
    right_code: &'a str,
    controls: &'static str,
}

/// What testers press, and the codes they may type.
#[derive(Template)]
#[template(path = "bank/controls.html")]
struct Controls {
    words: &'static Words,
    buttons: Vec<Button>,
    halves: [u8; 3],
    failures: [u8; 4],
    codes: Vec<(&'static str, String)>,
}

/// They are the same on every page of a language: written once.
static CONTROLS: [LazyLock<String>; 2] = [
    LazyLock::new(|| controls(Language::Tr)),
    LazyLock::new(|| controls(Language::En)),
];

/// The page, with what came of the last thing that was pressed.
pub fn page(turn: &Turn<'_>, notice: Option<Notice>) -> Reply {
    let Some(challenge) = turn.world.state.challenges.get(turn.param("id")) else {
        return view::gone(turn);
    };
    let settings = &turn.world.scenario.settings;
    let (language, now) = (language_of(turn), turn.world.now());
    let words = Words::of(language);
    let until = challenge.otp.expires_at.min(challenge.expires_at);
    let notice = notice.or((now >= until).then_some(Notice::Expired));
    let text = |notice: Notice| notice.text(words);
    let page = Page {
        lang: tag(language),
        words,
        tr: &words::TR,
        en: &words::EN,
        style: STYLE,
        script: SCRIPT,
        bank: &settings.bank.name,
        merchant: &challenge.asked.merchant,
        amount: written(challenge.asked.amount, language),
        parts: (challenge.asked.installment > 1).then_some(challenge.asked.installment),
        card: digits(&challenge.asked.card),
        order_no: &challenge.asked.order_no,
        date: date(challenge.created_at, language),
        phone: challenge.asked.msisdn.as_deref().map(masked_phone),
        until: clock(until),
        left: until.seconds() - now.seconds(),
        error: notice.filter(|it| it.is_error()).map(text),
        notice: notice.filter(|it| !it.is_error()).map(text),
        may_resend: challenge.otp.resends_left() > 0,
        right_code: &settings.otp.code,
        controls: &CONTROLS[usize::from(language == Language::En)],
    };
    let status = match page.error {
        Some(_) if turn.call.method == http::Method::POST => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) | None => StatusCode::OK,
    };
    view::show(turn, (status, Leads::Here), rendered(&page))
}

fn controls(language: Language) -> String {
    let controls = Controls {
        words: Words::of(language),
        buttons: buttons(language),
        halves: [2, 3, 4],
        failures: [5, 6, 7, 8],
        codes: codes(language),
    };
    controls.render().unwrap_or_default()
}

fn buttons(language: Language) -> Vec<Button> {
    let outcomes = ThreeDsOutcome::WORDS.iter();
    let button = |(word, outcome): &(&'static str, ThreeDsOutcome)| Button {
        word,
        label: label(*outcome, language),
        md_status: outcome.md_status(),
    };
    outcomes.map(button).collect()
}

/// Every code of the table, and what it does.
fn codes(language: Language) -> Vec<(&'static str, String)> {
    let words = Words::of(language);
    let told = |meaning: Meaning| match meaning {
        Meaning::Fault(OtpFault::Wrong) => words.wrong_code.to_owned(),
        Meaning::Fault(OtpFault::Expired) => words.expired_code.to_owned(),
        Meaning::Fault(OtpFault::TooManyTries) => words.many_codes.to_owned(),
        Meaning::Ends(how) => ended(how, language),
    };
    CODES.iter().map(|(code, it)| (*code, told(*it))).collect()
}

fn ended(how: ThreeDs, language: Language) -> String {
    let label = label(how.outcome, language);
    match how.returns() {
        true => format!("{label} (mdStatus {})", how.md_status),
        false => label.to_owned(),
    }
}

/// `5258 64** **** 0001`: first six and last four, in the groups that are printed on the card.
fn digits(card: &ChallengedCard) -> String {
    let masked = match &card.pan {
        Some(pan) => pan.to_string(),
        None => {
            let bin = card.bin.get(..6).unwrap_or(&card.bin);
            format!("{bin}******{}", card.last_four.as_deref().unwrap_or("****"))
        }
    };
    let amex = masked.len() == 15;
    let ends_group = |at: usize| match amex {
        true => at == 4 || at == 10,
        false => at > 0 && at.is_multiple_of(4),
    };
    let mut grouped = String::with_capacity(masked.len() + 4);
    for (at, c) in masked.chars().enumerate() {
        if ends_group(at) {
            grouped.push(' ');
        }
        grouped.push(c);
    }
    grouped
}

/// `+90 5** *** ** 67`: enough to know one's own phone by.
fn masked_phone(msisdn: &str) -> String {
    let count = msisdn.chars().count();
    let last: String = msisdn.chars().skip(count.saturating_sub(2)).collect();
    match msisdn.get(..3) {
        Some(head) if head.starts_with("90") && count == 12 => {
            format!("+90 {}** *** ** {last}", &head[2..])
        }
        Some(_) | None => format!("*** *** ** {last}"),
    }
}

/// Turkish time, as the country reads it.
fn date(at: Timestamp, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let t = at.turkey();
    let (day, month, year) = (t.day(), usize::from(u8::from(t.month())), t.year());
    let time = format!("{:02}:{:02}", t.hour(), t.minute());
    match language {
        Language::Tr => format!("{day:02}.{month:02}.{year} {time}"),
        Language::En => format!("{day} {} {year}, {time}", MONTHS[(month - 1) % 12]),
    }
}

fn clock(at: Timestamp) -> String {
    let t = at.turkey();
    format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pan::Pan;

    #[test]
    fn cards_and_phones_are_known_by_their_ends() {
        for (pan, bin, last_four, want) in [
            ("5258640000000001", "525864", "0001", "5258 64** **** 0001"),
            ("375623000000006", "375623", "0006", "3756 23**** *0006"),
            ("", "52586400", "0001", "5258 64** **** 0001"),
            ("", "404308", "", "4043 08** **** ****"),
            ("", "4", "", "4*** **** **"),
        ] {
            let card = ChallengedCard {
                bin: bin.to_owned(),
                last_four: Some(last_four.to_owned()).filter(|it| !it.is_empty()),
                pan: Pan::parse(pan),
                stored: false,
                three_ds: None,
            };
            assert!(digits(&card).starts_with(want), "{}", digits(&card));
        }
        assert_eq!(masked_phone("905321234567"), "+90 5** *** ** 67");
        assert_eq!(masked_phone("4915112345"), "*** *** ** 45");
        assert_eq!(masked_phone("5"), "*** *** ** 5");
    }

    #[test]
    fn times_are_turkish() {
        let at = Timestamp::from_micros(1_767_323_045_000_000);
        assert_eq!(date(at, Language::Tr), "02.01.2026 06:04");
        assert_eq!(date(at, Language::En), "2 Jan 2026, 06:04");
        assert_eq!(clock(at), "06:04:05");
    }
}
