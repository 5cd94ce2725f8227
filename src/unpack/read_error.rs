//! Describes reading errors. The bytes come from outside, so that each is a fault of the archive.

use std::error::Error;
use std::io;

use super::ArchiveRefusal;
use super::compression_fault::CompressionFault;
use crate::message::message;

/// The refusal for `error`, which a decompressor or the reader below it gave.
pub(super) fn read_error(error: &io::Error) -> ArchiveRefusal {
    if let Some(fault) = compression_fault(error) {
        return ArchiveRefusal::Corrupt(fault.describe());
    }
    let mut text = error.to_string();
    let mut source = Error::source(error);
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    ArchiveRefusal::Corrupt(
        if error.kind() == io::ErrorKind::UnexpectedEof
            || says(&[
                "end of file",
                "unexpected EOF",
                "failed to fill whole buffer",
                "incomplete deflate",
            ])
        {
            message!("unpack-ends-early")
        } else if says(&["numeric field", "header checksum"]) {
            // tar repeats the bytes that it could not read.
            message!("unpack-damaged-header")
        } else {
            message!("unpack-damaged", words = text)
        },
    )
}

/// The fault of the compressed form that `error` is, or wraps.
fn compression_fault(error: &io::Error) -> Option<CompressionFault> {
    let mut inner: Option<&(dyn Error + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(at) = inner {
        if let Some(fault) = at.downcast_ref::<CompressionFault>() {
            return Some(*fault);
        }
        inner = match at.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|inner| inner as _),
            None => at.source(),
        };
    }
    None
}
