//! Arguments of `taos-setup mirror`.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::commands::install::trusted_key;
use crate::commands::signing::SigningArgs;
use crate::mirror::MirrorBase;
use crate::signature::TrustedKey;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition};

/// Make, verify, and serve a mirror for machines without internet
///
/// A mirror is a directory of plain files: client packages, and all that projects need to be built. A web server, a USB stick, or
/// `mirror serve` brings it to the machines; its settings/ directory has the settings for pip, npm, Cargo, Go, and Maven.
#[derive(Debug, clap::Subcommand)]
#[command(
    subcommand_required = true,
    after_help = "Examples:\n  taos-setup mirror create /srv/mirror --client 3.3.7.5 --languages go,python\n  taos-setup mirror verify /srv/mirror\n  taos-setup mirror serve /srv/mirror"
)]
pub enum Args {
    Create(Box<CreateArgs>),
    Verify(VerifyArgs),
    Serve(ServeArgs),
    Check(MirrorCheckArgs),
}

/// Make or extend a mirror
///
/// Downloads client packages and, by the client of each language with its own settings, everything that projects need. The mirror
/// appears in one step. What it has already is not downloaded again.
#[derive(Debug, clap::Args)]
pub struct CreateArgs {
    /// Directory of the mirror: new, empty, or a mirror
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Client version to mirror: all four parts, a prefix, or latest; may be repeated
    ///
    /// If neither clients, languages, nor projects are given, the newest stable client is mirrored.
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub(super) client: Vec<version::Request>,
    /// Edition of the clients, oss or enterprise
    #[arg(long, value_name = "EDITION", default_value = "oss")]
    pub(super) edition: Edition,
    /// Platforms of clients and wheels [default: clients: all; wheels: linux-x64, linux-arm64, windows-x64, macos-arm64]
    #[arg(long, value_name = "PLATFORM", value_delimiter = ',')]
    pub(super) platforms: Vec<Platform>,
    /// Languages whose new projects are mirrored, as for init --lang
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    pub(super) languages: Vec<String>,
    /// Directories of projects whose dependencies are mirrored
    ///
    /// Projects of Maven are built, because only a build fetches everything; the others are only resolved.
    #[arg(long, value_name = "DIR", value_delimiter = ',')]
    pub(super) projects: Vec<PathBuf>,
    /// Client packages and projects of this taos-setup.lock
    #[arg(long, value_name = "FILE", conflicts_with_all = ["client", "sha256", "trust_key"])]
    pub(super) from_lock: Option<PathBuf>,
    /// Versions of Python that wheels are for, such as 3.12 [default: this machine's]
    #[arg(long, value_name = "VERSION", value_delimiter = ',', value_parser = python_version)]
    pub(super) python: Vec<String>,
    /// Address that settings and indexes name [default: http://127.0.0.1:8465/]
    ///
    /// An address of a web server, or of a directory (file:///media/usb/mirror).
    #[arg(long, value_name = "URL", value_parser = base)]
    pub(super) base: Option<MirrorBase>,
    /// Get client packages from this mirror, an address or a directory [env: TAOS_SETUP_MIRROR]
    #[arg(long, value_name = "URL|DIR")]
    pub(super) mirror: Option<String>,
    /// Accept a client package with this SHA-256; may be repeated
    #[arg(long, value_name = "HEX")]
    pub(super) sha256: Vec<Sha256>,
    /// Accept digests of client packages from a SHA256SUMS list that this minisign key signed
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key, conflicts_with = "sha256", hide_short_help = true)]
    pub(super) trust_key: Vec<TrustedKey>,
    /// Accept only client packages that match a SHA-256 from the catalog, --sha256, or a signed list
    #[arg(long, conflicts_with = "trust_on_first_use", hide_short_help = true)]
    pub(super) require_digest: bool,
    /// Accept a client package that has no known digest, and require the same digest afterwards
    #[arg(long)]
    pub(super) trust_on_first_use: bool,
    /// Allow plain http from another machine; an attacker on the network can change the download
    #[arg(long, hide_short_help = true)]
    pub(super) allow_insecure_http: bool,
    /// Show what would be downloaded and how large it is; make no changes
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) signing: SigningArgs,
}

/// Compare every byte of a mirror with its manifest, without a network
///
/// Exits with 4 if a file was changed, is missing, or was added.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Directory of the mirror
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Require a signature of the manifest by this minisign key; may be repeated
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key)]
    pub(super) trust_key: Vec<TrustedKey>,
}

/// Report what projects would need that a mirror lacks
///
/// Reads lock files (go.sum, package-lock.json, Cargo.lock, requirements); projects of Maven are built in a copy with the mirror as their only
/// repository. Exits with 7 if something is missing or cannot be checked.
#[derive(Debug, clap::Args)]
pub struct MirrorCheckArgs {
    /// Directory of the mirror
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Directory of a project; may be repeated
    #[arg(long, value_name = "DIR", value_delimiter = ',', required = true)]
    pub(super) project: Vec<PathBuf>,
}

/// Serve a mirror over HTTP, read-only
///
/// Verifies the mirror first. Answers with files of the manifest only, until it is interrupted.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Directory of the mirror
    #[arg(value_name = "DIR")]
    pub(super) dir: PathBuf,
    /// Address to listen at; the default is reachable from this machine only
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8465")]
    pub(super) listen: SocketAddr,
    /// Require a signature of the manifest by this minisign key; may be repeated
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key)]
    pub(super) trust_key: Vec<TrustedKey>,
    /// Do not verify the content of the files first
    #[arg(long)]
    pub(super) skip_verify: bool,
}

/// Parses two numbers with a dot.
fn python_version(text: &str) -> std::result::Result<String, String> {
    let is_number = |part: &str| part.len() <= 3 && part.parse::<u16>().is_ok();
    match text.split_once('.') {
        Some((major, minor)) if is_number(major) && is_number(minor) => Ok(text.to_owned()),
        Some(_) | None => Err("expected a version such as 3.12".to_owned()),
    }
}

fn base(text: &str) -> std::result::Result<MirrorBase, String> {
    MirrorBase::parse(text).map_err(|error| error.observed.to_string())
}
