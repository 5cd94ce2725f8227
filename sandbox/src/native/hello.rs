//! The private protocol's first frame and its limits. This one file is compiled into the native port and into the stand-in
//! driver (`sandbox/libtaos`), so that both ends agree.
//!
//! The client opens with 160 bytes, the size of the real driver's first frame: magic, its version, NUL. All that follows, both
//! ways, is a little-endian u32 length and as many bytes of JSON:
//!
//! | client | server |
//! | --- | --- |
//! | the 160 bytes | `{"version": "3.3.7.5"}`, an error, or the connection closed (versions of another wire) |
//! | `{"login": {"user", "password", "db"}}`, or `{"login": {"token", "db"}}` | `{}` or an error |
//! | `{"query": SQL}` | `{"affected": N}`, `{"precision", "fields": [{"name", "type", "bytes"}], "rows": [[…]]}` or an error |
//!
//! An error is `{"code": N, "text": "…"}`, N the low 16 bits. A value in a row is null or the hexadecimal form of the bytes to
//! which the C interface's row points.

/// The size of the first frame, in bytes.
pub(crate) const HELLO_LEN: usize = 160;
/// A message is at most this long, in bytes. What another protocol sends reads as more: `HTTP` is 1.3 thousand million.
pub(crate) const MAX_MESSAGE: u32 = 64 * 1024 * 1024;
/// How every first frame begins.
pub(crate) const MAGIC: &[u8; 16] = b"taos-sandbox/1\0\0";
/// Room for the version behind the magic.
const VERSION_LEN: usize = 24;

/// The first frame of a driver of this version; one that is too long is cut.
pub(crate) fn hello(version: &str) -> [u8; HELLO_LEN] {
    let mut frame = [0; HELLO_LEN];
    let text = version.bytes().take(VERSION_LEN);
    for (slot, byte) in frame.iter_mut().zip(MAGIC.iter().copied().chain(text)) {
        *slot = byte;
    }
    frame
}

/// The version in a first frame; `None` if it is not one.
pub(crate) fn version_in(frame: &[u8]) -> Option<String> {
    let version = frame.strip_prefix(MAGIC)?.get(..VERSION_LEN)?;
    let end = version
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(VERSION_LEN);
    String::from_utf8(version.get(..end)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_survives_the_frame() {
        assert_eq!(version_in(&hello("3.3.7.5")).as_deref(), Some("3.3.7.5"));
        assert_eq!(version_in(&hello(&"9".repeat(30))), Some("9".repeat(24)));
        assert_eq!(version_in(&[0; HELLO_LEN]), None);
        assert_eq!(version_in(MAGIC), None);
    }
}
