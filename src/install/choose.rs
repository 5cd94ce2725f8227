//! Which package: from the version asked for, the file's name and this machine.

use std::path::Path;

use super::InstallRequest;
use super::file_name::as_published;
use crate::catalog::{Clients, Identity, Package};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::Origin;
use crate::safety::shell::quoted;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition, Version};

/// The package to install.
#[derive(Debug)]
pub(super) struct ChosenPackage {
    /// Which client it is.
    pub(super) identity: Identity,
    /// The names under which it may be published.
    pub(super) packages: Vec<Package>,
    /// The name under which the package's digest is remembered: the vendor's, whatever the file at hand is called.
    pub(super) trust_name: String,
    /// The file is a server's package by its name, or one that somebody packed again: the client's digests are not its.
    pub(super) by_file: bool,
    /// The catalog has this version for this platform.
    pub(super) is_known: bool,
    /// The nearest release that the catalog knows, where this one is not known.
    nearest: Option<Version>,
}

impl ChosenPackage {
    /// The names under which a list may have the package.
    pub(super) fn published_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = vec![&self.trust_name];
        if !self.by_file {
            names.extend(self.packages.iter().map(|package| package.file.as_str()));
        }
        names.dedup();
        names
    }
}

/// The arguments that name the origin of `request`, each with a space in front.
pub(super) fn again(request: &InstallRequest) -> String {
    let words = request.origin_arguments.iter();
    words.map(|word| format!(" {}", quoted(word))).collect()
}

/// Chooses the package that `request` means; `located` are its places on a mirror. Errors: `usage`, `platform-unsupported`, `nothing-published`.
pub(super) fn choose(
    request: &InstallRequest,
    located: &[Package],
    catalog: &Clients,
) -> Result<ChosenPackage> {
    let platform = platform(request.platform, catalog)?;
    let named = named(&request.origin);
    let named = named.as_deref();
    let told_client = named.and_then(|name| catalog.identify(name));
    let told_server = named.and_then(|name| catalog.identify_server(name));
    let told = told_client.or(told_server);
    let identity = match (&request.version, told) {
        (_, Some(told)) if request.edition.is_some_and(|asked| asked != told.edition) => {
            return Err(usage(
                format!(
                    "edition {} is asked for, and the file's name says {}",
                    request.edition.unwrap_or_default(),
                    told.edition
                ),
                "leave the edition out, or give the right file",
            ));
        }
        (wanted, Some(told)) => agree(wanted.as_ref(), told, platform)?,
        (Some(wanted), None) => {
            let one_file = matches!(request.origin, Origin::File(_) | Origin::Address(_));
            Identity {
                edition: request.edition.unwrap_or_default(),
                version: match wanted {
                    version::Request::Exact(version) => *version,
                    _ if one_file => {
                        return Err(usage(
                            format!(
                                "{wanted} is not a full version, and the file's name does not tell it"
                            ),
                            "give all four parts: taos-setup install 3.3.7.5 --from FILE",
                        ));
                    }
                    _ => catalog.resolve(wanted, request.edition.unwrap_or_default(), platform)?,
                },
                platform,
            }
        }
        (None, None) => {
            let like = named.and_then(Version::find);
            return Err(usage(
                "no version is given, and no file whose name tells it".into(),
                &format!(
                    "give the server's version: taos-setup install {}{}",
                    like.map_or_else(|| "3.3.7.5".into(), |version| version.to_string()),
                    again(request)
                ),
            ));
        }
    };
    let published = catalog.published(identity.edition, identity.platform);
    let is_known = published.contains(&identity.version);
    let nearest = match is_known {
        true => None,
        false => version::Request::Exact(identity.version).nearest(published),
    };
    let packages = catalog.packages(identity);
    // A Lite package, or a server's, is another file than the full client of the same version.
    let of_server = told_client.is_none() && told_server.is_some();
    let packed_again = named.is_some_and(is_zip);
    let lite = named.filter(|name| {
        of_server
            || packed_again
            || (told.is_some() && name.to_ascii_lowercase().contains("-lite."))
    });
    let full = || packages.first().map(|package| package.file.clone());
    let trust_name = lite.map(str::to_owned).or_else(full).unwrap_or_default();
    let mut places = located.to_vec();
    places.extend(packages);
    Ok(ChosenPackage {
        identity,
        trust_name,
        by_file: of_server || packed_again,
        packages: places,
        is_known,
        nearest,
    })
}

/// The name under which the file was published, where one file is named.
pub(super) fn named(origin: &Origin) -> Option<String> {
    let name = match origin {
        Origin::File(path) => path.file_name().and_then(|name| name.to_str()),
        Origin::Address(url) => url
            .path_segments()
            .and_then(|mut segments| segments.next_back()),
        _ => None,
    };
    name.map(as_published)
}

/// Whether a file is what somebody packed an installer's files into.
fn is_zip(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// What the file's name tells, where it fits the version asked for and this machine.
fn agree(
    wanted: Option<&version::Request>,
    told: Identity,
    platform: Platform,
) -> Result<Identity> {
    if let Some(wanted) = wanted.filter(|wanted| !wanted.admits(told.version)) {
        return Err(usage(
            format!(
                "version {wanted} is asked for, and the file's name says {}",
                told.version
            ),
            "leave the version out, or give the right file",
        ));
    }
    if told.platform != platform {
        return Err(usage(
            format!(
                "the file's name says {}, and {} is {platform}",
                told.platform,
                if Platform::host() == Some(platform) {
                    "this machine"
                } else {
                    "the platform that is asked for"
                }
            ),
            &if Platform::host() == Some(platform) {
                format!(
                    "give the package for this machine, or add --platform {}",
                    told.platform
                )
            } else {
                format!("add --platform {}, or give another package", told.platform)
            },
        ));
    }
    Ok(told)
}

/// The platform to install for, `asked` or this machine's, where clients are published for it. Error `platform-unsupported`.
pub(super) fn platform(asked: Option<Platform>, catalog: &Clients) -> Result<Platform> {
    let unsupported = |observed: String| {
        Error::new(
            ErrorId::PlatformUnsupported,
            "choose a client",
            observed,
            "use the WebSocket connector, which needs no client: taos-setup init",
        )
    };
    let is_published = |platform| {
        [Edition::Oss, Edition::Enterprise]
            .iter()
            .any(|edition| !catalog.published(*edition, platform).is_empty())
    };
    match asked.or(Platform::host()) {
        Some(platform) if is_published(platform) => Ok(platform),
        Some(platform) => Err(unsupported(format!(
            "no client is published for {platform}"
        ))),
        None => Err(unsupported(
            "no client is published for this kind of machine".into(),
        )),
    }
}

fn usage(observed: String, next: &str) -> Error {
    Error::new(ErrorId::Usage, "choose a package", observed, next)
}

impl ChosenPackage {
    /// The advice for when no mirror has it.
    pub(super) fn hint(&self) -> String {
        match self.nearest {
            Some(nearest) => format!(
                "check the version: {} is not in the catalog; the nearest release is {nearest}: taos-setup install {nearest}",
                self.identity.version
            ),
            None => "check the mirror's address, or use another mirror with --mirror".into(),
        }
    }

    /// The name for the receipt: the file's own where it is the vendor's, else the vendor's.
    pub(super) fn source_name(&self, file: &str) -> String {
        let own = Path::new(file).file_name().and_then(|name| name.to_str()) == Some(file);
        if own && !file.chars().any(char::is_control) {
            file.to_owned()
        } else {
            self.trust_name.clone()
        }
    }
}
