//! Named sandboxes: many at once, each as if it were alone.

use crate::support::walk::{PLAIN, Plan, complete, craftgate_token, to_order_no};
use crate::support::{Answer, Shopper, app};
use http::Method;
use serde_json::{Value, json};
use std::sync::{Arc, Barrier};

const SANDBOXES: u32 = 240;
/// Threads; each walks its share of the sandboxes step by step, so that their calls mix.
const WALKERS: u32 = 8;

/// A scenario that no other sandbox has: its own price, and its own number of declines.
fn scenario(n: u32) -> String {
    let declines = n % 3;
    let mut text = format!(
        "version = 1\n[[product]]\nname = \"P{n}\"\nsku = \"S{n}\"\nprice = \"{}.50\"\n\
         currency = \"TRY\"\nstock = 9\ntax_rate = \"20.00\"\n",
        n + 1
    );
    if declines > 0 {
        text.push_str(&format!(
            "[[rule]]\nwhen = {{ endpoint = \"akinon.checkout.complete\", nth = \"1..{declines}\" }}\n\
             then = {{ decline = \"insufficient_funds\" }}\n"
        ));
    }
    text
}

/// The walk of sandbox `n` in steps; each ends where another sandbox may go on.
struct Walk {
    n: u32,
    shopper: Shopper,
    thanks: Option<Answer>,
}

impl Walk {
    fn new(app: &Arc<mockpos::app::App>, n: u32) -> Self {
        let mut shopper = Shopper::in_sandbox(app, &format!("s{n}"));
        // The same cookie everywhere: sandboxes may share it, but never state.
        shopper.with_cookie("osessionid=shared0000shared");
        shopper.header("host", "localhost");
        Self {
            n,
            shopper,
            thanks: None,
        }
    }

    fn step(&mut self, step: u32) {
        let three_d = self.n.is_multiple_of(2);
        match step {
            0 => {
                let text = scenario(self.n);
                let put = self.shopper.send(
                    Method::PUT,
                    "/__mockpos/scenario",
                    ("application/toml", text),
                );
                assert_eq!(put.status, 200, "{}", put.text);
            }
            1 => {
                let plan = Plan {
                    bin: "525864",
                    three_d,
                    installment: 1 + self.n % 3,
                    ..PLAIN
                };
                to_order_no(&mut self.shopper, plan);
            }
            2 => {
                let (status, path) = match self.n % 5 {
                    0 => (406, "/orders/craftgate-masterpass-token"),
                    _ => (200, "/orders/masterpass-rest-token"),
                };
                assert_eq!(self.shopper.get(path).status, status);
            }
            _ if self.thanks.is_none() => {
                let kind = if three_d { "PURCHASE_3D" } else { "PURCHASE" };
                let answer = complete(&mut self.shopper, "same-token", kind);
                if answer.page() == "ThankYouPage" {
                    self.thanks = Some(answer);
                }
            }
            _ => {}
        }
    }

    fn journal(&mut self) -> Value {
        let thanks = self.thanks.take().expect("every walk ends with an order");
        let paid = format!("{}.50", self.n + 1);
        assert_eq!(
            thanks.text_at("pre_order.total_amount"),
            paid,
            "sandbox s{}",
            self.n
        );
        assert_eq!(thanks.at("context_list.0.page_context.order_id"), 1);
        self.shopper.get("/__mockpos/journal").json
    }
}

fn walk(app: &Arc<mockpos::app::App>, numbers: impl Iterator<Item = u32>) -> Vec<(u32, Value)> {
    let mut walks: Vec<_> = numbers.map(|n| Walk::new(app, n)).collect();
    for step in 0..6 {
        for walk in &mut walks {
            walk.step(step);
        }
    }
    walks
        .iter_mut()
        .map(|walk| (walk.n, walk.journal()))
        .collect()
}

#[test]
fn each_of_many_sandboxes_at_once_is_as_if_alone() {
    let together = app("");
    let go = Arc::new(Barrier::new(WALKERS as usize));
    let walkers: Vec<_> = (0..WALKERS)
        .map(|first| {
            let (app, go) = (Arc::clone(&together), Arc::clone(&go));
            std::thread::spawn(move || {
                go.wait();
                walk(&app, (first..SANDBOXES).step_by(WALKERS as usize))
            })
        })
        .collect();
    let journals: Vec<_> = walkers
        .into_iter()
        .flat_map(|w| w.join().unwrap())
        .collect();
    assert_eq!(journals.len(), SANDBOXES as usize);
    for (n, journal) in journals {
        let alone = app("");
        let (_, expected) = walk(&alone, std::iter::once(n)).remove(0);
        assert_eq!(journal, expected, "sandbox s{n} differs from its run alone");
    }
}

#[test]
fn what_one_sandbox_does_no_other_sees() {
    let app = app("");
    let mut a = Shopper::in_sandbox(&app, "a");
    let mut b = Shopper::in_sandbox(&app, "b");
    to_order_no(&mut a, Plan { option: 2, ..PLAIN });
    let (reference, _) = craftgate_token(&mut a, false);
    b.with_cookie(a.cookie());
    assert_eq!(
        b.get("/orders/checkout/").at("pre_order.payment_option"),
        &Value::Null
    );
    to_order_no(&mut b, Plan { option: 2, ..PLAIN });
    let page = "MasterpassRestCompletePage&responseCode=0000&token=t&three_d_secure=false";
    let foreign = b.page(page, &json!({ "token": "t", "referenceId": reference }));
    assert!(
        foreign
            .text_at("errors.non_field_errors")
            .contains("unknown"),
        "{}",
        foreign.text
    );
}
