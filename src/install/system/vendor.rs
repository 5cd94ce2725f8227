//! The vendor's own installation: `install_client.sh` and the packages put it into `/usr/local/taos` and make links to it
//! (`reference/facts.md`, C).

use std::fmt;
use std::fs;
use std::path::Path;

use crate::store::SystemReceipt;
use crate::version::Version;

/// Where the vendor's scripts put everything.
const ROOT: &str = "/usr/local/taos";
/// Where they make links that lead there.
const LINKED: &[&str] = &["/usr/lib", "/usr/lib64", "/usr/include", "/usr/bin"];

/// The vendor's installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vendor {
    /// From the names of its libraries.
    pub(super) version: Option<Version>,
    /// Whether it is a server's, whose programs need its driver.
    pub(super) server: bool,
    /// Links outside `/usr/local` that lead to it.
    pub(super) links: Vec<String>,
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.server { "server" } else { "client" };
        match self.version {
            Some(version) => write!(f, "the vendor's {kind} {version} is installed in {ROOT}"),
            None => write!(f, "a vendor's {kind} is installed in {ROOT}"),
        }
    }
}

/// The vendor's installation on this machine.
pub(super) fn find() -> Option<Vendor> {
    let root = Path::new(ROOT);
    let driver = root.join("driver");
    let libraries: Vec<String> = names(&driver)
        .into_iter()
        .filter(|name| name.starts_with("libtaos"))
        .collect();
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
    Some(Vendor {
        version: libraries
            .iter()
            .filter_map(|name| Version::find(name))
            .max(),
        server,
        links,
    })
}

/// `found`, where it is in the way: what an earlier installation moved aside is not.
pub(super) fn in_the_way<'a>(
    found: Option<&'a Vendor>,
    before: Option<&SystemReceipt>,
) -> Option<&'a Vendor> {
    found.filter(|vendor| before.is_none() || !vendor.links.is_empty())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}
