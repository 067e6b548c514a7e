//! Memory of the process after many calls, and of each live payment.

use crate::checkout::checkouts;
use crate::client::Client;
use crate::load::{Caller, Load};
use crate::options::Options;
use crate::report::{Section, one, text};
use crate::server::Server;
use crate::shared::{self, Ask};
use crate::spread::{Unit, grouped};
use crate::{asks, wire};

const CALLERS: usize = 16;

/// The table.
pub fn section(options: &Options) -> Section {
    let columns = ["after", "memory", "for each of the last"];
    let mut section = Section::new(("memory", "Memory"), &columns).about(
        "One process a block, in the default sandbox but for the last but one. The journal keeps the last 1,000 calls, so calls that leave nothing behind cost \
         nothing beyond it. Payments, sessions and orders are kept up to 100,000 a sandbox.",
    );
    calls(&mut section, options);
    type Callers = fn(&Server, usize) -> Vec<Caller>;
    let kinds: [(&str, Callers); 2] = [
        ("card payments", |_, n| same(&asks::card_payment(), n)),
        ("wallet payments", wire::payment),
    ];
    for (name, callers) in kinds {
        let server = Server::mockpos(&options.binary(), &[]);
        let callers = callers(&server, CALLERS);
        let mut load = Load::open(server.address, &callers);
        let add = &mut |more| {
            load.drive(more);
        };
        live((&mut section, options), (&server, name), 95_000, add);
    }
    let server = Server::mockpos(&options.binary(), &[]);
    let mut client = Client::open(server.address);
    let mut next = 0;
    let add = &mut |more: usize| {
        for _ in 0..more {
            client.send(&asks::to(shared::option("benchmark0"), next));
            next += 1;
        }
    };
    let kind = (&server, "sandboxes with a shopper in each");
    live((&mut section, options), kind, 6_000, add);
    let server = Server::mockpos(&options.binary(), &[]);
    let mut round = 0;
    let add = &mut |more: usize| {
        round += 1;
        checkouts(&server, (&format!("memory{round}"), more.div_ceil(8)));
    };
    live(
        (&mut section, options),
        (&server, "3-D checkouts, whole"),
        10_000,
        add,
    );
    section
}

fn same(ask: &Ask, count: usize) -> Vec<Caller> {
    vec![Caller::of(None, ask.bytes()); count]
}

/// Calls that leave nothing behind.
fn calls(section: &mut Section, options: &Options) {
    let server = Server::mockpos(&options.binary(), &[]);
    section.row(vec![
        text("start"),
        one(Unit::Kib, server.memory()),
        text(""),
    ]);
    let callers = wire::bin_page(&server, CALLERS);
    let mut load = Load::open(server.address, &callers);
    let mut done = 0;
    for goal in options.curve(100, 1_000_000).into_iter().skip(1) {
        load.drive(goal - done);
        done = goal;
        let told = format!("{} BIN pages", grouped(goal as u64));
        section.row(vec![text(told), one(Unit::Kib, server.memory()), text("")]);
    }
}

/// What each of `wanted` leaves behind, once the journal is full.
fn live(
    (section, options): (&mut Section, &Options),
    (server, name): (&Server, &str),
    wanted: usize,
    add: &mut dyn FnMut(usize),
) {
    let first = options.pick(16, 4_000);
    let wanted = options.pick(32, wanted);
    add(first);
    let before = server.memory();
    add(wanted);
    let after = server.memory();
    let each = after.saturating_sub(before) * 1024 / wanted as u64;
    section.row(vec![
        text(format!("{} {name}", grouped((first + wanted) as u64))),
        one(Unit::Kib, after),
        one(Unit::Bytes, each),
    ]);
}
