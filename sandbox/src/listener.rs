//! The adapter's port: accepting connections, and what the faults make of them.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::faults::{Faults, Listener};
use crate::narrow::NarrowPath;
use crate::rest::{self, Reply};
use crate::state::State;
use crate::tls::Acceptor;

/// Bytes that are no HTTP, in any version of it.
const GARBAGE: &[u8] =
    b"\x15\x03\x03\x00\x02\x02\x28 220 not the server that you are looking for\r\n\x00\xff\xfe";
/// How long a client may take over the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(120);

/// Accepts connections for as long as the sandbox runs.
pub(crate) async fn serve(listener: TcpListener, state: Arc<State>, tls: Option<Acceptor>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (state, tls) = (Arc::clone(&state), tls.clone());
        // A client that goes away does not concern the server.
        tokio::spawn(async move { drop(connection(stream, state, tls).await) });
    }
}

async fn connection(
    mut stream: TcpStream,
    state: Arc<State>,
    tls: Option<Acceptor>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match state.faults().adapter {
        Listener::ClosesAtOnce => Ok(()),
        Listener::Hangs => ignore(&mut stream).await,
        Listener::Garbage => {
            // The request is read, so that closing does not take the answer back.
            if stream.read(&mut [0; 64 * 1024]).await? > 0 {
                stream.write_all(GARBAGE).await?;
            }
            stream.shutdown().await
        }
        Listener::Serves | Listener::Foreign(_) => {
            let faults = state.watch_faults();
            tokio::select! {
                biased;
                () = broken(faults) => Ok(()),
                ended = answer(stream, state, tls) => ended,
            }
        }
    }
}

async fn answer(stream: TcpStream, state: Arc<State>, tls: Option<Acceptor>) -> io::Result<()> {
    let most = state.faults().loses_answers_over;
    let Some(tls) = tls else {
        http(NarrowPath::new(stream, most), state).await;
        return Ok(());
    };
    if let Some(stream) = tls.accept(stream).await? {
        http(NarrowPath::new(stream, most), state).await;
    }
    Ok(())
}

/// Reads until the client goes away.
async fn ignore(stream: &mut TcpStream) -> io::Result<()> {
    let mut bytes = [0; 4096];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

/// Ends when the faults say that open connections are closed.
pub(crate) async fn broken(mut faults: watch::Receiver<Faults>) {
    let closes =
        |faults: &Faults| matches!(faults.adapter, Listener::ClosesAtOnce | Listener::Garbage);
    if faults.wait_for(closes).await.is_err() {
        std::future::pending().await
    }
}

/// Waits for as long as the faults say that nothing is answered.
pub(crate) async fn unless_hanging(faults: &mut watch::Receiver<Faults>) {
    if faults
        .wait_for(|faults| faults.adapter != Listener::Hangs)
        .await
        .is_err()
    {
        std::future::pending().await
    }
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, state: Arc<State>) {
    let proxy = state.front().proxy.as_ref();
    let title_case = proxy.is_none_or(|proxy| !proxy.lower_case);
    let closes_kept = proxy.is_some_and(|proxy| proxy.closes_kept);
    let requests = AtomicUsize::new(0);
    let service = service_fn(move |request: Request<Incoming>| {
        let state = Arc::clone(&state);
        let kept = requests.fetch_add(1, Ordering::Relaxed) > 0;
        async move {
            if closes_kept && kept {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            Ok::<Reply, io::Error>(rest::respond(request, &state).await)
        }
    });
    // A connection that breaks ends its task without a report.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .title_case_headers(title_case)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
}
