//! Requests over the wire: CPU time of the server's process and requests a second, mockpos and plain hyper in turns.

use crate::asks;
use crate::client::Client;
use crate::load::Caller;
use crate::options::Options;
use crate::report::{Cell, Section, all, one, ratio, text};
use crate::server::{Cost, Server};
use crate::shared::{self, Ask};
use crate::spread::Unit;
use serde_json::Value;

/// A kind of request; the callers of one server, as many as there are connections.
struct Workload {
    name: &'static str,
    callers: fn(&Server, usize) -> Vec<Caller>,
}

const WORKLOADS: &[Workload] = &[
    Workload {
        name: "Craftgate generate-token, signed",
        callers: generate_token,
    },
    Workload {
        name: "Akinon BIN page",
        callers: bin_page,
    },
    Workload {
        name: "Akinon BIN page, a sandbox each",
        callers: apart,
    },
    Workload {
        name: "Masterpass payment",
        callers: payment,
    },
    Workload {
        name: "Masterpass payment, sealed card",
        callers: sealed_payment,
    },
    Workload {
        name: "health",
        callers: |_, count| same(&shared::health(), count),
    },
];

const COLUMNS: &[&str] = &[
    "request",
    "connections",
    "server",
    "CPU s / 1,000 requests",
    "× plain hyper",
    "requests / s",
    "× plain hyper",
];

/// The table.
pub fn section(options: &Options) -> Section {
    let mut section = Section::new(("wire", "Requests over the wire"), COLUMNS).about(
        "CPU seconds of the server's process, by the system's accounting. Plain hyper parses the same body and \
         serialises the same answer. The ratios are those of the pairs of one round.",
    );
    for workload in WORKLOADS {
        let answer = first_answer(options, workload);
        for connections in connections(options) {
            let own = || {
                let server = Server::mockpos(&options.binary(), &[]);
                let callers = (workload.callers)(&server, connections);
                (server, callers)
            };
            compare(
                (&mut section, options),
                (workload.name, "mockpos", connections),
                &answer,
                &own,
            );
        }
    }
    for other in &options.other {
        let ask = options.other_ask();
        let answer = answered(&Server::other(&other.command, &ask), &ask.bytes());
        let name = format!("{} {}", ask.method, ask.target);
        for connections in connections(options) {
            let own = || {
                let caller = Caller::of(None, ask.bytes());
                let server = Server::other(&other.command, &ask);
                (server, vec![caller; connections])
            };
            compare(
                (&mut section, options),
                (&name, &other.name, connections),
                &answer,
                &own,
            );
        }
    }
    section
}

fn connections(options: &Options) -> Vec<usize> {
    if options.measures() {
        vec![1, 64, 512]
    } else {
        vec![1, 8]
    }
}

/// One server beside plain hyper, in turns.
fn compare(
    (section, options): (&mut Section, &Options),
    (workload, name, connections): (&str, &str, usize),
    answer: &Value,
    start: &dyn Fn() -> (Server, Vec<Caller>),
) {
    let requests = options.pick(40, 30_000);
    let (mut own, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds() {
        let (server, callers) = start();
        own.push(server.cost(&callers, requests));
        drop(server);
        plain.push(Server::plain(answer).cost(&callers, requests));
    }
    let line = |server: &str, costs: &[Cost]| -> Vec<Cell> {
        let of = |what: fn(&Cost) -> u64| {
            let samples: Vec<_> = costs.iter().map(what).collect();
            let reference: Vec<_> = plain.iter().map(what).collect();
            (samples, reference)
        };
        let (cpu, plain_cpu) = of(|cost| cost.cpu_ns);
        let (rate, plain_rate) = of(|cost| cost.rate);
        vec![
            text(workload),
            one(Unit::Count, connections as u64),
            text(server),
            all(Unit::CpuOfRequest, &cpu),
            ratio(&cpu, &plain_cpu),
            all(Unit::Count, &rate),
            ratio(&rate, &plain_rate),
        ]
    };
    let lines = [line(name, &own), line("plain hyper", &plain)];
    lines.into_iter().for_each(|line| section.row(line));
}

fn first_answer(options: &Options, workload: &Workload) -> Value {
    let server = Server::mockpos(&options.binary(), &[]);
    let callers = (workload.callers)(&server, 1);
    if let Some(before) = &callers[0].before {
        Client::open(server.address).send(before);
    }
    answered(&server, &callers[0].requests[0])
}

/// The answer as JSON; what is none is text of the same length.
fn answered(server: &Server, request: &[u8]) -> Value {
    let told = Client::open(server.address).send(request);
    let json = serde_json::from_slice(&told.body);
    json.unwrap_or_else(|_| Value::from("x".repeat(told.body.len())))
}

fn same(ask: &Ask, count: usize) -> Vec<Caller> {
    let caller = Caller::of(None, ask.bytes());
    vec![caller; count]
}

fn generate_token(_: &Server, count: usize) -> Vec<Caller> {
    same(&shared::generate_token(), count)
}

/// The wallet's payment, of everybody with the same token and card.
pub fn payment(server: &Server, count: usize) -> Vec<Caller> {
    let mut client = Client::open(server.address);
    let ask = shared::backend_payment(&mut |ask| client.ask(ask));
    same(&ask, count)
}

/// The same with a card that was typed.
fn sealed_payment(server: &Server, count: usize) -> Vec<Caller> {
    let mut client = Client::open(server.address);
    let ask = shared::sealed_payment(&mut |ask| client.ask(ask));
    same(&ask, count)
}

/// Each in a session of its own.
pub fn bin_page(_: &Server, count: usize) -> Vec<Caller> {
    let caller = |n| {
        let session = format!("benchmark{n}");
        let before = shared::option(&session).bytes();
        Caller::of(Some(before), shared::bin_page(&session).bytes())
    };
    (0..count).map(caller).collect()
}

/// The same, each in a sandbox of its own: nobody waits for another's lock.
fn apart(_: &Server, count: usize) -> Vec<Caller> {
    let caller = |n| {
        let before = asks::to(shared::option("benchmark0"), n);
        Caller::of(Some(before), asks::to(shared::bin_page("benchmark0"), n))
    };
    (0..count).map(caller).collect()
}
