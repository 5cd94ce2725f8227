//! The vendor's own installation: `install_client.sh` and the packages put it into `/usr/local/taos` and make links to it
//! (docs/facts.md).

use std::fs;
use std::path::{Path, PathBuf};

use crate::driver::search;
use crate::message::{Message, message};
use crate::safety::printable::printable_path;
use crate::store::SystemReceipt;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Version;

/// Where the vendor's scripts put everything.
const ROOT: &str = "/usr/local/taos";
/// Where they make links that lead there.
const LINKED: &[&str] = &["/usr/lib", "/usr/lib64", "/usr/include", "/usr/bin"];

/// Files and links that belong to a driver, by the beginnings of their names.
const LIBRARIES: &[&str] = &["libtaos.", "libtaosnative.", "libtaosws."];

/// A client that another program installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VendorClient {
    /// The folder that it is in.
    pub(super) folder: PathBuf,
    /// From the names of its libraries.
    pub(super) version: Option<Version>,
    /// Whether it is a server's, whose programs need its driver.
    pub(super) server: bool,
    /// Files and links outside `/usr/local` by which programs find it.
    pub(super) links: Vec<String>,
}

impl VendorClient {
    /// One sentence.
    pub(super) fn describe(&self) -> Message {
        let version = self.version.map(|version| version.to_string());
        message!(
            "system-vendor-installed",
            is_server = self.server,
            version = version.unwrap_or_default(),
            directory = printable_path(&self.folder)
        )
    }
}

/// A client on this machine that is not this program's: the vendor's own, or a driver that the loader finds elsewhere.
pub(super) fn find() -> Option<VendorClient> {
    match (scripted(), stray()) {
        (Some(mut vendor), Some(stray)) => {
            vendor.links.extend(stray.links);
            vendor.links.sort();
            vendor.links.dedup();
            Some(vendor)
        }
        (found, stray) => found.or(stray),
    }
}

/// What the vendor's scripts installed.
fn scripted() -> Option<VendorClient> {
    let root = Path::new(ROOT);
    let libraries = libraries(&root.join("driver"));
    let server = root.join("bin/taosd").exists();
    if libraries.is_empty() && !server && !root.join("bin/taos").exists() {
        return None;
    }
    let real = root.canonicalize().ok()?;
    let mut links = Vec::new();
    for folder in LINKED {
        // A link to another of them would name the same twice.
        if fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()) {
            links.extend(names(Path::new(folder)).into_iter().filter_map(|name| {
                let path = Path::new(folder).join(name);
                let is_link = fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
                let leads_there = is_link && path.canonicalize().ok()?.starts_with(&real);
                leads_there.then(|| path.display().to_string())
            }));
        }
    }
    links.sort();
    Some(VendorClient {
        folder: root.into(),
        version: newest(&libraries),
        server,
        links,
    })
}

/// A driver in one of the loader's folders below `/usr/lib`, where this program puts none.
fn stray() -> Option<VendorClient> {
    let platform = Platform::host()?;
    let name = platform.library_file("taos");
    let folders = search::folders(platform.os, None);
    let folder = folders
        .into_iter()
        .filter(|(folder, _)| fs::symlink_metadata(folder.join(&name)).is_ok())
        .filter_map(|(folder, _)| folder.canonicalize().ok())
        .find(|folder| folder.starts_with("/usr/lib") || folder.starts_with("/usr/lib64"))?;
    let found = libraries(&folder);
    let mut links: Vec<String> = found
        .iter()
        .map(|name| folder.join(name).display().to_string())
        .collect();
    links.sort();
    Some(VendorClient {
        version: newest(&found),
        folder,
        server: false,
        links,
    })
}

fn libraries(folder: &Path) -> Vec<String> {
    let mut names = names(folder);
    names.retain(|name| LIBRARIES.iter().any(|begin| name.starts_with(begin)));
    names
}

fn newest(libraries: &[String]) -> Option<Version> {
    libraries
        .iter()
        .filter_map(|name| Version::find(name))
        .max()
}

/// `found`, where it is in the way: what an earlier installation moved aside is not.
pub(super) fn in_the_way<'a>(
    found: Option<&'a VendorClient>,
    before: Option<&SystemReceipt>,
) -> Option<&'a VendorClient> {
    found.filter(|vendor| before.is_none() || !vendor.links.is_empty())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}
