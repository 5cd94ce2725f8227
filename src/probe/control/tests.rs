use super::*;

#[test]
fn resolvers_are_read() {
    let text = "# x\nsearch corp\nnameserver 10.0.0.2 # a\n nameserver fe80::1%eth0\nnameserver x\nnameservers 1.1.1.1\n";
    let parsed = parse_resolvers(text);
    let expected: Vec<SocketAddr> = ["10.0.0.2:53", "[fe80::1]:53"]
        .map(|text| text.parse().unwrap())
        .into();
    assert_eq!(parsed, expected);
}

/// A resolver on loopback that answers with `answers`, one after another, and its address.
async fn resolver(answers: Vec<Vec<u8>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut question = [0; 64];
        let (length, from) = socket.recv_from(&mut question).await.unwrap();
        assert_eq!(&question[..length], &QUESTION);
        for answer in answers {
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn refusal_is_an_answer() {
    let mut refused = QUESTION.to_vec();
    refused[2] = 0x81;
    refused[3] = 0x05;
    let stranger = vec![0; 12];
    let server = resolver(vec![vec![], stranger, refused]).await;
    let silent = resolver(Vec::new()).await;
    let answer = ask(&[silent, server], Duration::from_secs(5)).await;
    assert!(
        matches!(&answer, ResolverAnswer::Answers { server, .. } if server == "127.0.0.1"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn silence_is_bounded() {
    let silent = resolver(vec![QUESTION.to_vec(), vec![0xff; 600]]).await;
    let answer = ask(&[silent], Duration::from_millis(50)).await;
    assert_eq!(
        answer,
        ResolverAnswer::Silent(vec![silent.ip().to_string()])
    );
    assert_eq!(
        ask(&[], Duration::from_secs(5)).await,
        ResolverAnswer::Unconfigured
    );
}

#[test]
fn unlisted_routes_are_unknown_on_linux() {
    let example: IpAddr = Ipv4Addr::new(192, 0, 2, 1).into();
    assert_eq!(
        default_route(Some(Vec::new()), example),
        DefaultRoute::Absent
    );
    if cfg!(target_os = "linux") {
        assert_eq!(default_route(None, example), DefaultRoute::Unknown);
    }
}
