//! The variables by which a command learns where mockpos is, and with which keys it is called.

use super::Failure;
use crate::config::Config;
use crate::scenario::Scenario;

/// What a variable tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Url,
    ApiKey,
    SecretKey,
    CallbackKey,
    WebhookKey,
    BearerKey,
    AdminToken,
}

/// Their words on the command line.
const WORDS: [(&str, What); 7] = [
    ("url", What::Url),
    ("api-key", What::ApiKey),
    ("secret-key", What::SecretKey),
    ("callback-key", What::CallbackKey),
    ("webhook-key", What::WebhookKey),
    ("bearer-key", What::BearerKey),
    ("admin-token", What::AdminToken),
];

/// What every command is told: in our own words, and in those of the vendors' published samples.
const ALWAYS: [(&str, What); 9] = [
    ("MOCKPOS_URL", What::Url),
    ("MOCKPOS_ADMIN_TOKEN", What::AdminToken),
    ("CRAFTGATE_URL", What::Url),
    ("CRAFTGATE_BASE_URL", What::Url),
    ("CRAFTGATE_API_KEY", What::ApiKey),
    ("CRAFTGATE_SECRET_KEY", What::SecretKey),
    ("CRAFTGATE_CALLBACK_KEY", What::CallbackKey),
    ("CRAFTGATE_WEBHOOK_KEY", What::WebhookKey),
    ("SERVICE_BACKEND_URL", What::Url),
];

/// A variable of the user's choice.
#[derive(Debug)]
pub struct Export {
    name: String,
    what: What,
}

/// Reads `NAME=what`.
pub fn read(texts: &[String]) -> Result<Vec<Export>, Failure> {
    texts.iter().map(|text| one(text)).collect()
}

fn one(text: &str) -> Result<Export, Failure> {
    let wrong = |why: String| {
        let text = text.escape_debug();
        Failure::usage(format!("`--export` cannot be `{text}`\nhint: {why}"))
    };
    let Some((name, word)) = text.split_once('=') else {
        return Err(wrong(
            "expected a name and what it tells, like `POS_URL=url`".to_owned(),
        ));
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if name.is_empty() || !name.bytes().all(plain) || name.as_bytes()[0].is_ascii_digit() {
        return Err(wrong(
            "a variable's name is letters, digits and `_`".to_owned(),
        ));
    }
    let found = WORDS.iter().find(|(known, _)| *known == word);
    let (_, what) = found.ok_or_else(|| {
        let words: Vec<_> = WORDS.iter().map(|(word, _)| format!("`{word}`")).collect();
        wrong(format!("it can tell {}", words.join(", ")))
    })?;
    Ok(Export {
        name: name.to_owned(),
        what: *what,
    })
}

/// What there is to tell.
#[derive(Debug)]
pub struct Told {
    url: String,
    api_key: String,
    secret_key: String,
    callback_key: String,
    webhook_key: String,
    bearer_key: String,
    admin_token: Option<String>,
}

impl Told {
    /// The keys are those of the scenario's first merchant.
    pub fn of(config: &Config, scenario: &Scenario, url: String) -> Self {
        let merchant = scenario.merchants.first();
        Self {
            url: config.public_url.value.clone().unwrap_or(url),
            api_key: merchant.api_key.clone(),
            secret_key: merchant.secret_key.clone(),
            callback_key: merchant.callback_key.clone(),
            webhook_key: merchant.webhook_key.clone(),
            bearer_key: scenario.settings.masterpass.bearer_key.clone(),
            admin_token: config.admin_token.value.clone(),
        }
    }

    /// Every variable with its value; the user's own last, so that they outrank ours.
    pub fn variables(&self, exports: &[Export]) -> Vec<(String, String)> {
        let own = ALWAYS.iter().map(|(name, what)| (*name, *what));
        let more = exports
            .iter()
            .map(|export| (export.name.as_str(), export.what));
        let all = own.chain(more);
        let told = all.filter_map(|(name, what)| Some((name.to_owned(), self.tell(what)?)));
        told.collect()
    }

    fn tell(&self, what: What) -> Option<String> {
        match what {
            What::Url => Some(self.url.clone()),
            What::ApiKey => Some(self.api_key.clone()),
            What::SecretKey => Some(self.secret_key.clone()),
            What::CallbackKey => Some(self.callback_key.clone()),
            What::WebhookKey => Some(self.webhook_key.clone()),
            What::BearerKey => Some(self.bearer_key.clone()),
            What::AdminToken => self.admin_token.clone(),
        }
    }
}
