//! Reads a package in one pass: an asynchronous pump reads, counts, and hashes; one blocking worker inflates and writes.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use md5::Md5 as Md5Hasher;
use sha2::{Digest, Sha256 as Hasher};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::file_kind::{self, ReceivedKind};
use crate::catalog::{Clients, Md5};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{LARGEST, OpenedPackage, ReadProgress};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::system::events::{Event, EventSink, ProgressStep};
use crate::system::interrupts::Interrupts;
use crate::tdengine::digest::Sha256;
use crate::unpack::{self, ArchiveRefusal, Unpacked};

/// A little more than a chunk of the reader, so that none grows.
const CHUNK: usize = 160 << 10;
/// Chunks that may wait for the worker.
const WAITING: usize = 8;

/// A package that was read.
#[derive(Debug)]
pub(super) struct Streamed {
    pub(super) size: u64,
    pub(super) sha256: Sha256,
    /// Its MD5, where that was asked for: the vendor's list has no better digest.
    pub(super) md5: Option<Md5>,
    /// The unpacked files, if unpacking was requested and succeeded.
    pub(super) unpacked: Option<Unpacked>,
    refusal: Option<ArchiveRefusal>,
    /// Whether it begins as some kind of package does.
    begins_well: bool,
    /// Its kind by its first bytes, if it is not a package.
    kind: Option<ReceivedKind>,
}

/// A message of the pump to the worker.
enum FeedMessage {
    Bytes(Vec<u8>),
    /// All bytes were sent. Without it the end of the channel is a failure.
    End,
}

/// Reads all of `opened`, and unpacks it into the empty folder `into` where one is given. `to_the_end`: reads on for the
/// digest after the archive was refused, because a digest that does not match explains the refusal. `with_md5`: returns the MD5
/// too. `None` where the file changed on its way: what `into` holds is void, and `opened` begins with the first byte again.
pub(super) async fn through(
    opened: &mut OpenedPackage,
    into: Option<PathBuf>,
    to_the_end: bool,
    with_md5: bool,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Option<Streamed>> {
    events.emit(Event::Started {
        step: ProgressStep::Download,
        subject: opened.place.clone(),
        total: opened.size,
    });
    let (sender, worker) = match into {
        Some(into) => {
            let (sender, receiver) = mpsc::channel(WAITING);
            let vendor = Clients::builtin()?.driver_libraries();
            let work = move || unpack::unpack(Feed::new(receiver), &into, vendor);
            (Some(sender), Some(tokio::task::spawn_blocking(work)))
        }
        None => (None, None),
    };
    let mut unpacking = Unpacking {
        sender,
        worker,
        ended: None,
    };
    let mut md5_hasher = with_md5.then(Md5Hasher::new);
    let pumped = pump(
        opened,
        &mut unpacking,
        to_the_end,
        &mut md5_hasher,
        stop,
        events,
    )
    .await;
    let unpacked = unpacking.finish().await?;
    events.emit(Event::Finished {
        step: ProgressStep::Download,
    });
    let Some(Pumped {
        size,
        sha256,
        begins_well,
        kind,
    }) = pumped?
    else {
        return Ok(None);
    };
    let (unpacked, refusal) = match unpacked {
        Some(Ok(unpacked)) => (Some(unpacked), None),
        Some(Err(refusal)) => (None, Some(refusal)),
        None => (None, None),
    };
    Ok(Some(Streamed {
        size,
        sha256,
        md5: md5_hasher.map(|hasher| Md5(hasher.finalize().into())),
        unpacked,
        refusal,
        begins_well,
        kind,
    }))
}

type UnpackResult = std::result::Result<Unpacked, ArchiveRefusal>;

/// The worker that unpacks, and the way to it.
struct Unpacking {
    /// `None` if nothing is unpacked, or nothing any more.
    sender: Option<mpsc::Sender<FeedMessage>>,
    worker: Option<JoinHandle<UnpackResult>>,
    /// The worker's result, once it has ended.
    ended: Option<UnpackResult>,
}

impl Unpacking {
    /// Waits for the worker, which ends when its channel does. It must be over before anything that it writes is removed.
    async fn end(&mut self) -> Result<()> {
        self.sender = None;
        if let Some(worker) = self.worker.take() {
            self.ended = Some(worker.await.map_err(|error| {
                Error::new(
                    ErrorId::Unexpected,
                    message!("install-unpack-package"),
                    Message::quoted(error.to_string()),
                    Message::default(),
                )
            })?);
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<Option<UnpackResult>> {
        self.end().await?;
        Ok(self.ended)
    }

    /// Whether the archive itself was refused: its bytes are of no use then.
    fn is_refused(&self) -> bool {
        matches!(
            self.ended,
            Some(Err(
                ArchiveRefusal::Corrupt(_) | ArchiveRefusal::Unsafe { .. }
            ))
        )
    }
}

/// The result of the pump.
struct Pumped {
    size: u64,
    sha256: Sha256,
    begins_well: bool,
    kind: Option<ReceivedKind>,
}

async fn pump(
    opened: &mut OpenedPackage,
    unpacking: &mut Unpacking,
    to_the_end: bool,
    md5_hasher: &mut Option<Md5Hasher>,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Option<Pumped>> {
    let mut hasher = Hasher::new();
    let only_read = unpacking.sender.is_none();
    let mut done = 0;
    let (mut begins_well, mut kind) = (false, None);
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let progress = stop.unless(opened.fill(&mut chunk)).await??;
        if progress == ReadProgress::StartOver {
            return Ok(None);
        }
        if done == 0 {
            (begins_well, kind) = (file_kind::is_package(&chunk), ReceivedKind::find(&chunk));
        }
        if done + chunk.len() as u64 > LARGEST {
            return Err(Error::new(
                ErrorId::ArchiveCorrupt,
                message!("store-read", path = opened.place),
                message!("install-package-too-large", gib = (LARGEST >> 30)),
                message!("install-elsewhere-next"),
            ));
        }
        hasher.update(&chunk);
        if let Some(md5_hasher) = md5_hasher {
            md5_hasher.update(&chunk);
        }
        done += chunk.len() as u64;
        events.emit(Event::Advanced {
            step: ProgressStep::Download,
            done,
        });
        if let Some(worker) = &unpacking.sender {
            let taken = stop.unless(worker.send(FeedMessage::Bytes(chunk))).await?;
            if taken.is_err() {
                unpacking.end().await?;
                if !to_the_end {
                    break;
                }
                if unpacking.is_refused() {
                    opened.stop_keeping();
                }
            }
        }
        // No digest is offered for a file that is not a package.
        if progress == ReadProgress::End || (only_read && !begins_well) {
            break;
        }
    }
    if let Some(worker) = &unpacking.sender {
        // An error here means that the worker is over, which its own result tells.
        let _ = stop.unless(worker.send(FeedMessage::End)).await?;
    }
    Ok(Some(Pumped {
        size: done,
        sha256: Sha256(hasher.finalize().into()),
        begins_well,
        kind,
    }))
}

/// The worker's end of the channel, as a reader.
struct Feed {
    receiver: mpsc::Receiver<FeedMessage>,
    chunk: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Feed {
    fn new(receiver: mpsc::Receiver<FeedMessage>) -> Self {
        Self {
            receiver,
            chunk: Vec::new(),
            at: 0,
            ended: false,
        }
    }
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Feed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.chunk.len() && !self.ended {
            match self.receiver.blocking_recv() {
                Some(FeedMessage::Bytes(chunk)) => {
                    self.chunk = chunk;
                    self.at = 0;
                }
                Some(FeedMessage::End) => self.ended = true,
                None => {
                    return Err(io::Error::new(
                        io::ErrorKind::BrokenPipe,
                        "the download was interrupted",
                    ));
                }
            }
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.chunk.len());
    }
}

impl Streamed {
    /// Whether it is a program that installs, which is not unpacked.
    pub(super) fn is_installer(&self) -> bool {
        matches!(self.refusal, Some(ArchiveRefusal::WindowsInstaller))
    }

    /// A package that went through earlier, and was kept unpacked.
    pub(super) fn earlier(size: u64, sha256: Sha256) -> Self {
        Self {
            size,
            sha256,
            md5: None,
            unpacked: None,
            refusal: None,
            begins_well: true,
            kind: None,
        }
    }

    /// The reason why the package at `place` was not unpacked, or would not be.
    pub(super) fn refusal(&self, place: &str) -> Option<Error> {
        let tried = message!("install-unpack-tried", place = place);
        let elsewhere = message!("install-elsewhere-next");
        if self.unpacked.is_none() && !self.begins_well {
            let observed = match (self.size, self.kind) {
                (0, _) => message!("install-package-empty"),
                (_, Some(kind)) => message!("install-not-gzip-but", found = kind.describe()),
                (_, None) => message!("install-not-gzip"),
            };
            return Some(Error::new(
                ErrorId::ArchiveCorrupt,
                tried,
                observed,
                elsewhere,
            ));
        }
        Some(match self.refusal.as_ref()? {
            ArchiveRefusal::Corrupt(observed) => Error::new(
                ErrorId::ArchiveCorrupt,
                tried,
                observed.clone().map_texts(&printable),
                elsewhere,
            ),
            ArchiveRefusal::Unsafe { entry, reason } => {
                let reason = reason.clone().map_texts(&printable);
                let observed = message!(
                    "install-archive-entry",
                    entry = printable(entry),
                    reason = reason
                );
                let next = message!("install-archive-unsafe-next");
                Error::new(ErrorId::ArchiveUnsafe, tried, observed, next)
            }
            // The package is right; what becomes of it is another question.
            ArchiveRefusal::WindowsInstaller => return None,
            ArchiveRefusal::Unwritable { path, error } => Error::new(
                ErrorId::FileUnwritable,
                message!("store-write", path = printable_path(path)),
                describe_io_error(error),
                message!("store-write-next"),
            ),
        })
    }
}
