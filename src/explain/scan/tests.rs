use super::*;

#[test]
fn a_number_and_what_surrounds_it() {
    for text in [
        "[0x357]",
        "ERROR (0x357)",
        "code: 0x0357",
        "0x80000357.",
        "错误码：0x357",
        "(855)",
        "errno=-2147482793",
        "\"code\":855",
    ] {
        assert_eq!(
            alone(text).unwrap().first(),
            Some(&Reading::Code(0x357)),
            "{text}"
        );
    }
    assert_eq!(alone("HTTP status 401").unwrap()[0], Reading::Http(401));
    assert_eq!(alone("node 104").unwrap()[0], Reading::Node(104));
    assert_eq!(alone("0x357 0x358"), None);
    assert_eq!(alone("no such host"), None);
}

#[test]
fn numbers_among_words() {
    assert_eq!(
        within("failed: Authentication failure [0x80000357], 12 rows, code: 11; line 855"),
        [Reading::Code(0x357), Reading::Code(11)]
    );
    assert_eq!(
        within("The server returned status code '404' when status code '101' was expected"),
        [
            Reading::Code(404),
            Reading::Http(404),
            Reading::Code(101),
            Reading::Http(101),
            Reading::Node(101)
        ]
    );
    assert_eq!(within("HTTP/1.1 502 Bad Gateway"), [Reading::Http(502)]);
}
