//! Pages that a browser opens take what is to happen from a query parameter, and hand it on to the pages behind
//! them: a browser sends no headers of a test's own.

use crate::call::Call;
use form_urlencoded::Serializer;

/// The parameter.
pub const PARAMETER: &str = "mockpos-then";

const BANK: &[&str] = &["bank.page.show", "bank.page.submit"];
const PAY: &[&str] = &[
    "craftgate.page.checkout_pay",
    "bank.page.show",
    "bank.page.submit",
];

/// Where is decided what may be said of the page of this endpoint; nowhere: it takes no such parameter.
pub fn decided_behind(endpoint: &str) -> &'static [&'static str] {
    match endpoint {
        "bank.page.show" | "bank.page.submit" | "bank.acs.open" => BANK,
        "craftgate.page.checkout" | "craftgate.page.checkout_pay" => PAY,
        _ => &[],
    }
}

/// The address of a page behind the one that is called, with the call's parameter.
pub fn handed_on(call: &Call, address: String) -> String {
    let Some(text) = call.query(PARAMETER) else {
        return address;
    };
    let joint = if address.contains('?') { '&' } else { '?' };
    let mut query = Serializer::new(String::new());
    query.append_pair(PARAMETER, text);
    format!("{address}{joint}{}", query.finish())
}
