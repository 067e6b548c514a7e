//! The program beside a plain hyper server that parses the same body and writes the same answer: CPU time of
//! the server's process per request, requests per second, time to the first answer, memory when idle; and what a
//! whole checkout with 3-D Secure costs. `cargo bench --bench process`; without `--bench` a few requests are made, as
//! a test. Loopback only. Needs Linux.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

#[path = "../shared/mod.rs"]
mod shared;

mod load;
mod plain;
mod server;

use load::{Caller, Connection};
use server::Server;
use shared::{Ask, Told};

const ROUNDS: usize = 9;
const CONNECTIONS: [usize; 3] = [1, 64, 512];
/// Requests of a round, over all connections.
const REQUESTS: usize = 30_000;
/// Checkouts of a round, over all connections.
const CHECKOUTS: usize = 3_000;

/// One server in one round, in whole numbers of the units named.
#[derive(Debug, Clone, Copy)]
struct Sample {
    start_us: u128,
    idle_kib: u128,
    cpu_ns: u128,
    per_second: u128,
}

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Amount {
    rounds: usize,
    connections: usize,
    requests: usize,
}

/// What is asked: the requests of one caller, who may ask the server for what it needs.
type Case = (&'static str, fn(usize, &mut shared::Send<'_>) -> [Ask; 2]);

const CASES: [Case; 5] = [
    ("generate-token, signed", |_, _| {
        [shared::generate_token(), shared::generate_token()]
    }),
    ("BIN page", |n, _| {
        let session = format!("benchmark{n}");
        [shared::option(&session), shared::bin_page(&session)]
    }),
    ("wallet payment", |_, send| {
        let ask = shared::backend_payment(send);
        [ask.clone(), ask]
    }),
    ("wallet payment, sealed card", |_, send| {
        let ask = shared::sealed_payment(send);
        [ask.clone(), ask]
    }),
    ("health", |_, _| [shared::health(), shared::health()]),
];

fn main() {
    let args: Vec<_> = std::env::args().collect();
    if let [_, mode, answer] = &args[..]
        && mode == "plain"
    {
        return plain::serve(answer);
    }
    let measured = args.iter().any(|arg| arg == "--bench");
    println!(
        "{:<26}{:>28}{:>28}{:>8}",
        "", "mockpos, median (range)", "plain hyper", "ratio"
    );
    for connections in CONNECTIONS {
        for case in CASES {
            let amount = match measured {
                true => Amount {
                    rounds: ROUNDS,
                    connections,
                    requests: REQUESTS,
                },
                false => Amount {
                    rounds: 1,
                    connections: connections.min(8),
                    requests: 40,
                },
            };
            compare(case, amount);
        }
    }
    match measured {
        true => checkouts(ROUNDS, CHECKOUTS),
        false => checkouts(1, 8),
    }
}

fn compare((name, requests): Case, amount: Amount) {
    let first = Server::mockpos();
    let mut connection = Connection::open(first.address);
    let mut callers = Vec::new();
    for n in 0..amount.connections {
        let asks = requests(n, &mut |ask| told(connection.exchange(&ask.bytes())));
        let [before, request] = asks.map(|ask| ask.bytes());
        callers.push(Caller { before, request });
    }
    let answer = first.first_answer(&callers[0]);
    let answer = String::from_utf8(answer).expect("answers are text");
    drop(first);
    let (mut own, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..amount.rounds {
        own.push(sample(Server::mockpos(), &callers, amount));
        plain.push(sample(Server::plain(&answer), &callers, amount));
    }
    let connections = amount.connections;
    println!(
        "{name}, {connections} connections, {} bytes a body",
        answer.len()
    );
    tell("CPU ns a request", &own, &plain, |sample| sample.cpu_ns);
    tell("requests a second", &own, &plain, |sample| {
        sample.per_second
    });
    tell("exec to first 200, us", &own, &plain, |sample| {
        sample.start_us
    });
    tell("memory when idle, KiB", &own, &plain, |sample| {
        sample.idle_kib
    });
}

fn sample(server: Server, callers: &[Caller], amount: Amount) -> Sample {
    let idle_kib = server.memory();
    let times = (amount.requests / callers.len()).max(1);
    load::drive(server.address, callers, (times / 10).max(1));
    let before = server.cpu();
    let spent = load::drive(server.address, callers, times);
    let cpu = server.cpu() - before;
    let count = (callers.len() * times) as u128;
    Sample {
        start_us: server.started.as_micros(),
        idle_kib,
        cpu_ns: cpu.as_nanos() / count,
        per_second: count * 1_000_000_000 / spent.as_nanos(),
    }
}

/// Whole checkouts, one after the other over one connection: the server's CPU time from the shop's token to the
/// thank-you page. What comes before is done first.
fn checkouts(rounds: usize, count: usize) {
    let mut samples = Vec::new();
    for _ in 0..rounds {
        let server = Server::mockpos();
        let mut connection = Connection::open(server.address);
        let mut send = |ask: &Ask| told(connection.exchange(&ask.bytes()));
        let begun: Vec<_> = (0..count)
            .map(|n| {
                let session = format!("benchmark{n}");
                let pages = shared::to_order_no(&session).map(|ask| send(&ask));
                (session, shared::order_no(&pages[3]))
            })
            .collect();
        let before = server.cpu();
        for (session, order_no) in &begun {
            shared::three_d_checkout(session, order_no, &mut send);
        }
        samples.push((server.cpu() - before).as_nanos() / count as u128);
    }
    samples.sort_unstable();
    let (median, first, last) = (samples[rounds / 2], samples[0], samples[rounds - 1]);
    println!("whole checkouts with 3-D Secure\nCPU ns a checkout: {median} ({first}..{last})");
}

fn told((head, body): (String, Vec<u8>)) -> Told {
    let field = head.lines().find_map(|line| line.strip_prefix("location:"));
    let location = field.map_or("", str::trim).to_owned();
    Told { location, body }
}

/// One line: medians, ranges, and the ratio of the medians.
fn tell(what: &str, own: &[Sample], plain: &[Sample], of: fn(&Sample) -> u128) {
    let told = |samples: &[Sample]| {
        let mut values: Vec<_> = samples.iter().map(of).collect();
        values.sort_unstable();
        let median = values[values.len() / 2];
        (
            format!("{median} ({}..{})", values[0], values[values.len() - 1]),
            median,
        )
    };
    let ((own_text, own), (plain_text, plain)) = (told(own), told(plain));
    let ratio = (own * 100).checked_div(plain);
    let ratio = ratio.map_or("-".to_owned(), |ratio| {
        format!("{}.{:02}", ratio / 100, ratio % 100)
    });
    println!("{what:<26}{own_text:>28}{plain_text:>28}{ratio:>8}");
}
