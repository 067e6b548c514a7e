//! What hyper costs alone: reads a body, parses it as JSON, and writes an answer of JSON, always the same one.

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::hint::black_box;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves on that port of the loopback interface (0: a free one) until it is killed; says where, as mockpos does.
#[tokio::main]
pub async fn serve(port: u16, answer: Value) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.expect("the port is free");
    let address = listener.local_addr().expect("it listens");
    println!(
        "{}",
        json!({ "event": "ready", "url": format!("http://{address}") })
    );
    let answer = Arc::new(answer);
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).expect("a socket can be set");
        let answer = Arc::clone(&answer);
        let service = service_fn(move |request| respond(request, Arc::clone(&answer)));
        // Err: the client has gone
        tokio::spawn(async {
            drop(
                http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            )
        });
    }
}

async fn respond(
    request: Request<Incoming>,
    answer: Arc<Value>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let sent = request.into_body().collect().await;
    let sent = sent
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    black_box(serde_json::from_slice::<Value>(&sent).ok());
    let body = serde_json::to_vec(black_box(&*answer)).expect("a value can be written");
    let mut response = Response::new(Full::new(body.into()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}
