//! `mirror create`: plans the parts, downloads what is missing, and publishes the mirror as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::{Timestamp, ToSpan};

use super::closure::{self, ProjectJob};
use super::entry_path::EntryPath;
use super::fault::{interrupted, unreadable};
use super::index;
use super::manifest::{FileOrigin, MANIFEST, MirrorFile, MirrorGap, MirrorManifest, MirrorPart};
use super::part::{self, PartContent, SourceFile};
use super::publication::Publication;
use super::settings::{self, MirrorBase};
use super::{pypi, sums};
use crate::error::{Error, ErrorId, Result};
use crate::install::InstallRequest;
use crate::install::package_download::{self, PlannedDownload};
use crate::message::{Message, message};
use crate::signature::SigningKey;
use crate::store::Store;
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;
use crate::system::runtime;

/// A mirror to make or to extend.
#[derive(Clone, Debug)]
pub struct MirrorCreateRequest {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// The client packages: one request for each version and platform.
    pub clients: Vec<InstallRequest>,
    /// The projects whose dependencies are mirrored.
    pub projects: Vec<ProjectJob>,
    /// The address of the mirror for its users; without it that of the mirror that is there.
    pub base: Option<MirrorBase>,
    /// The key that signs the manifest.
    pub signing_key: Option<SigningKey>,
    /// The days after which the signature expires.
    pub expires_days: u32,
    /// Only show what would be done.
    pub dry_run: bool,
}

/// The result of `mirror create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorCreation {
    /// The mirror's directory.
    pub dir: PathBuf,
    /// What was done.
    pub state: CreationState,
    /// The parts that were added, or would be.
    pub added: Vec<AddedPart>,
    /// The number of files in the mirror.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// What the mirror lacks.
    pub gaps: Vec<MirrorGap>,
    /// The address that its settings name.
    pub base: String,
    /// Whether its manifest is signed.
    pub is_signed: bool,
}

/// What `mirror create` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreationState {
    /// The mirror was written.
    Published,
    /// The mirror had everything.
    UpToDate,
    /// Only a report was asked for.
    Planned,
}

/// A part that was added, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedPart {
    /// `client`, or the language.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The bytes to download, if they are known before.
    pub size: Option<u64>,
}

/// A part that was asked for.
enum WantedPart<'a> {
    Client(Box<PlannedDownload>),
    Project(&'a ProjectJob),
}

/// A part that is missing, with what describes it.
struct PartToMake<'a> {
    part: MirrorPart,
    wanted: WantedPart<'a>,
}

/// Makes or extends a mirror.
///
/// # Errors
/// Those of choosing and downloading packages and of opening a mirror, `program-failed` if a language's client fails,
/// `would-overwrite`, `store-busy`, `file-unreadable`, `file-unwritable`.
pub fn create(
    request: &MirrorCreateRequest,
    store: &Store,
    events: &EventSink,
) -> Result<MirrorCreation> {
    let mut wanted: Vec<PartToMake> = request
        .projects
        .iter()
        .map(|job| {
            Ok(PartToMake {
                part: job.part()?,
                wanted: WantedPart::Project(job),
            })
        })
        .collect::<Result<_>>()?;
    runtime::run_with_workers(2, interrupted, async |stop| {
        let mut clients = Vec::new();
        for client in &request.clients {
            let planned = package_download::plan(client, stop, events).await?;
            clients.push(PartToMake {
                part: client_part(&planned),
                wanted: WantedPart::Client(Box::new(planned)),
            });
        }
        clients.append(&mut wanted);
        wanted = clients;
        let publication = Publication::begin(&request.dir, events)?;
        run(request, store, wanted, publication, stop, events).await
    })
}

fn client_part(planned: &PlannedDownload) -> MirrorPart {
    let identity = planned.identity;
    let name = format!(
        "{} {} {}",
        identity.edition, identity.version, identity.platform
    );
    MirrorPart {
        kind: "client".to_owned(),
        key: part::key([b"client".as_slice(), name.as_bytes()]),
        name,
    }
}

async fn run(
    request: &MirrorCreateRequest,
    store: &Store,
    mut wanted: Vec<PartToMake<'_>>,
    publication: Publication,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<MirrorCreation> {
    let before = publication.before.as_ref();
    let is_complete = before.is_some_and(|before| before.is_complete());
    let mut manifest = match before {
        Some(before) if is_complete => before.manifest.clone(),
        // What is damaged is made again, as far as it was asked for.
        Some(_) | None => MirrorManifest::default(),
    };
    if let Some(base) = &request.base {
        manifest.head.base = base.as_str().to_owned();
    }
    let mut seen = BTreeSet::new();
    let has = |part: &MirrorPart| manifest.head.parts.iter().any(|it| it.key == part.key);
    wanted.retain(|missing| !has(&missing.part) && seen.insert(missing.part.key));
    let added = describe_missing(&wanted, stop, events).await?;
    let outcome = |state, manifest: &MirrorManifest, is_signed| MirrorCreation {
        dir: request.dir.clone(),
        state,
        added: added.clone(),
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        gaps: manifest.head.gaps.clone(),
        base: manifest.head.base.clone(),
        is_signed,
    };
    if request.dry_run {
        return Ok(outcome(CreationState::Planned, &manifest, false));
    }
    let same_base = before.is_some_and(|it| it.manifest.head.base == manifest.head.base);
    if is_complete && wanted.is_empty() && same_base {
        let is_signed = before.is_some_and(|it| it.signature().is_ok_and(|it| it.is_some()));
        if is_signed || request.signing_key.is_none() {
            return Ok(outcome(CreationState::UpToDate, &manifest, is_signed));
        }
    }
    let made = fill(store, wanted, &publication, &mut manifest, stop, events).await;
    let signature = match made.and_then(|()| sign(request, &manifest)) {
        Ok(signature) => signature,
        Err(error) => {
            publication.discard();
            return Err(error);
        }
    };
    stop.check()?;
    publication.publish(&manifest, signature.as_deref())?;
    Ok(outcome(
        CreationState::Published,
        &manifest,
        signature.is_some(),
    ))
}

/// Asks for the sizes of the packages that are to be downloaded, and reports their sum.
async fn describe_missing(
    wanted: &[PartToMake<'_>],
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<Vec<AddedPart>> {
    let mut added = Vec::new();
    for missing in wanted {
        let size = match &missing.wanted {
            WantedPart::Client(planned) => planned.size(stop, events).await?,
            WantedPart::Project(_) => None,
        };
        added.push(AddedPart {
            kind: missing.part.kind.clone(),
            name: missing.part.name.clone(),
            size,
        });
    }
    let sizes: Vec<u64> = added.iter().filter_map(|part| part.size).collect();
    if !sizes.is_empty() {
        events.emit(Event::note(message!(
            "mirror-to-download",
            count = sizes.len(),
            mebibytes = format!(
                "{:.1}",
                sizes.iter().sum::<u64>() as f64 / f64::from(1 << 20)
            )
        )));
    }
    Ok(added)
}

/// Puts everything into the staging directory: what was there, the missing parts, indexes, and settings.
async fn fill(
    store: &Store,
    wanted: Vec<PartToMake<'_>>,
    publication: &Publication,
    manifest: &mut MirrorManifest,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<()> {
    let mut indexes: BTreeMap<EntryPath, Vec<u8>> = BTreeMap::new();
    for path in manifest.files.keys() {
        publication.keep_file(path)?;
    }
    let mut scratch = Vec::new();
    for missing in wanted {
        stop.check()?;
        let content = match &missing.wanted {
            WantedPart::Client(planned) => client_content(planned, store, stop, events).await?,
            WantedPart::Project(job) => {
                let content = closure::collect(job, &missing.part, store, stop, events).await?;
                scratch.push(job.scratch(store, &missing.part));
                content
            }
        };
        add(content, &missing.part, publication, manifest, &mut indexes)?;
        manifest.head.parts.push(missing.part);
    }
    manifest.head.parts.sort();
    manifest.head.gaps.sort();
    manifest.head.gaps.dedup();
    for (path, bytes) in indexes {
        put(publication, manifest, path, &bytes)?;
    }
    write_generated(publication, manifest)?;
    // Only now: an interrupted run goes on with what its clients have fetched.
    for directory in scratch {
        closure::remove_scratch(&directory)?;
    }
    Ok(())
}

/// The file of a client package, verified.
async fn client_content(
    planned: &PlannedDownload,
    store: &Store,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<PartContent> {
    let package = planned.download(store, stop, events).await?;
    let path = EntryPath::parse(&format!("client/{}", planned.path)).ok_or_else(|| {
        Error::new(
            ErrorId::Unexpected,
            message!("mirror-create-tried"),
            Message::quoted(planned.path.clone()),
            Message::default(),
        )
    })?;
    let origin = match planned.is_from_vendor() {
        true => FileOrigin::Vendor,
        false => FileOrigin::Mirror,
    };
    let source = SourceFile {
        path: package.file,
        origin,
        license: None,
        sha256: Some(package.sha256),
    };
    Ok(PartContent {
        files: BTreeMap::from([(path, source)]),
        ..PartContent::default()
    })
}

/// Copies the files of a part, and adds its entries to the indexes.
fn add(
    content: PartContent,
    part: &MirrorPart,
    publication: &Publication,
    manifest: &mut MirrorManifest,
    indexes: &mut BTreeMap<EntryPath, Vec<u8>>,
) -> Result<()> {
    for (path, source) in content.files {
        let mut file = publication.add_file(&path, &source.path, source.origin)?;
        if source
            .sha256
            .is_some_and(|expected| expected != file.sha256)
        {
            return Err(Error::new(
                ErrorId::DigestMismatch,
                message!("mirror-create-tried"),
                message!("mirror-changed-meanwhile", file = path),
                message!("mirror-run-again"),
            ));
        }
        file.license = source.license;
        manifest.files.insert(path, file);
    }
    for (path, update) in content.indexes {
        let existing = match indexes.get(&path) {
            Some(bytes) => Some(bytes.clone()),
            None => match manifest.files.contains_key(&path) {
                true => {
                    let place = path.below(publication.target());
                    let bytes = std::fs::read(&place);
                    Some(bytes.map_err(|error| unreadable(&place, &error))?)
                }
                false => None,
            },
        };
        let merged = index::merged(existing.as_deref(), &update);
        indexes.insert(path, merged);
    }
    for (reason, subject) in content.gaps {
        manifest.head.gaps.push(MirrorGap {
            part: part.name.clone(),
            reason,
            subject,
        });
    }
    Ok(())
}

fn put(
    publication: &Publication,
    manifest: &mut MirrorManifest,
    path: EntryPath,
    bytes: &[u8],
) -> Result<()> {
    let file = publication.add_bytes(&path, bytes)?;
    manifest.files.insert(path, file);
    Ok(())
}

/// Writes what follows from the files and the base: pages of Python packages, digests of client packages, settings.
fn write_generated(publication: &Publication, manifest: &mut MirrorManifest) -> Result<()> {
    let base = MirrorBase::parse(&manifest.head.base)?;
    let mut generated: Vec<(String, String, bool)> = Vec::new();
    let wheel = |path: &EntryPath| pypi::wheel_metadata(&publication.staged(path));
    for (path, page) in pypi::pages(&manifest.files, wheel) {
        generated.push((path, page, false));
    }
    if let Some(list) = sums::client_list(&manifest.files) {
        generated.push(("client/SHA256SUMS".to_owned(), list, false));
    }
    let has = |directory: &str| {
        let mut paths = manifest.files.keys();
        paths.any(|path| path.as_str().starts_with(directory))
    };
    for (name, text) in settings::render(&base, has) {
        generated.push((format!("settings/{name}"), text, true));
    }
    if has("crates/") {
        let text = super::cargo_index::config(base.web());
        generated.push(("crates/index/config.json".to_owned(), text, true));
    }
    for (path, text, has_base) in generated {
        let Some(path) = EntryPath::parse(&path) else {
            continue;
        };
        let mut file: MirrorFile = publication.add_bytes(&path, text.as_bytes())?;
        file.has_base = has_base;
        manifest.files.insert(path, file);
    }
    rebase_documents(publication, manifest, base.web())
}

/// Writes the base into the documents of npm packages, which name the address of each file.
fn rebase_documents(
    publication: &Publication,
    manifest: &mut MirrorManifest,
    base: &str,
) -> Result<()> {
    let documents: Vec<EntryPath> = manifest
        .files
        .keys()
        .filter(|path| super::npm_document::is_document(path.as_str()))
        .cloned()
        .collect();
    for path in documents {
        let place = publication.staged(&path);
        let bytes = std::fs::read(&place).map_err(|error| unreadable(&place, &error))?;
        let text = super::npm_document::rebased(&bytes, base);
        let mut file = publication.add_bytes(&path, &text)?;
        file.has_base = true;
        manifest.files.insert(path, file);
    }
    Ok(())
}

/// Signs the manifest, if a key was given. The version is the time, so that a later mirror is never older.
fn sign(request: &MirrorCreateRequest, manifest: &MirrorManifest) -> Result<Option<String>> {
    let Some(key) = &request.signing_key else {
        return Ok(None);
    };
    let failed = |observed: String| {
        Error::new(
            ErrorId::Unexpected,
            message!("mirror-sign"),
            Message::quoted(observed),
            Message::default(),
        )
    };
    let now = Timestamp::now();
    let hours = i64::from(request.expires_days) * 24;
    let expires = now
        .checked_add(hours.hours())
        .map_err(|error| failed(error.to_string()))?;
    let expires =
        Timestamp::from_second(expires.as_second()).map_err(|error| failed(error.to_string()))?;
    let version = u64::try_from(now.as_second()).unwrap_or_default();
    key.sign(manifest.render().as_bytes(), MANIFEST, version, expires)
        .map(Some)
        .map_err(failed)
}
