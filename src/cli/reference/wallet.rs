//! The page in `docs/` about the wallets and cards of the default scenario.

use super::markdown::{MADE, cell};
use crate::domain::decision::ThreeDs;
use crate::domain::pan::Pan;
use crate::domain::published::test_card;
use crate::domain::wallet::{Card, Persona};
use crate::scenario::Scenario;
use crate::scenario::words::spelled;
use crate::surface;
use crate::surface::otp_codes::{CODES, Meaning};
use std::fmt::Write;

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
    holders.sort_unstable_by_key(|holder| &holder.msisdn);
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
    for (password, meaning) in CODES {
        let (place, what) = match meaning {
            Meaning::Fault(fault) => ("wallet, bank", spelled(*fault).replace('_', " ")),
            Meaning::Ends(how) => ("bank", ending(*how)),
        };
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

fn ending(how: ThreeDs) -> String {
    let outcome = spelled(how.outcome).replace('_', " ");
    format!("3-D Secure: {outcome}, mdStatus {}", how.md_status)
}

/// A published test number; of any other no more than may be shown.
fn number(pan: &Pan) -> String {
    match test_card(pan.digits()) {
        Some(known) => known.pan.to_owned(),
        None => pan.to_string(),
    }
}
