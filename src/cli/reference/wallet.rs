//! The page in `docs/` about the wallets and cards of the default scenario.

use super::markdown::{MADE, cell};
use crate::domain::pan::Pan;
use crate::domain::published::test_card;
use crate::domain::wallet::{Card, Persona};
use crate::scenario::Scenario;
use crate::scenario::words::spelled;
use crate::surface;
use std::fmt::Write;

/// What one-time passwords mean, besides the right one of `[otp]`. This table is joined with the one of
/// the bank's page when that is there.
const PASSWORDS: &[(&str, &str, &str)] = &[
    ("000001", "wallet, bank", "wrong"),
    ("000002", "wallet, bank", "expired"),
    ("000003", "wallet, bank", "too many tries"),
    ("111100", "bank", "3-D Secure fails, mdStatus 0"),
    ("111102", "bank", "half authenticated, mdStatus 2"),
    ("111103", "bank", "half authenticated, mdStatus 3"),
    ("111104", "bank", "half authenticated, mdStatus 4"),
    ("111105", "bank", "technical error, mdStatus 5"),
    ("111106", "bank", "technical error, mdStatus 6"),
    ("111107", "bank", "technical error, mdStatus 7"),
    ("111108", "bank", "technical error, mdStatus 8"),
    ("111117", "bank", "the holder cancels"),
    ("111118", "bank", "nobody answers in time"),
    ("111119", "bank", "the browser never comes back"),
    (
        "111121",
        "bank",
        "the browser comes back with a broken hash",
    ),
    (
        "111122",
        "bank",
        "the browser comes back with another order number",
    ),
    (
        "111123",
        "bank",
        "the browser comes back with another amount",
    ),
];

/// Holders, cards and passwords.
pub(super) fn page() -> String {
    let scenario = Scenario::builtin(&surface::catalog());
    let mut page = format!(
        "{MADE}# Wallets and cards of the default scenario\n\nTheir tables stand in `scenarios/default-wallet.toml`; `[[holder]]` and \
         `[[card]]` of a scenario of your own\nreplace them.\n\n## Holders\n\n`accountStatus` is what any merchant sees.\n\n\
         | msisdn | accountStatus | what it is |\n|---|---|---|\n"
    );
    let merchant = &scenario.merchants.first().api_key;
    let mut holders: Vec<_> = scenario.wallet.holders.values().collect();
    holders.sort_by_key(|holder| &holder.msisdn);
    for holder in &holders {
        let (msisdn, status) = (&holder.msisdn, holder.status(merchant));
        let _ = writeln!(page, "| {msisdn} | `{status}` | {} |", cell(&holder.about));
    }
    page.push_str("\n## Cards that may be typed\n\nA card is found by its number where that can be read, else by the name on it.\n\n");
    page.push_str(
        "| name on the card | number | what is asked | what happens |\n|---|---|---|---|\n",
    );
    for card in &scenario.wallet.cards {
        row(&mut page, (&card.name, &card.pan), &card.persona);
    }
    page.push_str("\n## Saved cards\n\n| holder | alias | number | what is asked | what happens |\n|---|---|---|---|---|\n");
    for holder in &holders {
        for card in &holder.cards {
            let Card {
                alias,
                pan,
                persona,
                ..
            } = card;
            let _ = write!(page, "| {} ", holder.msisdn);
            row(&mut page, (alias, pan), persona);
        }
    }
    page.push_str(
        "\n## One-time passwords\n\n| password | where | what it does |\n|---|---|---|\n",
    );
    let right = &scenario.settings.otp.code;
    let _ = writeln!(page, "| `{right}` | wallet, bank | right |");
    for (password, place, what) in PASSWORDS {
        let _ = writeln!(page, "| `{password}` | {place} | {what} |");
    }
    page
}

fn row(page: &mut String, (name, pan): (&str, &Pan), persona: &Persona) {
    let asks = match &persona.asks {
        None => "what the token says".to_owned(),
        Some(asks) if asks.is_empty() => "nothing".to_owned(),
        Some(asks) => {
            let asks: Vec<_> = asks.iter().map(|ask| spelled(*ask)).collect();
            asks.join(", ")
        }
    };
    let (name, about) = (cell(name), cell(&persona.about));
    let _ = writeln!(page, "| {name} | {} | {asks} | {about} |", number(pan));
}

/// A published test number; of any other no more than may be shown.
fn number(pan: &Pan) -> String {
    match test_card(pan.digits()) {
        Some(known) => known.pan.to_owned(),
        None => pan.to_string(),
    }
}
