//! TDengine's error numbers, as far as a first connection meets them (`reference/facts.md`, F; `transcripts/`). Only their
//! low 16 bits count: REST and WebSocket give no more, the driver sets the top bit.

use super::Id;

/// `Unable to establish connection`: the one who answers cannot reach taosd.
pub const UNREACHABLE: u16 = 0x000B;

/// `no auth info input`: taosAdapter got a request without the header that was sent.
pub const NO_AUTH_INFO: u16 = 0x1105;

/// What the server's refusal of a login means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// User or password were judged and refused: never try again.
    Rejected(Id),
    /// They were accepted; something else is wrong.
    Accepted(Id),
    /// They were not judged: taosd was not reached.
    Undecided,
}

/// What `code` means as the answer to a login.
pub const fn of_login(code: u16) -> Refusal {
    match code {
        // Unable to establish connection, not ready, unable to resolve FQDN, Conn is broken, Conn read timeout, out of
        // service, network errors, a cluster that has no leader yet, taosAdapter over its limit.
        UNREACHABLE
        | 0x0014
        | 0x0015
        | 0x0018..=0x0029
        | 0x0900..=0x091F
        | NO_AUTH_INFO
        | 0xFFFE => Refusal::Undecided,
        // Authentication failure twice (taosd, RPC), wrong password length and format.
        0x0357 | 0x0003 | 0x0208 | 0x0353 => Refusal::Rejected(Id::AuthFailed),
        // Invalid user, its format, its name.
        0x0351 | 0x0352 | 0x0207 => Refusal::Rejected(Id::AuthUserUnknown),
        0x0315 => Refusal::Rejected(Id::UserLocked),
        0x0388 => Refusal::Accepted(Id::DatabaseMissing),
        0x0013 => Refusal::Accepted(Id::ClockSkew),
        // Compared before the password is looked at.
        0x011E => Refusal::Accepted(Id::VersionMismatch),
        _ => Refusal::Rejected(Id::AuthDenied),
    }
}

/// The bits of a driver's error number that all transports share.
pub const fn low(code: u32) -> u16 {
    (code & 0xffff) as u16
}

/// A server's words and number, as TDengine's own tools write them.
pub fn words(code: u16, message: &str) -> String {
    let message = if message.is_empty() { "error" } else { message };
    format!("{message} [0x{code:04X}]")
}
