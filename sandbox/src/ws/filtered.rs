//! A connection whose messages may be compressed.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::deflate::Direction;

/// Bytes read at a time.
const CHUNK: usize = 16 * 1024;

/// A stream of frames; compressed ones are changed to plain ones for the reader, and the other way round for the peer.
#[derive(Debug)]
pub(crate) struct Filtered<S> {
    stream: S,
    /// `None`: nothing is compressed.
    directions: Option<(Direction, Direction)>,
    unpacked: Vec<u8>,
    packed: Vec<u8>,
}

impl<S> Filtered<S> {
    pub(crate) fn new(stream: S, compressed: bool) -> Self {
        Self {
            stream,
            directions: compressed.then(Default::default),
            unpacked: Vec::new(),
            packed: Vec::new(),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Filtered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let Some((incoming, _)) = &mut this.directions else {
            return Pin::new(&mut this.stream).poll_read(context, buffer);
        };
        while this.unpacked.is_empty() {
            let mut bytes = [0; CHUNK];
            let mut chunk = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.unpacked = incoming.unpack(chunk.filled())?;
        }
        let count = this.unpacked.len().min(buffer.remaining());
        buffer.put_slice(&this.unpacked[..count]);
        this.unpacked.drain(..count);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Filtered<S> {
    /// Sends what is packed.
    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.packed.is_empty() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(context, &self.packed))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.packed.drain(..count);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Filtered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.directions.is_none() {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        ready!(self.poll_drain(context))?;
        let this = &mut *self;
        if let Some((_, outgoing)) = &mut this.directions {
            this.packed = outgoing.pack(bytes)?;
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
