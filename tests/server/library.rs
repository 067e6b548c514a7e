//! Started from another Rust program.

use crate::support::{Client, HEALTH, get, has_status};
use mockpos::{Error, Server};

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_answers_and_ends() {
    let running = Server::builder()
        .scenario("default")
        .seed(1)
        .start()
        .await
        .unwrap();
    assert_eq!(running.url(), format!("http://{}", running.address()));
    let port = running.address().port();
    let answer = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(port);
        client.send(&get(HEALTH));
        client.rest()
    });
    has_status(&answer.await.unwrap(), 200);
    let address = running.address();
    running.shutdown().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_it_ends_it() {
    let running = Server::builder().start().await.unwrap();
    let mut client = Client::connect(running.address().port());
    drop(running);
    let cut = tokio::task::spawn_blocking(move || client.is_cut());
    assert!(cut.await.unwrap());
}

#[tokio::test]
async fn it_says_why_it_does_not_start() {
    let taken = Server::builder().start().await.unwrap();
    let second = Server::builder().listen(taken.address()).start().await;
    assert!(matches!(second, Err(Error::Listen(_))), "{second:?}");
    let misnamed = Server::builder()
        .scenario("hapy")
        .start()
        .await
        .unwrap_err();
    assert!(
        misnamed
            .to_string()
            .contains("`hapy` is no shipped scenario"),
        "{misnamed}"
    );
}
