//! Chooses the package: from the requested version, the file's name, and this machine.

use std::path::Path;

use super::InstallRequest;
use super::file_name::as_published;
use crate::catalog::{Clients, Identity, Package};
use crate::error::{Error, ErrorId, Result};
use crate::fetch::Origin;
use crate::message::{Message, message};
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
    /// The name under which the package's digest is remembered: the vendor's, whatever the file is called.
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

/// The options that name the origin of `request`, each after a space.
pub(super) fn origin_options(request: &InstallRequest) -> String {
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
    let named = file_name(&request.origin);
    let named = named.as_deref();
    let client_in_name = named.and_then(|name| catalog.identify(name));
    let server_in_name = named.and_then(|name| catalog.identify_server(name));
    let in_name = client_in_name.or(server_in_name);
    let identity = match (&request.version, in_name) {
        (_, Some(in_name))
            if request
                .edition
                .is_some_and(|asked| asked != in_name.edition) =>
        {
            return Err(usage(
                message!(
                    "install-file-edition",
                    requested = request.edition.unwrap_or_default(),
                    found = in_name.edition
                ),
                message!("install-file-edition-next"),
            ));
        }
        (wanted, Some(in_name)) => agree(wanted.as_ref(), in_name, platform)?,
        (Some(wanted), None) => {
            let one_file = matches!(request.origin, Origin::File(_) | Origin::Address(_));
            Identity {
                edition: request.edition.unwrap_or_default(),
                version: match wanted {
                    version::Request::Exact(version) => *version,
                    _ if one_file => {
                        return Err(usage(
                            message!("install-file-no-version", wanted = wanted),
                            message!("install-file-no-version-next"),
                        ));
                    }
                    _ => catalog.resolve(wanted, request.edition.unwrap_or_default(), platform)?,
                },
                platform,
            }
        }
        (None, None) => {
            let like = named.and_then(Version::find);
            let version = like.map_or_else(|| "3.3.7.5".into(), |version| version.to_string());
            return Err(usage(
                message!("install-no-version"),
                message!(
                    "install-no-version-next",
                    version = version,
                    options = origin_options(request)
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
    let of_server = client_in_name.is_none() && server_in_name.is_some();
    let packed_again = named.is_some_and(is_zip);
    let lite = named.filter(|name| {
        of_server
            || packed_again
            || (in_name.is_some() && name.to_ascii_lowercase().contains("-lite."))
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
pub(super) fn file_name(origin: &Origin) -> Option<String> {
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
    in_name: Identity,
    platform: Platform,
) -> Result<Identity> {
    if let Some(wanted) = wanted.filter(|wanted| !wanted.admits(in_name.version)) {
        return Err(usage(
            message!(
                "install-file-version",
                requested = wanted,
                found = in_name.version
            ),
            message!("install-file-version-next"),
        ));
    }
    if in_name.platform != platform {
        return Err(usage(
            message!(
                "install-file-platform",
                found = in_name.platform,
                is_here = (Platform::host() == Some(platform)),
                platform = platform
            ),
            message!("install-file-platform-next", found = in_name.platform),
        ));
    }
    Ok(in_name)
}

/// The platform to install for, `asked` or this machine's, where clients are published for it. Error `platform-unsupported`.
pub(super) fn platform(asked: Option<Platform>, catalog: &Clients) -> Result<Platform> {
    let unsupported = |observed: Message| {
        Error::new(
            ErrorId::PlatformUnsupported,
            message!("install-choose-client"),
            observed,
            message!("install-websocket-next"),
        )
    };
    let is_published = |platform| {
        [Edition::Oss, Edition::Enterprise]
            .iter()
            .any(|edition| !catalog.published(*edition, platform).is_empty())
    };
    match asked.or(Platform::host()) {
        Some(platform) if is_published(platform) => Ok(platform),
        Some(platform) => Err(unsupported(message!(
            "install-platform-unsupported",
            platform = platform
        ))),
        None => Err(unsupported(message!("install-machine-unsupported"))),
    }
}

fn usage(observed: Message, next: Message) -> Error {
    Error::new(
        ErrorId::Usage,
        message!("install-choose-package"),
        observed,
        next,
    )
}

impl ChosenPackage {
    /// The next action if no mirror has it.
    pub(super) fn hint(&self) -> Message {
        match self.nearest {
            Some(nearest) => message!(
                "install-nearest-next",
                version = self.identity.version,
                nearest = nearest
            ),
            None => message!("install-check-mirror-next"),
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
