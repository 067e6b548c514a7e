//! Snapshots: a sandbox written down in the middle of what it does goes on elsewhere as if nothing had been.

use crate::support::merchant::Merchant;
use crate::support::moved::{admin, elsewhere, moving, put, taken};
use crate::support::story::Story;
use crate::support::walk::{PLAIN, complete, to_order_no};
use crate::support::{Shopper, app, bare, kept_as};
use crate::webhooks::{come_back, complete as completed, to_the_bank};
use crate::{akinon, bank, chain, craftgate, due, flows, gateway_chain, masterpass, mfs, webhooks};
use http::Method;
use mockpos::app::App;
use serde_json::{Value, json};
use std::sync::Arc;

/// Stories that other tests tell, with all that they expect; here they move after every call.
macro_rules! move_house {
    ($($room:path: $($story:ident)+;)+) => {
        $($(
            #[test]
            fn $story() {
                use $room as room;
                moving(room::$story);
            }
        )+)+
    };
}

move_house! {
    flows: masterpass_pos masterpass_pos_with_three_d craftgate_pos craftgate_pos_with_three_d a_classic_wallet_is_linked_and_pays a_card_of_nobody_pays_and_is_kept first_attempt_is_declined_and_the_second_loses_its_answer;
    chain: purchase purchase_3d direct_purchase direct_purchase_3d register_and_purchase register_and_purchase_3d a_password_and_a_bearer_token_expire a_result_token_expires what_does_not_fit_is_refused_at_the_shop;
    gateway_chain: what_nobody_comes_back_for_fails_at_the_gateway what_comes_back_from_the_bank_pays_once what_was_completed_at_the_wallet_does_not_pay_at_the_gateway a_card_without_money_is_declined_after_three_d_secure once_the_wallet_is_asked_only_its_token_pays once_the_wallet_is_asked_a_shop_and_a_backend_take_its_token_alone at_the_shops_pos_of_the_gateway_the_wallet_pays at_the_shops_pos_of_the_gateway_the_wallets_card_decides at_the_shops_pos_of_the_gateway_the_bank_is_waited_for ;
    webhooks::knobs: callback_and_webhook_as_usual before_the_callback before_the_callback_and_refused after_the_callback reordered duplicated held_and_released with_a_bad_signature callback_and_webhook_twice_in_both_orders never_and_redelivered late what_contradicts_itself_is_refused;
    due: a_session_ends_when_nobody_goes_on_with_it tokens_of_the_wallet_end a_payment_fails_that_nobody_comes_back_for a_browser_that_never_returns_is_not_waited_for a_recurring_order_is_paid_when_it_is_due a_recurring_order_is_as_it_was_left;
    webhooks::time: the_vendors_whole_table_passes_in_one_call a_drain_sends_what_is_due_and_all_of_it_when_told a_failed_redelivery_goes_on_with_the_table what_expires_on_the_way_is_listed_in_order the_same_story_gives_the_same_bytes_and_a_reset_forgets a_challenge_that_nobody_answers_times_out_by_advancing a_reservation_lapses;
    bank::gateway: what_somebody_has_changed_is_not_believed the_bank_knows_better_than_the_browser without_the_bank_the_browser_is_believed_unless_tokens_are_strict a_second_return_changes_nothing;
    craftgate::multi: parts_are_paid_until_nothing_is_left;
    craftgate::checkout: a_page_is_opened_paid_and_read_back a_failure_may_be_tried_again a_rule_decides a_rule_decides_whether_3d_secure_begins a_rule_for_any_payment_waits_for_the_bank a_withdrawn_page_is_gone all_that_is_wrong_with_a_page_is_said_at_once a_shopper_is_told_all_that_is_wrong what_is_echoed_is_escaped installments_are_those_of_the_card_and_of_the_shop three_d_secure_leads_to_the_bank_and_back of_two_tabs_the_latest_pays_once what_the_bank_has_taken_counts_before_the_browser_is_back a_page_that_is_withdrawn_at_the_bank_takes_nothing a_browser_comes_back_for_a_payment_of_the_page a_known_phone_has_a_wallet stored_cards_are_shown_kept_and_pay a_shopper_does_away_with_a_stored_card;
    craftgate::idempotency: keys_are_ignored_where_they_mean_nothing;
    craftgate::stored_cards: the_vendors_example_is_stored what_is_wrong_with_a_card_is_said a_card_is_renewed_and_taken_away every_filter_is_heard a_card_is_given_to_another_merchant no_card_was_brought_along;
    craftgate::card_verify: a_card_is_checked_and_stored a_card_is_checked_at_its_bank a_check_that_fails_stores_nothing a_card_is_checked_on_a_page_and_at_its_bank a_card_is_checked_on_a_page;
    craftgate::refunds: an_untouched_payment_is_cancelled_on_its_day the_rest_of_a_payment_goes_back_item_by_item an_item_goes_back_in_parts_down_to_nothing what_cannot_go_back_says_why the_bank_may_say_no_and_nothing_moves one_item_may_be_marked an_undecided_payment_is_given_up another_merchants_payment_is_not_there the_same_key_refunds_once;
    akinon::completion: all_six_transaction_types_reach_the_thank_you_page the_gateway_completes_with_the_second_reference the_gateway_completes_three_d_with_the_payment a_completion_sent_twice_gives_the_same_order after_an_order_the_basket_is_filled_again what_is_wrong_with_a_completion_is_said_and_can_be_mended three_d_that_was_decided_cannot_be_left_out a_decline_may_be_tried_again_with_the_same_ids three_d_ends_as_the_scenario_says strict_tokens_take_nothing_that_was_not_issued errors_can_have_the_scenarios_own_words wire_faults_strike_before_or_after_the_money_moves an_answer_lost_after_the_order_is_found_by_asking_again a_browser_that_returns_directly_is_sent_on provision_reserves_and_sale_captures references_of_others_are_not_known addresses_for_browsers_carry_the_sandbox a_scripted_status_keeps_the_dialect;
    bank::otp: wrong_and_then_right too_many_wrong_ones_end_it it_is_sent_again_a_few_times its_time_passes codes_of_the_table_are_not_taken a_rule_comes_before_the_table;
    mfs::payments: a_payment_token_comes_where_the_sdk_looks_for_it a_chain_is_followed_to_its_end a_validation_token_is_good_for_one_answer_and_survives_wrong_ones the_amount_is_whole_kurus_and_parts_are_a_number paying_and_saving_makes_an_account what_does_not_pay_says_why the_page_commits_and_nothing_moves texts_are_in_the_holders_language a_recurring_order_that_a_rule_asks_for_first_is_kept_afterwards pin_and_recurring_payments_ask_the_holder_and_move_nothing;
    masterpass::rest::payments: row_18_saved_card row_19_typed_card row_20_typed_card_that_is_kept row_21_password_then_three_d row_26_account_must_be_linked_first row_27_pins_codes_devices_and_loans the_token_or_the_page_asks_for_three_d_or_a_password a_purchase_is_read_strictly;
    masterpass::rest::accounts: row_01_no_account row_02_account_that_is_not_linked row_03_linked_with_cards row_04_linked_without_cards row_05_blocked_account row_07_number_of_another_user row_08_card_is_kept_at_once cards_that_cannot_be_read_are_kept_side_by_side row_15_card_that_is_there_already row_16_invalid_card_number row_17_cards_are_removed_until_it_is_suspicious an_account_moves_to_another_number a_forgotten_password_needs_a_card_of_the_account all_that_is_wrong_is_told_at_once;
    masterpass::rest::passwords: row_09_card_is_kept_after_the_banks_password row_10_card_is_kept_after_the_wallets_password row_11_one_password_after_the_other row_12_wrong_then_right row_13_expired_or_wrong_too_often row_14_password_is_sent_again row_35_bank_that_sends_no_passwords what_is_under_way_is_its_holders_own the_address_of_passwords_is_the_scenarios;
}

/// Ids follow from the name that a sandbox was born with, wherever it goes on.
#[test]
fn a_checkout_goes_on_under_another_name() {
    let (first, other) = (app(""), elsewhere());
    let mut here = Shopper::in_sandbox(&first, "here");
    to_order_no(&mut here, PLAIN);
    put(&other, "there", &taken(&first, "here"));
    let mut there = Shopper::in_sandbox(&other, "there");
    there.with_cookie(here.cookie());
    let ends = [&mut here, &mut there].map(|shopper| {
        let number = to_order_no(shopper, PLAIN);
        let thanks = complete(shopper, "token", "PURCHASE");
        assert_eq!(thanks.page(), "ThankYouPage", "{}", thanks.text);
        (number, thanks.text, shopper.get("/orders/checkout/").text)
    });
    assert_eq!(ends[0], ends[1]);
}

/// One that waits for the bank is prepared once, and ends in two ways in two other places.
#[test]
fn a_payment_is_prepared_once_and_finished_elsewhere() {
    let mut here = Story::new("");
    let (id, path) = to_the_bank(&mut here);
    let snapshot = taken(&here.app(), "default");
    let mut told = here.transcript().to_owned();
    for (md_status, status, heard) in [
        (1, 200, vec!["THREEDS_VERIFY SUCCESS", "API_AUTH SUCCESS"]),
        (0, 422, vec!["THREEDS_VERIFY FAILURE"]),
    ] {
        let app = elsewhere();
        put(&app, "default", &snapshot);
        let mut there = Story::resumed(&app);
        come_back(&mut there, &path, md_status);
        assert_eq!(completed(&mut there, id).status, status);
        there.due();
        assert_eq!(there.heard(), heard);
        told += &format!(
            "# put back elsewhere, mdStatus {md_status}\n{}",
            there.transcript()
        );
    }
    kept_as(&told, "snapshot-mid-payment.txt");
}

/// contract: craftgate §1.1
#[test]
fn a_kept_answer_comes_again_elsewhere() {
    let (first, other) = (bare("[craftgate]\n"), elsewhere());
    let mut merchant = Merchant::new(&first);
    let (order, target) = (crate::webhooks::order(), "/payment/v1/card-payments");
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": crate::webhooks::YKB, "expireYear": "2044",
                      "expireMonth": "07", "cvc": "000"});
    let order = crate::webhooks::with(order, json!({ "card": card }));
    let paid = merchant.post_once("key-1", target, &order);
    assert_eq!(paid.status, 200, "{}", paid.text);
    put(&other, "default", &taken(&first, "default"));
    let again = Merchant::new(&other).post_once("key-1", target, &order);
    assert_eq!((again.status, again.text), (paid.status, paid.text));
    let next = Merchant::new(&other).post(target, &order);
    assert_eq!(
        next.text,
        merchant.post(target, &order).text,
        "the next number too"
    );
}

/// Of a card that is in no published table only BIN and last four digits leave the process.
#[test]
fn card_numbers_are_written_by_row_or_masked() {
    let own = "4539578763621486";
    let rules = "[[bin]]\nprefix = \"45395787\"\nprogram = \"Own\"\n[craftgate]\n";
    let (first, other) = (bare(rules), elsewhere());
    let mut merchant = Merchant::new(&first);
    let mut card = json!({"cardHolderName": "Haluk Demir", "cardNumber": own, "expireYear": "2044",
                          "expireMonth": "07"});
    let stored = merchant.post("/payment/v1/cards", &card);
    assert_eq!(stored.status, 200, "{}", stored.text);
    card["cardNumber"] = crate::webhooks::YKB.into();
    assert_eq!(merchant.post("/payment/v1/cards", &card).status, 200);
    let snapshot = taken(&first, "default");
    let text = std::str::from_utf8(&snapshot).unwrap();
    for (part, there) in [
        (own, false),
        (crate::webhooks::YKB, false),
        (
            r#"{"pan":"45395787****1486","note":"no published test card"#,
            true,
        ),
        (r#""pan":"525864******0001"}"#, true),
    ] {
        assert_eq!(text.contains(part), there, "{part}");
    }
    put(&other, "default", &snapshot);
    let keys = json!({"cardUserKey": stored.at("data.cardUserKey"), "cardToken": stored.at("data.cardToken")});
    let order = crate::webhooks::with(crate::webhooks::order(), json!({ "card": keys }));
    let paid = Merchant::new(&other).post("/payment/v1/card-payments", &order);
    assert_eq!(paid.status, 200, "{}", paid.text);
    assert_eq!(paid.text_at("data.lastFourDigits"), "1486");
}

/// A card number that somebody has written where none belongs.
const CANARY: &str = "4539578763621486";

/// Every string of `value` that is free text, with the canary in it.
fn sung(value: Value) -> Value {
    match value {
        Value::String(text) if text == "*" => format!("k {CANARY} x").into(),
        Value::Array(list) => list.into_iter().map(sung).collect(),
        Value::Object(all) => all
            .into_iter()
            .map(|(key, value)| (key, sung(value)))
            .collect(),
        other => other,
    }
}

/// Whatever free text a card number was written into, it does not leave with a snapshot; all else is as it was.
#[test]
fn no_card_number_leaves_with_free_text() {
    let (first, other) = (bare("[craftgate]\n"), elsewhere());
    let mut merchant = Merchant::new(&first);
    let card = json!({"cardHolderName": "Haluk Demir", "cardNumber": crate::webhooks::YKB, "expireYear": "2044", "expireMonth": "07",
                      "cvc": "000", "storeCardAfterSuccessPayment": true, "cardAlias": "*", "cardUserKey": null});
    let items = json!([{"name": "*", "externalId": "*", "price": 100}]);
    let order = json!({"price": 100, "paidPrice": 100, "installment": 1, "currency": "TRY", "paymentGroup": "PRODUCT",
        "conversationId": "*", "externalId": "*", "bankOrderId": CANARY, "paymentChannel": "*", "clientIp": "*",
        "buyerMemberId": 4_539_578_763_621_486_u64, "callbackUrl": format!("https://shop.example/?a={CANARY}"),
        "merchantWebhookUrl": format!("http://127.0.0.1:3000/{CANARY}"), "items": items, "card": card});
    let order = sung(order);
    let key = format!("key-{CANARY}");
    for (path, once) in [
        ("card-payments", true),
        ("card-payments/3ds-init", false),
        ("checkout-payments/init", false),
    ] {
        let target = format!("/payment/v1/{path}");
        let answer = match once {
            true => merchant.post_once(&key, &target, &order),
            false => merchant.post(&target, &order),
        };
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
    let wanted = sung(
        json!({"msisdn": "905551112233", "userId": "*", "binNumber": "525864", "createPayment": order}),
    );
    let made = merchant.post("/payment/v2/masterpass-payments/generate-token", &wanted);
    assert_eq!(made.status, 200, "{}", made.text);
    let stored = sung(
        json!({"cardHolderName": "Haluk Demir", "cardNumber": crate::webhooks::YKB, "expireYear": "2044",
                             "expireMonth": "07", "cardAlias": "*"}),
    );
    assert_eq!(merchant.post("/payment/v1/cards", &stored).status, 200);
    let mut shopper = Shopper::new(&first);
    shopper.post(
        "/address/",
        &sung(json!({"title": "*", "first_name": "*", "last_name": "*", "line": "*"})),
    );
    shopper.post(
        "/users/login/",
        &json!({"email": format!("{CANARY}@shop.example"), "password": "x"}),
    );
    to_order_no(&mut shopper, PLAIN);
    complete(&mut shopper, CANARY, "PURCHASE");
    let held = json!({"accountKey": "905321234567", "cardAlias": CANARY, "orderNo": CANARY});
    shopper.post("/payment/api/Payment/request", &held);

    let snapshot = taken(&first, "default");
    let text = std::str::from_utf8(&snapshot).unwrap();
    for form in [CANARY, "4539578763621486", "8763621486"] {
        let found = text
            .match_indices(form)
            .map(|(at, _)| &text[at.saturating_sub(150)..at])
            .collect::<Vec<_>>();
        assert!(found.is_empty(), "{form} behind {found:#?}");
    }
    assert!(
        text.matches("453957******1486").count() > 20,
        "it was there"
    );
    put(&other, "default", &snapshot);
    assert_eq!(taken(&other, "default"), snapshot, "and is so from now on");
    let search =
        |app: &Arc<App>| Merchant::new(app).get("/payment-reporting/v1/payments?page=0&size=9");
    let (here, there) = (search(&first), search(&other));
    let masked = here
        .text
        .replace(CANARY, "453957******1486")
        .replace("4539578763621486", "4539570000001486");
    assert_eq!(
        there.text,
        masked.replace("453957******1486,\"", "4539570000001486,\""),
        "all else is the same"
    );
}

#[test]
fn a_bad_snapshot_is_refused_whole() {
    let app = app("[[rule]]\nthen = { decline = \"lost_card\" }");
    let mut shopper = Shopper::new(&app);
    to_order_no(&mut shopper, PLAIN);
    let before = taken(&app, "default");
    let good: Value = serde_json::from_slice(&before).unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut bad = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        bad.pointer_mut(parent).unwrap()[key] = value;
        bad
    };
    for (bad, status, says) in [
        (json!([]), 422, "at `version`: is missing"),
        (
            changed("/version", json!(1)),
            422,
            "at `version`: this mockpos reads format 2, and was given format 1: take the snapshot anew",
        ),
        (changed("/more", json!(1)), 422, "unknown field `more`"),
        (
            changed("/scenario/0/source", json!("version = 1\n[[ruel]]")),
            422,
            "did you mean",
        ),
        (
            changed("/scenario/0/name", json!(7)),
            422,
            "at `scenario[0].name`",
        ),
        (
            changed("/state/sessions", json!({})),
            422,
            "at `state.sessions`",
        ),
        (
            changed("/state/sessions/0/1/checkout/card", json!({"bin": 1})),
            422,
            "at `state.sessions[0][1].checkout.card.bin`",
        ),
        (
            changed("/ids/rng", json!("00")),
            422,
            "at `ids.rng`: not where a generator can stand",
        ),
        (changed("/clock/ahead", json!(1.5)), 422, "at `clock.ahead`"),
    ] {
        let reply = admin(&app, "default", (Method::PUT, bad.to_string().into()));
        let text = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status, status, "{text}");
        assert!(text.contains(says), "{says}: {text}");
        assert_eq!(taken(&app, "default"), before, "nothing has changed");
    }
    let reply = admin(&app, "default", (Method::PUT, "{".into()));
    assert_eq!(reply.status, 400);
}
