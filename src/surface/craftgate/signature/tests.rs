//! Every published vector, made by running the vendor's clients.

use super::*;
use http::{HeaderValue, Method};

const LOCAL: &str = "http://127.0.0.1:8080";
const KEYS: Keys = ("api-key", "secret-key", "Abc123");
const PHP: Keys = ("api-key", "secret-key", "1234");
const DUMMY: Keys = ("dummy", "dummy", "foo");
const MEMBERS: &str = "/onboarding/v1/members?name=Zeytinya%C4%9F%C4%B1%20%C3%9Cretim";
const TOKEN: &str = r#"{"userId":"masterpass-user-id","msisdn":"900000000000","binNumber":"404308","forceThreeDS":false,"createPayment":{"price":100,"paidPrice":100,"installment":1,"currency":"TRY","paymentGroup":"LISTING_OR_SUBSCRIPTION","items":[{"name":"Ürün 1","price":100}]}}"#;

/// Name; base and target; keys; body; signature.
type Vector = (
    &'static str,
    [&'static str; 2],
    Keys,
    &'static str,
    &'static str,
);
/// API key, secret key, random text.
type Keys = (&'static str, &'static str, &'static str);

/// contract: craftgate §1.3
#[rustfmt::skip]
const VECTORS: &[Vector] = &[
    ("V1", [LOCAL, "/payment/v1/masterpass-payments/check-user"], KEYS, r#"{"masterpassGsmNumber":"903000000000"}"#, "SJDjpiC2dwGOc9NC/znPGVmN1G8g/7kc2zr5PCkkGNI="),
    ("V2", [LOCAL, "/payment/v2/masterpass-payments/generate-token"], KEYS, TOKEN, "kWJcyYbuAFXj4d0S+r6aUCHP7bp8XcgBNeQmtcB4zWE="),
    ("V3", [LOCAL, "/installment/v1/bins/525864"], KEYS, "", "cf5VBC4umB9PtyVDdW4xB+yTxtPLa4gBA6o4rB8m8x4="),
    ("V4", [LOCAL, "/onboarding/v1/members?name=Zeytinya%C4%9F%C4%B1%20%C3%9Cretim&page=0&size=25&memberIds=1&memberIds=2"], KEYS, "", "2/dNLMmn9dO7qvuClBdqe2hwED178KejROeKrhPriXk="),
    ("V5", [LOCAL, "/payment/v1/bnpl-payments/1/approve"], KEYS, "", "H8mUIFnS1D5TLtx1lGUKmioX18eeFWOPOeu6/t23B28="),
    ("V6", [LOCAL, "/payment/v1/checkout-payments/456d1297-908e-4bd6-a13b-4be31a6e47d5"], KEYS, "", "WN9Ki5Ca5miID10rOCdXWAQ2XpaSfn20I3PNGaW+Ia8="),
    ("V7", [LOCAL, "/installment/v1/installments?binNumber=525864&price=100&currency="], KEYS, "", "+tpo5yfQ9hDJjnXQ4XNMSgnAOtMVG1G/9NhhRi5dYpw="),
    ("V8", [LOCAL, "/payment-reporting/v1/payments?page=0&size=3&minCreatedDate=2026-01-02T03%3A04%3A05.678Z"], KEYS, "", "s7sQhBHejbmD+159QGss0V5cav+9iYO9v+mj+kwRXPs="),
    ("V9", [LOCAL, "/payment/v2/masterpass-payments/3ds-complete"], KEYS, r#"{"paymentId":1}"#, "bVMgJ+ik9bC1dL6hGbaufVtiYWJto6XcAsSYbBGzwP0="),
    ("V10", ["https://sandbox-api.craftgate.io", "/payment/v2/masterpass-payments/3ds-complete"], KEYS, r#"{"paymentId":1}"#, "QVti6hkmwkUeufX5AwNU7eNAIPcuegaYa7rbE7rv+sU="),
    ("V11", [LOCAL, "/onboarding/v1/members?name=Zeytinya%C4%9F%C4%B1%20%C3%9Cretim&page=0&size=25&memberIds=1%2C2"], KEYS, "", "bP36pAratrczNe+S2bLVYATKJe5moowhes6S59/plMo="),
    ("V12", [LOCAL, "/installment/v1/installments?binNumber=525864&price=100&currency=TRY&distinctCardBrandsWithLowestCommissions=false&loyaltyExists=false&"], KEYS, "", "B67cxTPWBtnNJBuamu5khFui1GCVBie4sRt5lN92q8w="),
    ("V13", [LOCAL, "/payment/v1/cards?cardAlias=My%20YKB%20Card%20%2B%201&page=0&size=10&"], KEYS, "", "OHPW+2M00I7fJ68WGLIIQyYDVwJOmU0NhcOt/X9Ks24="),
    ("V14", ["https://api.craftgate.io", "/onboarding/v1/members/1"], ("key-1", "FooBar123!", "Xa15Fp11T"), "", "y1TtnjNCJEvlkP5ufCkK3H0i2guMB/bKL4Ayw3VlKWA="),
    ("V15", ["http://localhost:8000", "/installment/v1/installments"], PHP, "", "uK7LkWOEzVH+Px/YOiMuSXvPkHLR4KoA7PuykXcYovQ="),
    ("V16", ["http://localhost:8000", "/payment/v1/cards"], PHP, r#"{"cardUserKey":"de050909-39a9-473c-a81a-f186dd55cfef"}"#, "kQm62AfjXCw6rS6QBCLXta9tV1GqD/SXsAlYP+cEhG8="),
    ("V17", ["http://localhost:8000", MEMBERS], PHP, "", "vxYA+5LH3F4m8tHQA2LpVBwzVgCqGRHue4XAgcVjjYQ="),
    ("V18", ["http://api.craftgate.io", "/onboarding/v1/members"], ("api-key", "secret-key", "rand-2010"), "", "lecLrGZXo5u+Oq3V33vIqtbLU2fopbiH78kq6wjWNDQ="),
    ("V19", ["http://localhost:8000", "/foo?foo=42"], DUMMY, "", "tf0w4o41UCEreJKeQZRHDmJlZr1K2IxG67dMZE5+0gc="),
    ("V20", ["http://localhost:8000", "/foo"], DUMMY, r#"{"foo":42}"#, "5PmVYuEmz1ueo49ta5QraJUrtUcDr0RKGwT+ZlmJqmM="),
];

fn call(&(_, [base, target], (_, _, random), body, signature): &Vector) -> Call {
    let mut call = Call::new(Method::POST, target);
    let host = base.split_once("://").unwrap().1;
    for (name, value) in [
        ("host", host),
        ("x-rnd-key", random),
        ("x-auth-version", "V1"),
        ("x-signature", signature),
    ] {
        call.headers.insert(name, HeaderValue::from_static(value));
    }
    call.body = body.into();
    call
}

fn merchant(&(_, _, (api_key, secret_key, _), ..): &Vector) -> Merchant {
    Merchant {
        api_key: api_key.to_owned(),
        secret_key: secret_key.to_owned(),
        ..Merchant::default()
    }
}

#[test]
fn every_vector_is_accepted() {
    assert_eq!(VECTORS.len(), 20);
    for vector in VECTORS {
        let verified = verify(&call(vector), &merchant(vector));
        assert_eq!(verified, Ok(()), "{}", vector.0);
    }
}

#[test]
fn anything_else_is_refused() {
    for vector in VECTORS {
        let other = Err(Code::SignatureWrong.into());
        let mut body = call(vector);
        body.body = [vector.3, " "].concat().into();
        let mut target = call(vector);
        target.target.push('x');
        let mut host = call(vector);
        host.headers
            .insert("host", HeaderValue::from_static("elsewhere.example"));
        for (call, what) in [(body, "body"), (target, "target"), (host, "host")] {
            assert_eq!(
                verify(&call, &merchant(vector)),
                other,
                "{} {what}",
                vector.0
            );
        }
        let mut stranger = merchant(vector);
        stranger.secret_key.push('x');
        assert_eq!(verify(&call(vector), &stranger), other, "{}", vector.0);
    }
}

#[test]
fn headers_are_all_needed() {
    for name in ["x-rnd-key", "x-auth-version", "x-signature"] {
        let mut call = call(&VECTORS[0]);
        call.headers.remove(name);
        let missing = format!("Authentication header is missing: {name}");
        let want = Err(Code::HeaderMissing.saying(missing));
        assert_eq!(verify(&call, &merchant(&VECTORS[0])), want);
    }
    for (version, good) in [
        ("1", true),
        ("v1", true),
        ("V1", true),
        ("2", false),
        ("1.0", false),
    ] {
        let mut call = call(&VECTORS[0]);
        let version = HeaderValue::from_static(version);
        call.headers.insert("x-auth-version", version.clone());
        let verified = verify(&call, &merchant(&VECTORS[0]));
        assert_eq!(verified.is_ok(), good, "{version:?}");
    }
}

#[test]
fn the_url_may_be_written_in_many_ways() {
    for (base, host, target, signed) in [
        (
            "a client with the default port",
            "shop.test",
            "/x",
            "http://shop.test:80/x",
        ),
        ("TLS in front", "shop.test", "/x", "https://shop.test/x"),
        (
            "TLS with its port",
            "shop.test",
            "/x",
            "https://shop.test:443/x",
        ),
        (
            "the public URL",
            "10.0.0.1:4242",
            "/x",
            "https://public.test/x",
        ),
        (
            "a doubled slash",
            "h:1",
            "//payment/v1/cards?",
            "http://h:1//payment/v1/cards?",
        ),
        (
            "a sandbox",
            "h:1",
            "/~ci/payment?a=%20",
            "http://h:1/~ci/payment?a= ",
        ),
        (
            "a plus kept",
            "h:1",
            "/c?cardAlias=My+YKB+Card",
            "http://h:1/c?cardAlias=My+YKB+Card",
        ),
        (
            "a plus as a space",
            "h:1",
            "/c?a=My+Card",
            "http://h:1/c?a=My Card",
        ),
        ("escapes raw", "h:1", "/c?a=%C4%9F", "http://h:1/c?a=%C4%9F"),
        ("no escape", "h:1", "/c?a=5%", "http://h:1/c?a=5%"),
    ] {
        let merchant = Merchant::default();
        let keys = (&*merchant.api_key, &*merchant.secret_key, "r");
        let signature = sign(signed, keys, b"");
        let mut call = Call::new(Method::GET, target);
        call.origin = "https://public.test".into();
        for (name, value) in [("host", host), ("x-rnd-key", "r"), ("x-auth-version", "1")] {
            call.headers.insert(name, HeaderValue::from_static(value));
        }
        call.headers
            .insert("x-signature", HeaderValue::from_str(&signature).unwrap());
        assert_eq!(verify(&call, &merchant), Ok(()), "{base}");
    }
}

#[test]
fn the_explanation_is_short_and_hides_cards_wherever_it_is_cut() {
    let urls = urls(&["http://h:1".to_owned()], "/x?cvc=123");
    let keys = ("api-key", "r");
    let small = explanation(&urls, keys, br#"{"cvc":"123"}"#);
    let want = r#"one of ["http://h:1/x?cvc=***"], "api-key", the secret key, "r", 13 bytes of body: "{\"cvc\":\"***\"}""#;
    assert_eq!(small, want);
    let long = "x".repeat(1 << 20);
    let many: Vec<_> = (0..15).map(|n| format!("{n}{long}")).collect();
    let big = explanation(&many, ("api-key", &long), long.as_bytes());
    assert!(big.len() < 20_000, "{}", big.len());
    let odd = "\u{1}".repeat(1 << 20);
    assert!(explanation(&[], ("k", &odd), odd.as_bytes()).len() < 20_000);
    let rest = "y".repeat(LOOKED_AT);
    for at in (LOOKED_AT - 40..LOOKED_AT).chain(BODY_SHOWN - 40..BODY_SHOWN) {
        let plain = "x".repeat(at);
        // Masked, this is much shorter: the cut of the body comes close to the end of what is shown.
        let secret = format!(r#"{{"password":"{}", "#, "p".repeat(at - 16));
        for before in [plain, secret] {
            let body = format!("{before}5258640000000001 {rest}");
            let seen = shown(body.as_bytes(), BODY_SHOWN);
            assert!(seen.len() <= BODY_SHOWN, "{at}");
            assert!(!seen.contains("5258640"), "{at} {seen}");
        }
    }
}
