//! A client's connection, plain or in TLS.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A client's connection.
#[derive(Debug)]
pub enum Socket {
    /// as it comes
    Plain(TcpStream),
    /// in TLS, shaken hands
    Tls(Box<TlsStream<TcpStream>>),
}

/// The records with which a client says goodbye: an alert, in the clear or sealed. Nothing else is as short.
const GOODBYES: [([u8; 5], usize); 2] = [([21, 3, 3, 0, 26], 31), ([23, 3, 3, 0, 19], 24)];

impl Socket {
    /// What it comes over.
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        }
    }

    /// Whether the client has closed its side, as soon as that, or anything else, can be seen.
    pub fn poll_gone(&self, cx: &mut Context<'_>) -> Poll<bool> {
        let mut bytes = [0; 32];
        let mut seen = ReadBuf::new(&mut bytes);
        let peeked = self.tcp().poll_peek(cx, &mut seen);
        peeked.map(|seen_so_much| match (seen_so_much, self) {
            (Err(_) | Ok(0), _) => true,
            (Ok(_), Self::Plain(_)) => false,
            (Ok(count), Self::Tls(_)) => {
                let is = |(head, length): &([u8; 5], usize)| {
                    count == *length && seen.filled().starts_with(head)
                };
                GOODBYES.iter().any(is)
            }
        })
    }
}

/// Polls whichever it is.
macro_rules! either {
    ($self:ident, $tcp:ident => $poll:expr) => {
        match &mut *$self {
            Socket::Plain($tcp) => {
                let $tcp = Pin::new($tcp);
                $poll
            }
            Socket::Tls($tcp) => {
                let $tcp = Pin::new(&mut **$tcp);
                $poll
            }
        }
    };
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, socket => socket.poll_read(cx, buf))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, socket => socket.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, socket => socket.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => socket.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, socket => socket.poll_shutdown(cx))
    }
}
