//! pbzx, the form of payloads since OS X 10.10: chunks that are each an xz stream, or stored where that would not be smaller.
//! Apple has published no description; the form is as pkgutil's readers outside Apple know it
//! (<https://github.com/NiklasRosenstein/pbzx>).

use std::io::{self, Cursor, Read};

use lzma_rust2::XzReader;

use super::compression_fault::CompressionFault;
use super::payload::XZ_MEMORY;

/// Bytes of an inflated chunk; macOS writes 16 MiB.
pub(super) const CHUNK: u64 = 16 << 20;

/// The inflated bytes of a pbzx stream.
pub(super) struct Pbzx<R> {
    inner: R,
    begun: bool,
    /// The chunk being read, and how many of its bytes are still to come.
    chunk: Chunk,
    left: u64,
}

enum Chunk {
    Stored(Cursor<Vec<u8>>),
    Xz(Box<XzReader<Cursor<Vec<u8>>>>),
}

impl Read for Chunk {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(bytes) => bytes.read(buffer),
            Self::Xz(reader) => reader.read(buffer),
        }
    }
}

fn wrong_length() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, CompressionFault::ChunkLength)
}

impl<R: Read> Pbzx<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            begun: false,
            chunk: Chunk::Stored(Cursor::default()),
            left: 0,
        }
    }

    /// Begins the next chunk; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        if !std::mem::replace(&mut self.begun, true) {
            // The magic and the chunk size, which each chunk tells again.
            self.inner.read_exact(&mut [0; 12])?;
        }
        let mut head = Vec::new();
        (&mut self.inner).take(16).read_to_end(&mut head)?;
        if head.is_empty() {
            return Ok(false);
        }
        let Some((size, packed)) = head.split_first_chunk::<8>().and_then(|(size, rest)| {
            Some((
                u64::from_be_bytes(*size),
                u64::from_be_bytes(rest.try_into().ok()?),
            ))
        }) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        if size == 0 || size > CHUNK || packed > size {
            return Err(wrong_length());
        }
        let mut bytes = Vec::new();
        (&mut self.inner).take(packed).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != packed {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = size;
        self.chunk = if packed == size {
            Chunk::Stored(Cursor::new(bytes))
        } else {
            let reader = XzReader::new_mem_limit(Cursor::new(bytes), false, XZ_MEMORY);
            Chunk::Xz(Box::new(reader))
        };
        Ok(true)
    }
}

impl<R: Read> Read for Pbzx<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.chunk.read(buffer)?;
            let over = (read as u64) > self.left;
            self.left = self.left.saturating_sub(read as u64);
            if over || read == 0 && self.left > 0 {
                return Err(wrong_length());
            }
            if read > 0 || !self.next()? {
                return Ok(read);
            }
        }
    }
}
