//! Client packages: which are published, what their files are called, where the vendor keeps them, what their digests are.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::clients_manifest::{Era, Manifest, Releases};
use super::own_catalog::OwnCatalog;
use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::{Arch, Os, Platform};
use crate::tdengine::version::{Edition, Request, Version};

/// The built-in catalog with a company's.
static EXTENDED: OnceLock<Clients> = OnceLock::new();

/// The catalog of client packages.
#[derive(Debug, Default)]
pub struct Clients {
    manifest: Manifest,
}

/// One name under which a client may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The file's name.
    pub file: String,
    /// Its path on the vendor's hosts, without a leading slash; it ends in the file's name.
    pub path: String,
    /// The vendor's hosts, `https://…` without a trailing slash, the first one first.
    pub hosts: Vec<String>,
}

impl Package {
    /// The addresses at which the vendor publishes this file, in order.
    pub fn addresses(&self) -> Vec<String> {
        self.hosts
            .iter()
            .map(|host| format!("{host}/{}", self.path))
            .collect()
    }
}

/// What a package's file name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Community or Enterprise.
    pub edition: Edition,
    /// The version.
    pub version: Version,
    /// The platform.
    pub platform: Platform,
}

impl Clients {
    /// The catalog that this program was built with, and what [`Self::extend`] added to it.
    pub fn builtin() -> Result<&'static Self> {
        if let Some(extended) = EXTENDED.get() {
            return Ok(extended);
        }
        static CLIENTS: BuiltIn<Clients> = BuiltIn::new("manifests/clients.toml", || {
            parsed(Clients::parse(include_str!("../../manifests/clients.toml")))
        });
        CLIENTS.get()
    }

    /// Adds a company's catalog to the built-in one, once, at the start of a command.
    ///
    /// # Errors
    /// `unexpected` if the built-in catalog is damaged.
    pub fn extend(own: &OwnCatalog) -> Result<()> {
        let extended = Self::builtin()?.with(own);
        // A second catalog in one process is never asked for.
        let _ = EXTENDED.set(extended);
        Ok(())
    }

    /// This catalog with the releases and digests of `own`. Digests of one file are all accepted.
    fn with(&self, own: &OwnCatalog) -> Self {
        let mut manifest = self.manifest.clone();
        manifest
            .releases
            .extend(own.releases().map(|release| Releases {
                edition: release.edition,
                platforms: vec![release.platform],
                versions: vec![release.version],
            }));
        for (file, digests) in own.digests() {
            let known = manifest.digests.entry(file.to_owned()).or_default();
            known.extend(digests.iter().copied());
        }
        Self { manifest }
    }

    /// The names of the files for which a digest is known.
    pub fn files_with_digests(&self) -> impl Iterator<Item = &str> {
        self.manifest.digests.keys().map(String::as_str)
    }

    /// Reads a catalog; an error is a sentence that says what does not fit.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        Manifest::parse(text).map(|manifest| Self { manifest })
    }

    /// Whether the vendor's own list has packages of the client's era.
    pub fn is_listed(&self, identity: Identity) -> bool {
        self.eras(identity.edition, identity.version)
            .next()
            .is_some_and(|era| era.listed)
    }

    /// The day on which the catalog was last compared with what is published.
    pub fn reviewed(&self) -> Date {
        self.manifest.reviewed
    }

    /// The number of releases and the number of file names with a known digest.
    pub fn size(&self) -> (usize, usize) {
        let releases = self.manifest.releases.iter();
        let versions: BTreeSet<_> = releases
            .flat_map(|known| {
                known
                    .versions
                    .iter()
                    .map(|version| (known.edition, version))
            })
            .collect();
        (versions.len(), self.manifest.digests.len())
    }

    /// The addresses of the vendor's own list of packages, in order.
    pub fn vendor_lists(&self) -> &[String] {
        &self.manifest.vendor_lists
    }

    /// The stems of the driver's own libraries. What else a package has in its driver directory is private to the driver.
    pub fn driver_libraries(&self) -> &[String] {
        &self.manifest.driver_libraries
    }

    /// The releases of `edition` that are known for `platform`, oldest first.
    pub fn published(&self, edition: Edition, platform: Platform) -> BTreeSet<Version> {
        self.manifest
            .releases
            .iter()
            .filter(|releases| {
                releases.edition == edition && releases.platforms.contains(&platform)
            })
            .flat_map(|releases| releases.versions.iter().copied())
            .collect()
    }

    /// The platforms for which a release of `edition` that `request` admits is known; all that have any if none is.
    pub fn platforms(&self, request: &Request, edition: Edition) -> Vec<Platform> {
        let all: BTreeSet<Platform> = self
            .manifest
            .releases
            .iter()
            .filter(|releases| releases.edition == edition)
            .flat_map(|releases| releases.platforms.iter().copied())
            .collect();
        let admits = |platform: &Platform| {
            let published = self.published(edition, *platform);
            published.iter().any(|version| request.admits(*version))
        };
        let admitted: Vec<Platform> = all.iter().copied().filter(admits).collect();
        match admitted.is_empty() {
            true => all.into_iter().collect(),
            false => admitted,
        }
    }

    /// The version that `request` means on `platform`: a full version as it is, listed or not; a prefix or `latest` the
    /// newest release known for the platform. Error `nothing-published` names the nearest.
    pub fn resolve(
        &self,
        request: &Request,
        edition: Edition,
        platform: Platform,
    ) -> Result<Version> {
        if let Request::Exact(version) = request {
            return Ok(*version);
        }
        let published = self.published(edition, platform);
        request.newest(published.iter().copied()).ok_or_else(|| {
            let (observed, next) = match request.nearest(published) {
                Some(nearest) => (
                    message!(
                        "catalog-nearest",
                        edition = edition,
                        version = request,
                        platform = platform,
                        nearest = nearest
                    ),
                    message!("catalog-nearest-next", version = nearest),
                ),
                None => (
                    message!("catalog-none", edition = edition, platform = platform),
                    message!("catalog-none-next"),
                ),
            };
            Error::new(
                ErrorId::NothingPublished,
                message!("catalog-choose", version = request),
                observed,
                next,
            )
        })
    }

    /// The names under which that client may be published, the likeliest first. Never empty for a built-in catalog.
    pub fn packages(&self, identity: Identity) -> Vec<Package> {
        self.eras(identity.edition, identity.version)
            .map(|era| era.package(identity, false))
            .collect()
    }

    /// The names under which that client may be on a mirror: those of [`Self::packages`], then those of every other era of the
    /// edition.
    pub fn spellings(&self, identity: Identity) -> Vec<Package> {
        let mut spellings = self.packages(identity);
        let eras = self.manifest.eras.iter();
        for era in eras.filter(|era| era.edition == identity.edition) {
            let package = era.package(identity, false);
            if !spellings.iter().any(|known| known.path == package.path) {
                spellings.push(package);
            }
        }
        spellings
    }

    /// As [`Self::identify`], for full packages only: a Lite one lacks files, and a zip archive was packed by somebody else.
    pub fn identify_full(&self, file: &str) -> Option<Identity> {
        let has_ending = [".tar.gz", ".exe", ".pkg"]
            .iter()
            .any(|it| file.ends_with(it));
        let identity = has_ending
            .then(|| self.identify_as(file, |era| std::slice::from_ref(&era.file)))
            .flatten()?;
        let spellings = self.spellings(identity);
        let is_full = spellings.iter().any(|package| package.file == file);
        is_full.then_some(identity)
    }

    /// Whether `name` is a directory of the vendor's hosts above the packages, other than a version's.
    pub fn is_layout_directory(&self, name: &str) -> bool {
        let eras = self.manifest.eras.iter();
        eras.flat_map(|era| era.path.split('/'))
            .any(|directory| directory == name && !directory.contains('{'))
    }

    /// What `file` tells by its name, where it is named exactly as the vendor names a client, Lite ones included. A Windows
    /// client may be packed into a zip archive, too: the vendor's installer is a program.
    pub fn identify(&self, file: &str) -> Option<Identity> {
        let of = |file: &str| self.identify_as(file, |era| std::slice::from_ref(&era.file));
        of(file).or_else(|| of(&format!("{}.exe", file.strip_suffix(".zip")?)))
    }

    /// What `file` tells by its name, where it is named exactly as the vendor names a server's package: the client in it
    /// is of the same edition, version and platform.
    pub fn identify_server(&self, file: &str) -> Option<Identity> {
        self.identify_as(file, |era| &era.server)
    }

    /// The digests that are right for exactly the file called `file`.
    pub fn digests_of_file(&self, file: &str) -> Vec<Sha256> {
        self.manifest.digests.get(file).cloned().unwrap_or_default()
    }

    fn identify_as(&self, file: &str, names: impl Fn(&Era) -> &[String]) -> Option<Identity> {
        let version = Version::find(file)?;
        self.manifest.eras.iter().find_map(|era| {
            [Os::Linux, Os::Windows, Os::Macos]
                .into_iter()
                .flat_map(|os| [Arch::X64, Arch::Arm64].map(|arch| Platform { os, arch }))
                .map(|platform| Identity {
                    edition: era.edition,
                    version,
                    platform,
                })
                .find(|identity| {
                    names(era).iter().any(|name| {
                        [false, true]
                            .into_iter()
                            .any(|lite| era.filled(name, *identity, lite) == file)
                    })
                })
        })
    }

    /// The digests that are right for the client, under any of its names, Lite ones included. Empty where none is known.
    pub fn digests(&self, identity: Identity) -> Vec<Sha256> {
        self.eras(identity.edition, identity.version)
            .flat_map(|era| [false, true].map(|lite| era.file_name(identity, lite)))
            .filter_map(|file| self.manifest.digests.get(&file))
            .flatten()
            .copied()
            .collect()
    }

    /// The eras whose names fit `version`: its own first, then those whose widened border holds it.
    fn eras(&self, edition: Edition, version: Version) -> impl Iterator<Item = &Era> {
        let eras = move || {
            self.manifest
                .eras
                .iter()
                .filter(move |era| era.edition == edition)
        };
        let own = eras().filter(move |era| era.holds(version));
        let near = eras().filter(move |era| !era.holds(version) && era.nearly_holds(version));
        own.chain(near)
    }
}

impl Era {
    fn holds(&self, version: Version) -> bool {
        version >= self.from && self.before.is_none_or(|before| version < before)
    }

    fn nearly_holds(&self, version: Version) -> bool {
        version >= self.also_from.unwrap_or(self.from)
            && self
                .also_before
                .or(self.before)
                .is_none_or(|before| version < before)
    }

    fn file_name(&self, identity: Identity, lite: bool) -> String {
        self.filled(&self.file, identity, lite)
    }

    fn filled(&self, name: &str, identity: Identity, lite: bool) -> String {
        let (os, extension) = match identity.platform.os {
            Os::Linux => (&self.spelling.linux, "tar.gz"),
            Os::Windows => (&self.spelling.windows, "exe"),
            Os::Macos => (&self.spelling.macos, "pkg"),
        };
        let arch = match identity.platform.arch {
            Arch::X64 => &self.spelling.x64,
            Arch::Arm64 => &self.spelling.arm64,
        };
        name.replace("{version}", &identity.version.to_string())
            .replace("{os}", os)
            .replace("{arch}", arch)
            .replace("{lite}", if lite { &self.spelling.lite } else { "" })
            .replace("{extension}", extension)
    }

    fn package(&self, identity: Identity, lite: bool) -> Package {
        let file = self.file_name(identity, lite);
        let path = self
            .path
            .replace("{version}", &identity.version.to_string())
            .replace("{file}", &file);
        Package {
            file,
            path,
            hosts: self.hosts.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
