//! Several hosts, and what an address is called.

use super::*;

/// A server that answers `answers` and then refuses connections; gives its address and how often it was asked.
fn server(answers: Vec<String>) -> (Url, std::thread::JoinHandle<()>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (Url::parse(&url).unwrap(), serving)
}

fn answer(announced: usize, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: {announced}\r\nConnection: close\r\n\r\n{body}"
    )
}

async fn read_all(hosts: Vec<Vec<Url>>) -> Result<(String, u32)> {
    let folder = tempfile::tempdir().unwrap();
    let options = FetchOptions {
        cache: super::super::DownloadCache::at(folder.path().join("downloads")),
        offline: false,
        insecure_http: false,
        limits: super::super::DownloadLimits {
            retries: 1,
            delay: Duration::from_millis(1),
            ..Default::default()
        },
    };
    let events: EventSink = std::sync::Arc::new(crate::system::events::Silent);
    let mut opened = first_of(hosts, &Message::default(), &options, &events).await?;
    let (mut bytes, mut started_over) = (Vec::new(), 0);
    loop {
        let mut chunk = Vec::new();
        let progress = opened.fill(&mut chunk).await?;
        bytes.extend(chunk);
        match progress {
            ReadProgress::More => {}
            ReadProgress::End => return Ok((String::from_utf8(bytes).unwrap(), started_over)),
            ReadProgress::StartOver => {
                bytes.clear();
                started_over += 1;
            }
        }
    }
}

#[tokio::test]
async fn second_host_is_asked_if_first_is_gone() {
    let (gone, serving) = server(Vec::new());
    serving.join().unwrap();
    let (there, _) = server(vec![answer(5, "hello")]);
    let read = read_all(vec![vec![gone], vec![there]]).await;
    assert_eq!(read, Ok(("hello".into(), 0)));
}

#[tokio::test]
async fn second_host_starts_again_if_first_fails() {
    let (broken, _) = server(vec![answer(5, "jel")]);
    let (there, _) = server(vec![answer(5, "hello")]);
    let read = read_all(vec![vec![broken], vec![there]]).await;
    assert_eq!(read, Ok(("hello".into(), 1)));
}

#[tokio::test]
async fn error_names_all_hosts() {
    let hosts = [server(Vec::new()), server(vec![answer(5, "hel")])].map(|(url, _)| url);
    let error = read_all(hosts.iter().map(|url| vec![url.clone()]).collect())
        .await
        .unwrap_err();
    assert_eq!(error.tried, "download the package");
    for url in hosts {
        assert!(error.observed.to_string().contains(url.as_str()), "{error}");
    }
}

#[test]
fn names_are_decoded() {
    let name = |url: &str| file_name(&Url::parse(url).unwrap());
    assert_eq!(name("https://h/a/b%20c.tar.gz?x=/y"), "b c.tar.gz");
    assert_eq!(name("https://h"), "");
}
