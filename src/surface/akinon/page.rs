//! The few pages that a browser sees when no storefront stands in between. contract: akinon §13

use crate::domain::order::Order;
use crate::reply::{Reply, rendered};
use crate::route::Turn;
use crate::surface::akinon::session;
use askama::Template;
use http::StatusCode;

/// No script, no frame, no form; the one style by its hash.
const POLICY: &str = concat!(
    "default-src 'none'; base-uri 'none'; form-action 'none'; ",
    "style-src 'sha256-52kFEENq86/yFvXR5EjUsS7AayT3FhoXhg6iajt6lac='"
);

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}\
.test{color:#b00;font-weight:bold}dt{color:#666}dd{margin:0 0 .5rem}";

#[derive(Template)]
#[template(path = "akinon/page.html")]
struct Page<'a> {
    language: &'a str,
    title: &'a str,
    style: &'static str,
    facts: Vec<(&'a str, String)>,
}

/// The order, for a browser that was sent here from a bank's page.
pub fn thank_you(turn: &Turn<'_>, order: &Order) -> Reply {
    let turkish = session::turkish(turn.call);
    let (title, names) = match turkish {
        true => (
            "Siparişiniz alındı",
            ["Sipariş numarası", "Tutar", "Ödeme", "E-posta"],
        ),
        false => (
            "Thank you for your order",
            ["Order number", "Amount", "Paid with", "Email"],
        ),
    };
    let amount = order.installment.total;
    let values = [
        order.number.clone(),
        format!("{amount} {}", amount.currency().code()),
        order.payment_option.name.clone(),
        order.email.clone(),
    ];
    let facts = names.into_iter().zip(values).collect();
    show(Page {
        language: if turkish { "tr" } else { "en" },
        title,
        style: STYLE,
        facts,
    })
}

/// What is shown where a real platform has a template of its own.
pub fn plain(title: &str, text: &str) -> Reply {
    show(Page {
        language: "en",
        title,
        style: STYLE,
        facts: vec![("", text.to_owned())],
    })
}

fn show(page: Page<'_>) -> Reply {
    Reply::html(StatusCode::OK, POLICY, rendered(&page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_policy_allows_exactly_this_style() {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
        assert!(
            POLICY.contains(&format!("'sha256-{hash}'")),
            "the style's hash is {hash}"
        );
    }
}
