use super::VersionAgreement::{Different, Same};
use super::*;
use crate::explain::normal::normal;

#[test]
fn first_three_parts_of_both_versions_are_compared() {
    for (text, expected) in [
        (
            "Client Version:2.6.0.30\nserver version:2.6.0.30",
            Some(Same),
        ),
        ("client info: 2.6.0.34\nserver info: 2.6.0.12", Some(Same)),
        ("客户端版本 3.0.4.1，服务端版本：3.0.2.2", Some(Different)),
        (
            "TDengine-client-2.1.2.0-Windows-x64 TDengine-server-2.0.20.13",
            Some(Different),
        ),
        ("客户端是3.0.4.0，服务器 3.0.4.1", Some(Same)),
        ("client 192.0.2.1 server 192.0.2.7", None),
        ("Client Version:3.0.4.1", None),
        (
            "服务端版本：3.3.7.0，客户端版本：taos-jdbcdriver:3.7.2",
            None,
        ),
        ("client and server are of version 3.0.4.1", None),
    ] {
        assert_eq!(compare(&normal(text)), expected, "{text}");
    }
}
