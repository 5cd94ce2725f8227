//! One pass over the package's bytes: an asynchronous pump reads, counts and hashes; one blocking worker inflates and writes.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use md5::Md5 as Md5Hasher;
use sha2::{Digest, Sha256 as Hasher};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::beginning;
use crate::catalog::{Clients, Md5};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{LARGEST, OpenedPackage, ReadProgress};
use crate::safety::printable::printable;
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::tdengine::digest::Sha256;
use crate::unpack::{self, ArchiveRefusal, Unpacked};

/// A little more than a chunk of the reader, so that none grows.
const CHUNK: usize = 160 << 10;
/// Chunks that may wait for the worker.
const WAITING: usize = 8;

/// What went through.
#[derive(Debug)]
pub(super) struct Streamed {
    pub(super) size: u64,
    pub(super) sha256: Sha256,
    /// Its MD5, where that was asked for: the vendor's list has no better digest.
    pub(super) md5: Option<Md5>,
    /// What was unpacked, where that was asked for and succeeded.
    pub(super) unpacked: Option<Unpacked>,
    refusal: Option<ArchiveRefusal>,
    /// Whether it begins as some kind of package does.
    begins_well: bool,
    /// What it is by its first bytes, where it is no package.
    is: Option<&'static str>,
}

/// What the pump tells the worker.
enum FeedMessage {
    Bytes(Vec<u8>),
    /// All bytes have come. Without it the end of the channel is a failure.
    End,
}

/// Reads all of `opened`, and unpacks it into the empty folder `into` where one is given. `to_the_end`: reads on for the
/// digest after the archive was refused, because a digest that does not match explains the refusal. `with_md5`: tells the MD5
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
        step: "download",
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
    events.emit(Event::Finished { step: "download" });
    let Some(Pumped {
        size,
        sha256,
        begins_well,
        is,
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
        is,
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
                    "unpack the package",
                    error.to_string(),
                    "",
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

/// What the pump saw.
struct Pumped {
    size: u64,
    sha256: Sha256,
    begins_well: bool,
    is: Option<&'static str>,
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
    let (mut begins_well, mut is) = (false, None);
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let progress = stop.unless(opened.fill(&mut chunk)).await??;
        if progress == ReadProgress::StartOver {
            return Ok(None);
        }
        if done == 0 {
            (begins_well, is) = (beginning::is_package(&chunk), beginning::what(&chunk));
        }
        if done + chunk.len() as u64 > LARGEST {
            return Err(Error::new(
                ErrorId::ArchiveCorrupt,
                format!("read {}", opened.place),
                format!("it is larger than {} GiB, and no client is", LARGEST >> 30),
                "get the package again from the vendor or another mirror",
            ));
        }
        hasher.update(&chunk);
        if let Some(md5_hasher) = md5_hasher {
            md5_hasher.update(&chunk);
        }
        done += chunk.len() as u64;
        events.emit(Event::Advanced {
            step: "download",
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
        // Its digest would not be offered: nobody wants to vouch for what is no package.
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
        is,
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
                        "the download broke off",
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
            is: None,
        }
    }

    /// Why the package at `place` was not unpacked, or would not be, as the user reads it.
    pub(super) fn refusal(&self, place: &str) -> Option<Error> {
        let tried = format!("unpack {place}");
        let elsewhere = "get the package again from the vendor or another mirror";
        if self.unpacked.is_none() && !self.begins_well {
            let observed = match (self.size, self.is) {
                (0, _) => "it is empty".to_owned(),
                (_, Some(is)) => format!("it is no gzip archive but {is}"),
                (_, None) => "it is no gzip archive".to_owned(),
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
                printable(observed),
                elsewhere,
            ),
            ArchiveRefusal::Unsafe { entry, reason } => {
                let observed = format!("\"{}\" {}", printable(entry), printable(reason));
                let next = "do not use this file: no honest package holds such an entry";
                Error::new(ErrorId::ArchiveUnsafe, tried, observed, next)
            }
            // The package is right; what becomes of it is another question.
            ArchiveRefusal::WindowsInstaller => return None,
            ArchiveRefusal::Unwritable { path, error } => Error::new(
                ErrorId::FileUnwritable,
                format!("write {}", path.display()),
                describe_io_error(error),
                "free some space or mend the folder's permissions, or set TAOS_SETUP_HOME to another folder",
            ),
        })
    }
}
