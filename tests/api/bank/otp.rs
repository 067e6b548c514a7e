//! The password on the page: wrong, late, too often, sent again, and by rules.

use super::{Browser, begun, form, has, shown};
use crate::support::{app, app_with};
use std::time::Duration;

#[test]
pub fn wrong_and_then_right() {
    let app = app("");
    let (begun, mut browser) = (begun(&app), Browser::new(&app));
    browser.header("accept-language", "en");
    for (code, left) in [("000000", "2"), ("12345", "1")] {
        let page = browser.post(&begun.page, &format!("otp={code}&action=confirm"));
        assert_eq!(page.status, 422);
        assert_eq!(
            shown(&page, "error"),
            format!("The code is wrong. Tries left: {left}")
        );
        assert!(page.text.contains("aria-invalid=\"true\""));
        assert!(
            !page.text.contains(code) || code == "12345",
            "what was typed is not shown"
        );
    }
    let empty = browser.post(&begun.page, "otp=&action=confirm");
    assert!(
        shown(&empty, "error").contains("enter"),
        "no try is used up"
    );
    let back = browser.post(&begun.page, "otp=123+456&action=confirm");
    assert_eq!(super::field(&form(&back).1, "mdStatus"), "1");
}

#[test]
pub fn too_many_wrong_ones_end_it() {
    let app = app("[otp]\ncode = \"A97011\"\ntries = 2");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    assert_eq!(browser.post(&begun.page, "otp=123456").status, 422);
    let over = browser.post(&begun.page, "otp=654321");
    assert_eq!(super::field(&form(&over).1, "mdStatus"), "0");
    let late = browser.post(&begun.page, "otp=A97011");
    assert_eq!(form(&late), form(&over), "it is over");
    let told = browser.get(&begun.admin());
    assert_eq!(told.text_at("how.outcome"), "fails");
}

#[test]
pub fn it_is_sent_again_a_few_times() {
    let app = app("[otp]\nresends = 1");
    let (begun, browser) = (begun(&app), Browser::new(&app));
    browser.post(&begun.page, "otp=0");
    browser.post(&begun.page, "otp=0");
    let page = browser.post(&begun.page, "action=resend");
    assert_eq!(page.status, 200);
    assert_eq!(shown(&page, "notice"), "Yeni kod gönderildi.");
    assert!(
        page.text.contains("data-testid=\"resend\" disabled"),
        "{}",
        page.text
    );
    assert_eq!(
        browser.post(&begun.page, "otp=0").status,
        422,
        "tries begin again"
    );
    let page = browser.post(&begun.page, "action=resend");
    assert!(shown(&page, "error").contains("daha fazla kod"));
    assert!(has(&browser.post(&begun.page, "otp=123456"), "return-form"));
}

#[test]
pub fn its_time_passes() {
    let app = app_with(|it| it.settings.otp.lifetime = Duration::ZERO);
    let (begun, browser) = (begun(&app), Browser::new(&app));
    let page = browser.get(&begun.page);
    assert_eq!(
        (page.status, has(&page, "error")),
        (200, true),
        "{}",
        page.text
    );
    let page = browser.post(&begun.page, "otp=123456");
    assert_eq!(page.status, 422);
    assert!(shown(&page, "error").contains("süresi doldu"));
}

#[test]
pub fn codes_of_the_table_are_not_taken() {
    let app = app("");
    let browser = Browser::new(&app);
    for (code, error) in [("000001", "hatalı"), ("000002", "süresi doldu")] {
        let page = browser.post(&begun(&app).page, &format!("otp={code}"));
        assert!(shown(&page, "error").contains(error), "{code}");
        assert_eq!(page.decided_by(), "one-time password");
    }
    let page = browser.post(&begun(&app).page, "otp=000003");
    assert_eq!(super::field(&form(&page).1, "mdStatus"), "0");
    let page = browser.post(&begun(&app).page, "otp=123456");
    assert_eq!(page.decided_by(), "default");
}

#[test]
pub fn a_rule_comes_before_the_table() {
    let rule = |fault: &str| format!("[[rule]]\nwhen.nth = 1\nthen.otp = \"{fault}\"");
    for (fault, again) in [("wrong", true), ("expired", false)] {
        let app = app(&rule(fault));
        let (begun, browser) = (begun(&app), Browser::new(&app));
        browser.get(&begun.page);
        browser.post(&begun.page, "action=resend");
        let page = browser.post(&begun.page, "otp=111117");
        assert_eq!(page.status, 422, "{fault}");
        assert!(
            page.decided_by().starts_with("rule "),
            "only where a code is given"
        );
        let page = browser.post(&begun.page, "otp=123456");
        assert_eq!(has(&page, "return-form"), again, "{fault}");
    }
    let app = app(&rule("too_many_tries"));
    let page = Browser::new(&app).post(&begun(&app).page, "otp=123456");
    assert_eq!(super::field(&form(&page).1, "mdStatus"), "0");
}
