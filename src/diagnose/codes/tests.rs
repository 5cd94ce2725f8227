use super::*;

#[test]
fn numbers_come_before_words() {
    for (code, message, expected) in [
        (
            0x0357,
            "token invalid",
            LoginRefusal::Rejected(Id::AuthFailed),
        ),
        (0x0134, "", LoginRefusal::Rejected(Id::IpNotAllowed)),
        (
            0xFFFF,
            "ip not in whitelist",
            LoginRefusal::Rejected(Id::IpNotAllowed),
        ),
        (
            0x0360,
            "Wrong TOTP code",
            LoginRefusal::Rejected(Id::TotpRequired),
        ),
        (
            0x0361,
            "User password is expired",
            LoginRefusal::Rejected(Id::PasswordExpired),
        ),
        (
            0x0800,
            "License expired",
            LoginRefusal::Accepted(Id::LicenceExpired),
        ),
        (0x0806, "", LoginRefusal::Accepted(Id::LicenceLimit)),
        (
            0xFFFF,
            "get connect from pool error: exceeded connection pool max wait",
            LoginRefusal::Accepted(Id::RateLimited),
        ),
        (
            0x0303,
            "Insufficient privilege",
            LoginRefusal::Rejected(Id::AuthDenied),
        ),
    ] {
        assert_eq!(of_answer(code, message), expected, "{code:#x} {message}");
    }
    assert_eq!(of_query(0x0800, ""), Some(Id::LicenceExpired));
    assert_eq!(of_query(OVER_LIMIT, ""), Some(Id::RateLimited));
    assert_eq!(of_query(0x0357, ""), None);
}
