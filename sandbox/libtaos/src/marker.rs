//! What this library plays: a version and a role, in bytes that the package builder of the sandbox overwrites.
//!
//! One build plays every version: `taos_sandbox::mirror::stamp` finds [`MAGIC_LEN`] bytes of magic in the file and writes the
//! version and the role behind them.

/// Length of the magic at the start of the marker.
const MAGIC_LEN: usize = 24;
/// Room for the version, padded with NUL.
const VERSION_LEN: usize = 24;
/// Room for the role, padded with NUL.
const ROLE_LEN: usize = 16;

/// The marker as the compiler leaves it: 3.3.7.5 in one library that needs no other.
#[used]
static MARKER: [u8; MAGIC_LEN + VERSION_LEN + ROLE_LEN] =
    *b"taos-sandbox-driver-mark3.3.7.5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0whole\0\0\0\0\0\0\0\0\0\0\0";

/// Which of the vendor's libraries this copy plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// The single library of versions before 3.3.6, or this crate as built: does the work itself.
    Whole,
    /// `libtaos` from 3.3.6 on: loads one of the other two and forwards every call.
    Thin,
    /// `libtaosnative`: does the work.
    Native,
    /// `libtaosws`: WebSocket in the original; here it only says that it cannot.
    WebSocket,
}

/// The role written in the marker; what cannot be read plays [`Role::Whole`].
pub(crate) fn role() -> Role {
    match field(MAGIC_LEN + VERSION_LEN, ROLE_LEN).as_str() {
        "thin" => Role::Thin,
        "native" => Role::Native,
        "ws" => Role::WebSocket,
        _ => Role::Whole,
    }
}

/// The version written in the marker, four parts.
pub(crate) fn version() -> String {
    field(MAGIC_LEN, VERSION_LEN)
}

/// Whether the version written in the marker is at least `major.minor.patch`; one that does not parse is not.
pub(crate) fn at_least(wanted: [u32; 3]) -> bool {
    let mut parts = version()
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect::<Vec<u32>>();
    parts.resize(3, 0);
    parts.as_slice() >= wanted.as_slice()
}

/// The text in `length` bytes of the marker from `start`, without its padding.
fn field(start: usize, length: usize) -> String {
    // SAFETY: the pointer comes from a reference to a static, so it is aligned and valid for the whole array. The read is
    // volatile because the bytes are changed in the file after compilation: the compiler must not fold them.
    let marker = unsafe { std::ptr::read_volatile(&raw const MARKER) };
    let bytes = marker.get(start..start + length).unwrap_or_default();
    let end = bytes
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}
