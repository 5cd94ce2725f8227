//! Runs HTTP connections on threads of their own. The HTTP library reads without a break while bytes arrive that are not an answer yet, such
//! as interim answers without end; on the caller's thread that would keep every time limit from being seen.

use std::future::Future;
use std::pin::pin;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// The threads for connections. With two, a server that keeps one busy does not delay the others.
pub const WORKERS: usize = 2;

/// The runtime, started when it is first needed; `None` if the system refuses, and then the caller's is used.
static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// Polls `work` on this thread. What it spawns, reads, and writes belongs to the threads for connections.
pub async fn run<T>(work: impl Future<Output = T>) -> T {
    let start = || {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .enable_all()
            .event_interval(1)
            .build()
            .ok()
    };
    let Some(runtime) = RUNTIME.get_or_init(start) else {
        return work.await;
    };
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        let _entered = runtime.enter();
        work.as_mut().poll(context)
    })
    .await
}
