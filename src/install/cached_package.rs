//! Installs from the unpacked copy in the cache, and keeps it there. Only downloaded packages are kept: a file of the user is read
//! every time.

use std::fs;
use std::io;
use std::path::{Component, Path};

use super::completion::as_installed;
use super::expectation::Expectation;
use super::pipeline::{Pipeline, PipelineEnd, VerifiedPackage, Workspace};
use super::stream::Streamed;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::Origin;
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::store::{CachedTree, CachedTreeContents, CachedTreeDraft, InstalledFile, InstalledLink};
use crate::system::events::Event;
use crate::system::interrupts::Interrupts;
use crate::unpack::{PackageLayout, Unpacked, UnpackedFile, UnpackedLink, make_link};

/// Makes `links` below `root`, where the files are already; false where one would stand or lead elsewhere.
fn put_links(root: &Path, links: &[InstalledLink]) -> io::Result<bool> {
    let inside = |path: &str| {
        let mut components = Path::new(path).components();
        components.all(|component| matches!(component, Component::Normal(_)))
    };
    let root = root.canonicalize()?;
    for link in links {
        let path = root.join(&link.path);
        let folder = path.parent().unwrap_or(&root);
        if !inside(&link.path) {
            return Ok(false);
        }
        fs::create_dir_all(folder)?;
        if folder.canonicalize()? != folder {
            return Ok(false);
        }
        make_link(&link.target, &path)?;
    }
    for link in links {
        if !root.join(&link.path).canonicalize()?.starts_with(&root) {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Pipeline<'_> {
    /// Installs the package from the cache, if it is kept unpacked there under an accepted digest. `None` if it is not, or if the copy
    /// has changed, which a note reports. With `--repair` and `--require-digest`, the digest of every file is computed.
    pub(super) async fn reinstall(&self, stop: &mut Interrupts) -> Result<Option<PipelineEnd>> {
        let Expectation::Known { accepted, verified } = self.expectation else {
            return Ok(None);
        };
        if !self.is_cached() {
            return Ok(None);
        }
        let found = accepted.iter().find_map(|digest| {
            let cache = &self.request.fetch.cache;
            let package = cache.find(&[*digest]);
            CachedTree::find(
                &cache.existing(digest)?,
                digest,
                package.as_deref(),
                self.client,
            )
        });
        let Some(tree) = found else {
            return Ok(None);
        };
        let workspace = self.workspace()?;
        let Some(unpacked) = self.put_back(&tree, workspace.path())? else {
            self.notes
                .emit(Event::note(message!("install-cache-changed")));
            if self.publishes() {
                tree.discard();
            }
            return Ok(None);
        };
        let (source, size, sha256) = tree.package();
        let package = self.request.fetch.cache.find(&[sha256]);
        let package = VerifiedPackage {
            workspace,
            place: package.map_or_else(|| source.to_owned(), |path| path.display().to_string()),
            source: source.to_owned(),
            streamed: Streamed::earlier(size, sha256),
            verified: *verified,
            kept: None,
        };
        let checked = self.check(&package, &unpacked)?;
        self.finish(package, checked, stop).await.map(Some)
    }

    /// Whether packages of this origin are kept in the cache, and the installation may share files with it: a prefix is for
    /// carrying elsewhere, with nothing that leads back.
    fn is_cached(&self) -> bool {
        self.client.is_in_store()
            && match self.request.origin {
                Origin::Vendor | Origin::Mirror(_) | Origin::Address(_) => true,
                Origin::Folder(_) | Origin::File(_) => false,
            }
    }

    /// Puts the kept files and links below `root`; `None` where one is not as it was kept.
    fn put_back(&self, tree: &CachedTree, root: &Path) -> Result<Option<Unpacked>> {
        let thoroughly = self.request.repair || self.request.require_digest;
        let put = || -> io::Result<Option<Vec<InstalledFile>>> {
            let Some(files) = tree.put_into(root, thoroughly)? else {
                return Ok(None);
            };
            Ok(put_links(root, tree.links())?.then_some(files))
        };
        let files = match put() {
            Ok(Some(files)) => files,
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::StorageFull => {
                return Err(Error::new(
                    ErrorId::FileUnwritable,
                    message!("store-write", path = printable_path(root)),
                    describe_io_error(&error),
                    message!("store-write-next"),
                ));
            }
            // Whatever is wrong with the tree, the package itself may be right.
            Err(_) => return Ok(None),
        };
        self.notes.emit(Event::detail(message!(
            "install-from-cache",
            thoroughly = thoroughly
        )));
        Ok(Some(Unpacked {
            files: files
                .into_iter()
                .map(|file| UnpackedFile {
                    path: file.path,
                    size: file.size,
                    sha256: file.sha256,
                })
                .collect(),
            links: tree
                .links()
                .iter()
                .map(|link| UnpackedLink {
                    path: link.path.clone(),
                    target: link.target.clone(),
                })
                .collect(),
            left_out: Vec::new(),
            nested: true,
            layout: PackageLayout::default(),
        }))
    }

    /// Links what is in `staging`, checked and not completed yet, into the cache beside the package; `None` where the package
    /// is not there, or links cannot be made. It is kept when the installation has succeeded.
    pub(super) fn keep_unpacked(
        &self,
        package: &VerifiedPackage,
        unpacked: &Unpacked,
    ) -> Option<CachedTreeDraft> {
        let Workspace::Staging(staging) = &package.workspace else {
            return None;
        };
        if !self.is_cached() {
            return None;
        }
        let (source, streamed) = (&package.source, &package.streamed);
        let (files, links) = as_installed(unpacked);
        let cache = &self.request.fetch.cache;
        let archive = cache.find(&[streamed.sha256]);
        let contents = CachedTreeContents {
            source,
            size: streamed.size,
            sha256: streamed.sha256,
            package: archive.as_deref(),
            files: &files,
            links: &links,
        };
        let cache = cache.existing(&streamed.sha256)?;
        CachedTreeDraft::new(&cache, self.client, staging.path(), contents).ok()
    }
}
