//! One POST, with an end to everything: time, redirects, and how much of an answer is read.

use super::address::{self, Target};
use crate::domain::webhook::Answer;
use crate::surface::webhook::{Message, Parcel};
use bytes::Bytes;
use http::header::{CONNECTION, HOST};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::io;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The most that is read of an answer, in bytes; the connection is closed then.
const MOST: usize = 64 * 1024;
/// How much of it is kept.
const KEPT: usize = 1024;

/// Sends `parcel`, and says what came of it.
pub async fn send(parcel: &Parcel) -> Answer {
    let limit = parcel.settings().timeout;
    let done = timeout(limit, exchange(parcel)).await;
    let late = || Err(format!("no whole answer within {} ms", limit.as_millis()));
    match done.unwrap_or_else(|_| late()) {
        Ok((status, text)) => Answer::Status(status, text),
        Err(why) => Answer::Nothing(why),
    }
}

async fn exchange(parcel: &Parcel) -> Result<(u16, String), String> {
    let target = address::target(parcel).await?;
    let stream = connect(&target).await;
    let stream = stream.map_err(|e| format!("cannot connect: {e}"))?;
    let broken = |e: hyper::Error| format!("no valid answer: {e}");
    let mut client = http1::Builder::new();
    client.max_buf_size(MOST);
    let (mut sender, line) = client
        .handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    // closes the connection when this is over, however it ends
    let mut lines = JoinSet::new();
    lines.spawn(line);
    let request = request(&target, &parcel.message)?;
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status().as_u16();
    Ok((status, beginning(response).await))
}

/// To the first address that takes it.
async fn connect(target: &Target) -> io::Result<TcpStream> {
    TcpStream::connect(&*target.addresses).await
}

fn request(target: &Target, message: &Message) -> Result<Request<Full<Bytes>>, String> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(&target.path)
        .header(HOST, &target.authority)
        .header(CONNECTION, "close");
    for (name, value) in &message.headers {
        request = request.header(*name, value);
    }
    let body = Full::new(Bytes::from(message.body.clone()));
    request.body(body).map_err(|e| format!("no request: {e}"))
}

/// What an answer begins with; its rest is not read.
async fn beginning(response: Response<Incoming>) -> String {
    let (mut body, mut kept, mut read) = (response.into_body(), Vec::new(), 0);
    // Err: it breaks off, and its status stands
    while let Some(Ok(frame)) = body.frame().await {
        let data = frame.into_data().unwrap_or_default();
        read += data.len();
        let room = KEPT - kept.len();
        kept.extend_from_slice(&data[..data.len().min(room)]);
        if read >= MOST {
            break;
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}
