//! The body of an answer: the bytes of a file, read as they are sent, so that memory does not depend on its size.

use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// The bytes that are read at a time.
pub(super) const CHUNK: usize = 64 << 10;

/// A body of known length.
pub(super) enum FileBody {
    /// Bytes in memory, sent once.
    Bytes(Option<Bytes>),
    /// The rest of a part of an open file.
    File {
        /// The file, at the position of the next byte.
        file: File,
        /// The bytes that are to come.
        left: u64,
    },
}

impl FileBody {
    /// A body of `bytes`.
    pub(super) fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::Bytes(Some(bytes.into()))
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Bytes(bytes) => Poll::Ready(bytes.take().map(|it| Ok(Frame::data(it)))),
            Self::File { left: 0, .. } => Poll::Ready(None),
            // Files of a mirror are read ahead by the system: handing each piece to another thread costs more than reading it.
            Self::File { file, left } => Poll::Ready(Some(read_chunk(file, left).map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_none(),
            Self::File { left, .. } => *left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Bytes(bytes) => bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
            Self::File { left, .. } => *left,
        })
    }
}

/// Reads the next piece. A file that became shorter ends the connection.
fn read_chunk(file: &mut File, left: &mut u64) -> io::Result<Bytes> {
    let most = usize::try_from(*left).map_or(CHUNK, |left| left.min(CHUNK));
    let mut chunk = Vec::with_capacity(most);
    let read = file.take(most as u64).read_to_end(&mut chunk)?;
    if read == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    *left -= read as u64;
    Ok(chunk.into())
}
