use super::*;

#[test]
fn numbers_come_before_words() {
    for (code, message, expected) in [
        (0x0357, "token invalid", Refusal::Rejected(Id::AuthFailed)),
        (0x0134, "", Refusal::Rejected(Id::IpNotAllowed)),
        (
            0xFFFF,
            "ip not in whitelist",
            Refusal::Rejected(Id::IpNotAllowed),
        ),
        (
            0x0360,
            "Wrong TOTP code",
            Refusal::Rejected(Id::TotpRequired),
        ),
        (
            0x0361,
            "User password is expired",
            Refusal::Rejected(Id::PasswordExpired),
        ),
        (
            0x0800,
            "License expired",
            Refusal::Accepted(Id::LicenceExpired),
        ),
        (0x0806, "", Refusal::Accepted(Id::LicenceLimit)),
        (
            0xFFFF,
            "get connect from pool error: exceeded connection pool max wait",
            Refusal::Accepted(Id::RateLimited),
        ),
        (
            0x0303,
            "Insufficient privilege",
            Refusal::Rejected(Id::AuthDenied),
        ),
    ] {
        assert_eq!(of_answer(code, message), expected, "{code:#x} {message}");
    }
    assert_eq!(of_query(0x0800, ""), Some(Id::LicenceExpired));
    assert_eq!(of_query(OVER_LIMIT, ""), Some(Id::RateLimited));
    assert_eq!(of_query(0x0357, ""), None);
}
