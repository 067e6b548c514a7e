//! From TOML to a scenario: the built-in file first, the given ones on top of it, all problems
//! at once.

use crate::domain::card::BinTable;
use crate::scenario::Scenario;
use crate::scenario::bank::{BankTable, OtpTable};
use crate::scenario::cards::{BinRow, bins, installments, replaced};
use crate::scenario::catalog::Catalog;
use crate::scenario::document;
use crate::scenario::engine::Rule;
use crate::scenario::example::examples;
use crate::scenario::expectation::{Expectation, ExpectationRow, VerifyTable, named_once};
use crate::scenario::extends::{Finder, Layer, Stack};
use crate::scenario::file::File;
use crate::scenario::gateway::CraftgateTable;
use crate::scenario::index::Index;
use crate::scenario::masterpass::MasterpassTable;
use crate::scenario::merchant::{MerchantRow, merchants};
use crate::scenario::mistake::Mistake;
use crate::scenario::problem::{Place, Problems, Report, Source};
use crate::scenario::progress::START;
use crate::scenario::read::{At, Map, Rows};
use crate::scenario::rule::RuleRow;
use crate::scenario::server::ServerTable;
use crate::scenario::settings::{AkinonTable, SettingsTable};
use crate::scenario::shadow::check_turns;
use crate::scenario::shop::Tables;
use crate::scenario::slips;
use crate::scenario::variables::{Open, VariableRow};
use crate::scenario::wallet::WalletRows;
use crate::scenario::webhooks::WebhooksTable;
use crate::scenario::whole;
use http::HeaderName;
use std::collections::HashMap;
use std::sync::OnceLock;
use toml::Spanned;
use toml::de::DeTable;

/// How large a file may be, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// How many rules there may be in all.
pub const MOST_RULES: usize = 20_000;

/// The name of the built-in scenario.
pub const BUILTIN_NAME: &str = "default";
/// Its files: who has a wallet, then the switches and the shop.
pub(crate) static BUILTIN: [(&str, &str); 2] = [
    (
        "default-wallet",
        include_str!("../../scenarios/default-wallet.toml"),
    ),
    (BUILTIN_NAME, include_str!("../../scenarios/default.toml")),
];

/// The built-in files as sources.
pub(crate) fn builtin() -> Vec<Source> {
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).to_owned(),
        text: (*text).to_owned(),
    };
    BUILTIN.iter().map(source).collect()
}

/// The one with that text, parsed once a process, for every scenario stands on them.
fn builtin_document(text: &str) -> Option<&'static Spanned<DeTable<'static>>> {
    static DOCUMENTS: OnceLock<Vec<Spanned<DeTable<'static>>>> = OnceLock::new();
    let documents = DOCUMENTS.get_or_init(|| {
        let parsed = BUILTIN.iter().map(|(_, text)| DeTable::parse(text));
        let parsed: Result<_, _> = parsed.collect();
        parsed.expect("the built-in files are TOML")
    });
    let n = BUILTIN.iter().position(|(_, known)| *known == text)?;
    documents.get(n)
}

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
        let layer = |(name, text): &(String, String)| Layer {
            name: name.clone(),
            text: text.clone(),
            settled: false,
            is_base: false,
        };
        let input = Input {
            layers: sources.iter().map(layer).collect(),
            ..Input::default()
        };
        Self::load(&input, catalog)
    }

    /// As [`Self::layer`], with the files that these stand on and with values for their variables.
    pub fn load(input: &Input<'_>, catalog: &Catalog) -> Result<Self, Problems> {
        let mut report = Report::new(builtin(), catalog);
        report.builtin = BUILTIN.len();
        report.set(&input.set);
        let given = Stack::new(input.finder, &mut report).all(&input.layers);
        let mut layers = Layers::default();
        for n in (0..BUILTIN.len()).chain(given.iter().map(|(n, _)| *n)) {
            report.file = n;
            // Also where the built-in scenario is given by its name.
            let file = match builtin_document(&report.sources[n].text) {
                Some(document) => {
                    report.broken = false;
                    document::keys(document.get_ref(), &mut report, File::KNOBS, File::keys)
                }
                None => document::read(&mut report, File::KNOBS, File::keys),
            };
            if let Some(file) = file {
                layers.put(file, &mut report);
            }
        }
        let mut scenario = layers.scenario(catalog, &mut report);
        report.check_variables();
        let (sources, warnings) = report.finish()?;
        scenario.warnings = warnings;
        scenario.set.clone_from(&input.set);
        scenario.layers = given
            .iter()
            .map(|(n, is_base)| Layer {
                name: sources[*n].name.clone(),
                text: sources[*n].text.clone(),
                settled: true,
                is_base: *is_base,
            })
            .collect();
        Ok(scenario.named())
    }

    /// This scenario with one more file on top.
    pub fn topped(&self, name: &str, text: &str, catalog: &Catalog) -> Result<Self, Problems> {
        let top = Layer {
            name: name.to_owned(),
            text: text.to_owned(),
            settled: false,
            is_base: false,
        };
        let input = Input {
            layers: self.layers.iter().cloned().chain([top]).collect(),
            set: self.set.clone(),
            finder: None,
        };
        Self::load(&input, catalog)
    }

    /// Called as the files that were asked for; its text is that of all of them.
    fn named(mut self) -> Self {
        let asked = self.layers.iter().filter(|layer| !layer.is_base);
        let names: Vec<&str> = asked.map(|layer| layer.name.as_str()).collect();
        self.name = names.join(" + ");
        self.source = match self.layers.as_slice() {
            [] => {
                // Nothing on top of it: it is the built-in one, whose last file says what it is.
                BUILTIN_NAME.clone_into(&mut self.name);
                BUILTIN[BUILTIN.len() - 1].1.to_owned()
            }
            [one] => one.text.clone(),
            several => several
                .iter()
                .map(|layer| format!("# {}\n{}\n", layer.name, layer.text))
                .collect(),
        };
        self
    }
}

/// What a scenario is made of.
#[derive(Default)]
pub struct Input<'a> {
    /// the files, the later over the earlier
    pub layers: Vec<Layer>,
    /// values of variables by name
    pub set: Vec<(String, String)>,
    /// finds the files that these stand on; None: they are no files
    pub finder: Option<&'a dyn Finder>,
}

/// What the files read so far say together.
#[derive(Debug)]
struct Layers {
    scenario: Scenario,
    tables: Tables,
    wallet: WalletRows,
    merchant: Option<Rows<MerchantRow>>,
    installments: Option<Rows<crate::scenario::cards::InstallmentsRow>>,
    /// where the rows of cards stand, by prefix
    bins: HashMap<String, Place>,
    /// by file, the last one last
    rules: Vec<Vec<At<RuleRow>>>,
    expect: Vec<At<ExpectationRow>>,
}

/// What a file leaves open.
fn opened(rows: Map<VariableRow>) -> impl Iterator<Item = Open> {
    let rows = rows.0.into_iter();
    rows.map(|(name, row)| row.variable(name.value))
}

fn has_version(there: bool, report: &mut Report) {
    if !there {
        let start = report.place(0..0);
        let found = report.say(Mistake::Version, start, "missing key `version`");
        found.hint("the file begins with `version = 1`");
    }
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
            bins: HashMap::new(),
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
            extends,
            variables,
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
        has_version(version.is_some(), report);
        let scenario = &mut self.scenario;
        drop(extends); // the files are here already, as sources of their own
        scenario.variables.extend(opened(variables));
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
        self.put_bins(bin, report);
        self.rules
            .push(rule.map(|rows| rows.rows).unwrap_or_default());
        self.expect
            .extend(expect.into_iter().flat_map(|rows| rows.rows));
        verify.over(&mut self.scenario.verify, VerifyTable::apply);
        let rows = example.map(|rows| rows.rows).unwrap_or_default();
        self.scenario.examples = examples(rows, report);
    }

    /// In front of those of earlier files.
    fn put_bins(&mut self, rows: Option<Rows<BinRow>>, report: &mut Report) {
        for bin in rows.map_or_else(Vec::new, |rows| bins(rows, report)) {
            let prefix = bin.value.prefix.to_string();
            let before = self.bins.insert(prefix, bin.place);
            if let Some(before) = before.filter(|before| before.file != report.file) {
                replaced(&bin, before, report);
            }
            self.scenario.bins.add(bin.value);
        }
    }

    fn scenario(self, catalog: &Catalog, report: &mut Report) -> Scenario {
        let mut scenario = self.scenario;
        scenario.shop = self.tables.shop(report);
        scenario.wallet = self.wallet.compile(report);
        scenario.merchants = merchants(self.merchant, report);
        let currency = scenario.shop.currency();
        scenario.installments = installments(self.installments, (currency, &scenario.bins), report);
        report.check_numbers(&scenario.bins);
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
            check_words(scenario.rules.iter(), &scenario.bins, report);
            check_turns(&scenario.rules, catalog, report);
            whole::check(&scenario, report);
            slips::check(&scenario, report);
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
pub(crate) fn check_words<'r>(
    rules: impl Iterator<Item = &'r Rule> + Clone,
    bins: &BinTable,
    report: &mut Report,
) {
    let steps = rules.clone().flat_map(|rule| &rule.steps);
    let set = steps.filter_map(|step| step.set_state.as_deref());
    let mut states: Vec<&str> = set.chain([START]).collect();
    states.sort_unstable();
    states.dedup();
    for rule in rules {
        rule.when.check_words(report, (&states, bins));
    }
}
