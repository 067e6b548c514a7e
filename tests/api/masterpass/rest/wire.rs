//! What goes wrong on the way: row 32, as far as the wire goes.

use super::{no, page, refused};
use crate::support::wallet::{PHONE, access};

#[test]
fn row_32_dropped_slow_or_failing() {
    let rule = |wire: &str| {
        format!(
            "[[rule]]\nwhen = {{ endpoint = \"masterpass.account.access\" }}\nwire = {{ {wire} }}"
        )
    };
    let dropped = access(&mut page(&rule("fault = \"reset\"")), PHONE);
    assert!(dropped.dropped);
    let slow = access(&mut page(&rule("delay = \"5s\"")), PHONE);
    assert_eq!((slow.status, slow.delay), (200, 5_000));
    let failing = access(&mut page(&rule("status = 502")), PHONE);
    assert_eq!(refused(&failing), no(502, "SERVER_ERROR"));
    let empty = access(&mut page(&rule("status = 200")), PHONE);
    assert_eq!((empty.status, &*empty.text), (200, ""));
}
