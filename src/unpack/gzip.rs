//! Reads gzip files of one or more members (RFC 1952). The number of members is limited, and bytes that are not gzip give a typed error.

use std::io::{self, BufRead, Read};

use super::compression_fault::CompressionFault;
use flate2::bufread::GzDecoder;

/// The largest number of members. `gzip` writes one; tools that compress in blocks of 64 KiB write fewer for 1 GiB.
pub(super) const MEMBERS: u32 = 20_000;

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
            return Err(io::Error::other(CompressionFault::TooManyMembers));
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
                        1 if in_header && kind == io::ErrorKind::InvalidInput => {
                            CompressionFault::NotGzip
                        }
                        // Too few bytes for a header are none either.
                        2.. if in_header && is_fault_of_form(kind) => {
                            CompressionFault::DataAfterEnd
                        }
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
