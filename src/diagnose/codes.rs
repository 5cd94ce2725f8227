//! TDengine's error numbers, as far as a first connection meets them (docs/facts.md, "Error codes"). Only their
//! low 16 bits count: REST and WebSocket give no more, the driver sets the top bit.

use super::{CauseKind, Id};

/// `Unable to establish connection`: the one who answers cannot reach taosd.
pub const UNREACHABLE: u16 = 0x000B;

/// `no auth info input`: taosAdapter got a request without the header that was sent.
pub const NO_AUTH_INFO: u16 = 0x1105;

/// `invalid type of Authorization`: taosAdapter does not know the header's scheme.
pub const UNKNOWN_SCHEME: u16 = 0x1122;

/// `Invalid user name`: also the answer to a login without one.
pub const NO_USER_NAME: u16 = 0x0207;

/// `rpc open too many session`: the limit of taosAdapter's own client, or of taosd.
pub const TOO_MANY_SESSIONS: u16 = 0x0022;

/// `Invalid signature` of an RPC, from 3.4 on.
pub const INVALID_SIGNATURE: u16 = 0x0141;

/// `Permission denied or target object not exist`: also what a disabled user of Community 3.3 gets for every table.
pub const NO_OBJECT: u16 = 0x2644;

/// What the server's refusal of a login means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginRefusal {
    /// User or password were judged and refused: never try again.
    Rejected(Id),
    /// They were accepted; something else is wrong.
    Accepted(Id),
    /// They were not judged: taosd was not reached.
    Undecided,
}

/// taosAdapter is over its limit (docs/facts.md).
pub const OVER_LIMIT: u16 = 0xFFFE;

/// What `code` means as the answer to a login, and, where the number alone does not tell, the server's `message`: newer
/// servers have numbers for new reasons, and a Cloud's gateway gives words alone.
pub fn of_answer(code: u16, message: &str) -> LoginRefusal {
    match of_login(code) {
        LoginRefusal::Rejected(Id::AuthDenied) => {
            let message = message.to_ascii_lowercase();
            WORDS
                .iter()
                .find(|(parts, _)| parts.iter().all(|part| message.contains(part)))
                .map_or(LoginRefusal::Rejected(Id::AuthDenied), |(_, refusal)| {
                    *refusal
                })
        }
        known => known,
    }
}

/// The kind of limit that a refusal is about.
pub fn limit_kind(code: u16, message: &str) -> Option<CauseKind> {
    let message = message.to_ascii_lowercase();
    let says = |words: &str| message.contains(words);
    if says("too many connections") {
        Some(CauseKind::UserSessions)
    } else if code == TOO_MANY_SESSIONS || says("too many session") {
        Some(CauseKind::Sessions)
    } else if says("pool") || says("get connection timeout") || says("max number of concurrent") {
        Some(CauseKind::Pool)
    } else if says(SHORT_OF_MEMORY) {
        Some(CauseKind::Memory)
    } else {
        None
    }
}

/// What `code` and `message` mean as the answer to a query, where that is more than that it failed.
pub fn of_query(code: u16, message: &str) -> Option<Id> {
    match of_answer(code, message) {
        _ if code == OVER_LIMIT => Some(Id::RateLimited),
        LoginRefusal::Accepted(id @ (Id::LicenceExpired | Id::LicenceLimit | Id::RateLimited)) => {
            Some(id)
        }
        _ => None,
    }
}

/// Words that tell a reason, in lower case; all of an entry must be there.
const WORDS: [(&[&str], LoginRefusal); 20] = [
    (&["totp"], LoginRefusal::Rejected(Id::TotpRequired)),
    (
        &["one-time password"],
        LoginRefusal::Rejected(Id::TotpRequired),
    ),
    (
        &["password", "expired"],
        LoginRefusal::Rejected(Id::PasswordExpired),
    ),
    (
        &["token", "expired"],
        LoginRefusal::Rejected(Id::TokenInvalid),
    ),
    (
        &["token", "invalid"],
        LoginRefusal::Rejected(Id::TokenInvalid),
    ),
    (
        &["token", "disabled"],
        LoginRefusal::Rejected(Id::TokenInvalid),
    ),
    (&["whitelist"], LoginRefusal::Rejected(Id::IpNotAllowed)),
    (&["white list"], LoginRefusal::Rejected(Id::IpNotAllowed)),
    (
        &["user is disabled"],
        LoginRefusal::Rejected(Id::UserLocked),
    ),
    (&["user", "locked"], LoginRefusal::Rejected(Id::UserLocked)),
    (
        &["license", "expired"],
        LoginRefusal::Accepted(Id::LicenceExpired),
    ),
    (
        &["grant", "expired"],
        LoginRefusal::Accepted(Id::LicenceExpired),
    ),
    (
        &["too many requests"],
        LoginRefusal::Accepted(Id::RateLimited),
    ),
    (&["rate limit"], LoginRefusal::Accepted(Id::RateLimited)),
    // taosAdapter's pool of connections to taosd is used up, or its memory is (its controller/rest/restful.go).
    (
        &["get connect from pool"],
        LoginRefusal::Accepted(Id::RateLimited),
    ),
    (
        &["get connection timeout"],
        LoginRefusal::Accepted(Id::RateLimited),
    ),
    (
        &["max number of concurrent"],
        LoginRefusal::Accepted(Id::RateLimited),
    ),
    (
        &["too many session"],
        LoginRefusal::Accepted(Id::RateLimited),
    ),
    // A user's sessions are counted from 3.4 on (mndCheckConnectPrivilege in the server's source).
    (
        &["too many connections"],
        LoginRefusal::Accepted(Id::RateLimited),
    ),
    (&[SHORT_OF_MEMORY], LoginRefusal::Accepted(Id::RateLimited)),
];

/// What taosAdapter says, as a JSON string and with status 503, while it has more memory in use than it is allowed.
pub const SHORT_OF_MEMORY: &str = "memory exceeds threshold";

/// What `code` means as the answer to a login.
pub const fn of_login(code: u16) -> LoginRefusal {
    match code {
        // Unable to establish connection, not ready, unable to resolve FQDN, Conn is broken, Conn read timeout, out of
        // service, network errors, a cluster that has no leader yet, taosAdapter over its limit.
        UNREACHABLE
        | 0x0014
        | 0x0015
        | 0x0018..=0x0021
        | 0x0023..=0x0029
        | 0x0900..=0x091F
        | NO_AUTH_INFO
        | OVER_LIMIT => LoginRefusal::Undecided,
        // Authentication failure twice (taosd, RPC), wrong password length and format.
        0x0357 | 0x0003 | 0x0208 | 0x0353 => LoginRefusal::Rejected(Id::AuthFailed),
        // Invalid user, its format, its name.
        0x0351 | 0x0352 | 0x0207 => LoginRefusal::Rejected(Id::AuthUserUnknown),
        0x0315 => LoginRefusal::Rejected(Id::UserLocked),
        // IP not in white list (in taoserror.h).
        0x0134 => LoginRefusal::Rejected(Id::IpNotAllowed),
        // `rpc open too many session`: taosd is there.
        TOO_MANY_SESSIONS => LoginRefusal::Accepted(Id::RateLimited),
        // License expired; then the limits of a license: dnodes, accounts, time series, databases, users, connections,
        // streams, speed, storage, subscriptions, cores, tables and so on.
        0x0800 => LoginRefusal::Accepted(Id::LicenceExpired),
        0x0801..=0x082F => LoginRefusal::Accepted(Id::LicenceLimit),
        0x0388 => LoginRefusal::Accepted(Id::DatabaseMissing),
        0x0013 => LoginRefusal::Accepted(Id::ClockSkew),
        // Compared before the password is looked at.
        0x011E | INVALID_SIGNATURE => LoginRefusal::Accepted(Id::VersionMismatch),
        // From 3.4 on Community and Enterprise refuse each other.
        0x0140 => LoginRefusal::Accepted(Id::EditionMismatch),
        _ => LoginRefusal::Rejected(Id::AuthDenied),
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

#[cfg(test)]
mod tests;
