//! The program beside a plain hyper server that parses the same body and answers one of the same size: CPU time of
//! the server's process per request, requests per second, time to the first answer, memory when idle.
//! `cargo bench --bench process`; without `--bench` a few requests are made, as a test. Loopback only. Needs Linux.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod load;
mod plain;
mod server;

use load::Caller;
use server::Server;

const ROUNDS: usize = 9;
const CONNECTIONS: usize = 8;
/// Requests per connection and round.
const REQUESTS: usize = 5_000;

/// One server in one round, in whole numbers of the units named.
#[derive(Debug, Clone, Copy)]
struct Sample {
    start_us: u128,
    idle_kib: u128,
    cpu_ns: u128,
    per_second: u128,
}

fn main() {
    let args: Vec<_> = std::env::args().collect();
    if let [_, mode, length] = &args[..]
        && mode == "plain"
    {
        return plain::serve(length.parse().expect("a length follows `plain`"));
    }
    let measured = args.iter().any(|arg| arg == "--bench");
    let (rounds, requests) = if measured {
        (ROUNDS, REQUESTS)
    } else {
        (1, 20)
    };
    for (name, caller) in [
        ("BIN page", bin_page as fn(usize) -> Caller),
        ("health", health),
    ] {
        let callers: Vec<_> = (0..CONNECTIONS).map(caller).collect();
        let length = Server::mockpos().first_answer(&callers[0]).len();
        let (mut own, mut plain) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            own.push(sample(Server::mockpos(), &callers, requests));
            plain.push(sample(Server::plain(length), &callers, requests));
        }
        println!(
            "{name}: {rounds} rounds of {CONNECTIONS} connections x {requests} requests, {length} bytes a body"
        );
        println!(
            "{:<26}{:>28}{:>28}{:>8}",
            "", "mockpos, median (range)", "plain hyper", "ratio"
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
        println!();
    }
}

fn sample(server: Server, callers: &[Caller], requests: usize) -> Sample {
    let idle_kib = server.memory();
    load::drive(server.address, callers, requests / 10);
    let before = server.cpu();
    let spent = load::drive(server.address, callers, requests);
    let cpu = server.cpu() - before;
    let count = (callers.len() * requests) as u128;
    Sample {
        start_us: server.started.as_micros(),
        idle_kib,
        cpu_ns: cpu.as_nanos() / count,
        per_second: count * 1_000_000_000 / spent.as_nanos(),
    }
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

/// The BIN page of a session of its own.
fn bin_page(number: usize) -> Caller {
    let post = |page: &str, json: &str| {
        let target = format!("/orders/checkout/?page={page}");
        load::request(
            &format!("POST {target}"),
            &format!("osessionid=benchmark{number}"),
            json,
        )
    };
    Caller {
        before: post("PaymentOptionSelectionPage", r#"{"payment_option":1}"#),
        request: post(
            "MasterpassRestBinNumberPage",
            r#"{"bin_number":"665544","is_masterpass_stored_card":false}"#,
        ),
    }
}

fn health(_: usize) -> Caller {
    let get = || load::request("GET /__mockpos/health", "", "");
    Caller {
        before: get(),
        request: get(),
    }
}
