//! What one `App::answer` costs in the process, beside a reference measured in the same run: serde_json parsing
//! and writing the same bodies. `cargo bench --bench answer`; without `--bench` each case runs once, as a test.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use http::{HeaderMap, HeaderValue, Method};
use mockpos::app::{App, Outcome};
use mockpos::call::Call;
use mockpos::clock::ClockSetting;
use mockpos::reply::Reply;
use mockpos::scenario::Scenario;
use mockpos::surface;
use mockpos::surface::admin::Access;
use mockpos::world::Birth;
use serde_json::Value;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one case runs in one round, about.
const SLICE: Duration = Duration::from_millis(150);
const ROUNDS: usize = 15;

/// Calls that are made over and over, in order, after others that lead to them.
struct Case {
    name: &'static str,
    before: Vec<Call>,
    calls: Vec<Call>,
    /// what the last answer contains
    answer: &'static str,
}

fn main() {
    let measured = std::env::args().any(|arg| arg == "--bench");
    let rounds = if measured { ROUNDS } else { 1 };
    println!(
        "{:<28}{:>28}{:>28}{:>8}",
        "calls", "ns, median (range)", "JSON alone", "ratio"
    );
    let scenario = scenario();
    let cases = cases();
    let mut samples: Vec<(Vec<u128>, Vec<u128>)> =
        cases.iter().map(|_| (Vec::new(), Vec::new())).collect();
    for _ in 0..rounds {
        for (case, (own, json)) in cases.iter().zip(&mut samples) {
            let run = Run::new(case, &scenario);
            let times = if measured { run.fitting(SLICE) } else { 1 };
            own.push(run.answers(times));
            json.push(run.json(times));
        }
    }
    for (case, (own, json)) in cases.iter().zip(&mut samples) {
        let (own_text, own) = told(own);
        let (json_text, json) = told(json);
        let ratio = own * 10 / json.max(1);
        println!(
            "{:<28}{own_text:>28}{json_text:>28}{:>6}.{}",
            case.name,
            ratio / 10,
            ratio % 10
        );
    }
}

/// Median and range as text, and the median.
fn told(samples: &mut [u128]) -> (String, u128) {
    samples.sort_unstable();
    let (median, last) = (samples[samples.len() / 2], samples[samples.len() - 1]);
    (format!("{median} ({}..{last})", samples[0]), median)
}

fn scenario() -> Arc<Scenario> {
    let compiled = Scenario::compile("bench", "version = 1", &surface::catalog());
    Arc::new(compiled.expect("an empty scenario compiles"))
}

/// A case over a fresh app, with the bodies that go over the wire.
struct Run<'a> {
    case: &'a Case,
    app: App,
    bodies: Vec<(Vec<u8>, Value)>,
}

impl<'a> Run<'a> {
    fn new(case: &'a Case, scenario: &Arc<Scenario>) -> Self {
        let birth = Birth {
            seed: 1,
            clock: ClockSetting::default(),
        };
        let app = App::new(Arc::clone(scenario), birth, Access::default());
        for call in &case.before {
            answer(&app, call);
        }
        let bodies = case.calls.iter().map(|call| {
            let reply = answer(&app, call);
            let value = serde_json::from_slice(&reply.body).expect("answers are JSON");
            (call.body.to_vec(), value)
        });
        let bodies = bodies.collect();
        let run = Self { case, app, bodies };
        run.answers(1);
        run
    }

    /// How often the calls fit into so much time.
    fn fitting(&self, slice: Duration) -> u32 {
        let ns = self.answers(10).max(1);
        u32::try_from(slice.as_nanos() / ns)
            .unwrap_or(u32::MAX)
            .clamp(10, 50_000)
    }

    /// Nanoseconds for the calls of the case. Each is a fresh copy, as what a call has parsed stays with it.
    fn answers(&self, times: u32) -> u128 {
        let mut last = None;
        let begun = Instant::now();
        for _ in 0..times {
            for call in &self.case.calls {
                last = Some(answer(&self.app, call));
            }
        }
        let spent = begun.elapsed().as_nanos() / u128::from(times);
        let last = last.expect("a case has calls");
        let text = String::from_utf8_lossy(&last.body);
        assert!(
            text.contains(self.case.answer),
            "{}: {text}",
            self.case.name
        );
        spent
    }

    /// Nanoseconds for parsing the same requests and writing the same answers.
    fn json(&self, times: u32) -> u128 {
        let begun = Instant::now();
        for _ in 0..times {
            for (request, reply) in &self.bodies {
                if !request.is_empty() {
                    black_box(
                        serde_json::from_slice::<Value>(black_box(request))
                            .expect("requests are JSON"),
                    );
                }
                black_box(serde_json::to_vec(black_box(reply)).expect("a value can be written"));
            }
        }
        begun.elapsed().as_nanos() / u128::from(times)
    }
}

fn answer(app: &App, call: &Call) -> Reply {
    match black_box(app.answer(&call.clone())) {
        Outcome::Done(reply) => reply,
        Outcome::Held(..) | Outcome::Errand(_) => {
            unreachable!("the built-in scenario holds nothing")
        }
    }
}

fn cases() -> Vec<Case> {
    let option = || page("PaymentOptionSelectionPage", r#"{"payment_option":1}"#);
    let bin = || {
        page(
            "MasterpassRestBinNumberPage",
            r#"{"bin_number":"665544","is_masterpass_stored_card":false}"#,
        )
    };
    let installment = || page("MasterpassRestInstallmentPage", r#"{"installment":2}"#);
    let order_no = || page("MasterpassRestOrderNoPage", r#"{"use_three_d":false}"#);
    let complete = "MasterpassRestCompletePage&responseCode=0000&token=t&three_d_secure=false";
    let complete = page(complete, r#"{"token":"t","transactionType":"PURCHASE"}"#);
    let to_order_no = || vec![option(), bin(), installment(), order_no()];
    let mut checkout = to_order_no();
    checkout.push(complete);
    let token = call(
        Method::GET,
        "/orders/masterpass-rest-token/?three_d=false",
        "",
    );
    let health = call(Method::GET, "/__mockpos/health", "");
    vec![
        Case {
            name: "health",
            before: vec![],
            calls: vec![health],
            answer: "ok",
        },
        Case {
            name: "BIN page",
            before: vec![option()],
            calls: vec![bin()],
            answer: "MasterpassRestInstallmentPage",
        },
        Case {
            name: "token service",
            before: to_order_no(),
            calls: vec![token],
            answer: "token",
        },
        Case {
            name: "checkout, five posts",
            before: vec![],
            calls: checkout,
            answer: "ThankYouPage",
        },
    ]
}

fn page(page: &str, json: &'static str) -> Call {
    call(
        Method::POST,
        &format!("/orders/checkout/?page={page}"),
        json,
    )
}

/// A call as a storefront makes it, in a session of its own.
fn call(method: Method, target: &str, json: &'static str) -> Call {
    let mut call = Call::new(method, target);
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("127.0.0.1:4242"));
    headers.insert("cookie", HeaderValue::from_static("osessionid=benchmark0"));
    headers.insert(
        "x-requested-with",
        HeaderValue::from_static("XMLHttpRequest"),
    );
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    call.headers = headers;
    call.body = json.into();
    call
}
