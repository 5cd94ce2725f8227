//! The faults of a mirror.

/// How the mirror misbehaves.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum MirrorFaults {
    /// It does not.
    #[default]
    None,
    /// Connections are refused. The port stays reserved, so that no other program answers on it.
    Down,
    /// Every path is 404 with a web page.
    NotFound,
    /// Every path is 200 with a web page (a captive portal).
    Html,
    /// Every path is this status with a line of text.
    Status(u16),
    /// The body ends after so many bytes, and the connection with it. The announced length is the right one.
    Truncated(u64),
    /// One byte in the middle of the file is flipped. Length and `ETag` are the right ones.
    Corrupt,
    /// The body stops after so many bytes, and the connection stays open.
    Stall(u64),
    /// The answer announces and sends 512 bytes less than it should: complete as HTTP, but not the file.
    WrongLength,
}
