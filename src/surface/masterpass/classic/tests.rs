//! Rows 22 to 24 of what a shop must get right: a purchase of this generation goes to the bank, and
//! what comes back of it. contract: masterpass §11, §7

use super::{SURFACE, purchase};
use crate::call::Call;
use crate::domain::decision::ThreeDsOutcome;
use crate::route::{Router, Turn};
use crate::scenario::Scenario;
use crate::surface;
use crate::surface::three_ds::{ReturnPost, believed};
use crate::world::{Birth, Sandboxes, World};
use http::Method;
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers an operation in this world.
fn post(world: &mut World, operation: &str, body: &Value) -> Value {
    let mut call = Call::new(Method::POST, &format!("/v2/{operation}"));
    call.body = body.to_string().into();
    let path = call.path.clone();
    let endpoint = purchase::ENDPOINTS.iter().find(|row| row.path == path);
    let birth = Birth {
        seed: 1,
        clock: "frozen:2026-01-02T03:04:05Z".parse().unwrap(),
    };
    let router = Router::new(&[]).unwrap();
    let sandboxes = Sandboxes::new(Arc::default(), birth);
    let row = (endpoint.unwrap(), Vec::new());
    let meter = Arc::default();
    let mut turn = Turn::new(&call, world, row, (&router, &sandboxes, &meter));
    let answer = (SURFACE.answer)(&mut turn);
    let reply = answer.unwrap_or_else(|refusal| (SURFACE.refuse)(&mut turn, refusal));
    serde_json::from_slice(&reply.body).unwrap()
}

fn fault<'a>(answer: &'a Value, key: &str) -> &'a str {
    let fault = &answer["Data"]["Body"]["Fault"]["Detail"]["ServiceFaultDetail"];
    fault[key].as_str().unwrap()
}

#[test]
fn three_d_secure_ends_in_every_way() {
    let birth = Birth {
        seed: 1,
        clock: "frozen:2026-01-02T03:04:05Z".parse().unwrap(),
    };
    let scenario = Scenario::compile("t.toml", "version = 1", &surface::catalog());
    let scenario = Arc::new(scenario.unwrap_or_else(|why| panic!("{}", why.render())));
    // The name on the card; the mdStatus that comes back; what is wrong with it; the commit's code.
    for (name, md_status, wrong, code) in [
        ("SUCCEEDS", Some("1"), None, "0000"),
        ("FAILS", Some("0"), None, "9805"),
        ("CANCELLED", Some("7"), None, "9805"),
        ("TIMES OUT", Some("7"), None, "9805"),
        ("NEVER RETURNS", None, None, "9805"),
        ("HALF", Some("4"), None, "0000"),
        ("TECHNICAL", Some("5"), None, "9805"),
        ("BAD HASH", Some("1"), Some("hash"), "0000"),
        ("WRONG ORDER", Some("1"), Some("hash"), "0000"),
        ("WRONG AMOUNT", Some("1"), Some("amount"), "0000"),
    ] {
        let mut world = World::new("t", Arc::clone(&scenario), birth);
        let card = json!({"msisdn": "905551110008", "rtaPan": "8d".repeat(176), "amount": "10000",
            "cardHolderName": format!("THREE D {name}"), "orderNo": "7001"});
        let asked = post(&mut world, "directPurchase", &card);
        assert_eq!(fault(&asked, "ResponseCode"), "5010", "{name}");
        let (_, id) = fault(&asked, "Url3D").rsplit_once('=').unwrap();
        let challenge = world.state.challenges.get_mut(id).unwrap();
        challenge.asked.return_url = Some("https://shop.example/3d".to_owned());
        let how = challenge.asked.card.three_ds.unwrap();
        world.end_challenge(id, how).unwrap();
        let challenge = world.state.challenges.get(id).unwrap();
        let bank = &world.scenario.settings.bank;
        let back = ReturnPost::of(challenge, bank);
        assert_eq!(back.is_none(), how.outcome == ThreeDsOutcome::NeverReturns);
        let fields = back.map(|back| back.fields).unwrap_or_default();
        let said = |name: &str| fields.iter().find(|f| f.0 == name).map(|f| &*f.1);
        assert_eq!(said("mdStatus"), md_status, "{name}");
        let expected = (&*challenge.asked.order_no, challenge.asked.amount);
        assert_eq!(believed(said, expected, bank).err(), wrong, "{name}");
        let tokens = &world.state.result_tokens;
        let (token, _) = tokens.iter().next().unwrap();
        let commit = json!({ "token": token.clone() });
        let committed = post(&mut world, "commitTransaction", &commit);
        assert_eq!(fault(&committed, "ResponseCode"), code, "{name}");
    }
}
