//! A package kept unpacked in the cache, so that it is installed again without inflating it: its files are hard links of the
//! client's own, with a record of what each was when it was sealed. A file that is not as the record tells is known by its
//! digest or not used.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256 as Hasher};
use tempfile::TempDir;

use super::{Client, InstalledFile, InstalledLink, disk};
use crate::system::directory::Directory;
use crate::tdengine::digest::Sha256;

/// The record's name in the kept folder; the files are in [`FILES`] beside it.
const RECORD: &str = "record.toml";
const FILES: &str = "files";
/// Kept folders begin with this, and the name of the client's folder follows.
const PREFIX: &str = "unpacked-";
/// More of a record is not read; a real one has some 30 KiB.
const RECORD_SIZE: u64 = 4 << 20;
/// Clients have no deeper directories than this.
const DEPTH: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    schema: u32,
    /// The name of the package's file.
    source: String,
    /// The package's size in bytes.
    size: u64,
    sha256: Sha256,
    /// When the package in the cache was written, seconds and nanoseconds since 1970, where it is there.
    #[serde(default)]
    written: Option<(i64, u32)>,
    files: Vec<KeptFile>,
    #[serde(default)]
    links: Vec<InstalledLink>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptFile {
    path: String,
    size: u64,
    sha256: Sha256,
    facts: Facts,
}

/// What changes when somebody writes to a file or puts another in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Facts {
    /// Seconds and nanoseconds of the last change of its content, since 1970.
    modified: (i64, u32),
    /// Its mode on Unix, else 0.
    mode: u32,
    /// Its number in the file system on Unix, else 0.
    inode: u64,
}

impl Facts {
    #[cfg(unix)]
    fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            modified: (
                found.mtime(),
                u32::try_from(found.mtime_nsec()).unwrap_or_default(),
            ),
            mode: found.mode(),
            inode: found.ino(),
        }
    }

    #[cfg(not(unix))]
    fn of(found: &Metadata) -> Self {
        let since = found
            .modified()
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .unwrap_or_default();
        Self {
            modified: (
                i64::try_from(since.as_secs()).unwrap_or_default(),
                since.subsec_nanos(),
            ),
            mode: 0,
            inode: 0,
        }
    }
}

/// A package and what was unpacked of it.
#[derive(Clone, Copy, Debug)]
pub struct CachedTreeContents<'a> {
    /// The name of the package's file.
    pub source: &'a str,
    /// The package's size in bytes.
    pub size: u64,
    /// The package's SHA-256.
    pub sha256: Sha256,
    /// The package in the cache, where it is there.
    pub package: Option<&'a Path>,
    /// Every file, as it is to be installed.
    pub files: &'a [InstalledFile],
    /// Every link.
    pub links: &'a [InstalledLink],
}

/// A tree that is not in the cache yet; dropped, it vanishes.
#[derive(Debug)]
pub struct CachedTreeDraft {
    folder: TempDir,
    place: PathBuf,
}

impl CachedTreeDraft {
    /// Links what is unpacked in `root` into `cache`, the folder of its package, for `client`. An error means that it cannot
    /// be kept, which harms nothing: above all where the cache is in another file system, and keeping would be copying.
    pub fn new(
        cache: &Path,
        client: &Client,
        root: &Path,
        contents: CachedTreeContents<'_>,
    ) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(".unpacking-")
            .tempdir_in(cache)?;
        let into = folder.path().join(FILES);
        fs::create_dir(&into)?;
        let mut files = Vec::with_capacity(contents.files.len());
        for file in contents.files {
            let kept = into.join(&file.path);
            make_parent(&kept)?;
            disk::hard_link(&root.join(&file.path), &kept)?;
            files.push(KeptFile {
                path: file.path.clone(),
                size: file.size,
                sha256: file.sha256,
                facts: Facts::of(&fs::symlink_metadata(&kept)?),
            });
        }
        let record = Record {
            schema: 1,
            source: contents.source.to_owned(),
            size: contents.size,
            sha256: contents.sha256,
            written: contents.package.and_then(written),
            files,
            links: contents.links.to_vec(),
        };
        let text = toml::to_string(&record).map_err(io::Error::other)?;
        fs::write(folder.path().join(RECORD), text)?;
        let place = place(cache, client);
        Ok(Self { folder, place })
    }

    /// Gives it its place. Only for files that are on the disk: a record must never outlive what it tells.
    pub fn keep(self) -> io::Result<()> {
        File::options()
            .read(true)
            .write(cfg!(windows))
            .open(self.folder.path().join(RECORD))?
            .sync_all()?;
        // What is in its place is one that was not used.
        let _ = fs::remove_dir_all(&self.place);
        disk::rename_path(self.folder.path(), &self.place)?;
        let _ = self.folder.keep();
        Ok(())
    }
}

fn place(cache: &Path, client: &Client) -> PathBuf {
    cache.join(format!("{PREFIX}{}", client.folder_name()))
}

/// A tree in the cache.
#[derive(Debug)]
pub struct CachedTree {
    folder: PathBuf,
    record: Record,
}

impl CachedTree {
    /// What is kept for `client` in `cache`, the folder of the package with this digest. `None` where there is nothing,
    /// nothing that this program wrote, or something that others may write; and where the file `package` in the cache was
    /// written to since, because then it is read to see what it is now.
    pub fn find(
        cache: &Path,
        sha256: &Sha256,
        package: Option<&Path>,
        client: &Client,
    ) -> Option<Self> {
        let folder = place(cache, client);
        let open = Directory::open(&folder).ok()?;
        let file = open.open_file(OsStr::new(RECORD)).ok()?;
        if !is_ours_alone(&file.metadata().ok()?) || !is_ours_alone(&fs::metadata(&folder).ok()?) {
            return None;
        }
        let mut text = String::new();
        file.take(RECORD_SIZE).read_to_string(&mut text).ok()?;
        let record: Record = toml::from_str(&text).ok()?;
        let untouched = package.is_none_or(|package| {
            fs::metadata(package).is_ok_and(|found| found.len() == record.size)
                && written(package) == record.written
        });
        (record.schema == 1 && record.sha256 == *sha256 && untouched)
            .then_some(Self { folder, record })
    }

    /// The package's file name, size in bytes and digest.
    pub fn package(&self) -> (&str, u64, Sha256) {
        (&self.record.source, self.record.size, self.record.sha256)
    }

    /// Puts every file into the empty folder `into`, and gives them: hard links, or copies where links cannot be made. A
    /// configuration is always copied, because it is the user's to change. A file whose size, time, mode and number are as
    /// they were is taken as it is, unless all are to be checked `thoroughly`; every other is read for its digest. `None`
    /// where a file is not the one that was kept: then `into` is void, and so is this tree. What else is in the folder is
    /// left there. Links are in [`Self::links`] and not created.
    pub fn put_into(
        &self,
        into: &Path,
        thoroughly: bool,
    ) -> io::Result<Option<Vec<InstalledFile>>> {
        let mut files: HashMap<&str, &KeptFile> = HashMap::new();
        for file in &self.record.files {
            files.insert(&file.path, file);
        }
        let mut walk = Walk {
            files,
            thoroughly,
            put: Vec::new(),
        };
        let root = Directory::open(&self.folder)?.open_directory(OsStr::new(FILES))?;
        if !walk.below(&root, into, "", 0)? || walk.put.len() != self.record.files.len() {
            return Ok(None);
        }
        Ok(Some(walk.put))
    }

    /// Every link, relative to its own folder.
    pub fn links(&self) -> &[InstalledLink] {
        &self.record.links
    }

    /// Removes it.
    pub fn discard(self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

struct Walk<'a> {
    files: HashMap<&'a str, &'a KeptFile>,
    thoroughly: bool,
    put: Vec<InstalledFile>,
}

impl Walk<'_> {
    /// Goes over what is there and asks the record, so that a record that names paths elsewhere names nothing.
    fn below(
        &mut self,
        from: &Directory,
        into: &Path,
        path: &str,
        depth: usize,
    ) -> io::Result<bool> {
        for name in from.names()? {
            let Some(shown) = name.to_str() else {
                continue;
            };
            let path = match path {
                "" => shown.to_owned(),
                _ => format!("{path}/{shown}"),
            };
            let into = into.join(&name);
            if let Some(recorded) = self.files.get(path.as_str()) {
                if !put(from, &name, recorded, &into, self.thoroughly)? {
                    return Ok(false);
                }
                self.put.push(InstalledFile {
                    path,
                    size: recorded.size,
                    sha256: recorded.sha256,
                });
            } else if depth < DEPTH
                && let Ok(folder) = from.open_directory(&name)
            {
                fs::create_dir(&into)?;
                if !self.below(&folder, &into, &path, depth + 1)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// Puts one file; false where it is not what was kept.
fn put(
    from: &Directory,
    name: &OsStr,
    recorded: &KeptFile,
    into: &Path,
    thoroughly: bool,
) -> io::Result<bool> {
    let mut file = from.open_file(name)?;
    let found = file.metadata()?;
    let facts = Facts::of(&found);
    if !found.is_file()
        || found.len() != recorded.size
        || facts.mode != recorded.facts.mode
        || !is_ours_alone(&found)
    {
        return Ok(false);
    }
    if !recorded.path.starts_with("etc/") {
        let is_right = if thoroughly || facts != recorded.facts {
            Sha256::of(&mut file)? == recorded.sha256
        } else {
            true
        };
        if !is_right {
            return Ok(false);
        }
        if disk::step()
            .and_then(|()| from.hard_link(name, into))
            .is_ok()
        {
            // Whoever changed the name's meaning in between changed what was linked.
            return Ok(Facts::of(&fs::symlink_metadata(into)?) == facts);
        }
        file = from.open_file(name)?;
    }
    Ok(copied(file, &found, into)? == recorded.sha256)
}

/// Copies `file` to `into` and gives the digest of what was written.
fn copied(mut file: File, found: &Metadata, into: &Path) -> io::Result<Sha256> {
    let mut copy = File::options().write(true).create_new(true).open(into)?;
    copy.set_permissions(found.permissions())?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 128 << 10];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(Sha256(hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
        copy.write_all(&buffer[..read])?;
    }
}

fn written(package: &Path) -> Option<(i64, u32)> {
    Some(Facts::of(&fs::metadata(package).ok()?).modified)
}

fn make_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Whether only this user may write it.
#[cfg(unix)]
fn is_ours_alone(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0
}

/// Elsewhere the folder's own access list keeps others out.
#[cfg(not(unix))]
fn is_ours_alone(_found: &Metadata) -> bool {
    true
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
