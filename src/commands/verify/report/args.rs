//! Arguments of `taos-setup verify` about reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

/// Reports, and their form.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reports")]
pub struct ReportArgs {
    /// Also write a report; its ending selects the form: .html, .md, .json, .xml (JUnit), .prom (Prometheus)
    ///
    /// Can be given several times. The file is replaced as a whole, also if verify fails. It holds no passwords and no tokens.
    #[arg(long, value_name = "FILE", value_parser = report_file)]
    pub(in crate::commands::verify) report: Vec<ReportFile>,
    /// Write what a network team needs to open the way, as .md or .txt
    #[arg(long, value_name = "FILE", value_parser = ticket_file)]
    pub(in crate::commands::verify) ticket: Option<TicketFile>,
    /// Write the endpoints that clients need, for --endpoints on another machine
    #[arg(long, value_name = "FILE", conflicts_with_all = ["anonymize", "endpoints"], hide_short_help = true)]
    pub(in crate::commands::verify) export_endpoints: Option<PathBuf>,
    /// Check the endpoints in a file of --export-endpoints, without a login
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        conflicts_with_all = ["targets", "transport", "native_port", "cloud", "write", "write_db"]
    )]
    pub(in crate::commands::verify) endpoints: Option<PathBuf>,
    /// Replace hosts, addresses, and users by aliases in everything that is printed or written
    #[arg(long, hide_short_help = true)]
    pub(in crate::commands::verify) anonymize: bool,
    /// Repeat the checks at this interval and print what changes, until --for or Ctrl-C
    ///
    /// Ends with figures of outages and latency; with --json, every line is a JSON object. A rejected login is not sent again.
    /// Reports are replaced after every round.
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = interval,
        conflicts_with_all = ["wait", "write", "write_db", "format"]
    )]
    pub(in crate::commands::verify) every: Option<Duration>,
    /// End the watch after this time, such as 10m, 1h, or 7d
    #[arg(long = "for", value_name = "DURATION", value_parser = interval, requires = "every", hide_short_help = true)]
    pub(in crate::commands::verify) lasting: Option<Duration>,
    /// Form of the output on stdout
    #[arg(
        long,
        value_name = "FORM",
        default_value = "human",
        hide_short_help = true
    )]
    pub(in crate::commands::verify) format: VerifyForm,
}

/// The form of the output on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VerifyForm {
    /// For people.
    Human,
    /// The same, annotations of GitHub Actions, and the job's summary.
    Github,
    /// One line and the exit codes of a Nagios plugin.
    Nagios,
}

/// A file to write, and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Where.
    pub path: PathBuf,
    /// Its form.
    pub form: ReportFileForm,
}

/// A ticket to write, and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketFile {
    /// Where.
    pub path: PathBuf,
    /// Its form.
    pub form: TicketForm,
}

/// The form of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketForm {
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFileForm {
    /// The document of `--json`.
    Json,
    /// JUnit.
    Junit,
    /// A page.
    Html,
    /// Markdown.
    Markdown,
    /// The text format of Prometheus.
    Prometheus,
}

/// Parses a duration from 100 ms to 30 days; a bare number is seconds.
fn interval(text: &str) -> std::result::Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 1,
        "s" | "" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err("expected a duration such as `500ms`, `10s`, `5m`, or `1h`".into()),
    };
    let ms = digits
        .parse::<u64>()
        .ok()
        .and_then(|count| count.checked_mul(unit));
    match ms {
        Some(ms @ 100..=2_592_000_000) => Ok(Duration::from_millis(ms)),
        _ => Err("expected a duration from 100ms to 30d".into()),
    }
}

/// A report's path; the ending says its form.
fn report_file(text: &str) -> std::result::Result<ReportFile, String> {
    let path = PathBuf::from(text);
    let form = match ending(&path).as_str() {
        "json" => ReportFileForm::Json,
        "xml" => ReportFileForm::Junit,
        "html" | "htm" => ReportFileForm::Html,
        "md" => ReportFileForm::Markdown,
        "prom" => ReportFileForm::Prometheus,
        _ => return Err("expected a file that ends in .html, .md, .json, .xml, or .prom".into()),
    };
    Ok(ReportFile { path, form })
}

/// A ticket's path; the ending says its form.
fn ticket_file(text: &str) -> std::result::Result<TicketFile, String> {
    let path = PathBuf::from(text);
    let form = match ending(&path).as_str() {
        "md" => TicketForm::Markdown,
        "txt" => TicketForm::Text,
        _ => return Err("expected a file that ends in .md or .txt".into()),
    };
    Ok(TicketFile { path, form })
}

fn ending(path: &Path) -> String {
    let ending = path.extension().unwrap_or_default();
    ending.to_string_lossy().to_ascii_lowercase()
}
