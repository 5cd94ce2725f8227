//! A reading error in words: the bytes came from elsewhere, so it is the archive's fault.

use std::io;

use super::Refusal;

/// Says `error`, which a decompressor or the reader below it gave.
pub(super) fn read_error(error: &io::Error) -> Refusal {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    Refusal::Corrupt(
        if error.kind() == io::ErrorKind::UnexpectedEof
            || says(&[
                "end of file",
                "unexpected EOF",
                "failed to fill whole buffer",
                "incomplete deflate",
            ])
        {
            "the archive ends too early".into()
        } else if says(&["invalid gzip header"]) {
            "it is no gzip archive".into()
        } else if says(&["numeric field", "header checksum"]) {
            // tar repeats the bytes that it could not read.
            "the archive is damaged: a header does not make sense".into()
        } else {
            format!("the archive is damaged: {text}")
        },
    )
}
