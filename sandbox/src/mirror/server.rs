//! The mirror: a small HTTP server on loopback, in a thread of its own.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, mpsc};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::answer::{File, Request, answer, index_page};
use super::archive::build;
use super::faults::MirrorFaults;
use super::index::{self, MirrorIndex, NEXUS_REPOSITORY};
use super::package::{Package, file_name, url_path};

/// A request's head is read up to this size, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// What a mirror serves.
#[derive(Clone, Debug)]
pub struct MirrorOptions {
    /// The packages, each under the path that the vendor's hosts give it.
    pub packages: Vec<Package>,
    /// The built stand-in driver ([`crate::driver::built`]).
    pub driver: PathBuf,
    /// What it does wrong from the start.
    pub faults: MirrorFaults,
}

/// A running mirror; it stops when dropped.
#[derive(Debug)]
pub struct Mirror {
    address: SocketAddr,
    shared: Arc<Shared>,
    commands: UnboundedSender<Command>,
    thread: Option<JoinHandle<()>>,
}

/// The commands of the mirror's thread.
#[derive(Debug)]
enum Command {
    /// Take connections or refuse them; answered when it is so.
    Listen(bool, mpsc::Sender<io::Result<()>>),
    /// End.
    Stop,
}

/// What the mirror's thread and its owner both see.
#[derive(Debug)]
struct Shared {
    files: HashMap<String, Arc<BuiltPackage>>,
    index: MirrorIndex,
    /// What is in front of the packages' paths.
    prefix: &'static str,
    faults: Mutex<Faults>,
    requests: Mutex<Vec<String>>,
}

/// The faults in effect.
#[derive(Debug)]
struct Faults {
    kind: MirrorFaults,
    /// For how many requests; `None` is for ever.
    left: Option<u32>,
}

/// A package that was built.
#[derive(Debug)]
pub struct BuiltPackage {
    version: String,
    /// The archive.
    pub bytes: Vec<u8>,
    /// Its digest, in lower-case hexadecimal.
    pub sha256: String,
    etag: String,
}

impl Mirror {
    /// Builds the packages (each once in a process) and serves them on a free loopback port, without an index.
    pub fn start(options: MirrorOptions) -> io::Result<Self> {
        Self::start_indexed(options, MirrorIndex::None, &url_path)
    }

    /// The same with an index, and each package under the path that `place` gives it, which begins with a slash.
    pub fn start_indexed(
        options: MirrorOptions,
        index: MirrorIndex,
        place: &dyn Fn(&Package) -> String,
    ) -> io::Result<Self> {
        let prefix = match index {
            MirrorIndex::Nexus => NEXUS_REPOSITORY,
            _ => "",
        };
        let mut files = HashMap::new();
        for package in &options.packages {
            let path = format!("{prefix}{}", place(package));
            files.insert(path, built(package, &options.driver)?);
        }
        let shared = Arc::new(Shared {
            files,
            index,
            prefix,
            faults: Mutex::new(Faults {
                kind: MirrorFaults::None,
                left: None,
            }),
            requests: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let (commands, received) = unbounded_channel();
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("sandbox mirror".to_owned())
            .spawn(move || runtime.block_on(serve(listener, address, serving, received)))?;
        let mirror = Self {
            address,
            shared,
            commands,
            thread: Some(thread),
        };
        mirror.set_faults(options.faults)?;
        Ok(mirror)
    }

    /// The address to give as a mirror, `http://127.0.0.1:PORT`, without a slash at the end; of Nexus, its repository's.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.shared.prefix)
    }

    /// The paths asked for until now, in order, whatever was answered.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }

    /// The SHA-256 of the flawless answer for a version, in lower-case hexadecimal; `None` if the mirror does not have it.
    pub fn sha256_of(&self, version: &str) -> Option<String> {
        self.shared
            .files
            .values()
            .find(|file| file.version == version)
            .map(|file| file.sha256.clone())
    }

    /// Writes every package flat into `folder`, under its file name: the same mirror as a plain folder.
    pub fn write_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for (path, file) in &self.shared.files {
            let name = path.rsplit('/').next().unwrap_or(path);
            fs::write(folder.join(name), &file.bytes)?;
        }
        Ok(())
    }

    /// Misbehaves from the next request on. In effect when it returns, [`MirrorFaults::Down`] included.
    pub fn set_faults(&self, faults: MirrorFaults) -> io::Result<()> {
        self.apply(faults, None)
    }

    /// Misbehaves for the next `requests` requests, then serves well. [`MirrorFaults::Down`] counts none and stays.
    pub fn set_faults_for(&self, faults: MirrorFaults, requests: u32) -> io::Result<()> {
        self.apply(faults, Some(requests))
    }

    fn apply(&self, kind: MirrorFaults, left: Option<u32>) -> io::Result<()> {
        let listens = kind != MirrorFaults::Down;
        *lock(&self.shared.faults) = Faults { kind, left };
        let (done, wait) = mpsc::channel();
        self.commands
            .send(Command::Listen(listens, done))
            .map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        // An error in either line means that the thread has ended already.
        let _ = self.commands.send(Command::Stop);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Writes the packages side by side into `folder`, under their file names: a mirror that is a plain folder.
pub fn write_folder(folder: &Path, packages: &[Package], driver: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for package in packages {
        fs::write(
            folder.join(file_name(package)),
            &built(package, driver)?.bytes,
        )?;
    }
    Ok(())
}

/// The package, built once in a process for one driver.
///
/// # Errors
/// Those of [`build`].
pub fn built(package: &Package, driver: &Path) -> io::Result<Arc<BuiltPackage>> {
    type Cache = Mutex<HashMap<(Package, PathBuf), Arc<BuiltPackage>>>;
    static CACHE: OnceLock<Cache> = OnceLock::new();
    let mut cache = lock(CACHE.get_or_init(Cache::default));
    let key = (package.clone(), driver.to_owned());
    if let Some(found) = cache.get(&key) {
        return Ok(Arc::clone(found));
    }
    let bytes = build(package, driver)?;
    let sha256 = sha256(&bytes);
    let etag = format!("\"{}\"", sha256.get(..16).unwrap_or(&sha256));
    let fresh = Arc::new(BuiltPackage {
        version: package.version.clone(),
        bytes,
        sha256,
        etag,
    });
    cache.insert(key, Arc::clone(&fresh));
    Ok(fresh)
}

/// The thread's work: connections and commands until it is stopped.
async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    mut commands: UnboundedReceiver<Command>,
) {
    let mut port = Port::Open(listener);
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Listen(listens, done)) => {
                    let (next, result) = port.turn(listens, address);
                    port = next;
                    // Nobody waits any more only if the owner is gone.
                    let _ = done.send(result);
                }
                Some(Command::Stop) | None => return,
            },
            stream = port.accept() => {
                let shared = Arc::clone(&shared);
                // A client that goes away in the middle is its own affair.
                tokio::spawn(async move { converse(stream, address, &shared).await.ok() });
            }
        }
    }
}

/// The mirror's port.
enum Port {
    /// Takes connections.
    Open(TcpListener),
    /// Bound but not listening, which refuses connections and keeps the port.
    Reserved(TcpSocket),
    /// Nothing is bound: reserving it failed.
    Lost,
}

impl Port {
    /// The next connection; never returns while none can come.
    async fn accept(&self) -> TcpStream {
        if let Self::Open(listener) = self {
            loop {
                // A connection that broke before it was taken does not stop the mirror.
                if let Ok((stream, _)) = listener.accept().await {
                    return stream;
                }
                tokio::task::yield_now().await;
            }
        }
        std::future::pending().await
    }

    /// The port, listening or not.
    fn turn(self, listens: bool, address: SocketAddr) -> (Self, io::Result<()>) {
        let turned = match (self, listens) {
            (Self::Open(listener), false) => {
                drop(listener);
                reserve(address).map(Self::Reserved)
            }
            (Self::Reserved(socket), true) => socket.listen(128).map(Self::Open),
            (Self::Lost, true) => reserve(address)
                .and_then(|socket| socket.listen(128))
                .map(Self::Open),
            (unchanged, _) => Ok(unchanged),
        };
        match turned {
            Ok(port) => (port, Ok(())),
            Err(error) => (Self::Lost, Err(error)),
        }
    }
}

/// A socket bound to `address` that does not listen.
fn reserve(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // On Unix this allows binding beside connections that are still closing; on Windows it would allow theft.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// One connection: one request, one answer.
async fn converse(mut stream: TcpStream, address: SocketAddr, shared: &Shared) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > MAX_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let Some(request) = Request::parse(&String::from_utf8_lossy(&head)) else {
        return Ok(());
    };
    lock(&shared.requests).push(request.path.clone());
    let faults = shared.next_faults();
    let built = shared.files.get(&request.path);
    let file = built.map(|built| File {
        bytes: &built.bytes,
        etag: &built.etag,
    });
    let page = match (&file, &faults) {
        (None, MirrorFaults::None) => shared.page(address, &request.path),
        _ => None,
    };
    let answer = match page {
        Some(page) => index_page(&request, page),
        None => answer(&request, file.as_ref(), &faults),
    };
    stream.write_all(answer.head.as_bytes()).await?;
    stream.write_all(&answer.body).await?;
    stream.flush().await?;
    if answer.stalls {
        // The client gives up, or the mirror is dropped with its runtime.
        while stream.read(&mut [0; 64]).await? > 0 {}
    }
    stream.shutdown().await
}

impl Shared {
    /// The index at `path`.
    fn page(&self, address: SocketAddr, path: &str) -> Option<String> {
        let mut files: Vec<(String, String)> = self
            .files
            .iter()
            .map(|(path, built)| (path.clone(), built.sha256.clone()))
            .collect();
        files.sort();
        index::page(self.index, &format!("http://{address}"), path, &files)
    }

    /// The faults for the request at hand; counts it.
    fn next_faults(&self) -> MirrorFaults {
        let mut faults = lock(&self.faults);
        match faults.left {
            Some(0) => MirrorFaults::None,
            Some(left) => {
                faults.left = Some(left - 1);
                faults.kind.clone()
            }
            None => faults.kind.clone(),
        }
    }
}

/// The value behind a lock; a panic elsewhere does not make it worse.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The mirror's thread has ended.
fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the mirror's thread has ended")
}
