//! Purchases of the wallet at the bank's page, begun as the wallet begins them.

use super::SURFACE;
use crate::call::Call;
use crate::clock::ClockSetting;
use crate::domain::challenge::{ChallengedCard, Purpose};
use crate::domain::decision::{ThreeDs, ThreeDsOutcome};
use crate::domain::money::{Currency, Money};
use crate::domain::pan::Pan;
use crate::domain::token::ResultToken;
use crate::domain::wallet::TransactionKind;
use crate::reply::Reply;
use crate::route::{Router, Turn};
use crate::scenario::Scenario;
use crate::scenario::engine;
use crate::scenario::facts::Facts;
use crate::scenario::verdict::Verdict;
use crate::surface::otp_codes::{CODES, Meaning, enter};
use crate::surface::three_ds::{Asked, ReturnPost, begin};
use crate::world::{Birth, Sandboxes, World};
use http::{HeaderValue, Method};
use std::borrow::Cow;
use std::sync::Arc;

const SHOP: &str = "http://shop.example/back?order=7&x=%20y";

fn birth() -> Birth {
    let clock: ClockSetting = "frozen:2026-01-02T03:04:05Z".parse().unwrap();
    Birth { seed: 1, clock }
}

fn world(rules: &str) -> World {
    let text = format!("version = 1\n{rules}");
    let catalog = crate::surface::catalog();
    let scenario = Scenario::compile("t", &text, &catalog);
    let scenario = scenario.unwrap_or_else(|problems| panic!("{}", problems.render()));
    World::new("default", Arc::new(scenario), birth())
}

/// A purchase whose token is good for nothing yet; the challenge's id.
fn purchase(world: &mut World, url: Option<&str>) -> String {
    with_card(world, url, None)
}

fn with_card(world: &mut World, url: Option<&str>, three_ds: Option<ThreeDs>) -> String {
    let amount = Money::new(10_500, Currency::TRY);
    let now = world.now();
    let token = ResultToken {
        token: "result".into(),
        order_no: "7001".into(),
        amount,
        successful: false,
        three_ds: None,
        used: false,
        expires_at: now.plus(std::time::Duration::from_secs(60)),
        purchase: None,
    };
    world.state.result_tokens.put("result".into(), token);
    begin(
        world,
        Asked {
            purpose: Purpose::Purchase {
                token: "result".to_owned(),
            },
            merchant: "shop".to_owned(),
            order_no: "7001".to_owned(),
            amount,
            installment: 3,
            card: ChallengedCard {
                bin: "525864".to_owned(),
                last_four: Some("0001".to_owned()),
                pan: Pan::parse("5258640000000001"),
                stored: true,
                three_ds,
            },
            msisdn: Some("905321234567".to_owned()),
            kind: Some(TransactionKind::Saved),
            return_url: url.map(str::to_owned),
        },
    )
}

/// A browser's call, answered as the app does.
fn ask(world: &mut World, method: Method, target: &str, form: &str) -> (Reply, Verdict) {
    let mut call = Call::new(method, target);
    call.origin = "http://127.0.0.1:4242".into();
    call.body = form.to_owned().into();
    let media = HeaderValue::from_static("application/x-www-form-urlencoded");
    call.headers.insert("content-type", media);
    let html = HeaderValue::from_static("text/html");
    call.headers.insert("accept", html);
    let router = Router::new(crate::surface::ALL).unwrap();
    let sandboxes = Sandboxes::new(Arc::clone(&world.scenario), birth());
    let (endpoint, params) = router.find(&call).row.unwrap();
    let meter = Arc::default();
    let mut turn = Turn::new(
        &call,
        world,
        (endpoint, params),
        (&router, &sandboxes, &meter),
    );
    let mut facts = Facts {
        endpoint: endpoint.name,
        ..Facts::default()
    };
    (SURFACE.facts)(&turn, &mut facts);
    let asked = engine::Asked {
        call: &call,
        facts: &facts,
        points: endpoint.points,
        now: turn.world.now(),
        asides: &[],
    };
    let scenario = Arc::clone(&turn.world.scenario);
    turn.verdict = scenario.decide(&mut turn.world.progress, &asked);
    let answer = (endpoint.handle)(&mut turn);
    let reply = answer.unwrap_or_else(|refusal| (SURFACE.refuse)(&mut turn, refusal));
    (reply, turn.verdict)
}

fn get(world: &mut World, target: &str) -> Reply {
    ask(world, Method::GET, target, "").0
}

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}

fn location(reply: &Reply) -> &str {
    reply.headers["location"].to_str().unwrap()
}

fn open(world: &mut World, id: &str, returns: &str) -> Reply {
    let target = format!("/user-authorization/mp-3d-acs-form?token={id}{returns}");
    get(world, &target)
}

/// All ends that a code of the table carries, and success.
fn ends() -> Vec<(String, ThreeDs)> {
    let carried = CODES.iter().filter_map(|(code, meaning)| match meaning {
        Meaning::Ends(how) => Some(((*code).to_owned(), *how)),
        Meaning::Fault(_) => None,
    });
    let right = ("123456".to_owned(), ThreeDs::SUCCESS);
    carried.chain([right]).collect()
}

fn word(how: ThreeDs) -> &'static str {
    use crate::scenario::words::Words;
    let mut words = ThreeDsOutcome::WORDS.iter();
    words
        .find(|(_, outcome)| *outcome == how.outcome)
        .unwrap()
        .0
}

#[test]
fn whoever_ends_it_the_merchant_gets_the_same_bytes() {
    for (code, how) in ends() {
        let word = word(how);
        let md_status = match how.returns() {
            true => format!(", md_status = {}", how.md_status),
            false => String::new(),
        };
        let rule = format!("[[rule]]\nthen = {{ three_ds = \"{word}\"{md_status} }}");
        let button = match how.returns() {
            true => format!("outcome={word}&md_status={}", how.md_status),
            false => format!("outcome={word}"),
        };
        let mut pages = Vec::new();
        for driver in ["rule", "call", "code by call", "button", "code"] {
            let mut world = world(if driver == "rule" { &rule } else { "" });
            let id = purchase(&mut world, None);
            open(&mut world, &id, &format!("&returnUrl={SHOP}"));
            let page = format!("/bank/3ds/{id}");
            match driver {
                "rule" => {}
                "call" => world.end_challenge(&id, how).unwrap(),
                "code by call" => {
                    enter(&mut world, &id, &code, None).unwrap();
                }
                "button" => {
                    ask(&mut world, Method::POST, &page, &button);
                }
                _ => {
                    ask(&mut world, Method::POST, &page, &format!("otp={code}"));
                }
            }
            let shown = text(&get(&mut world, &page));
            let challenge = world.state.challenges.get(&id).unwrap().clone();
            let post = ReturnPost::of(&challenge, &world.scenario.settings.bank);
            let owned = |(name, value): (_, Cow<'_, str>)| (name, Cow::from(value.into_owned()));
            let post = post.map(|post| ReturnPost {
                url: post.url,
                fields: post.fields.into_iter().map(owned).collect(),
            });
            let token = world.state.result_tokens.get("result").unwrap().clone();
            assert_eq!(token.three_ds, Some(how), "{driver}");
            assert_eq!(token.successful, how.good_at_bank(), "{driver}");
            pages.push((shown, post));
        }
        assert!(pages.windows(2).all(|two| two[0] == two[1]), "{how:?}");
        let (shown, post) = &pages[0];
        let Some(post) = post else {
            assert!(!how.returns() && shown.contains("bank-staying"), "{how:?}");
            continue;
        };
        let result = if how.good_at_bank() { "0000" } else { "5010" };
        let url = format!("{SHOP}&responseCode={result}&token=result");
        assert_eq!(post.url, url);
        let fields: Vec<_> = post.fields.iter().map(|(name, _)| *name).collect();
        for name in ["token", "responseCode", "transactionType", "hash", "oid"] {
            assert!(fields.contains(&name), "{name}");
        }
        assert!(shown.contains(&format!("action=\"{}\"", url.replace('&', "&#38;"))));
    }
}

#[test]
fn the_last_word_of_an_open_page_counts() {
    let mut world = world("");
    let id = purchase(&mut world, None);
    for (given, want) in [
        ("&returnUrl=http://a/?x=1&y=2", "http://a/?x=1&y=2"),
        (
            "&returnUrl=http%3A%2F%2Fb%2F%3Fx%3D1%26y%3D%2520&t=1",
            "http://b/?x=1&y=%20",
        ),
        ("", "http://b/?x=1&y=%20"),
        ("?returnUrl=http://c/#d", "http://c/#d"),
    ] {
        let sent = open(&mut world, &id, given);
        assert_eq!(
            location(&sent),
            format!("http://127.0.0.1:4242/bank/3ds/{id}")
        );
        let challenge = world.state.challenges.get(&id).unwrap();
        assert_eq!(challenge.asked.return_url.as_deref(), Some(want), "{given}");
    }
    let posted = format!("token={id}&returnUrl=http%3A%2F%2Fd%2F%3Fe%3Df");
    let path = "/user-authorization/mp-3d-acs-form";
    assert_eq!(ask(&mut world, Method::POST, path, &posted).0.status, 303);
    world.end_challenge(&id, ThreeDs::SUCCESS).unwrap();
    assert_eq!(open(&mut world, &id, "&returnUrl=http://late/").status, 303);
    let challenge = world.state.challenges.get(&id).unwrap();
    assert_eq!(
        challenge.asked.return_url.as_deref(),
        Some("http://d/?e=f"),
        "it is over"
    );
}

#[test]
fn who_ended_it_before_the_browser_came_is_heard() {
    let mut world = world("");
    let id = purchase(&mut world, None);
    world.end_challenge(&id, ThreeDs::SUCCESS).unwrap();
    assert_eq!(open(&mut world, &id, "&returnUrl=http://a/").status, 303);
    let page = text(&get(&mut world, &format!("/bank/3ds/{id}")));
    assert!(
        page.contains("action=\"http://a/?responseCode=0000&#38;token=result\""),
        "{page}"
    );
}

#[test]
fn with_nowhere_to_go_web_views_are_told() {
    for (how, want) in [
        (ThreeDs::SUCCESS, "success"),
        (ThreeDsOutcome::Half.usual(), "success"),
        (ThreeDsOutcome::Fails.usual(), "error"),
        (ThreeDsOutcome::Cancelled.usual(), "error"),
    ] {
        let mut world = world("");
        let id = purchase(&mut world, None);
        world.end_challenge(&id, how).unwrap();
        let sent = get(&mut world, &format!("/bank/3ds/{id}"));
        let path = format!("/user-authorization/mp-3d-client-{want}");
        assert_eq!(location(&sent), format!("http://127.0.0.1:4242{path}"));
        assert_eq!(get(&mut world, &path).status, 200);
    }
}

#[test]
fn the_page_is_served_under_the_name_that_the_knob_asks_for() {
    for (knob, shop, want) in [
        (
            "as_called",
            "http://localhost:3000/",
            "http://127.0.0.1:4242",
        ),
        ("same", "http://localhost:3000/", "http://localhost:4242"),
        ("cross", "http://localhost:3000/", "http://127.0.0.1:4242"),
        ("cross", "http://127.0.0.1:3000/", "http://localhost:4242"),
        ("cross", "https://shop.example/", "http://127.0.0.1:4242"),
    ] {
        let mut world = world(&format!("[bank]\nsite = \"{knob}\""));
        let id = purchase(&mut world, None);
        let sent = open(&mut world, &id, &format!("&returnUrl={shop}"));
        assert_eq!(
            location(&sent),
            format!("{want}/bank/3ds/{id}"),
            "{knob} {shop}"
        );
    }
}

#[test]
fn the_scenarios_card_ends_it_unless_a_rule_does() {
    let fails = Some(ThreeDsOutcome::Fails.usual());
    let half = "[[rule]]\nthen.three_ds = \"half\"";
    for (rules, three_ds, magic, md_status) in [
        ("", fails, Some("test card"), 0),
        ("", Some(ThreeDs::SUCCESS), Some("test card"), 1),
        (half, fails, None, 4),
    ] {
        let mut world = world(rules);
        let id = with_card(&mut world, Some(SHOP), three_ds);
        let (reply, verdict) = ask(&mut world, Method::GET, &format!("/bank/3ds/{id}"), "");
        assert!(text(&reply).contains("return-form"));
        assert_eq!(verdict.magic, magic);
        let ended = world.state.challenges.get(&id).unwrap().ended().unwrap();
        assert_eq!(ended.how.md_status, md_status);
    }
}

#[test]
fn rules_know_the_purchase() {
    let when = "msisdn = \"905321234567\", order_no = \"7001\", stored_card = true, installment = 3, \
                transaction_type = \"PURCHASE_3D\", pos_kind = \"masterpass\", amount = \"105.00\"";
    let mut world = world(&format!(
        "[[rule]]\nwhen = {{ {when} }}\nthen = {{ three_ds = \"fails\" }}"
    ));
    let id = purchase(&mut world, Some(SHOP));
    let page = get(&mut world, &format!("/bank/3ds/{id}"));
    assert!(text(&page).contains("return-form"));
}

#[test]
fn the_holder_knows_the_phone() {
    let mut world = world("");
    let id = purchase(&mut world, Some(SHOP));
    let page = text(&get(&mut world, &format!("/bank/3ds/{id}?lang=en")));
    assert!(page.contains(">+90 5** *** ** 67</b>"), "{page}");
    assert!(page.contains("3 installments"), "{page}");
    assert!(!page.contains("905321234567"), "{page}");
}
