use super::*;
use proptest::prelude::*;

#[test]
fn adapter_is_told_from_others() {
    let adapter = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 55\r\n\r\n{\"code\":4357,\"desc\":\"no auth info input\",\"timing\":6700}";
    let answer = HttpAnswer::read(adapter).unwrap();
    assert_eq!((answer.status, answer.code), (401, Some(4357)));
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{\"code\":1\r\nd;x=y\r\n1,\"desc\":\"x\"}\r\n0\r\n\r\n";
    let answer = HttpAnswer::read(chunked).unwrap();
    assert_eq!(
        (answer.code, answer.whole, answer.cut),
        (Some(11), true, false)
    );
    for at in 13..chunked.len() - 1 {
        let part = HttpAnswer::read(&chunked[..at]).unwrap();
        assert!(part.cut && (part.whole == part.code.is_some()), "{at}");
    }
    let interim = [b"HTTP/1.1 100 Continue\r\n\r\n".as_slice(), chunked].concat();
    assert_eq!(HttpAnswer::read(&interim).unwrap().code, Some(11));
    let other =
        HttpAnswer::read(b"HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n<html>").unwrap();
    assert!(other.is_from_gateway() && other.server.as_deref() == Some("nginx"));
    let tls = HttpAnswer::read(
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    );
    assert!(tls.unwrap().wants_tls());
    assert_eq!(HttpAnswer::read(b"SSH-2.0-OpenSSH_9.6\r\n"), None);
    assert_eq!(HttpAnswer::read(b"HTTP/1.1 abc\r\n"), None);
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = HttpAnswer::read(&bytes);
        let _ = HttpAnswer::read(&[b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &bytes].concat());
    }
}
