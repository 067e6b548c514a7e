//! From TOML to a scenario: the built-in file first, the given ones on top of it, all problems
//! at once.

use crate::domain::card::BinTable;
use crate::scenario::Scenario;
use crate::scenario::bank::{BankTable, OtpTable};
use crate::scenario::cards::{bins, installments};
use crate::scenario::catalog::Catalog;
use crate::scenario::engine::Index;
use crate::scenario::example::examples;
use crate::scenario::expectation::{Expectation, ExpectationRow, VerifyTable, named_once};
use crate::scenario::file::File;
use crate::scenario::gateway::CraftgateTable;
use crate::scenario::masterpass::MasterpassTable;
use crate::scenario::merchant::{MerchantRow, merchants};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Problems, Report, Source};
use crate::scenario::progress::START;
use crate::scenario::read::{At, Rows, Table};
use crate::scenario::rule::RuleRow;
use crate::scenario::server::ServerTable;
use crate::scenario::settings::{AkinonTable, SettingsTable};
use crate::scenario::shop::Tables;
use crate::scenario::wallet::WalletRows;
use crate::scenario::webhooks::WebhooksTable;
use http::HeaderName;
use toml::de::DeTable;

/// How large a file may be, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// How many rules there may be in all.
pub const MOST_RULES: usize = 20_000;

/// The name of the built-in scenario.
pub const BUILTIN_NAME: &str = "default";
/// Its files: who has a wallet, then the switches and the shop.
const BUILTIN: [(&str, &str); 2] = [
    (
        "default-wallet",
        include_str!("../../scenarios/default-wallet.toml"),
    ),
    (BUILTIN_NAME, include_str!("../../scenarios/default.toml")),
];

impl Scenario {
    /// The built-in scenario.
    pub fn builtin(catalog: &Catalog) -> Self {
        Self::layer(&[], catalog).expect("the built-in scenario compiles")
    }

    /// A scenario from the text of one file, on top of the built-in one. `name` is what it is
    /// called in messages and in `x-mockpos-decided-by`.
    pub fn compile(name: &str, text: &str, catalog: &Catalog) -> Result<Self, Problems> {
        Self::layer(&[(name.to_owned(), text.to_owned())], catalog)
    }

    /// A scenario from several files (name, text), on top of the built-in one. The later file
    /// wins: its rules come first, its tables and keys replace those of the files before it;
    /// `[[bin]]` is added in front. The examples are those of the last file.
    pub fn layer(sources: &[(String, String)], catalog: &Catalog) -> Result<Self, Problems> {
        let source = |name: &str, text: &str| Source {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let builtin = BUILTIN.iter().map(|(name, text)| source(name, text));
        let given = sources.iter().map(|(name, text)| source(name, text));
        let all = builtin.chain(given);
        let mut report = Report::new(all.collect(), catalog);
        let mut layers = Layers::default();
        for file in 0..report.sources.len() {
            report.file = file;
            if let Some(file) = read(&mut report) {
                layers.put(file, &mut report);
            }
        }
        let scenario = layers.scenario(catalog, &mut report);
        report.finish().map(|sources| scenario.named(&sources))
    }

    fn named(mut self, sources: &[Source]) -> Self {
        let files = sources.iter().skip(BUILTIN.len());
        let file = |source: &Source| (source.name.clone(), source.text.clone());
        self.files = files.map(file).collect();
        let given = match sources.get(BUILTIN.len()..) {
            Some(given) if !given.is_empty() => given,
            // Nothing on top of it: it is the built-in one, whose last file says what it is.
            Some(_) | None => &sources[BUILTIN.len() - 1..],
        };
        let names: Vec<&str> = given.iter().map(|source| source.name.as_str()).collect();
        self.name = names.join(" + ");
        self.source = match given {
            [one] => one.text.clone(),
            several => several
                .iter()
                .map(|source| format!("# {}\n{}\n", source.name, source.text))
                .collect(),
        };
        self
    }
}

/// The keys of the source that is being read, as far as they are right.
fn read(report: &mut Report) -> Option<File> {
    let text = report.sources[report.file].text.clone();
    let start = report.place(0..0);
    if text.len() > LARGEST {
        let message = format!("the file is larger than {LARGEST} bytes");
        report.say(Mistake::TooMuch, start, message);
        return None;
    }
    let (document, errors) = DeTable::parse_recoverable(&text);
    let known = report.count();
    for error in &errors {
        let place = report.place(error.span().unwrap_or(0..0));
        report.say(Mistake::Syntax, place, error.message());
    }
    let syntax = report.count();
    report.broken = !errors.is_empty();
    let table = Table::new(document.get_ref(), start, File::KNOBS);
    let file = File::keys(&table, report);
    table.close(report);
    if let Some(first) = report.first_place(known..syntax) {
        report.doubt(syntax, first);
    }
    file.filter(|_| !report.broken)
}

/// What the files read so far say together.
#[derive(Debug)]
struct Layers {
    scenario: Scenario,
    tables: Tables,
    wallet: WalletRows,
    merchant: Option<Rows<MerchantRow>>,
    installments: Option<Rows<crate::scenario::cards::InstallmentsRow>>,
    /// by file, the last one last
    rules: Vec<Vec<At<RuleRow>>>,
    expect: Vec<At<ExpectationRow>>,
}

/// Replaces `old` when there is a new one.
fn put<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

impl Default for Layers {
    /// Nothing said yet; the published cards are known.
    fn default() -> Self {
        let scenario = Scenario {
            bins: BinTable::published(),
            ..Scenario::default()
        };
        Self {
            scenario,
            tables: Tables::default(),
            wallet: WalletRows::default(),
            merchant: None,
            installments: None,
            rules: Vec::new(),
            expect: Vec::new(),
        }
    }
}

impl Layers {
    /// One more file on top.
    fn put(&mut self, file: File, report: &mut Report) {
        // No `..`: a key that is not used does not compile.
        let File {
            version,
            description,
            server,
            settings,
            akinon,
            craftgate,
            masterpass,
            otp,
            bank,
            webhooks,
            merchant,
            customer,
            address,
            product,
            basket,
            delivery_option,
            shipping_option,
            payment_option,
            holder,
            card,
            bin,
            installments,
            rule,
            expect,
            verify,
            example,
        } = file;
        if version.is_none() {
            let start = report.place(0..0);
            let found = report.say(Mistake::Version, start, "missing key `version`");
            found.hint("the file begins with `version = 1`");
        }
        let scenario = &mut self.scenario;
        if let Some(text) = description.and_then(|text| text.0) {
            scenario.description = text;
        }
        server.over(&mut scenario.server, ServerTable::apply);
        settings.over(&mut scenario.settings, SettingsTable::apply);
        akinon.over(&mut scenario.settings.akinon, AkinonTable::apply);
        craftgate.over(&mut scenario.settings.craftgate, CraftgateTable::apply);
        masterpass.over(&mut scenario.settings.masterpass, MasterpassTable::apply);
        otp.over(&mut scenario.settings.otp, OtpTable::apply);
        bank.over(&mut scenario.settings.bank, BankTable::apply);
        webhooks.over(&mut scenario.settings.webhooks, WebhooksTable::apply);
        put(&mut self.merchant, merchant);
        put(&mut self.tables.customer, customer);
        put(&mut self.tables.address, address);
        put(&mut self.tables.product, product);
        put(&mut self.tables.basket, basket);
        put(&mut self.tables.delivery_option, delivery_option);
        put(&mut self.tables.shipping_option, shipping_option);
        put(&mut self.tables.payment_option, payment_option);
        put(&mut self.wallet.holder, holder);
        put(&mut self.wallet.card, card);
        put(&mut self.installments, installments);
        for bin in bin.into_iter().flat_map(|rows| bins(rows, report)) {
            scenario.bins.add(bin);
        }
        self.rules
            .push(rule.map(|rows| rows.rows).unwrap_or_default());
        self.expect
            .extend(expect.into_iter().flat_map(|rows| rows.rows));
        verify.over(&mut scenario.verify, VerifyTable::apply);
        let rows = example.map(|rows| rows.rows).unwrap_or_default();
        scenario.examples = examples(rows, report);
    }

    fn scenario(self, catalog: &Catalog, report: &mut Report) -> Scenario {
        let mut scenario = self.scenario;
        scenario.shop = self.tables.shop(report);
        scenario.wallet = self.wallet.compile(&scenario.bins, report);
        scenario.merchants = merchants(self.merchant, report);
        let currency = scenario.shop.currency();
        scenario.installments = installments(self.installments, currency, report);
        let count: usize = self.rules.iter().map(Vec::len).sum();
        let rules = self.rules.into_iter().rev().flatten();
        for (n, row) in rules.enumerate() {
            if n == MOST_RULES {
                let message = format!("there are {count} rules, and {MOST_RULES} may be");
                report.say(Mistake::TooMuch, row.place, message);
                break;
            }
            scenario.rules.extend(row.compile(catalog, report));
        }
        // What a rule that is no good would have set is not known.
        if scenario.rules.len() == count {
            check_words(&scenario, report);
        }
        let counting = scenario.rules.iter_mut().filter(|rule| rule.counts());
        for (n, rule) in counting.enumerate() {
            rule.tally = Some(n);
        }
        let expect = self.expect.into_iter();
        let expect = expect.filter_map(|row| row.compile(catalog, report));
        scenario.expectations = expect.collect();
        named_once(&scenario.expectations, report);
        scenario.headers = consulted(&scenario);
        scenario.index = Index::new(&scenario.rules, catalog);
        scenario
    }
}

/// The headers that rules and expectations ask for.
fn consulted(scenario: &Scenario) -> Vec<HeaderName> {
    let by_rules = scenario.rules.iter().flat_map(|rule| rule.when.headers());
    let expected = scenario.expectations.iter();
    let mut names: Vec<HeaderName> = by_rules
        .chain(expected.flat_map(Expectation::headers))
        .collect();
    names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    names
}

/// Says which words of the rules nobody knows. A state may be set by any rule, of any file.
fn check_words(scenario: &Scenario, report: &mut Report) {
    let steps = scenario.rules.iter().flat_map(|rule| &rule.steps);
    let set = steps.filter_map(|step| step.set_state.as_deref());
    let mut states: Vec<&str> = set.chain([START]).collect();
    states.sort_unstable();
    states.dedup();
    for rule in &scenario.rules {
        rule.when.check_words(report, (&states, &scenario.bins));
    }
}
