//! Text form of `taos-setup mirror`.

use crate::commands::client_texts::success;
use crate::message::message;
use crate::mirror::check::MirrorCheck;
use crate::mirror::create::{CreationState, MirrorCreation};
use crate::mirror::verify::{MirrorFault, MirrorVerification};
use crate::output::layout::{fields, next, note};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::{escape_controls, printable_path};
use crate::safety::shell::quoted;

/// The most differences that are shown; JSON has all.
const MOST_SHOWN: usize = 50;

/// Renders what was done, or would be.
pub(super) fn creation(creation: &MirrorCreation, options: &HumanOptions) -> HumanText {
    let locale = options.locale;
    let mut stdout = String::new();
    for part in &creation.added {
        let size = match part.size {
            Some(bytes) => mebibytes(bytes),
            None => message!("mirror-size-unknown").text(locale),
        };
        let line = format!(
            "  {}  {}  {size}\n",
            escape_controls(&part.kind),
            escape_controls(&part.name)
        );
        stdout.push_str(&line);
    }
    let dir = printable_path(&creation.dir);
    let text = match creation.state {
        CreationState::Published => message!("mirror-published", dir = dir),
        CreationState::UpToDate => message!("mirror-up-to-date", dir = dir),
        CreationState::Planned => {
            message!("mirror-planned", dir = dir, count = creation.added.len())
        }
    };
    stdout.push_str(&success(&text, options));
    if creation.state != CreationState::Planned {
        let files = format!("{} ({})", creation.files, mebibytes(creation.bytes));
        stdout.push_str(&fields(
            &[
                (message!("mirror-label-files"), files),
                (
                    message!("mirror-label-base"),
                    escape_controls(&creation.base),
                ),
                (
                    message!("mirror-label-signed"),
                    message!("mirror-is-signed", signed = creation.is_signed).text(locale),
                ),
            ],
            locale,
        ));
    }
    let mut stderr = String::new();
    for gap in &creation.gaps {
        let text = message!(
            "mirror-gap",
            part = gap.part,
            subject = gap.subject,
            reason = gap.reason.describe()
        );
        stderr.push_str(&note(&text, options));
    }
    if creation.state != CreationState::Planned {
        let dir = quoted(&creation.dir.to_string_lossy());
        stderr.push_str(&next(
            &[
                format!("taos-setup mirror verify {dir}"),
                format!("taos-setup mirror serve {dir}"),
            ],
            options,
        ));
    }
    HumanText { stdout, stderr }
}

/// Renders each difference.
pub(super) fn verification(verification: &MirrorVerification, options: &HumanOptions) -> HumanText {
    let locale = options.locale;
    let mut stdout = String::new();
    for (path, fault) in verification.faults.iter().take(MOST_SHOWN) {
        let what = match fault {
            MirrorFault::Changed => message!("mirror-fault-changed"),
            MirrorFault::Missing => message!("mirror-fault-missing"),
            MirrorFault::Additional => message!("mirror-fault-additional"),
            MirrorFault::NotAFile => message!("mirror-fault-not-a-file"),
            MirrorFault::Unreadable => message!("mirror-fault-unreadable"),
        };
        let what = options.stdout.bad(what.text(locale));
        stdout.push_str(&format!("  {what}  {}\n", escape_controls(path)));
    }
    let dir = printable_path(&verification.dir);
    let count = verification.faults.len();
    let mut stderr = String::new();
    if count == 0 {
        let size = mebibytes(verification.bytes);
        let text = message!(
            "mirror-verified",
            dir = dir,
            count = verification.files,
            size = size,
            signed = verification.signed.is_some()
        );
        stdout.push_str(&success(&text, options));
    } else {
        let text = message!("mirror-damaged", dir = dir, count = count);
        stdout.push_str(&format!("{}\n", text.text(locale)));
        if count > MOST_SHOWN {
            let text = message!("mirror-more-faults", count = count - MOST_SHOWN);
            stderr.push_str(&note(&text, options));
        }
    }
    if verification.has_unverified_signature {
        stderr.push_str(&note(&message!("mirror-signature-unverified"), options));
    }
    HumanText { stdout, stderr }
}

/// Renders what each project lacks.
pub(super) fn check(check: &MirrorCheck, options: &HumanOptions) -> HumanText {
    let locale = options.locale;
    let (mut stdout, mut stderr) = (String::new(), String::new());
    for needs in &check.projects {
        for missing in &needs.missing {
            let word = options
                .stdout
                .bad(message!("mirror-fault-missing").text(locale));
            let missing = escape_controls(missing);
            let project = escape_controls(&needs.project);
            stdout.push_str(&format!("  {word}  {project}  {missing}\n"));
        }
        for (reason, subject) in &needs.gaps {
            let text = message!(
                "mirror-unchecked",
                part = needs.project,
                subject = subject,
                reason = reason.describe()
            );
            stderr.push_str(&note(&text, options));
        }
    }
    let dir = printable_path(&check.dir);
    if check.is_complete() {
        let packages: usize = check.projects.iter().filter_map(|it| it.packages).sum();
        let text = message!("mirror-check-complete", dir = dir, count = packages);
        stdout.push_str(&success(&text, options));
    } else {
        let missing: usize = check.projects.iter().map(|it| it.missing.len()).sum();
        let text = message!("mirror-check-incomplete", dir = dir, count = missing);
        stdout.push_str(&format!("{}\n", text.text(locale)));
    }
    HumanText { stdout, stderr }
}

/// Renders the number of requests.
pub(super) fn stopped(requests: u64, options: &HumanOptions) -> HumanText {
    let text = message!("mirror-stopped", count = requests);
    HumanText {
        stdout: success(&text, options),
        stderr: String::new(),
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
