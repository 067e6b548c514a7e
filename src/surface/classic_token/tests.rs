//! The contract's vectors both ways, every tag, and tokens that are no good.

use super::*;

const ENC: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const KEYS: Keys<'static> = Keys {
    enc: &ENC,
    mac: "00112233445566778899AABBCCDDEEFF",
};

fn token((reference, user): (&str, &str), validated: bool, validation: Validation) -> ClassicToken {
    ClassicToken {
        client: "90000001".to_owned(),
        zone: 3,
        made_at: "20250102030405".to_owned(),
        msisdn: "905550000001".to_owned(),
        reference: reference.to_owned(),
        user: user.to_owned(),
        msisdn_validated: validated,
        validation,
        merchant_type: None,
        pos: Default::default(),
    }
}

/// contract: masterpass §8.1, "Our own vectors"
#[test]
fn the_vectors_of_the_contract_are_made_and_opened() {
    let order = ("100000000001", "user-1");
    for (token, text) in [
        (
            token(order, false, Validation::Otp),
            "D8FEA97E45D17149A4305048428F8EE3E9F1BB8C9DB53205F17CBFD788C9B4902ABA6DCA7C04D5873333DE9DD50A7325BCAA1CCF98624FEF9E1BF2F06CD96C49A875CB42A099B1399BFBB229A93736AD557046965BDF96E579523483CC2C37D0A2380575",
        ),
        (
            token(order, true, Validation::ThreeDs),
            "D8FEA97E45D17149A4305048428F8EE3E9F1BB8C9DB53205F17CBFD788C9B4902ABA6DCA7C04D5873333DE9DD50A7325BCAA1CCF98624FEF9E1BF2F06CD96C495720D6769B8165EC79D9D20AF28467905464A03D922400D633A758FA2037F5AC13B64A23",
        ),
        (
            token(("1", "uu"), false, Validation::Nothing),
            "D8FEA97E45D17149A4305048428F8EE3E9F1BB8C9DB53205F17CBFD788C9B4902ABA6DCA7C04D5873333DE9DD50A732543C3A7DA944C8CA277CE72407360BC7AF1EDA6F8DCBE1528B922DDE3F4D8339B5F7EAF1B",
        ),
    ] {
        assert_eq!(token.issue(KEYS), text);
        assert_eq!(ClassicToken::open(text, KEYS), Ok(token));
    }
}

#[test]
fn every_tag_comes_back() {
    let mut full = token(("order-1", "u"), true, Validation::MpinAndOtp);
    full.merchant_type = Some(1);
    for (n, slot) in full.pos.iter_mut().enumerate() {
        *slot = Some(format!("pos {n}"));
    }
    assert_eq!(ClassicToken::open(&full.issue(KEYS), KEYS), Ok(full));
    for validation in Validation::ALL {
        for zone in [-12, -3, 0, 3, 14] {
            let mut one = token(("1", ""), false, validation);
            one.zone = zone;
            let opened = ClassicToken::open(&one.issue(KEYS).to_lowercase(), KEYS);
            assert_eq!(opened, Ok(one), "{zone} {validation:?}");
        }
    }
    let long = token(("1", &"u".repeat(300)), false, Validation::Nothing);
    let opened = ClassicToken::open(&long.issue(KEYS), KEYS).unwrap();
    assert_eq!(opened.user.len(), 255);
}

#[test]
fn the_time_is_that_of_the_zone() {
    for (zone, made_at, seconds) in [
        (3, "20250102030405", Some(1_735_776_245)),
        (-5, "20250101190405", Some(1_735_776_245)),
        (0, "20250102000405", Some(1_735_776_245)),
        (3, "20251302030405", None),
        (3, "2025010203040", None),
        (3, "", None),
        (3, "yesterday at 3", None),
    ] {
        let mut token = token(("1", "u"), false, Validation::Nothing);
        (token.zone, token.made_at) = (zone, made_at.to_owned());
        let made = token.made().map(Timestamp::seconds);
        assert_eq!(made, seconds, "{zone} {made_at}");
    }
}

#[test]
fn what_no_key_of_the_merchant_has_made_is_refused() {
    let good = token(("1", "u"), false, Validation::Otp).issue(KEYS);
    let other = Keys {
        mac: "00112233445566778899AABBCCDDEEFE",
        ..KEYS
    };
    let foreign = Keys {
        enc: &[9; 16],
        ..KEYS
    };
    let open = |text: &str, keys| ClassicToken::open(text, keys).map(|_| ());
    let changed = format!("0{}", &good[1..]);
    for (text, keys, fault) in [
        (&*good, other, ClassicFault::Signature),
        (&changed, KEYS, ClassicFault::Signature),
        (&good, foreign, ClassicFault::Content),
        ("", KEYS, ClassicFault::Malformed),
        ("00", KEYS, ClassicFault::Malformed),
        (&good[1..], KEYS, ClassicFault::Malformed),
        (&good[2..], KEYS, ClassicFault::Malformed),
        (&good[good.len() - 40..], KEYS, ClassicFault::Malformed),
        (&"x".repeat(72), KEYS, ClassicFault::Malformed),
        (&"ğ".repeat(60), KEYS, ClassicFault::Malformed),
    ] {
        assert_eq!(open(text, keys), Err(fault), "{text}");
    }
    let foreign_made = token(("1", "u"), false, Validation::Otp).issue(foreign);
    assert_eq!(open(&foreign_made, KEYS), Err(ClassicFault::Content));
}

#[test]
fn each_validation_asks_for_its_own() {
    let asks = Validation::ALL.map(Validation::asks);
    let want = [
        vec![],
        vec![Ask::BankOtp],
        vec![Ask::Mpin],
        vec![Ask::Mpin, Ask::BankOtp],
        vec![Ask::ThreeDs],
    ];
    assert_eq!(asks, want);
    assert_eq!(Validation::ALL.map(Validation::code), [0, 1, 2, 3, 4]);
}
