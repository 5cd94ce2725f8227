//! Arguments of `taos-setup migrate`.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::tdengine::version::{Request, Version};

/// Find connections that end on 2027-01-01, and change them to WebSocket
///
/// The vendor ends native connections of Java, C#, and Go, and REST connections of Java, Python, and Go. Changes what needs no
/// decision and lists the rest with the steps to take. Reads what .gitignore does not name; follows no links.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup migrate --check --format github")]
pub struct Args {
    /// Project directory
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
    /// Only report; exit with 7 if a connection is found
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) check: bool,
    /// Show the changes as a diff; change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Server version that a new connector has to work with
    #[arg(long, value_name = "VERSION", value_parser = server_version)]
    pub(super) server: Option<Version>,
    /// Output form of the report
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(super) format: ReportForm,
}

/// How the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// For people.
    Human,
    /// Annotations of GitHub Actions.
    Github,
}

/// `text` as the oldest version that it stands for: `3.3` is 3.3.0.0.
fn server_version(text: &str) -> Result<Version, String> {
    match text.parse()? {
        Request::Exact(version) => Ok(version),
        Request::Prefix(parts) => {
            let mut padded = [0; 4];
            for (padded, part) in padded.iter_mut().zip(parts) {
                *padded = part;
            }
            Ok(Version(padded))
        }
        Request::Latest => Err("expected a version, such as 3.3.6.0 or 3.2".to_owned()),
    }
}
