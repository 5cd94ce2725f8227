//! Bytes of a package, from a mirror, a folder, a file or an address, as a stream that is read once.

mod address;
mod http;
mod local;

use std::path::PathBuf;

use url::Url;

use crate::catalog::Package;
use crate::error::Result;
use crate::events::EventSink;

pub use address::{parse_location, shown};

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
pub struct Opened {
    /// The bytes.
    pub body: Body,
    /// How many there are, where that is known.
    pub size: Option<u64>,
    /// The file's name.
    pub file: String,
    /// Where it comes from, safe to show: an address without secrets, or a path.
    pub place: String,
}

/// Bytes to come.
pub enum Body {
    /// From a server.
    Http(http::Download),
    /// From a local file.
    File(local::Reading),
}

impl Body {
    /// Appends the next bytes to `buffer`; false at the end. Errors: `download-failed`, `download-refused`,
    /// `file-unreadable`.
    pub async fn read_into(&mut self, buffer: &mut Vec<u8>) -> Result<bool> {
        match self {
            Self::Http(download) => download.read_into(buffer).await,
            Self::File(reading) => reading.read_into(buffer).await,
        }
    }
}

/// Opens the first of `packages` (names under which one client may be published, the likeliest first) that `origin` has.
///
/// A mirror is asked for each name's vendor path (`BASE/tdengine-tsdb-oss/V/FILE`, `BASE/assets-download/3.0/FILE`), then for
/// `BASE/FILE`. 404 leads on to the next; anything else ends it there, but that the vendor's second host is asked when the
/// first cannot be reached. `hint` is the advice for when none has it.
pub async fn open(
    origin: &Origin,
    packages: &[Package],
    hint: &str,
    events: &EventSink,
) -> Result<Opened> {
    match origin {
        Origin::Vendor => http::first_of(&address::vendor(packages), hint, events).await,
        Origin::Mirror(base) => {
            http::first_of(&[address::on_mirror(base, packages)?], hint, events).await
        }
        Origin::Folder(folder) => local::first_in(folder, packages, hint).await,
        Origin::File(path) => local::open(path).await,
        Origin::Address(url) => http::first_of(&[vec![url.clone()]], hint, events).await,
    }
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
