//! The native port, as a stranger sees it: it never answers, and closes when a message is longer than its own header allows.

use std::sync::Arc;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use crate::state::State;

/// Up to this many bytes at once, taosd waits for more; beyond, it closes (transcripts/port6030_raw.jsonl).
const PATIENCE: usize = 106;

/// Accepts and never answers, for as long as the sandbox runs.
pub(crate) async fn serve(listener: TcpListener, _state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(wait(stream));
    }
}

async fn wait(mut stream: TcpStream) {
    let mut bytes = [0; 4096];
    while let Ok(1..=PATIENCE) = stream.read(&mut bytes).await {}
}
