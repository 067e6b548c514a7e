//! A long time of everything: scenarios that delay, refuse and break, sandboxes that come and are reset, connections
//! that come and go. Memory, open files and waiting do not grow.

use crate::support::{MIB, Server, Watch, alone, count, get, post, request, told};
use serde_json::json;
use std::thread;

const CALLERS: usize = 4;
/// Parts of the run that are compared; the first is to get warm.
const PARTS: usize = 10;
const SCENARIOS: [&str; 6] = [
    "default",
    "bank-declines",
    "gateway-declines",
    "token-service-down",
    "strict-steps",
    "wallet-payments",
];

/// One caller's share of a part: how long its answers took, in microseconds.
fn share(server: &Server, caller: usize, wanted: usize) -> Vec<u128> {
    let mut waits = Vec::with_capacity(wanted);
    let mut client = server.client();
    for n in 0..wanted {
        if n % 500 == 499 {
            client = server.client();
        }
        let sandbox = format!("s{}", (n / 50 * CALLERS + caller) % 40);
        let cookie = format!("osessionid=soak{caller}x{}", n / 10);
        let headers = [
            ("x-mockpos-sandbox", &*sandbox),
            ("cookie", &*cookie),
            ("content-type", "application/json"),
            ("x-requested-with", "XMLHttpRequest"),
        ];
        let page = |page: &str, json: serde_json::Value| {
            let target = format!("/orders/checkout/?page={page}");
            request("POST", &target, &headers, json.to_string().as_bytes())
        };
        let bytes = match n % 10 {
            0 if n % 1_000 == 0 => post(&sandbox, "/__mockpos/reset", &json!({})),
            0 => page("PaymentOptionSelectionPage", json!({"payment_option": 1})),
            1 => page(
                "MasterpassRestBinNumberPage",
                json!({"bin_number": "525864", "is_masterpass_stored_card": false}),
            ),
            2 => page("MasterpassRestInstallmentPage", json!({"installment": 1})),
            3 => page("MasterpassRestOrderNoPage", json!({"use_three_d": false})),
            4 => page(
                "MasterpassRestCompletePage&responseCode=0000&token=t&three_d_secure=false",
                json!({"token": format!("t{n}"), "transactionType": "PURCHASE"}),
            ),
            5 => request(
                "GET",
                "/orders/masterpass-rest-token/?three_d=false",
                &headers,
                b"",
            ),
            6 => request(
                "POST",
                "/payment/v1/card-payments",
                &headers,
                b"{\"price\": 1",
            ),
            7 => request(
                "POST",
                "/MasterpassJsonServerHandler/v2/listManagement",
                &headers,
                b"{\"msisdn\":\"905321234567\"}",
            ),
            8 => request("GET", "/nobody/knows/this", &headers, b""),
            _ => request("GET", "/__mockpos/journal?limit=10", &headers, b""),
        };
        let begun = Watch::start();
        let answer = client.ask(&bytes);
        waits.push(begun.spent().as_micros());
        assert!(
            answer.status < 500 || answer.head.contains("decided-by: rule"),
            "{}{}",
            answer.head,
            answer.text()
        );
    }
    waits
}

#[test]
fn nothing_grows() {
    let _alone = alone();
    let server = Server::start(&["--quiet"]);
    for n in 0..40 {
        let name = SCENARIOS[n % SCENARIOS.len()];
        let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read(path).unwrap();
        let headers = [
            ("x-mockpos-sandbox", &*format!("s{n}")),
            ("content-type", "application/toml"),
        ];
        let put = server.ask(&request("PUT", "/__mockpos/scenario", &headers, &text));
        assert_eq!(put.status, 200, "{name}: {}", put.text());
    }
    assert_eq!(server.ask(&get("/__mockpos/health")).status, 200);
    let wanted = count(4_000, 400_000, 5_000_000);
    let mut seen = Vec::new();
    for _ in 0..PARTS {
        let mut waits: Vec<u128> = thread::scope(|scope| {
            let each = wanted / PARTS / CALLERS;
            let server = &server;
            let callers: Vec<_> = (0..CALLERS)
                .map(|caller| scope.spawn(move || share(server, caller, each)))
                .collect();
            callers
                .into_iter()
                .flat_map(|caller| caller.join().unwrap())
                .collect()
        });
        waits.sort_unstable();
        crate::support::until(crate::support::PATIENCE, || server.files() < 40);
        seen.push((
            server.memory(),
            server.files(),
            waits[waits.len() * 99 / 100],
        ));
    }
    let (early, late) = (seen[PARTS / 2], seen[PARTS - 1]);
    let figure = format!(
        "half way and in the end: {} and {} MiB, {} and {} files, p99 {} and {} µs",
        early.0 / MIB,
        late.0 / MIB,
        early.1,
        late.1,
        early.2,
        late.2
    );
    told(
        "soak of mixed calls",
        wanted,
        &figure,
        "memory within 32 MiB, files and p99 as they were",
    );
    println!("{seen:?}");
    assert!(late.0 <= early.0 + 32 * MIB, "{figure}: {seen:?}");
    assert!(late.1 <= early.1 + 2, "{figure}");
    // the best of the last parts against the worst before: a neighbour's moment is no growth
    let waits = |parts: std::ops::Range<usize>| seen[parts].iter().map(|part| part.2);
    let (before, after) = (waits(1..PARTS / 2).max(), waits(PARTS / 2..PARTS).min());
    assert!(after.unwrap() <= 2 * before.unwrap(), "{figure}: {seen:?}");
}
