//! Every error status carries `errors`, and every path of the vendor is known.

use crate::support::app;
use crate::support::merchant::Merchant;
use http::Method;
use mockpos::surface;

#[test]
fn unknown_paths_and_methods_are_said_in_the_vendors_form() {
    let mut merchant = Merchant::new(&app(""));
    for (method, target, status) in [
        (Method::GET, "/payment/v1/nothing-here", 404),
        (Method::GET, "/onboarding/v9/x", 404),
        (Method::POST, "/installment/v1/bins/525864", 405),
        (Method::DELETE, "/installment/v1/installments", 405),
    ] {
        let answer = merchant.send(method, target, "");
        assert_eq!(answer.status, status, "{target}");
        assert_eq!(answer.text_at("errors.errorCode"), status.to_string());
        assert!(answer.at("errors.errorDescription").is_string());
    }
}

#[test]
fn other_surfaces_keep_their_paths() {
    let mut merchant = Merchant::new(&app(""));
    for target in [
        "/payments/cards/nothing",
        "/payment/api/v5/nothing",
        "/orders/nothing/",
    ] {
        let answer = merchant.get(target);
        assert_eq!(answer.status, 404, "{target}");
        assert!(
            answer.at("errors").is_null(),
            "{target} is not ours: {}",
            answer.text
        );
    }
}

#[test]
fn what_is_not_mocked_says_so() {
    let mut merchant = Merchant::new(&app(""));
    let mut count = 0;
    let ours = surface::ALL.iter().find(|s| s.name == "craftgate").unwrap();
    for row in ours.endpoints.iter().copied().flatten() {
        let target = row.path.replace(['{', '}'], "");
        let answer = merchant.send(row.method.clone(), &target, "");
        if answer.status != 501 {
            continue;
        }
        count += 1;
        assert_eq!(answer.text_at("errors.errorCode"), "501");
        let said = answer.text_at("errors.errorDescription");
        assert!(
            said.starts_with("mockpos does not mock this call yet"),
            "{said}"
        );
        assert!(said.contains(row.path) && said.contains(row.name), "{said}");
    }
    assert_eq!(count, 93);
}
