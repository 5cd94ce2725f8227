//! Arguments of `taos-setup install`.

use std::path::{Path, PathBuf};

use crate::dsn::Target;
use crate::install::FirstEp;
use crate::message::Message;
use crate::message::locale::Locale;
use crate::signature::TrustedKey;
use crate::store::Parts;
use crate::system::files;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::ports::NATIVE_PORT;
use crate::tdengine::version::{self, Edition};

/// The largest file of a public key, in bytes; minisign's has about 120.
const LARGEST_KEY_FILE: u64 = 4 << 10;

/// Install a client and make it the current one
///
/// Without a version, the client that matches your server is installed. The package is downloaded, verified, and unpacked into a
/// directory of your own, without root access; several versions are kept side by side.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "taos-setup install [VERSION] [OPTIONS]\n       taos-setup install --match HOST [OPTIONS]\n       taos-setup install --from FILE|URL [OPTIONS]",
    after_help = "Examples:\n  taos-setup install\n  taos-setup install 3.3.7.5 --mirror https://mirror.example/tdengine --sha256 HEX"
)]
pub struct Args {
    /// Version: all four parts (3.3.7.5), a prefix for the newest of a series (3.3), or latest
    ///
    /// If it is omitted, the client of taos-setup.toml is installed; without one, the server in TAOS_HOST, in firstEp of taos.cfg, or on this machine is asked, and the client that matches it
    /// is installed; if none answers, the newest stable release. With a mirror, prefixes and latest select the newest version that it has.
    #[arg(value_name = "VERSION")]
    pub(super) requested: Option<version::Request>,
    /// Install the client that matches this server: HOST, HOST:PORT, or a URL
    ///
    /// Asks for version and edition over REST, then WebSocket, with TAOS_USER and TAOS_PASSWORD [default: root, taosdata, tried once].
    /// Selects the same four parts, else the newest release of the same three parts that is not newer than the server. If the machine has a
    /// matching driver, nothing is installed.
    #[arg(long = "match", value_name = "HOST", conflicts_with = "requested")]
    pub(super) server: Option<String>,
    /// Edition, oss or enterprise [default: the server's, else oss]
    #[arg(long, value_name = "EDITION")]
    pub(super) edition: Option<Edition>,
    /// Platform: linux-x64, linux-arm64, macos-x64, macos-arm64, windows-x64 [default: this machine's]
    ///
    /// A client for another platform is checked and unpacked, but its driver is not asked for its version; the current client
    /// does not change.
    #[arg(long, value_name = "PLATFORM")]
    pub(super) platform: Option<Platform>,
    /// Set firstEp of the client's taos.cfg: HOST or HOST:PORT [default: the server of --match]
    #[arg(long, value_name = "EP", value_parser = first_ep)]
    pub(super) first_ep: Option<FirstEp>,
    /// Install exactly this package file or address
    ///
    /// VERSION may be omitted if the file's name contains it. Of a server's package, only the client's parts are installed.
    #[arg(long, value_name = "FILE|URL", conflicts_with = "mirror")]
    pub(super) from: Option<String>,
    /// Get the package from this mirror, an address or a directory [env: TAOS_SETUP_MIRROR]
    ///
    /// The packages are in the vendor's directories, or all in one. If no mirror is given, the vendor's own hosts are used.
    #[arg(long, value_name = "URL|DIR")]
    pub(super) mirror: Option<String>,
    /// Accept a package with this SHA-256, from a source that you trust; may be repeated
    #[arg(long, value_name = "HEX")]
    pub(super) sha256: Vec<Sha256>,
    /// Accept digests from a SHA256SUMS list that this minisign key signed; may be repeated
    ///
    /// KEY is the public key (RW…), FILE the file that minisign wrote for it. The list SHA256SUMS and its signature
    /// SHA256SUMS.minisig are read from the mirror, or next to the package of --from.
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key, conflicts_with = "sha256", hide_short_help = true)]
    pub(super) trust_key: Vec<TrustedKey>,
    /// Accept only packages that match a SHA-256 from the catalog, --sha256, or a signed list
    ///
    /// Rejects the vendor's list, which has only sizes and MD5s, and trust on first use.
    #[arg(long, conflicts_with = "trust_on_first_use", hide_short_help = true)]
    pub(super) require_digest: bool,
    /// Show what would be downloaded, how it would be verified, and what would change; make no changes
    ///
    /// A package that is on this machine is checked as in an installation: its digest, its libraries, and what they need.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Accept a package that has no known digest, and require the same digest afterwards
    #[arg(long)]
    pub(super) trust_on_first_use: bool,
    /// Do not use the network: get the package from the cache, or from the given directory or file
    #[arg(long)]
    pub(super) offline: bool,
    /// Allow plain http from another machine; an attacker on the network can change the download
    #[arg(long, hide_short_help = true)]
    pub(super) allow_insecure_http: bool,
    /// Install only these parts: runtime, dev, or all [default: all]
    ///
    /// runtime has the driver's libraries, taos.cfg, and the license, for an image layer; dev adds headers, pkg-config, and CMake
    /// files; all adds the vendor's programs. Parts that are installed are never removed.
    #[arg(long, value_name = "PARTS", hide_short_help = true)]
    pub(super) only: Option<Parts>,
    /// Install into this directory instead of the store
    ///
    /// The directory can be moved or copied afterwards, for example into an image; the current client does not change. It must be new, empty,
    /// or created by an earlier --prefix, which is upgraded or repaired. env, run, and uninstall accept --prefix, too.
    #[arg(long, value_name = "DIR")]
    pub(super) prefix: Option<PathBuf>,
    /// Windows: run the vendor's installer without questions, and check the result
    ///
    /// If it is omitted, the installer is downloaded, verified, and kept, and the command that runs it is printed.
    #[arg(long, conflicts_with_all = ["prefix", "only", "dry_run"], hide_short_help = true)]
    pub(super) run_installer: bool,
    /// Check the content of every installed file, and reinstall if one is damaged
    ///
    /// If it is omitted, an installed client is only checked for missing files and wrong sizes. Files in etc/ may be changed.
    #[arg(long, hide_short_help = true)]
    pub(super) repair: bool,
    /// Install for all users of this machine, as root: into /usr/local and /etc/taos
    ///
    /// The client is installed into a store, and its files are copied to /usr/local/lib, include, and bin; either all files change or none.
    /// An existing taos.cfg keeps its content except firstEp, which changes only with --first-ep or --match. The store is
    /// TAOS_SETUP_HOME (sudo drops it unless it follows sudo), else /var/lib/taos-setup (macOS: /var/db/taos-setup); HOME is ignored.
    /// uninstall --system removes everything that is recorded there.
    #[arg(long, conflicts_with_all = ["platform", "prefix", "run_installer"])]
    pub(super) system: bool,
    /// With --system: move existing files, such as the vendor's client, to a backup directory
    ///
    /// uninstall --system restores them.
    #[arg(long, requires = "system")]
    pub(super) replace: bool,
}

/// Parses a public key of minisign, or reads the file that contains it.
pub fn trusted_key(text: &str) -> std::result::Result<TrustedKey, String> {
    if let Some(key) = TrustedKey::parse(text) {
        return Ok(key);
    }
    let contents = files::read_named_text(Path::new(text), LARGEST_KEY_FILE)
        .map_err(|error| crate::error::describe_io_error(&error).text(Locale::En))?;
    TrustedKey::parse(&contents).ok_or_else(|| "the file is not a minisign public key".to_owned())
}

/// Parses `HOST` or `HOST:PORT`, in characters that taos.cfg can contain.
fn first_ep(text: &str) -> std::result::Result<FirstEp, String> {
    let complaint = || format!("expected HOST or HOST:PORT, such as db.example:{NATIVE_PORT}");
    let target: Target = text.parse().map_err(|error: Message| error.to_string())?;
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ".-_:[]".contains(c));
    if target.scheme.is_some() || !plain {
        return Err(complaint());
    }
    Ok(FirstEp {
        endpoint: format!(
            "{}:{}",
            target.bracketed_host(),
            target.port.unwrap_or(NATIVE_PORT)
        ),
        asked: true,
    })
}
