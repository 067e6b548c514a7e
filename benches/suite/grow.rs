//! What more payments, rules and sandboxes cost a call in the process: an app that grows beside one that stays small,
//! in turns, in CPU time of the thread that calls.

use crate::asks;
use crate::inside::{answer, app, call, cpu_ns, slice};
use crate::options::Options;
use crate::report::{Cell, Section, all, one, ratio};
use crate::shared;
use crate::spread::Unit;
use http::HeaderValue;
use mockpos::app::App;
use mockpos::call::Call;
use serde_json::Value;
use std::collections::HashMap;
use std::hint::black_box;

/// How many payments a sandbox keeps.
pub const KEPT: usize = 100_000;

/// Numbers without order, the same in every run.
#[derive(Debug)]
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1_442_695_040_888_963_407 % 9;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}

/// CPU time of both: the one that grew, the one that stayed small.
fn beside(
    options: &Options,
    grown: &mut dyn FnMut() -> u64,
    small: &mut dyn FnMut() -> u64,
) -> [Cell; 2] {
    in_turns((Unit::Nanos, options.pick(1, 15)), grown, small)
}

/// So many samples of both in turns.
pub fn in_turns(
    (unit, count): (Unit, usize),
    grown: &mut dyn FnMut() -> u64,
    small: &mut dyn FnMut() -> u64,
) -> [Cell; 2] {
    let (mut own, mut reference) = (Vec::new(), Vec::new());
    for _ in 0..count {
        own.push(grown());
        reference.push(small());
    }
    [all(unit, &own), ratio(&own, &reference)]
}

/// Payments through the gateway, in as many sandboxes as they need.
struct Payments {
    app: App,
    ids: Vec<Vec<u64>>,
    draw: Draw,
}

impl Payments {
    fn new() -> Self {
        let (app, ids, draw) = (app(""), vec![Vec::new()], Draw(7));
        let mut payments = Self { app, ids, draw };
        payments.begin();
        payments.grow(1);
        payments
    }

    /// A shopper in the newest sandbox.
    fn begin(&self) {
        answer(
            &self.app,
            &call(&shared::option("benchmark0"), &self.newest()),
        );
    }

    fn newest(&self) -> String {
        format!("s{}", self.ids.len() - 1)
    }

    fn len(&self) -> usize {
        self.ids.iter().map(|ids| ids.len().min(KEPT)).sum()
    }

    fn grow(&mut self, count: usize) {
        while self.len() < count {
            if self.ids.last().is_none_or(|ids| ids.len() >= KEPT) {
                self.ids.push(Vec::new());
                self.begin();
            }
            self.put(1);
        }
    }

    /// More payments in the newest sandbox; CPU time of each.
    fn put(&mut self, count: u64) -> u64 {
        let pay = call(&asks::card_payment(), &self.newest());
        let mut spent = 0;
        for _ in 0..count {
            let begun = cpu_ns();
            let reply = answer(&self.app, &pay);
            spent += cpu_ns() - begun;
            let json: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let id = json["data"]["id"].as_u64().expect("payments have numbers");
            self.ids.last_mut().expect("there is one").push(id);
        }
        spent / count
    }

    /// The same again and again.
    fn newest_again(&self, count: usize) -> u64 {
        let ids = self.ids.last().expect("there is one");
        let ask = asks::look_up(*ids.last().expect("it has payments"));
        let calls = vec![call(&ask, &self.newest()); count];
        slice(&self.app, &calls)
    }

    /// Anywhere among those that are kept.
    fn look_up(&mut self, count: usize) -> u64 {
        let draw = &mut self.draw;
        each(&self.app, count, || {
            let sandbox = draw.below(self.ids.len());
            let ids = &self.ids[sandbox];
            let kept = &ids[ids.len().saturating_sub(KEPT * 9 / 10)..];
            let ask = asks::look_up(kept[draw.below(kept.len())]);
            call(&ask, &format!("s{sandbox}"))
        })
    }

    fn page(&self, count: usize) -> u64 {
        pages(&self.app, &self.newest(), count)
    }
}

/// Calls that differ, each made shortly before it is answered, as a server has just read it.
fn each(app: &App, count: usize, mut call: impl FnMut() -> Call) -> u64 {
    const AT_ONCE: usize = 10;
    let blocks = count.div_ceil(AT_ONCE).max(1);
    let block = |_| {
        let calls: Vec<Call> = (0..count.min(AT_ONCE)).map(|_| call()).collect();
        slice(app, &calls)
    };
    (0..blocks).map(block).sum::<u64>() / blocks as u64
}

/// Records as large as a payment in a map that does nothing else: what memory costs by itself.
struct Bare {
    map: HashMap<usize, Box<[u64; 125]>>,
    draw: Draw,
}

impl Bare {
    fn new() -> Self {
        let (map, draw) = (HashMap::new(), Draw(7));
        Self { map, draw }
    }

    fn grow(&mut self, count: usize) {
        let there = self.map.len();
        self.map
            .extend((there..count).map(|n| (n, Box::new([n as u64; 125]))));
    }

    /// Reads whole records; CPU time of each.
    fn look_up(&mut self, count: usize) -> u64 {
        let keys: Vec<usize> = (0..count)
            .map(|_| self.draw.below(self.map.len()))
            .collect();
        let begun = cpu_ns();
        for key in &keys {
            black_box(
                self.map[key]
                    .iter()
                    .fold(0, |sum: u64, n| sum.wrapping_add(*n)),
            );
        }
        (cpu_ns() - begun) / count as u64
    }
}

/// BIN pages of one shopper.
fn pages(app: &App, sandbox: &str, count: usize) -> u64 {
    let page = call(&shared::bin_page("benchmark0"), sandbox);
    slice(app, std::iter::repeat_n(&page, count))
}

/// The curve over live payments.
pub fn payments(options: &Options) -> Section {
    let columns = [
        "live payments",
        "look-up of the newest",
        "× beside one",
        "look-up of any, at random",
        "× beside one",
        "one more payment",
        "× beside one",
        "BIN page",
        "× beside one",
        "a bare map, at random",
        "× beside one",
    ];
    let mut section = Section::new(("payments", "1 to 1,000,000 live payments"), &columns).about(
        "In the process, through `App::answer`; 100,000 payments a sandbox, so ten sandboxes in the end, and no bound \
         on all of them together. At 100,000 the oldest payment makes room for the next. A payment taken at random is not in the processor's caches: its look-up shows what memory costs, that of \
         the newest what the stores cost. The bare map has as many records of 1,000 bytes and nothing else to do: it finds one and reads it.",
    );
    let count = options.pick(3, 300);
    let mut grown = Payments::new();
    let (mut bare, mut bare_one) = (Bare::new(), Bare::new());
    bare_one.grow(1);
    for goal in options.curve(100, 1_000_000) {
        grown.grow(goal);
        bare.grow(goal);
        let mut small = Payments::new();
        // the payments of the curve's third column are there in the next rows, too
        let mut cells = vec![one(Unit::Count, grown.len() as u64)];
        cells.extend(beside(
            options,
            &mut || grown.newest_again(count),
            &mut || small.newest_again(count),
        ));
        cells.extend(beside(options, &mut || grown.look_up(count), &mut || {
            small.look_up(count)
        }));
        let more = options.pick(1, (goal / 50).clamp(1, 50)) as u64;
        cells.extend(beside(options, &mut || grown.put(more), &mut || {
            small.put(more)
        }));
        cells.extend(beside(options, &mut || grown.page(count), &mut || {
            small.page(count)
        }));
        cells.extend(beside(options, &mut || bare.look_up(count), &mut || {
            bare_one.look_up(count)
        }));
        section.row(cells);
    }
    section
}

/// The curve over rules.
pub fn rules(options: &Options) -> Section {
    let columns = [
        "rules",
        "read in",
        "BIN page, no rule for it",
        "× beside one",
        "BIN page, the last rule speaks",
        "× beside one",
    ];
    let mut section = Section::new(("rules", "1 to 10,000 rules"), &columns)
        .about("In the process. Each rule is for one test case, told by a header.");
    let count = options.pick(3, 300);
    let apps = |number: usize| {
        let begun = cpu_ns();
        let app = app(&scenario(number));
        let read = cpu_ns() - begun;
        answer(&app, &call(&shared::option("benchmark0"), "default"));
        (app, read)
    };
    let (small, _) = apps(1);
    for number in options.curve(10, 10_000) {
        let (grown, read) = apps(number);
        let mut cells = vec![one(Unit::Count, number as u64), one(Unit::Nanos, read)];
        let page = |case: Option<usize>| {
            let mut page = call(&shared::bin_page("benchmark0"), "default");
            if let Some(case) = case {
                let value = HeaderValue::from_str(&format!("v{case}"));
                page.headers
                    .insert("x-test-case", value.expect("plain text"));
            }
            page
        };
        for (own, reference) in [
            (page(None), page(None)),
            (page(Some(number - 1)), page(Some(0))),
        ] {
            let speaks = own.headers.contains_key("x-test-case");
            let seen = answer(&grown, &own).headers.contains_key("x-seen");
            assert_eq!(seen, speaks, "the last of {number} rules");
            let mut both = [(&grown, &own), (&small, &reference)]
                .map(|(app, page)| move || slice(app, std::iter::repeat_n(page, count)));
            let [grown, small] = &mut both;
            cells.extend(beside(options, grown, small));
        }
        section.row(cells);
    }
    section
}

/// Rules for as many test cases, each told by a header.
fn scenario(count: usize) -> String {
    let rule = |n| {
        format!(
            "[[rule]]\nwhen={{endpoint=\"akinon.*\",header={{x-test-case=\"v{n}\"}}}}\n\
             then={{headers={{x-seen=\"{n}\"}}}}\n"
        )
    };
    let rules: String = (0..count).map(rule).collect();
    format!("version = 1\n{rules}")
}

/// The curve over sandboxes.
pub fn sandboxes(options: &Options) -> Section {
    let columns = [
        "sandboxes",
        "BIN page in one of them",
        "× beside one",
        "BIN page in any, at random",
        "× beside one",
    ];
    let mut section = Section::new(("sandboxes", "1 to 10,000 sandboxes"), &columns).about(
        "In the process; each sandbox has one shopper, and answers twice before. Calls to any of them find little in the processor's \
         caches: that is what the second curve shows.",
    );
    let count = options.pick(3, 300);
    let (grown, small) = (app(""), app(""));
    open(&small, 0..1);
    let mut there = 0;
    let mut draw = Draw(7);
    for number in options.curve(10, 10_000) {
        open(&grown, there..number);
        there = number;
        let mut cells = vec![one(Unit::Count, number as u64)];
        let mut one_of_them = || pages(&small, "s0", count);
        cells.extend(beside(
            options,
            &mut || pages(&grown, "s0", count),
            &mut one_of_them,
        ));
        let mut any = || {
            each(&grown, count, || {
                let sandbox = format!("s{}", draw.below(number));
                call(&shared::bin_page("benchmark0"), &sandbox)
            })
        };
        cells.extend(beside(options, &mut any, &mut one_of_them));
        section.row(cells);
    }
    section
}

/// One shopper in each, who has chosen how to pay, and a card.
fn open(app: &App, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let name = format!("s{number}");
        answer(app, &call(&shared::option("benchmark0"), &name));
        answer(app, &call(&shared::bin_page("benchmark0"), &name));
    }
}
