//! Bytes of a package, from the cache, a mirror, a folder, a file or an address, as a stream that is read once.

mod address;
mod backoff;
mod cache;
mod client;
mod content_range;
mod http;
mod incoming;
mod limits;
mod local;
mod own_file;
mod partial;
mod request;
mod sidecar;

use std::path::{Path, PathBuf};

use url::Url;

use crate::catalog::Package;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};
use crate::tdengine::digest::Sha256;

pub use address::{parse_location, shown};
pub use cache::DownloadCache;
pub use incoming::LARGEST;
pub use limits::DownloadLimits;

/// Bytes that travel together; larger ones gain nothing (docs/decisions.md).
const CHUNK: usize = 128 << 10;

/// How packages are fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchOptions {
    /// Where downloads are kept, and taken from again.
    pub cache: DownloadCache,
    /// Ask no server.
    pub offline: bool,
    /// Take plain http from other machines too.
    pub insecure_http: bool,
    /// How long and how often.
    pub limits: DownloadLimits,
}

impl FetchOptions {
    /// What the environment sets, with a cache in `downloads`, an absolute path, and two choices. Error `usage`.
    pub fn from_environment(downloads: &Path, offline: bool, insecure_http: bool) -> Result<Self> {
        Ok(Self {
            cache: DownloadCache::at(downloads.to_path_buf()),
            offline,
            insecure_http,
            limits: DownloadLimits::from_environment()?,
        })
    }
}

/// Where a package may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The vendor's own hosts, as the catalog names them.
    Vendor,
    /// A mirror: an address under which the vendor's paths, or the plain files, are found.
    Mirror(Url),
    /// A mirror that is a folder, in the same two layouts.
    Folder(PathBuf),
    /// Exactly this file.
    File(PathBuf),
    /// Exactly this address.
    Address(Url),
}

/// A place that a user named: an address or a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// `https://…`, or `http://…` on loopback.
    Address(Url),
    /// A file or a folder.
    Path(PathBuf),
}

/// A package whose bytes can be read.
pub struct OpenedPackage {
    body: Body,
    /// How many bytes there are, where that is known.
    pub size: Option<u64>,
    /// The file's name.
    pub file: String,
    /// Where it comes from, safe to show: an address without secrets, or a path.
    pub place: String,
    /// The file of the cache that it is.
    cached: Option<PathBuf>,
    /// Whether its first part comes from an earlier run.
    is_resumed: bool,
}

/// Bytes to come.
enum Body {
    /// From a server.
    Http(Box<http::Download>),
    /// From a local file.
    File(local::LocalFile),
}

/// What reading on gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadProgress {
    /// There may be more.
    More,
    /// That was the end of the file.
    End,
    /// The file has changed on its way: everything read until now is void, and its first byte comes next.
    StartOver,
}

impl OpenedPackage {
    /// Appends the next bytes, 128 KiB or fewer, to `chunk`, which must be empty. What comes from a server is kept in the cache on the
    /// way. Errors: `download-failed`, `download-refused`, `file-unreadable`.
    pub async fn fill(&mut self, chunk: &mut Vec<u8>) -> Result<ReadProgress> {
        let progress = match &mut self.body {
            Body::Http(download) => download.fill(chunk).await?,
            Body::File(reading) => {
                while chunk.len() < CHUNK {
                    if !reading.read_into(chunk).await? {
                        return Ok(ReadProgress::End);
                    }
                }
                ReadProgress::More
            }
        };
        if progress == ReadProgress::StartOver {
            self.is_resumed = false;
            if let Body::Http(download) = &self.body
                && let Some((place, file, size)) = download.source()
            {
                (self.place, self.file, self.size) = (place, file, size);
            }
        }
        Ok(progress)
    }

    /// Whether bytes of an earlier run are in it. Where they prove wrong, a fresh download may prove right.
    pub fn is_second_hand(&self) -> bool {
        self.is_resumed || self.cached.is_some()
    }

    /// Keeps the file, which was read to its end, in the cache under its digest. Gives the path of a file that is on this
    /// machine now: the cache's, or its own; `None` where it could not be kept.
    pub fn keep(mut self, sha256: &Sha256) -> Option<PathBuf> {
        match &mut self.body {
            Body::Http(download) => download.publish(sha256, &self.file),
            Body::File(_) => std::path::absolute(&self.place).ok(),
        }
    }

    /// Stops keeping what comes, and removes what the cache has of it. The bytes can still be read.
    pub fn stop_keeping(&mut self) {
        if let Body::Http(download) = &mut self.body {
            download.discard();
        }
    }

    /// Removes what the cache has of the file.
    pub fn discard(mut self) {
        if let Body::Http(download) = &mut self.body {
            download.discard();
        }
        if let Some(path) = &self.cached {
            cache::discard(path);
        }
    }
}

/// Opens the first of `packages` (names under which one client may be published, the likeliest first) that `origin` has.
///
/// Where `origin` is on the network, a file of the cache with one of `digests` is taken instead, of several one of these names. A mirror is asked for each
/// name's vendor path (`BASE/tdengine-tsdb-oss/V/FILE`, `BASE/assets-download/3.0/FILE`), then for `BASE/FILE`; before that
/// for `BASE/V/FILE` where BASE ends in the product's folder. 404 and 403 lead on to the next; what may pass leads on to the
/// next host, and is tried again; anything else ends it there. `hint` is the advice for when none has it.
pub async fn open(
    origin: &Origin,
    packages: &[Package],
    digests: &[Sha256],
    options: &FetchOptions,
    hint: &Message,
    events: &EventSink,
) -> Result<OpenedPackage> {
    let hosts = match origin {
        Origin::Folder(folder) => return local::first_in(folder, packages, hint).await,
        Origin::File(path) => return local::open(path).await,
        Origin::Vendor => address::vendor(packages),
        Origin::Mirror(base) => vec![address::on_mirror(base, packages)?],
        Origin::Address(url) => vec![vec![url.clone()]],
    };
    let names = packages.iter().map(|package| package.file.as_str());
    let kept = match digests {
        // Whatever it was called when it was kept.
        [_] => options.cache.find(digests),
        _ => options.cache.find_named(digests, names),
    };
    if let Some(path) = kept
        && let Ok(opened) = local::open(&path).await
    {
        events.emit(Event::detail(message!(
            "fetch-taking",
            place = opened.place
        )));
        return Ok(OpenedPackage {
            cached: Some(path),
            ..opened
        });
    }
    if options.offline {
        return placed(&hosts, options).await;
    }
    http::first_of(hosts, hint, options, events).await
}

/// Reads all of a small file, a list or a signature; `None` if it does not exist. Nothing of it is kept.
///
/// # Errors
/// Those of [`open`] and [`OpenedPackage::fill`], and `download-refused` if it has more than `most` bytes.
pub async fn read_small(
    origin: &Origin,
    options: &FetchOptions,
    most: usize,
    events: &EventSink,
) -> Result<Option<Vec<u8>>> {
    let mut opened = match open(origin, &[], &[], options, &Message::default(), events).await {
        Ok(opened) => opened,
        Err(error) if error.id == ErrorId::PackageNotFound && !options.offline => return Ok(None),
        Err(error) if is_absent(origin) && error.id == ErrorId::FileUnreadable => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    loop {
        let mut chunk = Vec::new();
        let progress = opened.fill(&mut chunk).await?;
        if progress == ReadProgress::StartOver {
            bytes.clear();
        }
        bytes.append(&mut chunk);
        if bytes.len() > most {
            let place = opened.place.clone();
            opened.discard();
            return Err(Error::new(
                ErrorId::DownloadRefused,
                message!("fetch-read", place = place),
                message!("fetch-too-many-kib", kib = (most >> 10).to_string()),
                message!("fetch-check-file"),
            ));
        }
        if progress == ReadProgress::End {
            opened.discard();
            return Ok(Some(bytes));
        }
    }
}

/// Whether `origin` is a local file that does not exist.
fn is_absent(origin: &Origin) -> bool {
    match origin {
        Origin::File(path) | Origin::Folder(path) => !path.exists(),
        Origin::Vendor | Origin::Mirror(_) | Origin::Address(_) => false,
    }
}

/// The path, below the mirror or the vendor's host, at which `origin` has one of `packages`. Only its presence is asked for.
/// `None` for an origin that is local or one file.
///
/// # Errors
/// `download-failed` or `download-refused` if the answer shows neither.
pub async fn find_path(
    origin: &Origin,
    packages: &[Package],
    options: &FetchOptions,
) -> Result<Option<String>> {
    let places = match origin {
        Origin::Vendor => address::vendor(packages)
            .into_iter()
            .flatten()
            .map(|url| (url.path().trim_start_matches('/').to_owned(), url))
            .collect(),
        Origin::Mirror(base) => address::paths_on_mirror(base, packages)?,
        Origin::Folder(_) | Origin::File(_) | Origin::Address(_) => Vec::new(),
    };
    http::first_present(places, options).await
}

/// Reads the page at `url`, an index that may be HTML, and no more than `most` bytes of it. Nothing of it is kept.
///
/// # Errors
/// `download-failed` or `download-refused` if it does not come.
pub async fn read_page(url: &Url, most: usize, options: &FetchOptions) -> Result<Vec<u8>> {
    http::read_page(url, most, options).await
}

/// The file that a user put into the cache folder by hand, for an installation without a network.
async fn placed(hosts: &[Vec<Url>], options: &FetchOptions) -> Result<OpenedPackage> {
    let folder = options.cache.folder();
    let mut names: Vec<String> = Vec::new();
    for url in hosts.iter().flatten() {
        let name = cache::name_in(url);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in &names {
        let path = folder.join(name);
        if path.is_file() {
            return local::open(&path).await;
        }
    }
    let addresses: Vec<String> = hosts.iter().flatten().map(shown).collect();
    Err(Error::new(
        ErrorId::PackageNotFound,
        message!(
            "fetch-find-offline",
            file = match names.first() {
                Some(name) => Message::quoted(name.as_str()),
                None => message!("fetch-the-package"),
            }
        ),
        message!("fetch-offline-absent", places = addresses.join(", ")),
        message!("fetch-offline-next", directory = folder.display()),
    ))
}

/// The addresses that [`open`] would ask for `packages`, in order, safe to show; for an origin that is local, its path.
pub fn addresses(origin: &Origin, packages: &[Package]) -> Result<Vec<String>> {
    let urls = match origin {
        Origin::Vendor => address::vendor(packages).concat(),
        Origin::Mirror(base) => address::on_mirror(base, packages)?,
        Origin::Address(url) => vec![url.clone()],
        Origin::Folder(path) | Origin::File(path) => return Ok(vec![path.display().to_string()]),
    };
    Ok(urls.iter().map(shown).collect())
}
