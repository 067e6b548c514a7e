//! The scenarios that come with the program, by name.

macro_rules! shipped_file {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../scenarios/", $name, ".toml")),
        )
    };
}

/// The shipped scenarios by name: every file of `scenarios/`.
pub const SHIPPED: &[(&str, &str)] = &[
    shipped_file!("default"),
    shipped_file!("default-wallet"),
    shipped_file!("happy-path"),
    shipped_file!("bank-declines"),
    shipped_file!("bank-ends-by-amount"),
    shipped_file!("three-d-fails"),
    shipped_file!("three-d-abandoned"),
    shipped_file!("half-three-d"),
    shipped_file!("token-service-down"),
    shipped_file!("slow-bank"),
    shipped_file!("expired-token"),
    shipped_file!("first-fails-then-succeeds"),
    shipped_file!("answer-lost"),
    shipped_file!("duplicate-submit"),
    shipped_file!("price-changed"),
    shipped_file!("pos-forces-three-d"),
    shipped_file!("strict-steps"),
    shipped_file!("gateway-answer-lost"),
    shipped_file!("gateway-bank-down"),
    shipped_file!("gateway-bank-down-by-state"),
    shipped_file!("gateway-broken-answers"),
    shipped_file!("gateway-callback-fields"),
    shipped_file!("gateway-capture-fails"),
    shipped_file!("gateway-decline-by-header"),
    shipped_file!("gateway-declines"),
    shipped_file!("gateway-duplicate-submit"),
    shipped_file!("gateway-exact-errors"),
    shipped_file!("gateway-expired-reference"),
    shipped_file!("gateway-first-fails-then-succeeds"),
    shipped_file!("gateway-half-three-d"),
    shipped_file!("gateway-marketplace"),
    shipped_file!("gateway-refund-refused"),
    shipped_file!("gateway-slow"),
    shipped_file!("gateway-slow-then-fine"),
    shipped_file!("gateway-test-cards"),
    shipped_file!("gateway-three-d-fails"),
    shipped_file!("gateway-three-d-init-fails"),
    shipped_file!("gateway-three-d-pay"),
    shipped_file!("gateway-two-merchants"),
    shipped_file!("gateway-webhook-order"),
    shipped_file!("wallet-accounts"),
    shipped_file!("wallet-broken-answers"),
    shipped_file!("wallet-completion"),
    shipped_file!("wallet-cors-refused"),
    shipped_file!("wallet-passwords"),
    shipped_file!("wallet-payments"),
    shipped_file!("wallet-registration"),
    shipped_file!("wallet-success-0000"),
    shipped_file!("wallet-success-empty"),
    shipped_file!("wallet-three-d"),
    shipped_file!("wallet-three-d-classic"),
    shipped_file!("wallet-tokens"),
];

/// A scenario's name and its text.
pub type Text = (String, String);

/// The shipped scenario of that name.
pub fn shipped(name: &str) -> Option<Text> {
    let (name, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
    Some(((*name).to_owned(), (*text).to_owned()))
}
