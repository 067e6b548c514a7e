//! The keys of a scenario file.

use crate::scenario::bank::{BankTable, OtpTable};
use crate::scenario::cards::{BinRow, InstallmentsRow};
use crate::scenario::example::ExampleRow;
use crate::scenario::expectation::{ExpectationRow, VerifyTable};
use crate::scenario::gateway::CraftgateTable;
use crate::scenario::knob::Kind;
use crate::scenario::masterpass::MasterpassTable;
use crate::scenario::merchant::MerchantRow;
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Report, tick};
use crate::scenario::read::{At, Item, Map, Read, Rows, Soft, table};
use crate::scenario::rows::{
    AddressRow, BasketRow, CustomerRow, DeliveryOptionRow, PaymentOptionRow, ProductRow,
    ShippingOptionRow,
};
use crate::scenario::rule::RuleRow;
use crate::scenario::server::ServerTable;
use crate::scenario::settings::{AkinonTable, SettingsTable};
use crate::scenario::values::Name;
use crate::scenario::variables::VariableRow;
use crate::scenario::wallet::{CardRow, HolderRow};
use crate::scenario::webhooks::WebhooksTable;
use toml::de::DeValue;

table! {
    /// A scenario file. Data tables replace those of the built-in scenario; `[[bin]]` is added in
    /// front of what is known already; rules come before those of earlier files.
    struct File {
        /// the version of this language: 1
        version: Option<Soft<Version>> = "version = 1",
        /// one line of what the scenario is for
        description: Option<Soft<String>> = r#"description = "the bank declines""#,
        /// files that this one stands on, in its own directory or below, or shipped scenarios by name: read first, as if
        /// given before it
        extends: Vec<At<Name>> = r#"extends = ["base.toml"]"#,
        /// values that can be set when the file is used, as `--set name=value`; `${name}` in a string stands for it
        variables: Map<VariableRow> = r#"variables = { card = { default = "525864", about = "the card" } }"#,
        /// the keys of the command line; a flag or the environment says them louder
        server: Soft<ServerTable> = "[server]",
        /// switches that concern everything
        settings: Soft<SettingsTable> = "[settings]",
        /// switches of the commerce surface
        akinon: Soft<AkinonTable> = "[akinon]",
        /// switches of the gateway surface
        craftgate: Soft<CraftgateTable> = "[craftgate]",
        /// switches of the card wallet
        masterpass: Soft<MasterpassTable> = "[masterpass]",
        /// one-time passwords, of the wallet and of the bank
        otp: Soft<OtpTable> = "[otp]",
        /// switches of the bank and its 3-D Secure page
        bank: Soft<BankTable> = "[bank]",
        /// what merchants are told without asking
        webhooks: Soft<WebhooksTable> = "[webhooks]",
        /// who may call the gateway; payments of one are hidden from another
        merchant: Option<Rows<MerchantRow>> = "[[merchant]]",
        /// who may log in; the first one is who a fresh session belongs to
        customer: Option<Rows<CustomerRow>> = "[[customer]]",
        /// addresses of the first customer and of guests
        address: Option<Rows<AddressRow>> = "[[address]]",
        /// what is for sale
        product: Option<Rows<ProductRow>> = "[[product]]",
        /// what a fresh basket holds
        basket: Option<Rows<BasketRow>> = "[[basket]]",
        /// ways to receive
        delivery_option: Option<Rows<DeliveryOptionRow>> = "[[delivery_option]]",
        /// ways to ship
        shipping_option: Option<Rows<ShippingOptionRow>> = "[[shipping_option]]",
        /// ways to pay
        payment_option: Option<Rows<PaymentOptionRow>> = "[[payment_option]]",
        /// who has a card wallet
        holder: Option<Rows<HolderRow>> = "[[holder]]",
        /// cards of wallets, and cards that may be typed
        card: Option<Rows<CardRow>> = "[[card]]",
        /// what is known of cards; in front of the published BINs and those of earlier files
        bin: Option<Rows<BinRow>> = "[[bin]]",
        /// in how many parts cards may pay; the first table that fits a card counts
        installments: Option<Rows<InstallmentsRow>> = "[[installments]]",
        /// what is decided and what happens on the way; the first rule that fits counts
        rule: Option<Rows<RuleRow>> = "[[rule]]",
        /// what must have happened when all is over; those of earlier files count too
        expect: Option<Rows<ExpectationRow>> = "[[expect]]",
        /// what else counts when all is verified
        verify: Soft<VerifyTable> = "[verify]",
        /// calls with what they must answer, run in order by `mockpos check`
        example: Option<Rows<ExampleRow>> = "[[example]]",
    }
}

table! {
    /// What is read of a file before all else.
    struct Preface {
        /// files that it stands on
        extends: Vec<At<Name>> = r#"extends = ["base.toml"]"#,
        /// values that can be set
        variables: Map<VariableRow> = r#"variables = { card = { default = "525864" } }"#,
    }
}

/// The version of the language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version;

impl Read for Version {
    const KIND: Kind = Kind::Integer { min: 1, max: 1 };

    fn read(item: Item<'_>, report: &mut Report) -> Option<Self> {
        if matches!(item.value, DeValue::Integer(n) if n.radix() == 10 && n.as_str() == "1") {
            return Some(Self);
        }
        let found = tick(report.text(item.place));
        let problem = report.say(
            Mistake::Version,
            item.place,
            format!("there is no version {found}"),
        );
        problem.hint("this mockpos reads `version = 1`");
        None
    }
}
