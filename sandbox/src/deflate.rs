//! permessage-deflate (RFC 7692) without context takeover: frames are changed on their way, so that the library above sees
//! plain ones.

use std::io;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// What the adapter agrees to.
pub const AGREED: &str =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// Longest message that is inflated, and longest frame that is read.
const LONGEST: usize = 16 * 1024 * 1024;
/// What a sender leaves out at the end of a compressed message.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];
const FINAL: u8 = 0x80;
const COMPRESSED: u8 = 0x40;
const MASKED: u8 = 0x80;

/// A frame that has arrived as a whole.
struct Frame {
    /// Its first byte: whether it is the last of its message, reserved bits, opcode.
    head: u8,
    masked: bool,
    payload: Vec<u8>,
}

impl Frame {
    fn is_control(&self) -> bool {
        self.head & 0x08 != 0
    }

    /// The frame's bytes; a mask of zeros changes nothing.
    fn write(&self, into: &mut Vec<u8>) {
        let mask = if self.masked { MASKED } else { 0 };
        into.push(self.head);
        match (
            u8::try_from(self.payload.len()),
            u16::try_from(self.payload.len()),
        ) {
            (Ok(length), _) if length < 126 => into.push(mask | length),
            (_, Ok(length)) => {
                into.push(mask | 126);
                into.extend(length.to_be_bytes());
            }
            _ => {
                into.push(mask | 127);
                into.extend(u64::try_from(self.payload.len()).unwrap_or(0).to_be_bytes());
            }
        }
        if self.masked {
            into.extend([0; 4]);
        }
        into.extend(&self.payload);
    }
}

/// One direction of a connection: bytes that are not a whole frame yet, and a compressed message that is not whole yet.
#[derive(Debug, Default)]
pub struct Direction {
    pending: Vec<u8>,
    message: Option<(u8, Vec<u8>)>,
}

impl Direction {
    /// Compresses the messages in these bytes.
    ///
    /// # Errors
    /// A frame is too long.
    pub fn pack(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.pending.extend(bytes);
        let mut packed = Vec::new();
        while let Some(mut frame) = self.next_frame()? {
            // The library above sends whole messages.
            if !frame.is_control() && frame.head & FINAL != 0 {
                frame.payload = deflate(&frame.payload)?;
                frame.head |= COMPRESSED;
            }
            frame.write(&mut packed);
        }
        Ok(packed)
    }

    /// Inflates the compressed messages in these bytes.
    ///
    /// # Errors
    /// A frame or a message is too long, or not compressed as it says.
    pub fn unpack(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.pending.extend(bytes);
        let mut unpacked = Vec::new();
        while let Some(mut frame) = self.next_frame()? {
            if frame.is_control() {
                frame.write(&mut unpacked);
                continue;
            }
            let (opcode, mut message) = match self.message.take() {
                Some(begun) => begun,
                None if frame.head & COMPRESSED != 0 => (frame.head & 0x0f, Vec::new()),
                None => {
                    frame.write(&mut unpacked);
                    continue;
                }
            };
            if message.len() + frame.payload.len() > LONGEST {
                return Err(too_long());
            }
            message.append(&mut frame.payload);
            if frame.head & FINAL == 0 {
                self.message = Some((opcode, message));
                continue;
            }
            let whole = Frame {
                head: FINAL | opcode,
                masked: frame.masked,
                payload: inflate(message)?,
            };
            whole.write(&mut unpacked);
        }
        Ok(unpacked)
    }

    /// The next whole frame, its mask taken off.
    fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        let [head, length, ..] = *self.pending.as_slice() else {
            return Ok(None);
        };
        let masked = length & MASKED != 0;
        let extended = match length & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let Some(bytes) = self.pending.get(2..2 + extended) else {
            return Ok(None);
        };
        let size = if extended == 0 {
            usize::from(length & 0x7f)
        } else {
            let size = bytes
                .iter()
                .fold(0, |size: u64, byte| size << 8 | u64::from(*byte));
            usize::try_from(size).unwrap_or(usize::MAX)
        };
        if size > LONGEST {
            return Err(too_long());
        }
        let start = 2 + extended + if masked { 4 } else { 0 };
        if self.pending.len() < start + size {
            return Ok(None);
        }
        let mask = self
            .pending
            .get(start.saturating_sub(4)..start)
            .unwrap_or_default();
        let mask: Vec<u8> = if masked { mask.to_vec() } else { vec![0] };
        let payload = self.pending[start..start + size].iter();
        let payload = payload.zip(mask.iter().cycle());
        let payload = payload.map(|(byte, mask)| byte ^ mask).collect();
        self.pending.drain(..start + size);
        Ok(Some(Frame {
            head,
            masked,
            payload,
        }))
    }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the message is too long")
}

fn deflate(payload: &[u8]) -> io::Result<Vec<u8>> {
    let mut compress = Compress::new(Compression::fast(), false);
    let mut packed = Vec::with_capacity(payload.len() / 2 + 64);
    loop {
        let read = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let rest = payload.get(read..).unwrap_or_default();
        compress.compress_vec(rest, &mut packed, FlushCompress::Sync)?;
        let read = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        if read == payload.len() && packed.len() < packed.capacity() {
            break;
        }
        packed.reserve(packed.capacity().max(64));
    }
    if packed.ends_with(&TAIL) {
        packed.truncate(packed.len() - TAIL.len());
    }
    Ok(packed)
}

fn inflate(mut message: Vec<u8>) -> io::Result<Vec<u8>> {
    message.extend(TAIL);
    let mut decompress = Decompress::new(false);
    let mut plain = Vec::with_capacity(message.len() * 4);
    loop {
        let read = usize::try_from(decompress.total_in()).unwrap_or(usize::MAX);
        let rest = message.get(read..).unwrap_or_default();
        let status = decompress.decompress_vec(rest, &mut plain, FlushDecompress::Sync)?;
        let read = usize::try_from(decompress.total_in()).unwrap_or(usize::MAX);
        let ended = read == message.len() && plain.len() < plain.capacity();
        if ended || status == Status::StreamEnd {
            return Ok(plain);
        }
        if plain.len() >= LONGEST {
            return Err(too_long());
        }
        if status == Status::BufError && plain.len() < plain.capacity() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        plain.reserve(plain.capacity().max(64));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn messages_come_back_as_they_were(payload in prop::collection::vec(any::<u8>(), 0..20_000), masked: bool, cut in 1_usize..5000) {
            let frame = Frame { head: FINAL | 2, masked, payload };
            let mut plain = Vec::new();
            frame.write(&mut plain);
            let packed = Direction::default().pack(&plain).unwrap();
            let mut direction = Direction::default();
            let mut back = Vec::new();
            for part in packed.chunks(cut) {
                back.extend(direction.unpack(part).unwrap());
            }
            prop_assert_eq!(back, plain);
        }

        #[test]
        fn any_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Direction::default().unpack(&bytes);
            let _ = Direction::default().pack(&bytes);
        }
    }
}
