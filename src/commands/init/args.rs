//! Arguments of `taos-setup init`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::catalog::connectors::{Connectors, Transport};
use crate::commands::data_words::DataWords;
use crate::init::{PackageSource, PhpKind};
use crate::project::language;
use crate::tdengine::digest::Sha256;

/// Add the right connector to a project, or start a project with an example
///
/// In an empty or new directory, a whole project is created. In a directory with a manifest (Cargo.toml, go.mod, package.json,
/// pom.xml, build.gradle, pyproject.toml, requirements.txt, CMakeLists.txt, a csproj, composer.json, a rockspec, DESCRIPTION), the connector is
/// added to it and nothing else changes; --example also adds programs. A second run changes nothing, and existing files are never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup init --lang go --dir hello")]
pub struct Args {
    /// Language of the project; if omitted, that of the manifest in the directory
    #[arg(long, value_name = "LANGUAGE", value_parser = DataWords::suggested(language_words))]
    pub(super) lang: Option<String>,
    /// How the program connects: WebSocket, REST (slower, fewer features), or native (needs the client library)
    ///
    /// If omitted, WebSocket is used; for PHP and Lua, REST.
    #[arg(long, value_name = "TRANSPORT", value_parser = transports())]
    pub(super) transport: Option<Transport>,
    /// Directory of the project; it is created if it does not exist
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
    /// Manifest that names the connector, in a project that has several, or of a new project
    #[arg(long, value_name = "FILE")]
    pub(super) manifest: Option<String>,
    /// Add these examples; new projects have `basic`
    ///
    /// basic writes rows with bound parameters and reads them back; stmt binds batches for several tables; tmq subscribes to a topic;
    /// schemaless writes line protocol; pool shares connections between workers.
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = DataWords::only(examples))]
    pub(super) example: Vec<String>,
    /// Add the connector for development only
    #[arg(long, short = 'D')]
    pub(super) dev: bool,
    /// Python: add the connector to this dependency group
    #[arg(long, value_name = "NAME", conflicts_with = "dev", value_parser = group)]
    pub(super) group: Option<String>,
    /// Python: add the connector to this extra
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dev", "group"], value_parser = group, hide_short_help = true)]
    pub(super) extra: Option<String>,
    /// Java: use the connector as one jar with all its dependencies
    #[arg(long, hide_short_help = true)]
    pub(super) dist: bool,
    /// Name of a new project (for Go, the module path) [default: name of the directory]
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Java: group ID of a new project [default: com.example]
    #[arg(long, value_name = "ID", value_parser = java_package)]
    pub(super) group_id: Option<String>,
    /// Java: package of a new project's programs [default: the group ID]
    #[arg(long, value_name = "PACKAGE", value_parser = java_package)]
    pub(super) package: Option<String>,
    /// Server that the project connects to: its version, or its host, which is asked for its version
    ///
    /// The newest connector that works with that server is used. If omitted, that of taos-setup.toml is used, or the host in TAOS_HOST is asked; if no server is known,
    /// the newest connector is used.
    #[arg(long, value_name = "HOST|VERSION")]
    pub(super) server: Option<String>,
    /// Write the example for TDengine Cloud: TDENGINE_CLOUD_URL, TDENGINE_CLOUD_TOKEN, TLS
    #[arg(long)]
    pub(super) cloud: bool,
    /// Features that the connection must have; a transport without them is refused
    #[arg(long, value_name = "ABILITY", value_delimiter = ',', value_parser = DataWords::only(abilities), hide_short_help = true)]
    pub(super) needs: Vec<String>,
    /// Python: install the connector from its public repository, at a branch, tag, or commit
    #[arg(long, value_name = "git[@REV]", value_parser = source, hide_short_help = true)]
    pub(super) source: Option<PackageSource>,
    /// R: jar of the driver (a file or an address), or the directory that has it or gets it [default: java in the project]
    #[arg(long, value_name = "FILE|URL|DIR", hide_short_help = true)]
    pub(super) jar: Option<String>,
    /// R: accept a jar, PHP and Lua: accept an archive of --build, with this SHA-256; may be repeated
    #[arg(long, value_name = "HEX", hide_short_help = true)]
    pub(super) sha256: Vec<Sha256>,
    /// R: get the jar from this mirror, an address or a directory in Maven's layout [env: TAOS_SETUP_MIRROR]
    #[arg(long, value_name = "URL|DIR", hide_short_help = true)]
    pub(super) mirror: Option<String>,
    /// R: do not use the network: get the jar from the cache, a directory, or Maven's local repository
    #[arg(long, hide_short_help = true)]
    pub(super) offline: bool,
    /// PHP and Lua, native: compile the connector from its source on this machine, a directory or a .tar.gz archive
    #[arg(long, value_name = "SOURCE", conflicts_with_all = ["dry_run", "check"])]
    pub(super) build: Option<PathBuf>,
    /// PHP, native: enable the extension in the settings of these kinds of PHP on this machine
    ///
    /// If this user may not write the files, nothing is changed, and the commands with sudo are printed.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = php_kinds(), hide_short_help = true)]
    pub(super) php_ini: Option<Vec<String>>,
    /// Replace an older version of the connector, and remove retired connectors
    #[arg(long)]
    pub(super) upgrade: bool,
    /// Run the commands that refresh stale lock files
    #[arg(long, conflicts_with_all = ["dry_run", "check"])]
    pub(super) lock: bool,
    /// Build and run the project afterwards, with the commands that are printed otherwise
    #[arg(long, conflicts_with_all = ["dry_run", "check"])]
    pub(super) run: bool,
    /// Write nothing; exit with 7 and a diff if something would change or a lock file is stale
    #[arg(long)]
    pub(super) check: bool,
    /// Print the changes as a diff and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

fn language_words() -> Vec<PossibleValue> {
    language::ids().map(PossibleValue::new).collect()
}

fn examples() -> Vec<PossibleValue> {
    let names = language::example_names().into_iter();
    names
        .map(|(name, is_own)| PossibleValue::new(name).hide(is_own))
        .collect()
}

/// The name of a Java package: lower case, so that it is the same directory on every file system.
fn java_package(name: &str) -> std::result::Result<String, String> {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !JAVA_KEYWORDS.contains(&word)
    };
    if name.len() <= 100 && name.split('.').all(is_word) {
        Ok(name.to_owned())
    } else {
        Err("invalid package: expected lower-case words with dots, such as com.example".into())
    }
}

/// The words that no part of a package's name may be (Java Language Specification, 3.9).
const JAVA_KEYWORDS: [&str; 53] = [
    "_",
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
];

/// A name of a group or an extra.
fn group(name: &str) -> std::result::Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let has_ends = is_end(name.chars().next()) && is_end(name.chars().last());
    let is_name = has_ends && name.chars().all(allowed);
    if (1..=100).contains(&name.len()) && is_name {
        Ok(name.to_owned())
    } else {
        Err("invalid name: expected letters, digits, - _ and .".into())
    }
}

fn transports() -> impl TypedValueParser<Value = Transport> {
    PossibleValuesParser::new(Transport::ALL.map(Transport::as_str))
        .try_map(|word| word.parse::<Transport>())
}

/// The word of `--php-ini` for all kinds.
pub(super) const ALL_PHP: &str = "all";

fn php_kinds() -> PossibleValuesParser {
    let kinds = PhpKind::ALL.map(PhpKind::as_str).into_iter();
    PossibleValuesParser::new(kinds.chain([ALL_PHP]))
}

fn abilities() -> Vec<PossibleValue> {
    let abilities = Connectors::built_in().abilities().iter();
    abilities
        .map(|it| PossibleValue::new(&*it.name).help(&it.title.en))
        .collect()
}

/// `git` or `git@REV`. A revision is what git and pip take without quoting.
fn source(text: &str) -> std::result::Result<PackageSource, String> {
    let revision = match text.strip_prefix("git") {
        Some("") => None,
        Some(rest) => Some(rest.strip_prefix('@').ok_or("expected git or git@REV")?),
        None => return Err("expected git or git@REV".into()),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./+".contains(c);
    match revision {
        Some(revision)
            if revision.is_empty()
                || revision.starts_with('-')
                || revision.contains("..")
                || !revision.chars().all(allowed) =>
        {
            Err("invalid revision: expected a branch, a tag, or a commit".into())
        }
        revision => Ok(PackageSource {
            revision: revision.map(str::to_owned),
        }),
    }
}

#[cfg(test)]
mod tests;
