//! Faults of compressed bytes that readers of this program find themselves.

use std::error::Error;
use std::fmt;

use super::gzip::MEMBERS;
use crate::message::{Message, message};

/// A fault of the form of compressed bytes. Readers carry it in an `io::Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CompressionFault {
    /// The first bytes are not a gzip header.
    NotGzip,
    /// A gzip member is followed by bytes that are not a gzip header.
    DataAfterEnd,
    /// More than [`MEMBERS`] gzip members.
    TooManyMembers,
    /// A pbzx chunk has another length than its head says, or one that no chunk has.
    ChunkLength,
}

impl CompressionFault {
    /// Returns the fault in words.
    pub(super) fn describe(self) -> Message {
        match self {
            Self::NotGzip => message!("unpack-not-gzip"),
            Self::DataAfterEnd => message!("unpack-data-after"),
            Self::TooManyMembers => message!("unpack-members", most = MEMBERS),
            Self::ChunkLength => message!("unpack-chunk-length"),
        }
    }
}

impl fmt::Display for CompressionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe().fmt(f)
    }
}

impl Error for CompressionFault {}
