//! `taos-setup install`

use std::path::{Path, PathBuf};

use super::Context;
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Location, Origin, parse_location, shown};
use crate::install::{self, FirstEp, InstallRequest};
use crate::output::{self, Report};
use crate::safety::printable::printable;
use crate::safety::redaction::{redact, redact_argument};
use crate::safety::shell::quoted;
use crate::signature::TrustedKey;
use crate::store::{Parts, Store};
use crate::system::env_vars;
use crate::system::files;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{self, Edition};

/// The largest file of a public key, in bytes; minisign's has about 120.
const LARGEST_KEY_FILE: u64 = 4 << 10;

/// Install a client and make it the current one
///
/// Takes the client package from the vendor, a mirror, a folder or a file, checks it, and unpacks it into a folder of your
/// own: no root, and nothing of the system is changed. A package is checked by a SHA-256 of the catalog or of --sha256, else
/// by the vendor's own list of sizes and MD5s, which is asked for where the package comes from the vendor. Clients stand side by side; the one that was installed last is the
/// current one. What is there already is left alone.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "taos-setup install [VERSION] [OPTIONS]\n       taos-setup install --match HOST [OPTIONS]\n       taos-setup install --from FILE|URL [OPTIONS]",
    after_help = "Example: taos-setup install 3.3.7.5 --mirror https://mirror.example/tdengine --sha256 HEX"
)]
pub(super) struct Args {
    /// The version: all four parts (3.3.7.5), a prefix for the newest of a series (3.3), or latest
    ///
    /// If it is omitted, the server in TAOS_HOST, in firstEp of taos.cfg, or on this machine is asked, and the client that fits it
    /// is installed; if none answers, the newest stable release. With a mirror, prefixes and latest mean the newest that it has.
    #[arg(value_name = "VERSION")]
    wanted: Option<version::Request>,
    /// Ask this server for its version and edition, and take the client that fits: HOST, HOST:PORT or a URL, as verify
    /// takes them
    ///
    /// Over REST, then WebSocket, with TAOS_USER and TAOS_PASSWORD; without them root/taosdata is tried once. The same four
    /// parts where they are known, else the newest of the same three that is not newer than the server. Where the machine
    /// has a driver that fits, nothing is done.
    #[arg(long = "match", value_name = "HOST", conflicts_with = "wanted")]
    server: Option<String>,
    /// The edition, oss or enterprise; without it the server's, else oss
    #[arg(long, value_name = "EDITION")]
    edition: Option<Edition>,
    /// The platform: linux-x64, linux-arm64, macos-x64, macos-arm64 or windows-x64; without it this machine's
    ///
    /// A client for another platform, for an image or a mirror, is checked and unpacked as one for this machine is, though
    /// its driver is not asked for its version; the current client stays as it is.
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<Platform>,
    /// The server that the client asks first, firstEp of its taos.cfg: HOST or HOST:PORT; with --match that server, unless
    /// this is given
    #[arg(long, value_name = "EP", value_parser = first_ep)]
    first_ep: Option<FirstEp>,
    /// Take exactly this package file or address; VERSION may be left out where the file's name tells it
    ///
    /// A server's package is taken too: of it only the client's parts are installed.
    #[arg(long, value_name = "FILE|URL", conflicts_with = "mirror")]
    from: Option<String>,
    /// Take the package from this mirror, an address or a folder, with the vendor's folders or all files side by side
    ///
    /// Without it TAOS_SETUP_MIRROR, else the vendor's own hosts.
    #[arg(long, value_name = "URL|DIR")]
    mirror: Option<String>,
    /// The package's SHA-256, where you know it from a source that you trust; may be given several times
    #[arg(long, value_name = "HEX")]
    sha256: Vec<Sha256>,
    /// Accept the digests of a SHA256SUMS list, next to the packages, that this minisign key signed; may be given several times
    ///
    /// KEY is the public key (RW…), FILE the file that minisign wrote for it. The list SHA256SUMS and its signature
    /// SHA256SUMS.minisig are read from the mirror, or next to the package of --from.
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key, conflicts_with = "sha256")]
    trust_key: Vec<TrustedKey>,
    /// Take nothing but what a SHA-256 of the catalog or of --sha256 vouches for: neither the vendor's own list, which has
    /// sizes and MD5s alone, nor what was trusted on first use
    #[arg(long, conflicts_with = "trust_on_first_use")]
    require_digest: bool,
    /// Tell what would be fetched from where, what would vouch for it, and what would change; download and change nothing
    ///
    /// A package that is on this machine already is looked at as an installation would: its digest, its libraries, what they
    /// need.
    #[arg(long)]
    dry_run: bool,
    /// Take a package that nothing vouches for, and accept only the same bytes from then on
    #[arg(long)]
    trust_on_first_use: bool,
    /// Ask no server: take the package from the cache, or from a folder or file that you name
    #[arg(long)]
    offline: bool,
    /// Download over plain http from other machines too; others on the way can then change what nothing vouches for
    #[arg(long)]
    allow_insecure_http: bool,
    /// Install these parts alone: runtime (the driver's libraries, taos.cfg and the licence, for an image layer), dev (headers,
    /// pkg-config and CMake files besides) or all (the vendor's programs too, the default)
    ///
    /// What is there already is never made less; a wider set extends it.
    #[arg(long, value_name = "PARTS")]
    only: Option<Parts>,
    /// Install into this folder in place of the store; it can be moved or copied afterwards, into an image for example
    ///
    /// The current client stays as it is. A folder that holds anything else is refused; one that an earlier --prefix made is
    /// upgraded or repaired. env, run and uninstall take --prefix, too.
    #[arg(long, value_name = "DIR")]
    prefix: Option<PathBuf>,
    /// Windows: where the package is an installer, say what it changes, run it without questions, and check what it left
    ///
    /// Without it the installer is fetched, verified and kept, and the command that runs it is printed.
    #[arg(long, conflicts_with_all = ["prefix", "only", "dry_run"])]
    run_installer: bool,
    /// Where the version is installed already, check the content of every file, and install it again if one is damaged
    ///
    /// Without it a client that is there is only checked for missing files and wrong sizes. Files in etc/ are yours to
    /// change and count as whole.
    #[arg(long)]
    repair: bool,
    /// Install for every user of this machine, as root: into /usr/local/lib, include and bin, with /etc/taos/taos.cfg
    ///
    /// After the installation into a store as always, its files are copied there, all or none, and the loader's cache is
    /// brought up to date. A taos.cfg that is there keeps all but its firstEp, and that changes only with --first-ep or
    /// --match. HOME is not asked, because sudo may leave the caller's: the store is TAOS_SETUP_HOME, which sudo drops unless
    /// it stands behind it, else a folder of the machine, /var/lib/taos-setup (macOS: /var/db/taos-setup). What was placed is
    /// recorded there; uninstall --system takes it away again.
    #[arg(long, conflicts_with_all = ["platform", "prefix", "run_installer"])]
    system: bool,
    /// With --system: move what is in the way, a client of the vendor's for one, into a folder of backups, from where
    /// uninstall --system puts it back
    #[arg(long, requires = "system")]
    replace: bool,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = if args.system {
        Store::for_all_users()?
    } else {
        Store::from_environment()?
    };
    let insecure_http = args.allow_insecure_http;
    let (origin, mut origin_arguments) = origin(args.from, args.mirror, insecure_http)?;
    if insecure_http {
        origin_arguments.push("--allow-insecure-http".into());
    }
    let mut again = |option: &str, value: Option<String>| {
        if let Some(value) = value {
            origin_arguments.extend([option.to_owned(), value]);
        }
    };
    again("--edition", args.edition.map(|edition| edition.to_string()));
    again(
        "--platform",
        args.platform.map(|platform| platform.to_string()),
    );
    again(
        "--first-ep",
        args.first_ep
            .as_ref()
            .map(|first_ep| first_ep.endpoint.clone()),
    );
    for key in &args.trust_key {
        again("--trust-key", Some(key.text().to_owned()));
    }
    again("--only", args.only.map(|parts| parts.to_string()));
    let prefix = args
        .prefix
        .map(|prefix| store.prefix(&prefix))
        .transpose()?;
    again(
        "--prefix",
        prefix
            .as_ref()
            .map(|prefix| prefix.to_string_lossy().into_owned()),
    );
    let request = InstallRequest {
        version: args.wanted,
        origin,
        origin_arguments,
        fetch: fetch::FetchOptions::from_environment(
            store.downloads_dir(),
            args.offline,
            insecure_http,
        )?,
        sha256: args.sha256,
        trust_keys: args.trust_key,
        trust_on_first_use: args.trust_on_first_use,
        require_digest: args.require_digest,
        dry_run: args.dry_run,
        server: args.server,
        edition: args.edition,
        platform: args.platform,
        first_ep: args.first_ep,
        repair: args.repair,
        parts: args.only,
        prefix,
        run_installer: args.run_installer,
        system: args.system,
        replace: args.replace,
    };
    let outcome = install::install(&request, &store, &context.events)?;
    let (stdout, stderr) = output::human::install(&outcome, context.output.stdout_style);
    Ok(Report {
        stdout,
        stderr,
        data: output::json::install(&outcome),
        ..Report::default()
    })
}

/// A public key of minisign, or the file that has it.
fn trusted_key(text: &str) -> std::result::Result<TrustedKey, String> {
    if let Some(key) = TrustedKey::parse(text) {
        return Ok(key);
    }
    let contents = files::read_named_text(Path::new(text), LARGEST_KEY_FILE).map_err(|error| {
        crate::error::describe_io_error(&error).text(crate::message::locale::Locale::En)
    })?;
    TrustedKey::parse(&contents)
        .ok_or_else(|| "the file is not a public key of minisign".to_owned())
}

/// `HOST` or `HOST:PORT` as the driver's configuration can say it.
fn first_ep(text: &str) -> std::result::Result<FirstEp, String> {
    let complaint = || "say HOST or HOST:PORT, such as db.example:6030".to_owned();
    let target: Target = text
        .parse()
        .map_err(|error: crate::message::Message| error.to_string())?;
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
            target.port.unwrap_or(crate::tdengine::ports::NATIVE_PORT)
        ),
        asked: true,
    })
}

/// Where the package comes from, and the arguments that say so again.
pub(super) fn origin(
    from: Option<String>,
    mirror: Option<String>,
    insecure_http: bool,
) -> Result<(Origin, Vec<String>)> {
    if let Some(from) = from {
        let origin = match parse_location(&from, insecure_http)? {
            Location::Address(url) => Origin::Address(url),
            Location::Path(path) => Origin::File(path),
        };
        return Ok((origin, vec!["--from".into(), without_secrets(from)]));
    }
    let (text, arguments) = match (mirror, env_vars::MIRROR.get()) {
        (Some(mirror), _) => {
            let arguments = vec!["--mirror".into(), without_secrets(mirror.clone())];
            (mirror, arguments)
        }
        (None, Some(mirror)) => match mirror.into_string() {
            Ok(mirror) => (mirror, Vec::new()),
            Err(path) => return Ok((Origin::Folder(PathBuf::from(path)), Vec::new())),
        },
        (None, None) => return Ok((Origin::Vendor, Vec::new())),
    };
    let origin = match parse_location(&text, insecure_http)? {
        Location::Address(url) if is_package(url.path()) => return Err(one_package(shown(&url))),
        Location::Address(url) => Origin::Mirror(url),
        Location::Path(path) if path.is_file() => {
            return Err(one_package(printable(&path.to_string_lossy())));
        }
        Location::Path(path) => Origin::Folder(path),
    };
    Ok((origin, arguments))
}

/// Whether an address ends as packages do, and mirrors do not.
fn is_package(path: &str) -> bool {
    [".tar.gz", ".exe", ".pkg", ".zip"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

fn one_package(shown: String) -> Error {
    Error::new(
        ErrorId::Usage,
        "use the mirror",
        format!("{shown} is one file, and a mirror is a folder or an address above the packages"),
        format!("taos-setup install --from {}", quoted(&shown)),
    )
}

/// An argument, without the secrets in it: it is printed again.
fn without_secrets(argument: String) -> String {
    match url::Url::parse(&argument) {
        Ok(url) if argument.contains("://") && has_secrets(&url) => shown(&url),
        // A name of a file may look like a login.
        _ if Path::new(&argument).exists() => redact(&argument),
        _ => redact_argument(&argument),
    }
}

fn has_secrets(url: &url::Url) -> bool {
    !url.username().is_empty() || url.password().is_some() || url.query().is_some()
}

#[cfg(test)]
mod tests;
