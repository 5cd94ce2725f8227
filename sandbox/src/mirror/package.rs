//! What a package is and what the vendor calls it.

/// One client package to be made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Package {
    /// Four parts, `3.3.7.5`.
    pub version: String,
    /// `linux-x64` or `linux-arm64`: the only platforms whose packages are tar archives.
    pub platform: String,
    /// Open source or enterprise; decides the names.
    pub edition: Edition,
    /// Everything, or the vendor's small package.
    pub layout: Layout,
    /// What is wrong with it.
    pub flaw: Flaw,
    /// The naming era; `None` takes the one that the version belongs to.
    pub era: Option<Era>,
}

impl Package {
    /// A flawless, full open-source package for Linux x64, named as its version demands.
    pub fn new(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            platform: "linux-x64".to_owned(),
            edition: Edition::Oss,
            layout: Layout::Full,
            flaw: Flaw::None,
            era: None,
        }
    }

    /// The same package with a flaw.
    pub fn with_flaw(self, flaw: Flaw) -> Self {
        Self { flaw, ..self }
    }

    /// The era in effect: the forced one, else by version (the new names begin with 3.3.7.0).
    pub fn era(&self) -> Era {
        self.era.unwrap_or(if at_least(&self.version, [3, 3, 7]) {
            Era::Tsdb
        } else {
            Era::Classic
        })
    }
}

/// The vendor's editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edition {
    /// Open source.
    Oss,
    /// Enterprise.
    Enterprise,
}

/// The vendor's two packages for one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// With examples, tools and scripts.
    Full,
    /// `taos`, `remove_client.sh`, headers and libraries alone.
    Lite,
}

/// How the vendor names files: the border is 3.3.7.0 by its own download page, but files of either name exist near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    /// `TDengine-client-3.3.6.13-Linux-x64.tar.gz`
    Classic,
    /// `tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz`
    Tsdb,
}

/// What is wrong with a package.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// Nothing.
    None,
    /// One library is not in `driver/`; the name without version, `libtaosnative.so`.
    MissingLibrary(String),
    /// One byte in the middle of the archive is not what it was.
    Corrupt,
    /// The archive ends after two thirds.
    Truncated,
    /// The one top folder has an unexpected name (harmless: it is stripped).
    WrongTopFolder,
    /// A second folder stands beside the top folder.
    TwoTopFolders,
    /// There is no `package.tar.gz` inside.
    NoInnerArchive,
    /// An entry is named `TOP/driver/../../../escaped`.
    Traversal,
    /// `driver/escape` is a symbolic link to `/`, and an entry is written through it.
    LinkOut,
    /// The libraries are made for another processor.
    WrongArchitecture,
    /// The library files hold text.
    NotALibrary,
    /// The archive is a web page under the archive's name.
    WebPage,
}

/// The file name under which the vendor publishes the package.
pub fn file_name(package: &Package) -> String {
    let (os, arch) = package
        .platform
        .split_once('-')
        .unwrap_or((&package.platform, "x64"));
    let stem = top_folder(package);
    match (package.era(), package.layout) {
        (Era::Classic, Layout::Full) => format!("{stem}-{}-{arch}.tar.gz", capitalised(os)),
        (Era::Classic, Layout::Lite) => format!("{stem}-{}-{arch}-Lite.tar.gz", capitalised(os)),
        (Era::Tsdb, Layout::Full) => format!("{stem}-{os}-{arch}.tar.gz"),
        (Era::Tsdb, Layout::Lite) => format!("{stem}-{os}-{arch}-lite.tar.gz"),
    }
}

/// The folder that everything in the archive is in: the file name without system and processor.
pub fn top_folder(package: &Package) -> String {
    let product = match (package.era(), package.edition) {
        (Era::Classic, Edition::Oss) => "TDengine-client",
        (Era::Classic, Edition::Enterprise) => "TDengine-enterprise-client",
        (Era::Tsdb, Edition::Oss) => "tdengine-tsdb-oss-client",
        (Era::Tsdb, Edition::Enterprise) => "tdengine-tsdb-enterprise-client",
    };
    format!("{product}-{}", package.version)
}

/// The path of the package on the vendor's hosts, from the slash on. For every 3.x of the classic era the folder is
/// literally `3.0`; 2.x had none.
pub fn url_path(package: &Package) -> String {
    let file = file_name(package);
    match (package.era(), package.edition) {
        (Era::Classic, _) if package.version.starts_with("2.") => {
            format!("/assets-download/{file}")
        }
        (Era::Classic, _) => format!("/assets-download/3.0/{file}"),
        (Era::Tsdb, Edition::Oss) => format!("/tdengine-tsdb-oss/{}/{file}", package.version),
        (Era::Tsdb, Edition::Enterprise) => {
            format!("/tdengine-tsdb-enterprise/{}/{file}", package.version)
        }
    }
}

/// Whether the first three parts of `version` are at least `wanted`; one that does not parse is not.
pub(super) fn at_least(version: &str, wanted: [u32; 3]) -> bool {
    let mut parts = version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect::<Vec<u32>>();
    parts.resize(3, 0);
    parts.as_slice() >= wanted.as_slice()
}

/// The vendor's spelling of a system's name in the classic era.
fn capitalised(os: &str) -> String {
    match os {
        "macos" => "macOS".to_owned(),
        _ => os
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(os.chars().skip(1))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(version: &str, edition: Edition, layout: Layout, platform: &str) -> (String, String) {
        let package = Package {
            edition,
            layout,
            platform: platform.to_owned(),
            ..Package::new(version)
        };
        (file_name(&package), url_path(&package))
    }

    #[test]
    fn names_follow_the_era_the_edition_and_the_layout() {
        let cases = [
            (
                named("3.2.2.2", Edition::Oss, Layout::Full, "linux-x64"),
                "/assets-download/3.0/TDengine-client-3.2.2.2-Linux-x64.tar.gz",
            ),
            (
                named("3.3.6.13", Edition::Enterprise, Layout::Full, "linux-arm64"),
                "/assets-download/3.0/TDengine-enterprise-client-3.3.6.13-Linux-arm64.tar.gz",
            ),
            (
                named("3.3.6.13", Edition::Oss, Layout::Lite, "linux-x64"),
                "/assets-download/3.0/TDengine-client-3.3.6.13-Linux-x64-Lite.tar.gz",
            ),
            (
                named("3.3.7.0", Edition::Oss, Layout::Full, "linux-x64"),
                "/tdengine-tsdb-oss/3.3.7.0/tdengine-tsdb-oss-client-3.3.7.0-linux-x64.tar.gz",
            ),
            (
                named("3.4.2.2", Edition::Enterprise, Layout::Full, "linux-x64"),
                "/tdengine-tsdb-enterprise/3.4.2.2/tdengine-tsdb-enterprise-client-3.4.2.2-linux-x64.tar.gz",
            ),
        ];
        for ((name, path), expected) in cases {
            assert_eq!(path, expected);
            assert!(path.ends_with(&name));
        }
    }

    #[test]
    fn era_can_be_forced() {
        let package = Package {
            era: Some(Era::Classic),
            ..Package::new("3.3.7.5")
        };
        assert_eq!(
            file_name(&package),
            "TDengine-client-3.3.7.5-Linux-x64.tar.gz"
        );
    }
}
