use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

async fn pair() -> (GuardedStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap());
    let (client, accepted) = tokio::join!(client, listener.accept());
    (GuardedStream::new(accepted.unwrap().0), client.unwrap())
}

#[tokio::test(start_paused = true)]
async fn client_that_reads_nothing_is_cut_off() {
    let (mut server, _client) = pair().await;
    let begun = Instant::now();
    let bytes = vec![0; 64 << 20];
    let error = server.write_all(&bytes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(begun.elapsed() < PERIOD * 2);
}

#[tokio::test]
async fn client_that_reads_gets_everything() {
    let (mut server, mut client) = pair().await;
    let bytes = vec![7; 8 << 20];
    let length = bytes.len();
    let reading = tokio::spawn(async move {
        let mut read = vec![0; length];
        client.read_exact(&mut read).await.map(|_| read)
    });
    server.write_all(&bytes).await.unwrap();
    assert_eq!(reading.await.unwrap().unwrap(), bytes);
}
