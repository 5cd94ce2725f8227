//! Fetches a driver's jar: from the file or address that the user names, the cache, a mirror, or by the user's own Maven, which knows the
//! repository, its mirror, proxy, and login. Where it comes from does not matter: its SHA-256 is known.

mod maven;

use std::io::Read;
use std::path::Path;

use super::place::JarDirectory;
use super::{CLASSIFIER, MeasuredFile, file_name};
use crate::catalog::Package;
use crate::catalog::connectors::{Choice, DriverJar};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::{self, FetchOptions, Location, Origin, ReadProgress, parse_location};
use crate::message::{Message, message};
use crate::store::Store;
use crate::system::env_vars;
use crate::system::events::EventSink;
use crate::system::files::open_named;
use crate::system::interrupts::Interrupts;
use crate::system::runtime;
use crate::tdengine::digest::Sha256;

/// The largest jar, far above the largest that is known (13 MB).
const LARGEST: u64 = 128 << 20;

/// The directory of a mirror that holds files in Maven's layout, next to those of clients.
const MIRROR_DIRECTORY: &str = "maven";

/// What was asked about the jar.
#[derive(Clone, Debug, Default)]
pub struct JarRequest {
    /// A file or an address to take it from, or the directory that has it or gets it.
    pub place: Option<String>,
    /// Digests to accept instead of the known one.
    pub sha256: Vec<Sha256>,
    /// A mirror: an address or a directory.
    pub mirror: Option<String>,
    /// Whether the network is not to be used.
    pub offline: bool,
}

/// A file or an address that the user names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JarOrigin(Origin);

/// The jar that is looked for.
#[derive(Clone, Debug)]
pub(super) struct JarQuery {
    /// Its name.
    pub(super) file: String,
    /// Maven's name of it.
    artifact: String,
    /// Its path in Maven's layout, with `/`.
    path: String,
    accepted: Vec<Sha256>,
}

impl JarRequest {
    /// The options that were given.
    pub(super) fn options(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("--jar", self.place.is_some()),
            ("--sha256", !self.sha256.is_empty()),
            ("--mirror", self.mirror.is_some()),
            ("--offline", self.offline),
        ];
        given
            .into_iter()
            .filter(|(_, is_given)| *is_given)
            .map(|(option, _)| option)
    }

    /// The file or address to take the jar from, and the directory for it, as far as they are given, for the project in `root`.
    pub(super) fn place(&self, root: &Path) -> Result<(Option<JarOrigin>, Option<JarDirectory>)> {
        let Some(text) = &self.place else {
            return Ok((None, None));
        };
        Ok(match parse_location(text, false)? {
            Location::Address(url) => (Some(JarOrigin(Origin::Address(url))), None),
            Location::Path(path) => {
                let is_jar = path.extension().is_some_and(|it| it == "jar");
                if path.is_file() || (is_jar && !path.is_dir()) {
                    (Some(JarOrigin(Origin::File(path))), None)
                } else {
                    (None, Some(JarDirectory::named(&path, root)?))
                }
            }
        })
    }

    /// The mirror, and whether the user named it now.
    fn mirror(&self) -> Result<Option<(Origin, bool)>> {
        let (text, is_named) = match (&self.mirror, env_vars::MIRROR.checked_text()?) {
            (Some(text), _) => (text.clone(), true),
            (None, Some(text)) => (text, false),
            (None, None) => return Ok(None),
        };
        let origin = match parse_location(&text, false)? {
            Location::Address(url) => Origin::Mirror(url),
            Location::Path(path) => Origin::Folder(path),
        };
        Ok(Some((origin, is_named)))
    }
}

impl JarQuery {
    /// The jar of `choice`, with the known digest, or one of `given`.
    pub(super) fn new(choice: &Choice, jar: &DriverJar, given: &[Sha256]) -> Self {
        let file = file_name(choice.package, choice.version);
        let (group, artifact) = choice.package.split_once(':').unwrap_or_default();
        Self {
            path: format!(
                "{}/{artifact}/{}/{file}",
                group.replace('.', "/"),
                choice.version
            ),
            artifact: format!("{}:{}:jar:{CLASSIFIER}", choice.package, choice.version),
            file,
            accepted: if given.is_empty() {
                vec![jar.sha256]
            } else {
                given.to_vec()
            },
        }
    }

    /// Whether a file with this digest is the jar.
    pub(super) fn accepts(&self, sha256: &Sha256) -> bool {
        self.accepted.contains(sha256)
    }

    /// The digests that are accepted.
    pub(super) fn digests(&self) -> String {
        let digests: Vec<_> = self.accepted.iter().map(Sha256::to_string).collect();
        digests.join(", ")
    }

    /// Describes a file from `place` that is not the jar.
    pub(super) fn mismatch(&self, found: &MeasuredFile, place: &str) -> Message {
        message!(
            "init-jar-digest",
            found = found.sha256,
            size = found.size.to_string(),
            place = place,
            expected = self.digests()
        )
    }

    fn tried(&self) -> Message {
        message!("init-jar-request", file = self.file)
    }

    /// The paths at which a mirror may have it.
    fn packages(&self) -> Vec<Package> {
        let paths = [
            format!("{MIRROR_DIRECTORY}/{}", self.path),
            self.path.clone(),
        ];
        let package = |path| Package {
            file: self.file.clone(),
            path,
            hosts: Vec::new(),
        };
        paths.map(package).into()
    }
}

/// Returns the bytes of the jar.
///
/// # Errors
/// `digest-mismatch` if what comes is something else; `package-not-found` if nothing has it; those of a download.
pub(super) fn fetch(
    query: &JarQuery,
    named: Option<&JarOrigin>,
    request: &JarRequest,
    events: &EventSink,
) -> Result<Vec<u8>> {
    let store = Store::from_environment()?;
    let options = FetchOptions::from_environment(store.downloads_dir(), request.offline, false)?;
    let mirror = request.mirror()?;
    runtime::run(interrupted, async |stop| {
        let source = JarFetch {
            query,
            options: &options,
            events,
        };
        if let Some(JarOrigin(origin)) = named {
            return source.read(origin, stop).await;
        }
        if let Some(path) = options.cache.find(&query.accepted) {
            return source.read(&Origin::File(path), stop).await;
        }
        if let Some((origin, is_named)) = &mirror {
            match source.read(origin, stop).await {
                // The mirror of the environment may have clients only.
                Err(error) if error.id == ErrorId::PackageNotFound && !is_named => {}
                ended => return ended,
            }
        }
        let directory = tempfile::tempdir().map_err(|error| {
            Error::new(
                ErrorId::FileUnwritable,
                query.tried(),
                describe_io_error(&error),
                message!("project-make-writable"),
            )
        })?;
        maven::copy(query, directory.path(), &options, stop, events).await?;
        let file = Origin::File(directory.path().join(&query.file));
        source.read(&file, stop).await
    })
}

/// A fetch of one jar.
struct JarFetch<'a> {
    query: &'a JarQuery,
    options: &'a FetchOptions,
    events: &'a EventSink,
}

impl JarFetch<'_> {
    /// Reads the jar from `origin`, and keeps what was downloaded.
    async fn read(&self, origin: &Origin, stop: &mut Interrupts) -> Result<Vec<u8>> {
        let query = self.query;
        let hint = message!("init-jar-next", command = maven::command_line(query));
        let packages = query.packages();
        let opening = fetch::open(
            origin,
            &packages,
            &query.accepted,
            self.options,
            &hint,
            self.events,
        );
        let mut opened = stop.unless(opening).await??;
        let mut bytes = Vec::new();
        loop {
            let mut chunk = Vec::new();
            let progress = stop.unless(opened.fill(&mut chunk)).await??;
            if progress == ReadProgress::StartOver {
                bytes.clear();
            }
            bytes.append(&mut chunk);
            if bytes.len() as u64 > LARGEST {
                let place = opened.place.clone();
                opened.discard();
                return Err(Error::new(
                    ErrorId::DownloadRefused,
                    query.tried(),
                    message!("init-jar-too-large", place = place, most = LARGEST >> 20),
                    message!("fetch-check-file"),
                ));
            }
            if progress == ReadProgress::End {
                break;
            }
        }
        let found = measure(bytes.as_slice()).unwrap_or(MeasuredFile {
            size: 0,
            sha256: Sha256([0; 32]),
        });
        if query.accepts(&found.sha256) {
            opened.keep(&found.sha256);
            return Ok(bytes);
        }
        let place = opened.place.clone();
        opened.discard();
        Err(Error::new(
            ErrorId::DigestMismatch,
            query.tried(),
            query.mismatch(&found, &place),
            message!("init-jar-digest-next", found = found.sha256),
        ))
    }
}

/// Measures the file at `path`.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn digest_of(path: &Path) -> std::result::Result<MeasuredFile, Message> {
    let file = open_named(path).map_err(|error| describe_io_error(&error))?;
    let found = measure(file.take(LARGEST + 1)).map_err(|error| describe_io_error(&error))?;
    if found.size > LARGEST {
        let place = path.display();
        return Err(message!(
            "init-jar-too-large",
            place = place,
            most = LARGEST >> 20
        ));
    }
    Ok(found)
}

fn measure(from: impl Read) -> std::io::Result<MeasuredFile> {
    let mut counted = CountedReader { from, size: 0 };
    let sha256 = Sha256::of(&mut counted)?;
    Ok(MeasuredFile {
        size: counted.size,
        sha256,
    })
}

/// A reader that counts its bytes.
struct CountedReader<R> {
    from: R,
    size: u64,
}

impl<R: Read> Read for CountedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.size += read as u64;
        Ok(read)
    }
}

fn interrupted() -> Error {
    Error::new(
        ErrorId::Interrupted,
        message!("init-set-up"),
        message!("init-jar-interrupted"),
        Message::default(),
    )
}
