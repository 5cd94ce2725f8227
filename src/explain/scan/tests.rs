use super::*;

#[test]
fn labels_and_brackets_surround_number() {
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

/// The readings in `text`, normalised.
fn readings(text: &str) -> Vec<Reading> {
    within(&super::super::normal::normal(text))
        .into_iter()
        .map(|code| code.reading)
        .collect()
}

#[test]
fn marked_numbers_are_codes() {
    for (text, code) in [
        (
            "failed: Authentication failure [0x80000357], 12 rows; line 855",
            0x357,
        ),
        ("TDengine ERROR (0x388): Database not exist", 0x388),
        ("JNI ERROR (2354): JNI connection is NULL", 0x2354),
        (
            "java.sql.SQLException: TDengine ERROR (8000000b): Unable",
            0xb,
        ),
        ("[0x0018] Internal error", 0x18),
        ("error code [-2147483637]; TDengine Error", 0xb),
        ("errno=-2147482793", 0x357),
        ("Failed to execute SQL, ErrCode: 286, ErrMessage: x", 286),
        ("{\"code\":855,\"desc\":\"Authentication failure\"}", 855),
        ("code:[0x11e],error:Version not compatible", 0x11e),
        ("(0x200):Invalid operation", 0x200),
        ("提示 error,0x2318 ,failed to respond", 0x2318),
    ] {
        assert_eq!(readings(text).first(), Some(&Reading::Code(code)), "{text}");
    }
    assert_eq!(readings("HTTP/1.1 502 Bad Gateway"), [Reading::Http(502)]);
    assert_eq!(
        readings("The server returned status code '404' when status code '101' was expected")[0],
        Reading::Http(404)
    );
    assert_eq!(
        readings("TDWebSocketClientError: failed, code: \"104\""),
        [Reading::Node(104)]
    );
}

#[test]
fn other_numbers_are_not_codes() {
    for text in [
        "SIGSEGV (0xb) at pc=0x00007f921b2addd1, pid=1, tid=0x00007f91c7cfe700",
        "EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x00007ffd7a3f1b20, tid=0x0000000000002a40",
        "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x6f3b1a]",
        "/usr/local/go/src/database/sql/sql.go:3365 +0x1a main.main() /app/main.go:31 +0x133",
        "tokio-runtime-w[2254918]: segfault at 7f7e24ddbfd0 ip 00007f7e272c5fcb sp 00007f7e24ddbfd0 error 6 in taosws.abi3.so",
        "BrokenPipeError: [Errno 32] Broken pipe",
        "Cannot assign requested address (os error 99)",
        "superset error 1002: (taosws.QueryError)",
        "process exited with code 1",
        "make: *** [all] Error 2",
        "disconnect uri: ws://127.0.0.1:6041/ws,  code : 1002 , reason: Invalid status code received",
        "RPC ERROR TSC 0x7f5114155d68 0xd823462, failed to send, msgLen:86",
        "TSC ERROR 0x75 error occurs, code:Unable to establish connection",
        "cannot load 'libtaos.1.dylib' (load command 0x80000034 is unknown)",
        "UTL FATAL frame:2, /usr/bin/taosd() [0x541b32]",
        "Main process exited, code=exited, status=203/EXEC",
        "dlopen(libtaos.dylib, 0x0006): tried: 'libtaos.dylib' (no such file)",
    ] {
        assert_eq!(readings(text), [], "{text}");
    }
}
