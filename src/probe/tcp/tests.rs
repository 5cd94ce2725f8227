use super::*;

/// 192.0.2.1 belongs to no machine (RFC 5737): where there is a route at all, its packets get lost.
#[tokio::test]
async fn black_hole_does_not_cost_the_limit() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let open = listener.local_addr().unwrap();
    let unused = IpAddr::from([192, 0, 2, 1]);
    let limit = Duration::from_secs(60);
    let begun = Instant::now();
    let tcp = dial(&[unused, open.ip()], open.port(), limit).await;
    assert_eq!(tcp.open(), Some(open));
    assert_ne!(tcp.attempts[0].dial, Dial::Open);
    assert!(begun.elapsed() < limit / 2, "{:?}", begun.elapsed());
}
