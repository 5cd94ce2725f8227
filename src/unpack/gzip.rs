//! Reads gzip files of one or more members (RFC 1952). The number of members is limited, and bytes that are not gzip give a typed error.

use std::error::Error;
use std::fmt;
use std::io::{self, BufRead, Read};

use crate::message::{Message, message};
use flate2::bufread::GzDecoder;

/// The largest number of members. `gzip` writes one; tools that compress in blocks of 64 KiB write fewer for 1 GiB.
const MEMBERS: u32 = 20_000;

/// A fault of the gzip form itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GzipFault {
    /// The first bytes are not a gzip header.
    NotGzip,
    /// A member is followed by bytes that are not a gzip header.
    DataAfterEnd,
    /// More than [`MEMBERS`] members.
    TooManyMembers,
}

impl GzipFault {
    /// Returns the fault in words.
    pub(super) fn describe(self) -> Message {
        match self {
            Self::NotGzip => message!("unpack-not-gzip"),
            Self::DataAfterEnd => message!("unpack-data-after"),
            Self::TooManyMembers => message!("unpack-members", most = MEMBERS),
        }
    }
}

impl fmt::Display for GzipFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe().fmt(f)
    }
}

impl Error for GzipFault {}

/// The contents of a gzip file.
pub(super) struct GzipReader<R> {
    /// `None` after the last member.
    decoder: Option<GzDecoder<R>>,
    members: u32,
}

impl<R: BufRead> GzipReader<R> {
    pub(super) fn new(compressed: R) -> Self {
        Self {
            decoder: Some(GzDecoder::new(compressed)),
            members: 1,
        }
    }

    /// Begins the next member, if there is one.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(decoder) = self.decoder.take() else {
            return Ok(());
        };
        let mut rest = decoder.into_inner();
        if rest.fill_buf()?.is_empty() {
            return Ok(());
        }
        self.members += 1;
        if self.members > MEMBERS {
            return Err(io::Error::other(GzipFault::TooManyMembers));
        }
        self.decoder = Some(GzDecoder::new(rest));
        Ok(())
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.decoder {
            match decoder.read(buffer) {
                Ok(0) => self.next_member()?,
                Ok(read) => return Ok(read),
                Err(error) => {
                    let kind = error.kind();
                    let in_header = decoder.header().is_none();
                    let fault = match self.members {
                        1 if in_header && kind == io::ErrorKind::InvalidInput => GzipFault::NotGzip,
                        // Too few bytes for a header are none either.
                        2.. if in_header && is_fault_of_form(kind) => GzipFault::DataAfterEnd,
                        _ => return Err(error),
                    };
                    return Err(io::Error::new(io::ErrorKind::InvalidData, fault));
                }
            }
        }
        Ok(0)
    }
}

/// Whether the bytes are at fault, not the reader below.
fn is_fault_of_form(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}

#[cfg(test)]
mod tests;
