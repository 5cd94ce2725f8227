//! Messages of the private protocol: a little-endian u32 length and as many bytes of JSON.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::hello::MAX_MESSAGE;

/// The next message; `None` if the other end is gone. Fails on other bytes.
pub(super) async fn read(stream: &mut TcpStream) -> io::Result<Option<Value>> {
    let length = match stream.read_u32_le().await {
        Ok(length) => length,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    if length > MAX_MESSAGE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a message too long",
        ));
    }
    let mut text = Vec::new();
    stream.take(length.into()).read_to_end(&mut text).await?;
    Ok(Some(serde_json::from_slice(&text)?))
}

/// Sends a message; fails on one that is too long.
pub(super) async fn write(stream: &mut TcpStream, message: &Value) -> io::Result<()> {
    let text = message.to_string().into_bytes();
    let length = u32::try_from(text.len())
        .ok()
        .filter(|length| *length <= MAX_MESSAGE);
    let length =
        length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a message too long"))?;
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend(text);
    stream.write_all(&bytes).await
}
