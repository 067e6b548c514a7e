//! Answers and the log name a request alike.

use crate::support::{Process, get};

const LOGGED: &[&str] = &["--log-format", "json"];

fn id(answer: &str) -> &str {
    let id = answer.split("x-request-id: ").nth(1).expect(answer);
    id.split('\r').next().unwrap()
}

#[test]
fn a_request_has_its_clients_id_or_one_of_ours() {
    let server = Process::start(LOGGED);
    let named = get("/orders/checkout/").replace("\r\n\r\n", "\r\nx-request-id: job-7\r\n\r\n");
    let answer = server.talk(&named);
    assert_eq!(id(&answer), "job-7");
    let [first, second] = [(); 2].map(|()| id(&server.talk(&get("/nowhere"))).to_owned());
    assert_ne!(first, second);
    let forged = get("/nowhere").replace("\r\n\r\n", "\r\nx-request-id: a\" b\r\n\r\n");
    assert!(!id(&server.talk(&forged)).contains('"'));
    let log = server.log();
    for id in ["job-7", &first, &second] {
        let line = format!("\"request_id\":\"{id}\"");
        assert_eq!(log.matches(&line).count(), 1, "{line} in {log}");
    }
}
