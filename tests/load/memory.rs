//! Memory stays where it is: under large requests, and under payments that nobody completes.

use crate::support::{MIB, Scratch, Server, alone, count, get, is_small, request, told};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Connections that ask at the same time.
const CALLERS: usize = 4;
/// What every journal together may keep.
const JOURNALS: u64 = 64 * MIB;
/// What growth is allowed beside what is kept on purpose.
const SLACK: u64 = 32 * MIB;

/// `wanted` requests over a few connections; the memory after each tenth of them.
fn drive(server: &Server, wanted: usize, one: impl Fn(usize) -> Vec<u8> + Sync) -> Vec<u64> {
    let (done, one) = (AtomicUsize::new(0), &one);
    let mut seen = Vec::new();
    for tenth in 1..=10 {
        let goal = wanted * tenth / 10;
        thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    let mut client = server.client();
                    loop {
                        let n = done.fetch_add(1, Ordering::Relaxed);
                        if n >= goal {
                            break;
                        }
                        let answer = client.ask(&one(n));
                        assert!(answer.status < 500, "{}", answer.text());
                    }
                });
            }
        });
        done.store(goal, Ordering::Relaxed);
        seen.push(server.memory());
    }
    seen
}

fn mib(kib: u64) -> String {
    format!("{} MiB", kib / MIB)
}

#[test]
fn large_requests_leave_nothing_but_a_journal() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    let mut client = server.client();
    client.ask(&get("/__mockpos/health"));
    let base = server.memory();
    let wanted = count(1_000, 60_000, 1_000_000);
    let note = "x".repeat(60_000);
    let seen = drive(&server, wanted, |n| {
        let json = json!({"payment_option": 1, "note": note, "n": n});
        // one session a sandbox: those that come without a cookie are kept, too
        let headers = [
            ("x-mockpos-sandbox", &*format!("s{}", n % 16)),
            ("cookie", "osessionid=memory00"),
            ("content-type", "application/json"),
        ];
        let target = "/orders/checkout/?page=PaymentOptionSelectionPage";
        request("POST", target, &headers, json.to_string().as_bytes())
    });
    let most = seen.iter().max().unwrap() - base;
    let figure = format!("{} more than {} at the start", mib(most), mib(base));
    told(
        "memory under requests of 60 kB",
        wanted,
        &figure,
        "64 MiB of journals and 32 MiB",
    );
    assert!(most <= JOURNALS + SLACK, "{figure}: {seen:?}");
}

/// What a shopper who never comes back leaves behind.
fn begun(n: usize) -> Vec<u8> {
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": "5258640000000001", "expireYear": "2044",
        "expireMonth": "07", "cvc": "000"});
    let body = json!({"price": 100, "paidPrice": 100, "currency": "TRY", "installment": 1,
        "paymentGroup": "PRODUCT", "conversationId": format!("order-{n}"), "card": card,
        "callbackUrl": "https://shop.example/3ds", "items": [{"name": "Shoe", "price": 100}]});
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", "api-key"),
        ("x-rnd-key", "r"),
        ("x-auth-version", "1"),
        ("x-signature", "s"),
    ];
    request(
        "POST",
        "/payment/v1/card-payments/3ds-init",
        &headers,
        body.to_string().as_bytes(),
    )
}

#[test]
fn payments_that_nobody_completes_make_room() {
    let _alone = alone();
    let unsigned = "version = 1\n[craftgate]\nsignature = \"off\"\nsamples = false\n";
    let file = Scratch::new("unsigned.toml", unsigned);
    let server = Server::start(&["--quiet", "--scenario", file.path()]);
    let first = server.ask(&begun(0));
    assert_eq!(first.status, 200, "{}", first.text());
    let base = server.memory();
    // a sandbox keeps 100,000
    let wanted = count(1_000, 300_000, 1_000_000);
    let seen = drive(&server, wanted, begun);
    let last = seen[9];
    let full = if is_small() {
        last
    } else {
        seen[(110_000 * 10 / wanted + 1).min(9)]
    };
    let each = (full - base) * 1024 / 100_000_u64.min(wanted as u64);
    let figure = format!(
        "{} with 100,000 kept ({each} bytes each), {} in the end",
        mib(full),
        mib(last)
    );
    told(
        "memory under payments never completed",
        wanted,
        &figure,
        "flat once 100,000 are kept: 32 MiB more",
    );
    assert!(last <= full + SLACK, "{figure}: {seen:?}");
}
