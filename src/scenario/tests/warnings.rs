//! What is allowed and likely not meant; and the guard against real card numbers.

use super::*;

fn warned(text: &str) -> Problems {
    compile(text).warnings
}

#[test]
fn warnings_stand_at_their_place_and_stop_nothing() {
    const DECLINE: &str = "then = { decline = \"declined\" }";
    for (text, line, mistake, message) in [
        (format!("[[rule]]\n{DECLINE}\n[[rule]]\nwhen = {{ bin = \"525864\" }}\n{DECLINE}"), 4, Mistake::Shadowed, "never has its turn"),
        (format!("[[rule]]\nwhen = {{ bin = [\"525864\", \"4\" ] }}\n{DECLINE}\n[[rule]]\nwhen = {{ bin = \"52586400\", amount = \"5\" }}\n{DECLINE}").replace("\"4\" ", "\"404308\""), 5, Mistake::Shadowed, "never"),
        (format!("[[rule]]\nwhen = {{ amount = \">= 5\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ amount = \"6..7\", header = {{ x = \"a\" }} }}\n{DECLINE}"), 5, Mistake::Shadowed, "never"),
        (format!("[[rule]]\nwhen = {{ order_no = \"7*\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ order_no = [\"71\", \"72\"], after = \"1s\" }}\n{DECLINE}"), 5, Mistake::Shadowed, "never"),
        (format!("[[rule]]\nwhen = {{ not = {{ bin = \"525864\" }} }}\n{DECLINE}\n[[rule]]\nwhen = {{ nth = 2, not = {{ bin = \"525864\" }} }}\n{DECLINE}"), 5, Mistake::Shadowed, "never"),
        ("[[rule]]\nwhen = { endpoint = \"gateway.*\", card_alias = \"a\" }\nthen = { decline = \"declined\" }".to_owned(), 3, Mistake::NeverKnown, "`card_alias` is never known"),
        ("[[rule]]\nwhen = { endpoint = \"gateway.payment.pay\", amount = \"5\", installment = 2 }\nthen = { decline = \"declined\" }".to_owned(), 3, Mistake::NeverKnown, "`installment`"),
        ("[[rule]]\nthen = { response_code = \"999999\" }".to_owned(), 3, Mistake::UnlistedCode, "`999999`"),
        ("[[rule]]\nthen = { error = { code = \"999999\" } }".to_owned(), 3, Mistake::UnlistedCode, "`999999`"),
        ("[[rule]]\nwhen = { endpoint = \"gateway.*\" }\nthen = { response_code = \"W1\" }".to_owned(), 4, Mistake::UnlistedCode, "for the endpoints of this rule do not have the code `W1`"),
        ("[[rule]]\nwhen = { installment = [2, 35] }\nthen = { approve = true }".to_owned(), 3, Mistake::NeverFits, "no table offers 35 parts"),
        ("[[rule]]\nwhen = { probability = 0 }\nthen = { approve = true }".to_owned(), 3, Mistake::NeverFits, "never speaks"),
        ("[[rule]]\nwhen = { nth = 1 }\nthen = [{ approve = true }, { decline = \"declined\" }]".to_owned(), 4, Mistake::Unused, "this step never comes"),
        ("[[rule]]\nthen = { set_state = \"bank-down\" }".to_owned(), 3, Mistake::Unused, "no rule asks for the state `bank-down`"),
        ("[[rule]]\nwhen = { bin = \"525964\" }\nthen = { approve = true }".to_owned(), 3, Mistake::UnknownCard, "`525964`"),
        ("[[rule]]\nwhen = { msisdn = \"905551120003\" }\nthen = { approve = true }".to_owned(), 3, Mistake::NoSuchRow, "no holder of this scenario is `905551120003`"),
        ("[[example]]\ncall = \"GET /__mockpos/helth\"".to_owned(), 3, Mistake::UnknownEndpoint, "no endpoint answers"),
        ("[[example]]\ncall = \"GET /orders/checkout/?page=MasterpassRestBinNumberPag\"".to_owned(), 3, Mistake::UnknownPage, "no endpoint answers for the page"),
        ("[[example]]\ncall = \"PUT /__mockpos/health\"".to_owned(), 3, Mistake::NoCall, "does not take `PUT`"),
        ("[[installments]]\nmin_amount = \"5\"\ncounts = {}\n[[installments]]\nmin_amount = \"6\"\nprogram = \"Bonus\"\ncounts = {}".to_owned(), 5, Mistake::Unused, "no card pays"),
        ("[[installments]]\nprogram = \"Nobody's\"\ncounts = {}".to_owned(), 2, Mistake::Unused, "`Nobody's`"),
        ("[[installments]]\ncounts = {}\n[[installments]]\nprogram = \"Bonus\"\ncounts = {}".to_owned(), 4, Mistake::Unused, "no card pays"),
    ] {
        let found = warned(&text);
        assert_eq!(found.list.len(), 1, "{text}\n{found}");
        let one = &found.list[0];
        assert!(one.warning, "{found}");
        assert_eq!((one.line, one.mistake), (line, mistake), "{text}\n{found}");
        assert!(one.message.contains(message), "{found}");
        assert!(found.render().starts_with("warning[S0"), "{found}");
    }
}

#[test]
fn nothing_is_said_of_what_may_be_meant() {
    const DECLINE: &str = "then = { decline = \"declined\" }";
    for text in [
        // the first has turns, or says one thing after the other and then is silent
        format!("[[rule]]\nwhen = {{ nth = 1 }}\n{DECLINE}\n[[rule]]\n{DECLINE}"),
        format!("[[rule]]\nthen = [{{ decline = \"declined\" }}]\n[[rule]]\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ probability = 50 }}\n{DECLINE}\n[[rule]]\n{DECLINE}"),
        // it says other kinds, or at other endpoints
        format!("[[rule]]\n{DECLINE}\n[[rule]]\nthen = {{ three_ds = \"fails\" }}"),
        format!("[[rule]]\nwhen = {{ endpoint = \"akinon.*\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ endpoint = [\"akinon.*\", \"gateway.*\"] }}\n{DECLINE}"),
        format!("[[rule]]\n{DECLINE}\n[[rule]]\nwhen = {{ endpoint = \"gateway.refund.refund\" }}\n{DECLINE}"),
        // a rule offers what no table does
        format!("[[rule]]\nthen = {{ installments = {{ 7 = \"0\" }} }}\n[[rule]]\nwhen = {{ installment = 7 }}\n{DECLINE}"),
        // it fits more
        format!("[[rule]]\nwhen = {{ bin = \"525864\" }}\n{DECLINE}\n[[rule]]\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ bin = \"52586400\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ bin = \"525864\" }}\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ order_no = \"71\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ order_no = \"7*\" }}\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ three_d = true }}\n{DECLINE}\n[[rule]]\nwhen = {{ three_d = false }}\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ amount = \"5..6\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ amount = \"6..7\" }}\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ until = \"5s\" }}\n{DECLINE}\n[[rule]]\nwhen = {{ until = \"6s\" }}\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ header = {{ x = \"a\" }} }}\n{DECLINE}\n[[rule]]\nwhen = {{ query = {{ x = \"a\" }} }}\n{DECLINE}"),
        format!("[[rule]]\nwhen = {{ not = {{ bin = \"525864\" }} }}\n{DECLINE}\n[[rule]]\n{DECLINE}"),
        // it is left for a state that nobody asks for; what is refused on purpose
        "[[rule]]\nwhen = { state = \"down\" }\nthen = { set_state = \"fine-again\" }\n[[rule]]\nwhen = { nth = 1 }\nthen = { set_state = \"down\" }".to_owned(),
        "[[example]]\ncall = \"GET /nothing\"\nexpect = { status = 404 }\n[[example]]\ncall = \"PUT /__mockpos/health\"\nexpect = { status = 405 }".to_owned(),
        "[[example]]\ncall = \"GET /~own/pay/7?page=any\"".to_owned(),
        "[[rule]]\nwhen = { msisdn = \"905557771234\", bin = \"999999\" }\nthen = { approve = true }".to_owned(),
        // the money moves, and the answer is changed on its way
        "[[rule]]\nwhen = { nth = \"2..4\", every = 3 }\nthen = { decline = \"declined\", headers = { x = \"1\" } }\nwire = { fault = \"empty\", when = \"after_commit\" }".to_owned(),
        "[[rule]]\nwhen = { bin = \"525864\", card_program = \"World\", bank = \"YAPI*\", not = { bin = \"404308\" } }\nthen = { error = { code = \"1\" } }".to_owned(),
        "[[rule]]\nwhen = { card_alias = \"a\" }\nthen = { decline = \"declined\" }".to_owned(),
        "[[installments]]\nmin_amount = \"5\"\ncounts = {}\n[[installments]]\nprogram = \"Bonus\"\ncounts = {}".to_owned(),
    ] {
        let found = warned(&text);
        assert!(found.is_empty(), "{text}\n{found}");
    }
}

#[test]
fn a_rule_that_another_file_leaves_nothing_to_is_told_in_its_own_file() {
    let file = |name: &str, when: &str| {
        let rule = format!("[[rule]]\nwhen = {{ {when} }}\nwire = {{ delay = \"1s\" }}\n");
        (name.to_owned(), format!("version = 1\n{rule}"))
    };
    let told = |below: &str, above: &str| {
        let files = [file("below", below), file("above", above)];
        let found = Scenario::layer(&files, &catalog()).unwrap().warnings;
        let told = found.list.iter().map(|p| {
            assert!(
                p.hint
                    .as_ref()
                    .unwrap()
                    .contains("above:2, of a file on top"),
                "{found}"
            );
            (p.file.clone(), p.line, p.mistake)
        });
        told.collect::<Vec<_>>()
    };
    let shadowed = vec![("below".to_owned(), 2, Mistake::Shadowed)];
    assert_eq!(told("", ""), shadowed);
    assert_eq!(told("order_no = \"7\"", ""), shadowed);
    assert_eq!(told("order_no = \"7\"", "order_no = \"*\""), shadowed);
    assert_eq!(told("", "order_no = \"7\""), vec![]);
    assert_eq!(told("order_no = \"8\"", "order_no = \"7\""), vec![]);
}

#[test]
fn among_ten_thousand_rules_the_shadowed_ones_are_found() {
    let rule = |when: String| {
        format!("[[rule]]\nwhen = {{ {when} }}\nthen = {{ decline = \"declined\" }}\n")
    };
    for key in [
        "order_no = \"x",
        "amount = \"1",
        "body = { a = \"x",
        "header = { a = \"x",
    ] {
        let value = |n: usize| {
            let end = if key.contains('{') { "\" }" } else { "\"" };
            format!("{key}{n:04}{end}")
        };
        let most: String = (0..9_998).map(|n| rule(value(n))).collect();
        let more = rule(format!("{}, three_d = true", value(7_777)));
        let text = format!(
            "[settings]\n{most}{more}{}",
            rule("three_d = true".to_owned())
        );
        let found = warned(&text);
        let shadowed = found.list.iter().filter(|p| p.mistake == Mistake::Shadowed);
        let lines: Vec<usize> = shadowed.map(|p| p.line).collect();
        assert_eq!(lines, [3 + 3 * 9_998], "{key}");
    }
}

#[test]
fn cards_of_holders_that_a_later_file_replaces_are_told() {
    let file = |name: &str, text: &str| (name.to_owned(), format!("version = 1\n{text}"));
    let below = file(
        "a",
        "[[holder]]\nmsisdn = \"905551230000\"\n[[card]]\nholder = \"905551230000\"\nalias = \"x\"\nnumber = \"5258640000000001\"",
    );
    let above = file("b", "[[holder]]\nmsisdn = \"905551230001\"");
    let scenario = Scenario::layer(&[below, above], &catalog()).unwrap();
    let found = scenario.warnings;
    let all: Vec<_> = found
        .list
        .iter()
        .map(|p| (&*p.file, p.line, p.mistake))
        .collect();
    assert_eq!(all, [("a", 5, Mistake::Unused)], "{found}");
}

#[test]
fn a_password_is_judged_where_one_is_asked_for() {
    for (asks, contradicts) in [
        ("[]", true),
        ("[\"cvv\", \"mpin\"]", true),
        ("[\"cvv\", \"bank_otp\"]", false),
        ("[\"three_ds\"]", false),
    ] {
        let text = format!("version = 1\n[[rule]]\nthen = {{ asks = {asks}, otp = \"wrong\" }}");
        let found = problems(&text); // this house decides neither
        let told = found
            .list
            .iter()
            .any(|p| p.mistake == Mistake::Contradiction);
        assert_eq!(told, contradicts, "{found}");
    }
}

#[test]
fn numbers_that_look_like_cards_are_refused_unless_allowed() {
    const REAL: &str = "4242424242424242";
    for text in [
        format!(
            "[[rule]]\nwhen = {{ body = {{ card = \"{REAL}\" }} }}\nthen = {{ approve = true }}"
        ),
        format!("[[example]]\ncall = \"GET /x\"\njson = {{ a = [{{ b = \"{REAL}\" }}] }}"),
        format!("[[example]]\ncall = \"GET /x\"\njson = {{ a = {REAL} }}"),
        "description = \"with 4242 4242 4242 4242\"".to_owned(),
    ] {
        let found = problems(&format!("version = 1\n{text}"));
        assert_eq!(found.list[0].mistake, Mistake::CardNumber, "{found}");
        assert!(!found.list[0].message.contains(REAL), "{found}");
        let allowed = format!("[settings]\nallow_numbers = [\"{REAL}\"]\n");
        let (head, rest) = text.split_at(if text.starts_with("desc") {
            text.len()
        } else {
            0
        });
        compile(&format!("{head}\n{allowed}{rest}"));
        let own = "[[bin]]\nprefix = \"424242\"\n";
        compile(&format!("{head}\n{own}{rest}"));
    }
}

#[test]
fn a_password_of_a_card_that_asks_for_none_is_told() {
    let otp = Catalog {
        reads: None,
        rows: vec![CatalogRow {
            points: &[Point::Otp, Point::Asks],
            ..catalog().rows[0]
        }],
    };
    let rule = "[[rule]]\nwhen = { card_name = \"ALI VELI\" }\nthen = { otp = \"wrong\" }\n";
    for (asks, more, odd) in [
        ("asks = []", "", true),
        ("asks = [\"cvv\"]", "", true),
        ("asks = [\"three_ds\"]\nthree_ds = \"fails\"", "", true),
        ("asks = [\"three_ds\"]", "", false),
        ("asks = [\"bank_otp\"]", "", false),
        ("", "", false),
        (
            "asks = []",
            "[[rule]]\nthen = { asks = [\"bank_otp\"] }\n",
            false,
        ),
    ] {
        let card =
            format!("[[card]]\nnumber = \"5258640000000001\"\nname = \"ALI VELI\"\n{asks}\n");
        let text = format!("version = 1\n{card}{rule}{more}");
        let found = Scenario::compile("x", &text, &otp)
            .unwrap_or_else(|e| panic!("{e}"))
            .warnings;
        let told = found
            .list
            .iter()
            .any(|p| p.mistake == Mistake::Contradiction);
        assert_eq!(told, odd, "{text}\n{found}");
    }
}

#[test]
fn what_is_allowed_or_said_for_nothing_is_told() {
    let allow = |numbers: &str| warned(&format!("[settings]\nallow_numbers = [{numbers}]"));
    // A call may bring it, though no file has it.
    let allowed = allow("\"4242424242424242\"");
    assert!(allowed.list.is_empty(), "{allowed}");
    let needless = allow("\"5258640000000001\"");
    assert_eq!(needless.list[0].mistake, Mistake::Unused, "{needless}");
    assert!(needless.list[0].message.contains("may stand anywhere"));
    // An allowed number is not reported again because another key of the table is wrong.
    let wrong = "version = 1\ndescription = \"4242424242424242\"\n[settings]\nstrict = 1\nallow_numbers = [\"4242424242424242\"]";
    let wrong = problems(wrong);
    assert_eq!(wrong.list.len(), 1, "{wrong}");

    let bin = |program: &str| {
        format!("version = 1\n[[bin]]\nprefix = \"525864\"\nprogram = \"{program}\"")
    };
    let files =
        [("a.toml", "A"), ("b.toml", "B")].map(|(name, program)| (name.to_owned(), bin(program)));
    let both = Scenario::layer(&files, &catalog()).unwrap().warnings;
    let told: Vec<_> = both
        .list
        .iter()
        .map(|p| (&*p.file, p.line, p.mistake))
        .collect();
    assert_eq!(told, [("a.toml", 3, Mistake::Unused)], "{both}");
    assert!(
        both.list[0].hint.as_ref().unwrap().contains("b.toml:3"),
        "{both}"
    );
}

#[test]
fn what_is_odd_in_the_program_itself_is_nobodys_to_mend() {
    // The built-in table of that programme has no card any more.
    let found = warned("[[bin]]\nprefix = \"665544\"\nprogram = \"Bonus\"");
    assert!(found.is_empty(), "{found}");
}

#[test]
fn too_many_rules_to_compare_are_told() {
    let rule = |n: usize| {
        let cents = n % 100;
        let lira = n / 100 + 1;
        format!(
            "[[rule]]\nwhen = {{ amount = \"{lira}.{cents:02}0..{lira}.{cents:02}5\" }}\nthen = {{ decline = \"declined\" }}\n"
        )
    };
    let few: String = (0..1_000).map(rule).collect();
    let found = warned(&few);
    assert!(found.is_empty(), "{found}");
    let many: String = (0..2_600).map(rule).collect();
    let found = warned(&many);
    assert_eq!(found.list.len(), 1, "{found}");
    assert_eq!(found.list[0].mistake, Mistake::TooMuch, "{found}");
}
