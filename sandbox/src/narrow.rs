//! A path on which packets of full size are lost: short answers pass, and a long one never arrives.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection over such a path.
pub(crate) struct NarrowPath<S> {
    stream: S,
    /// The most bytes of an answer that pass; `None`: all do.
    most: Option<usize>,
    lost: bool,
}

impl<S> NarrowPath<S> {
    /// `stream`, on which answers of more than `most` bytes are lost, and all that follows them.
    pub(crate) const fn new(stream: S, most: Option<usize>) -> Self {
        Self {
            stream,
            most,
            lost: false,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for NarrowPath<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for NarrowPath<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.lost |= self.most.is_some_and(|most| bytes.len() > most);
        if self.lost {
            // The sender takes them for sent, and sends them again and again.
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lost {
            // The end of the connection waits behind what is lost.
            return Poll::Pending;
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
