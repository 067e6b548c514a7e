//! A whole checkout with 3-D Secure, every call from the shop's token to the thank-you page, in units of one
//! request to plain hyper.

use crate::client::Client;
use crate::options::Options;
use crate::report::{Section, all, one, ratio};
use crate::server::{Cost, Server};
use crate::shared;
use crate::spread::Unit;
use crate::wire;
use serde_json::json;
use std::thread;
use std::time::Instant;

const SHOPPERS: usize = 8;

/// The table.
pub fn section(options: &Options) -> Section {
    let columns = [
        "checkouts at once",
        "CPU of the server, a checkout",
        "one request to plain hyper",
        "requests to plain hyper",
        "one of many that come together",
        "requests of those",
        "checkouts / s",
    ];
    let mut section = Section::new(("checkout", "A whole checkout with 3-D Secure"), &columns)
        .about(
            "Eight calls: token, cards, payment, the way to the bank, its page, the button on it, the way back, the thank-you page. \
             The pages before them are posted beforehand. Plain hyper parses the payment's body and answers 300 bytes of JSON. It is asked by the same client, a thread for each shopper; and, \
             as in the other tables, by one thread with as many connections, whose requests come together: those cost a server less, for it is woken less often.",
        );
    let (mut own, mut rate) = (Vec::new(), Vec::new());
    let (mut plain, mut together) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds() {
        let server = Server::mockpos(&options.binary(), &[]);
        let payments = wire::payment(&server, SHOPPERS);
        let each = options.pick(2, 250);
        checkouts(&server, ("warmup", each / 10 + 1));
        let cost = checkouts(&server, ("bench", each));
        own.push(cost.cpu_ns);
        rate.push(cost.rate);
        drop(server);
        let answer = json!({ "answer": "x".repeat(285) });
        let server = Server::plain(&answer);
        let each = options.pick(5, 6_000);
        let payment = &payments[0].requests[0];
        repeated(&server, (payment, each / 10 + 1));
        plain.push(repeated(&server, (payment, each)).cpu_ns);
        together.push(server.cost(&payments, SHOPPERS * each).cpu_ns);
    }
    section.row(vec![
        one(Unit::Count, SHOPPERS as u64),
        all(Unit::Nanos, &own),
        all(Unit::Nanos, &plain),
        ratio(&own, &plain),
        all(Unit::Nanos, &together),
        ratio(&own, &together),
        all(Unit::Count, &rate),
    ]);
    section
}

/// So many checkouts of each shopper: what one costs from the token on.
pub fn checkouts(server: &Server, (name, each): (&str, usize)) -> Cost {
    let shoppers: Vec<_> = (0..SHOPPERS).collect();
    let ready = at_once(shoppers, &|shopper| {
        let mut client = Client::open(server.address);
        let sessions: Vec<_> = (0..each)
            .map(|n| {
                let session = format!("{name}{shopper}x{n}");
                let pages = shared::to_order_no(&session).map(|ask| client.ask(&ask));
                (session, shared::order_no(&pages[3]))
            })
            .collect();
        (client, sessions)
    });
    server.cost_of(|| {
        let begun = Instant::now();
        at_once(ready, &|(mut client, sessions)| {
            for (session, order_no) in sessions {
                shared::three_d_checkout(&session, &order_no, &mut |ask| client.ask(ask));
            }
        });
        ((SHOPPERS * each) as u64, begun.elapsed())
    })
}

/// So many times the same of each shopper: what one costs. By the same client as a checkout, for a server that is
/// woken for each request has more to do than one that finds several.
fn repeated(server: &Server, (request, each): (&[u8], usize)) -> Cost {
    let clients: Vec<_> = (0..SHOPPERS)
        .map(|_| Client::open(server.address))
        .collect();
    server.cost_of(|| {
        let begun = Instant::now();
        at_once(clients, &|mut client| {
            for _ in 0..each {
                client.send(request);
            }
        });
        ((SHOPPERS * each) as u64, begun.elapsed())
    })
}

/// The work on each of these, on a thread of its own.
fn at_once<T: Send, R: Send>(these: Vec<T>, work: &(dyn Fn(T) -> R + Sync)) -> Vec<R> {
    thread::scope(|scope| {
        let workers: Vec<_> = these
            .into_iter()
            .map(|one| scope.spawn(move || work(one)))
            .collect();
        let done = workers.into_iter().map(|worker| worker.join());
        done.map(|done| done.expect("every call is answered"))
            .collect()
    })
}
