//! A connection whose client has to take what it asked for: one that reads nothing, or very slowly, is cut off.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// The period in which [`LEAST`] bytes have to be taken while the client keeps the server waiting.
const PERIOD: Duration = Duration::from_secs(20);
/// The bytes of a period: 3 KiB/s.
const LEAST: u64 = 60 << 10;

/// A connection with a clock.
pub(super) struct GuardedStream {
    stream: TcpStream,
    clock: Pin<Box<Sleep>>,
    /// Whether the clock runs: bytes wait to be taken.
    is_waiting: bool,
    /// The bytes that were taken in this period.
    taken: u64,
}

impl GuardedStream {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            clock: Box::pin(sleep_until(Instant::now())),
            is_waiting: false,
            taken: 0,
        }
    }

    /// Notes the result of writing, and ends the connection if too little was taken in a period.
    fn guard(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(bytes)) => {
                self.taken = self.taken.saturating_add(*bytes as u64);
                if self.taken >= LEAST {
                    self.is_waiting = false;
                }
                return written;
            }
            Poll::Ready(Err(_)) => return written,
            Poll::Pending => {}
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.taken = 0;
            self.clock.as_mut().reset(Instant::now() + PERIOD);
        }
        match self.clock.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for GuardedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.guard(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.guard(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
