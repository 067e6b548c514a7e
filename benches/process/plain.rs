//! What hyper costs alone: reads a body, parses it as JSON, writes an answer as JSON.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves on a free port of the loopback interface until it is killed; says where, as mockpos does.
#[tokio::main]
pub async fn serve(answer: &str) {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("there is a free port");
    let address = listener.local_addr().expect("it listens");
    println!(
        "{}",
        serde_json::json!({ "event": "ready", "url": format!("http://{address}") })
    );
    let value: Value = serde_json::from_str(answer).expect("answers are JSON");
    let value = Arc::new(value);
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).expect("a socket can be set");
        let value = Arc::clone(&value);
        let service = service_fn(move |request| said(request, Arc::clone(&value)));
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

async fn said(
    request: Request<Incoming>,
    value: Arc<Value>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let sent = request.into_body().collect().await;
    let sent = sent
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    std::hint::black_box(serde_json::from_slice::<Value>(&sent).ok());
    let body = serde_json::to_vec(&*value).expect("a value can be written");
    let mut response = Response::new(Full::new(body.into()));
    let json = http::HeaderValue::from_static("application/json");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, json);
    Ok(response)
}
