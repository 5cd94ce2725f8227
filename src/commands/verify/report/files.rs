//! Writes the files that `verify` was asked for, each as a whole.

use std::path::Path;

use super::args::{ReportArgs, ReportFile, ReportFileForm};
use super::view::ReportView;
use super::{html, junit, markdown, prometheus, ticket};
use crate::error::{Error, ErrorId, describe_io_error};
use crate::message::locale::Locale;
use crate::message::message;
use crate::output::result_document;
use crate::system::{atomic_file, clock};
use crate::verify::{EndpointList, VerifyOutcome};

/// The files that were written, and those that could not be.
#[derive(Debug, Default)]
pub(in crate::commands::verify) struct WrittenReports {
    /// The paths of the former.
    pub files: Vec<String>,
    /// Why the latter are missing.
    pub failed: Vec<Error>,
}

/// Writes the files that `args` ask for.
pub(in crate::commands::verify) fn write_files(
    outcome: &VerifyOutcome,
    args: &ReportArgs,
    locale: Locale,
) -> WrittenReports {
    let mut written = WrittenReports::default();
    let created = clock::now_text();
    let view = ReportView::new(outcome, &created, locale);
    for ReportFile { path, form } in &args.report {
        let content = match form {
            ReportFileForm::Json => result_document("verify", outcome, locale),
            ReportFileForm::Junit => junit::render(&view),
            ReportFileForm::Html => match html::render(&view, outcome, locale) {
                Ok(page) => page,
                Err(error) => {
                    written.failed.push(error);
                    continue;
                }
            },
            ReportFileForm::Markdown => markdown::render(&view, locale),
            ReportFileForm::Prometheus => prometheus::render(outcome, clock::now()),
        };
        written.add(path, atomic_file::write(path, content.as_bytes()));
    }
    if let Some(file) = &args.ticket {
        let content = ticket::render(outcome, &created, file.form, locale);
        written.add(
            &file.path,
            atomic_file::write(&file.path, content.as_bytes()),
        );
    }
    if let Some(path) = &args.export_endpoints {
        written.export(path, outcome, created);
    }
    written
}

impl WrittenReports {
    /// Writes the endpoints that clients need. A list that lacks some would keep ports closed that are needed.
    fn export(&mut self, path: &Path, outcome: &VerifyOutcome, created: String) {
        let targets = &outcome.targets;
        if targets.iter().any(|target| target.route.dnodes.is_none()) {
            self.failed.push(Error::new(
                ErrorId::FileUnwritable,
                message!("verify-report-write", path = path.display()),
                message!("verify-export-incomplete"),
                message!("verify-export-next"),
            ));
            return;
        }
        let list = EndpointList::of(targets, created);
        self.add(path, atomic_file::write(path, list.to_json().as_bytes()));
    }

    /// Notes how writing `path` ended.
    pub(super) fn add(&mut self, path: &Path, written: std::io::Result<()>) {
        match written {
            Ok(()) => self.files.push(path.display().to_string()),
            Err(error) => self.failed.push(Error::new(
                ErrorId::FileUnwritable,
                message!("verify-report-write", path = path.display()),
                describe_io_error(&error),
                message!("verify-report-next"),
            )),
        }
    }
}
