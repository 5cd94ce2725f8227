//! Large files are hashed and written by a thread of their own, while the next bytes are inflated: both take about as long
//! as half of the inflating. Small ones are not worth the way.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256 as Hasher};

use super::ArchiveRefusal;
use super::read_error::read_error;
use super::tree::{create, write_error};
use crate::message::message;
use crate::tdengine::digest::Sha256;

/// Bytes that travel together. A file that fits is written where it is read.
const CHUNK: usize = 128 << 10;
/// Chunks that may wait for the disk.
const WAITING: usize = 8;

/// A file to write.
pub(super) struct FileTarget {
    /// The archive's name for errors.
    pub(super) entry: String,
    pub(super) on_disk: PathBuf,
    pub(super) executable: bool,
}

enum WriterCommand {
    Begin(FileTarget),
    Bytes(Vec<u8>),
    End,
}

/// Writes files, in order.
#[derive(Default)]
pub(super) struct FileWriter {
    buffer: Vec<u8>,
    thread: Option<Thread>,
    /// The digests of the files that were written here, or `None` for one that the thread writes.
    digests: Vec<Option<Sha256>>,
}

struct Thread {
    sender: Option<SyncSender<WriterCommand>>,
    /// Chunks that were written and can be filled again.
    empty: Receiver<Vec<u8>>,
    handle: Option<JoinHandle<Result<Vec<Sha256>, ArchiveRefusal>>>,
}

impl FileWriter {
    /// Writes all of `content`, which is said to hold `size` bytes, and gives how many it holds. An error of the disk may be
    /// reported by a later call, or by [`Self::finish`].
    pub(super) fn write(
        &mut self,
        target: FileTarget,
        size: u64,
        content: &mut impl Read,
    ) -> Result<u64, ArchiveRefusal> {
        if size <= CHUNK as u64 {
            return self.write_here(target, content);
        }
        self.digests.push(None);
        let thread = self.thread.get_or_insert_with(Thread::start);
        thread.send(WriterCommand::Begin(target))?;
        let mut written = 0;
        loop {
            let mut chunk = thread.empty.try_recv().unwrap_or_default();
            let read = fill(content, &mut chunk);
            written += chunk.len() as u64;
            let end = chunk.len() < CHUNK;
            if !chunk.is_empty() {
                thread.send(WriterCommand::Bytes(chunk))?;
            }
            read?;
            if end {
                break;
            }
        }
        thread.send(WriterCommand::End)?;
        Ok(written)
    }

    fn write_here(
        &mut self,
        target: FileTarget,
        content: &mut impl Read,
    ) -> Result<u64, ArchiveRefusal> {
        let mut file = NewFile::begin(target)?;
        let mut written = 0;
        loop {
            let read = fill(content, &mut self.buffer);
            file.write(&self.buffer)?;
            written += self.buffer.len() as u64;
            read?;
            if self.buffer.len() < CHUNK {
                break;
            }
        }
        self.digests.push(Some(file.end()));
        Ok(written)
    }

    /// Reads all of `content` and writes nothing: its size and digest.
    pub(super) fn digest(
        &mut self,
        content: &mut impl Read,
    ) -> Result<(u64, Sha256), ArchiveRefusal> {
        let mut hasher = Hasher::new();
        let mut size = 0;
        loop {
            fill(content, &mut self.buffer)?;
            hasher.update(&self.buffer);
            size += self.buffer.len() as u64;
            if self.buffer.len() < CHUNK {
                return Ok((size, Sha256(hasher.finalize().into())));
            }
        }
    }

    /// Waits for the disk, and gives the digest of every file, in the order in which they were begun; `None` for one whose
    /// end did not come.
    pub(super) fn finish(mut self) -> Result<Vec<Option<Sha256>>, ArchiveRefusal> {
        let written = match &mut self.thread {
            Some(thread) => thread.finish()?,
            None => Vec::new(),
        };
        let mut written = written.into_iter();
        let digests = self.digests.iter();
        Ok(digests
            .map(|digest| digest.or_else(|| written.next()))
            .collect())
    }
}

impl Thread {
    fn start() -> Self {
        let (sender, messages) = sync_channel(WAITING);
        let (emptied, empty) = channel();
        let handle = std::thread::spawn(move || write_all(&messages, &emptied));
        Self {
            sender: Some(sender),
            empty,
            handle: Some(handle),
        }
    }

    /// Hands a message on, or tells why the thread has ended.
    fn send(&mut self, message: WriterCommand) -> Result<(), ArchiveRefusal> {
        let sent = self
            .sender
            .as_ref()
            .is_some_and(|sender| sender.send(message).is_ok());
        match sent {
            true => Ok(()),
            false => match self.finish() {
                Err(refusal) => Err(refusal),
                Ok(_) => Err(ArchiveRefusal::Corrupt(message!("unpack-not-written"))),
            },
        }
    }

    fn finish(&mut self) -> Result<Vec<Sha256>, ArchiveRefusal> {
        self.sender = None;
        match self.handle.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            Some(Err(_)) | None => Ok(Vec::new()),
        }
    }
}

impl Drop for Thread {
    /// Whoever removes what was written must not meet a writer.
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

fn write_all(
    messages: &Receiver<WriterCommand>,
    emptied: &Sender<Vec<u8>>,
) -> Result<Vec<Sha256>, ArchiveRefusal> {
    let mut digests = Vec::new();
    let mut file = None;
    for message in messages {
        match message {
            WriterCommand::Begin(target) => file = Some(NewFile::begin(target)?),
            WriterCommand::Bytes(chunk) => {
                if let Some(file) = &mut file {
                    file.write(&chunk)?;
                }
                // Nobody may want it back any more.
                let _ = emptied.send(chunk);
            }
            WriterCommand::End => digests.extend(file.take().map(NewFile::end)),
        }
    }
    Ok(digests)
}

/// Fills `chunk` with the next bytes of `content`; fewer than [`CHUNK`] where it ends, or fails.
fn fill(content: &mut impl Read, chunk: &mut Vec<u8>) -> Result<(), ArchiveRefusal> {
    chunk.resize(CHUNK, 0);
    let mut filled = 0;
    let mut ended = Ok(());
    while filled < CHUNK {
        match content.read(&mut chunk[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                ended = Err(read_error(&error));
                break;
            }
        }
    }
    chunk.truncate(filled);
    ended
}

/// A file that is being written.
struct NewFile {
    target: FileTarget,
    file: std::fs::File,
    hasher: Hasher,
}

impl NewFile {
    fn begin(target: FileTarget) -> Result<Self, ArchiveRefusal> {
        match create(&target.on_disk, target.executable) {
            Ok(file) => Ok(Self {
                target,
                file,
                hasher: Hasher::new(),
            }),
            Err(error) => Err(write_error(&target.entry, target.on_disk, error)),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveRefusal> {
        self.hasher.update(bytes);
        io::Write::write_all(&mut self.file, bytes).map_err(|error| {
            let target = &self.target;
            write_error(&target.entry, target.on_disk.clone(), error)
        })
    }

    fn end(self) -> Sha256 {
        Sha256(self.hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests;
