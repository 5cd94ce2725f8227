//! Downloads. Redirects are followed here, one by one, so that none leads from https to http.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, header};
use url::Url;

use super::address::{check_scheme, shown};
use super::{Body, Opened};
use crate::error::{Error, ErrorId, Result, io_words};
use crate::events::{Event, EventSink};
use crate::printable::printable;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(15);
/// How long a server may stay silent once it is connected.
const IDLE: Duration = Duration::from_secs(60);
/// As many redirects as browsers allow are never needed.
const REDIRECTS: usize = 10;
/// The largest download, far above the largest client package (about 150 MB for Windows).
const LARGEST: u64 = 4 << 30;

/// A file on its way from a server.
pub struct Download {
    response: Response,
    place: String,
    first: Option<Vec<u8>>,
    received: u64,
}

/// Why an address gave nothing.
enum Missing {
    /// The server says that there is no such file.
    NotFound(Url),
    /// The server cannot be reached; another may be.
    Unreachable(Error),
    /// Trying elsewhere would hide this.
    Fatal(Error),
}

/// Opens the first file that is there. `mirrors` are lists of addresses, each list on one host.
pub(super) async fn first_of(
    mirrors: &[Vec<Url>],
    hint: &str,
    events: &EventSink,
) -> Result<Opened> {
    let mut absent = Vec::new();
    let mut unreachable = None;
    'mirrors: for addresses in mirrors {
        for url in addresses {
            events.emit(Event::Detail(format!("trying {}", shown(url))));
            match open(url).await {
                Ok(opened) => return Ok(opened),
                Err(Missing::NotFound(url)) => absent.push(shown(&url)),
                Err(Missing::Unreachable(error)) => {
                    events.emit(Event::Detail(error.to_string()));
                    unreachable.get_or_insert(error);
                    continue 'mirrors;
                }
                Err(Missing::Fatal(error)) => return Err(error),
            }
        }
    }
    match unreachable {
        Some(error) => Err(error),
        None => Err(Error::new(
            ErrorId::DownloadRefused,
            "download the package",
            format!("404 Not Found at {}", absent.join(" and at ")),
            hint,
        )),
    }
}

async fn open(asked: &Url) -> std::result::Result<Opened, Missing> {
    check_scheme(asked).map_err(Missing::Fatal)?;
    let mut url = asked.clone();
    for _ in 0..=REDIRECTS {
        let place = shown(&url);
        let client = client(&url).map_err(Missing::Fatal)?;
        let response = client
            .get(url.clone())
            .header(header::ACCEPT_ENCODING, "identity")
            .send()
            .await
            .map_err(|error| {
                let connect = error.is_connect() || error.is_timeout();
                let error = failed(&place, &error);
                if connect {
                    Missing::Unreachable(error)
                } else {
                    Missing::Fatal(error)
                }
            })?;
        let status = response.status();
        if status == StatusCode::NOT_FOUND {
            return Err(Missing::NotFound(url));
        }
        if !status.is_redirection() {
            let file = file_name(asked);
            return begin(response, place, file).await.map_err(Missing::Fatal);
        }
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        url = redirected(&url, location).map_err(Missing::Fatal)?;
    }
    let observed = format!("it redirects more than {REDIRECTS} times");
    Err(Missing::Fatal(refused(&shown(asked), observed)))
}

/// The file name that an address ends in.
fn file_name(url: &Url) -> String {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(last)
        .decode_utf8_lossy()
        .into_owned()
}

/// Where a redirect from `from` leads that names `location`. It may not fall back from https to http, not even to this
/// machine's.
fn redirected(from: &Url, location: Option<&str>) -> Result<Url> {
    let to = location
        .and_then(|location| from.join(location).ok())
        .ok_or_else(|| refused(&shown(from), "it redirects to no address".into()))?;
    let falls_back = from.scheme() == "https" && to.scheme() != "https";
    if falls_back || check_scheme(&to).is_err() {
        let observed = format!(
            "it redirects to {}, where others could change the package",
            shown(&to)
        );
        return Err(refused(&shown(from), observed));
    }
    Ok(to)
}

/// Judges a final answer by its status, its type and its first bytes.
async fn begin(response: Response, place: String, file: String) -> Result<Opened> {
    let status = response.status();
    if status != StatusCode::OK {
        return Err(refused(&place, format!("the server answered {status}")));
    }
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("text/html")
        });
    let size = response.content_length();
    let mut download = Download {
        response,
        place: place.clone(),
        first: None,
        received: 0,
    };
    let mut first = Vec::new();
    while first.is_empty() && download.read_into(&mut first).await? {}
    if html || begins_like_a_page(&first) {
        return Err(refused(
            &place,
            "the server sent a web page instead of the package".into(),
        ));
    }
    if size.is_some_and(|size| size > LARGEST) {
        return Err(too_large(&place));
    }
    download.first = Some(first);
    Ok(Opened {
        body: Body::Http(download),
        size,
        file,
        place,
    })
}

fn begins_like_a_page(first: &[u8]) -> bool {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    text.trim_ascii_start().first() == Some(&b'<')
}

impl Download {
    /// Appends the next bytes to `buffer`; false at the end.
    pub(super) async fn read_into(&mut self, buffer: &mut Vec<u8>) -> Result<bool> {
        if let Some(first) = self.first.take() {
            buffer.extend_from_slice(&first);
            return Ok(true);
        }
        match self.response.chunk().await {
            Ok(Some(bytes)) => {
                buffer.extend_from_slice(&bytes);
                self.received += bytes.len() as u64;
                if self.received > LARGEST {
                    Err(too_large(&self.place))
                } else {
                    Ok(true)
                }
            }
            Ok(None) => Ok(false),
            Err(error) => Err(Error::new(
                ErrorId::DownloadFailed,
                format!("download {}", self.place),
                format!(
                    "the connection broke off after {} bytes: {}",
                    self.received,
                    words(&error)
                ),
                "try again, or use another mirror with --mirror",
            )),
        }
    }
}

/// The client for `url`. Plain http, which is loopback alone, needs neither a certificate store nor a proxy.
fn client(url: &Url) -> Result<Client> {
    // Another part of the process may have set the provider; any one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("taos-setup/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(IDLE);
    let builder = if url.scheme() == "http" {
        builder.no_proxy().tls_certs_only([])
    } else {
        builder.https_only(true)
    };
    builder.build().map_err(|error| {
        Error::new(
            ErrorId::DownloadFailed,
            format!("download {}", shown(url)),
            format!("https cannot be set up: {}", words(&error)),
            "install the system's certificates (package ca-certificates), or use a mirror folder with --mirror DIR",
        )
    })
}

fn failed(place: &str, error: &reqwest::Error) -> Error {
    Error::new(
        ErrorId::DownloadFailed,
        format!("download {place}"),
        words(error),
        "check the address and the network, or use another mirror with --mirror",
    )
}

fn refused(place: &str, observed: String) -> Error {
    Error::new(
        ErrorId::DownloadRefused,
        format!("download {place}"),
        observed,
        "check the address, a proxy or login page on the way, or use another mirror with --mirror",
    )
}

fn too_large(place: &str) -> Error {
    refused(
        place,
        format!("the file is larger than {} GiB", LARGEST >> 30),
    )
}

/// What a failed request comes down to.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return if error.is_connect() {
            format!(
                "the server did not accept a connection within {} s",
                CONNECT.as_secs()
            )
        } else {
            format!("the server sent nothing for {} s", IDLE.as_secs())
        };
    }
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    match last.downcast_ref::<std::io::Error>() {
        Some(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "the connection was refused".into()
        }
        Some(error) => io_words(error),
        None => printable(&last.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_archives() {
        assert!(begins_like_a_page(b"\xef\xbb\xbf \r\n<!DOCTYPE html>"));
        assert!(!begins_like_a_page(b"\x1f\x8b\x08"));
        assert!(!begins_like_a_page(b""));
    }

    #[test]
    fn names_are_decoded() {
        let name = |url: &str| file_name(&Url::parse(url).unwrap());
        assert_eq!(name("https://h/a/b%20c.tar.gz?x=/y"), "b c.tar.gz");
        assert_eq!(name("https://h"), "");
    }

    #[test]
    fn redirects_never_leave_https() {
        let from =
            |from: &str, location: Option<&str>| redirected(&Url::parse(from).unwrap(), location);
        let to = |location: &str| from("https://a.example/x/y", Some(location)).map(String::from);
        assert_eq!(to("/z"), Ok("https://a.example/z".into()));
        assert_eq!(to("https://b.example/"), Ok("https://b.example/".into()));
        for down in [
            "http://a.example/",
            "http://127.0.0.1/",
            "ftp://a.example/",
            "file:///etc/passwd",
        ] {
            assert_eq!(to(down).map_err(|error| error.exit()), Err(5), "{down}");
        }
        assert!(from("http://127.0.0.1:1/", None).is_err());
        assert!(from("http://127.0.0.1:1/", Some("https://a.example/")).is_ok());
    }

    #[test]
    fn http_needs_no_certificates() {
        assert!(client(&Url::parse("http://127.0.0.1:1/").unwrap()).is_ok());
    }
}
