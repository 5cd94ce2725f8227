//! `mirror serve`: a mirror over HTTP, read-only. Only files of the manifest exist, so that no path leads elsewhere.

mod answer;
mod byte_range;
mod content;
mod guarded_stream;

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::time::{Duration, SystemTime};

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::fault::interrupted;
use super::manifest::MANIFEST;
use super::stored::StoredMirror;
use super::verify::{MirrorVerification, verify_stored};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::signature::TrustedKey;
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::system::runtime;
use answer::ServedMirror;
use guarded_stream::GuardedStream;

/// The most connections at a time; further ones wait.
const MOST_CONNECTIONS: usize = 256;
/// The time in which a client has to send the head of a request, also the next one of a connection.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 16 << 10;
/// The interval in which a mirror that was made again is noticed.
const REREAD: Duration = Duration::from_secs(1);

/// A mirror to serve.
#[derive(Clone, Debug)]
pub struct MirrorServeRequest {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// The address to listen at.
    pub listen: SocketAddr,
    /// The keys of which one must have signed the manifest.
    pub trust_keys: Vec<TrustedKey>,
    /// Whether the content of the files is not verified first.
    pub skip_verify: bool,
}

/// How serving ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServeOutcome {
    /// The mirror is damaged: it was not served.
    Damaged(MirrorVerification),
    /// The user ended it after so many requests.
    Stopped(u64),
}

/// Serves a mirror until the process is asked to end.
///
/// # Errors
/// Those of opening and verifying a mirror; `file-unwritable` if the address is in use.
pub fn serve(request: &MirrorServeRequest, events: &EventSink) -> Result<ServeOutcome> {
    let mirror = StoredMirror::open(&request.dir)?;
    if request.skip_verify {
        mirror.verify_signature(&request.trust_keys)?;
    } else {
        let verification = verify_stored(&mirror, &request.trust_keys)?;
        if !verification.faults.is_empty() {
            return Ok(ServeOutcome::Damaged(verification));
        }
    }
    let served = Arc::new(RwLock::new(Arc::new(ServedMirror::new(mirror))));
    runtime::run_with_workers(2, interrupted, async |stop| {
        let listener = TcpListener::bind(request.listen).await.map_err(|error| {
            Error::new(
                ErrorId::FileUnwritable,
                message!("mirror-listen", address = request.listen),
                describe_io_error(&error),
                message!("mirror-listen-next"),
            )
        })?;
        let address = listener.local_addr().unwrap_or(request.listen);
        events.emit(Event::note(message!("mirror-serving", address = address)));
        if !address.ip().is_loopback() {
            events.emit(Event::note(message!("mirror-serving-everyone")));
        }
        let watching = tokio::spawn(watch(request.clone(), Arc::clone(&served)));
        accept(&listener, &served, stop).await;
        watching.abort();
        let served = served.read().map(|it| it.requests()).unwrap_or_default();
        Ok(ServeOutcome::Stopped(served))
    })
}

type Served = Arc<RwLock<Arc<ServedMirror>>>;

/// Accepts connections until the process is asked to end.
async fn accept(listener: &TcpListener, served: &Served, stop: &mut Interrupts) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(accepted) = stop
            .unless(async {
                let permit = Arc::clone(&room).acquire_owned().await;
                (permit, listener.accept().await)
            })
            .await
        else {
            return;
        };
        let (Ok(permit), Ok((stream, _))) = accepted else {
            // Out of descriptors: others end soon.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let served = Arc::clone(served);
        tokio::spawn(async move {
            converse(stream, served).await;
            drop(permit);
        });
    }
}

/// Answers the requests of a connection. What goes wrong with it ends it.
async fn converse(stream: TcpStream, served: Served) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        // A thread that panicked while it held the lock.
        let answered = served
            .read()
            .map_or_else(|_| answer::failure(), |served| served.answer(&request));
        std::future::ready(Ok::<_, Infallible>(answered))
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(GuardedStream::new(stream)), service)
        .await;
}

/// Takes over the mirror when it was made again. One whose manifest or signature is not valid is not taken.
async fn watch(request: MirrorServeRequest, served: Served) {
    let mut last = stamp(&request);
    loop {
        tokio::time::sleep(REREAD).await;
        let now = stamp(&request);
        if now == last {
            continue;
        }
        last = now;
        let opening = request.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let mirror = StoredMirror::open(&opening.dir)?;
            mirror.verify_signature(&opening.trust_keys)?;
            Ok::<_, Error>(mirror)
        });
        if let Ok(Ok(mirror)) = opened.await
            && let Ok(mut served) = served.write()
        {
            let requests = served.requests();
            *served = Arc::new(ServedMirror::after(mirror, requests));
        }
    }
}

fn stamp(request: &MirrorServeRequest) -> Option<(SystemTime, u64)> {
    let found = std::fs::metadata(request.dir.join(MANIFEST)).ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// The type of a file by the ending of its name.
fn content_types() -> HashMap<&'static str, &'static str> {
    HashMap::from([
        ("html", "text/html; charset=utf-8"),
        ("json", "application/json"),
        ("jsonl", "application/jsonl"),
        ("xml", "text/xml"),
        ("pom", "text/xml"),
        ("gz", "application/gzip"),
        ("tgz", "application/gzip"),
        ("crate", "application/gzip"),
        ("whl", "application/zip"),
        ("zip", "application/zip"),
        ("jar", "application/java-archive"),
        ("info", "application/json"),
        ("exe", "application/vnd.microsoft.portable-executable"),
        ("pkg", "application/octet-stream"),
    ])
}
