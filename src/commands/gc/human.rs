//! Text form of `taos-setup gc`.

use crate::clients::gc::GcOutcome;
use crate::commands::client_texts::success;
use crate::message::message;
use crate::output::layout::note;
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::printable_path;
use crate::store::LeftoverKind;

/// Renders one line for each leftover, and the sum; a note if the leftovers cannot be determined.
pub(super) fn render(outcome: &GcOutcome, options: &HumanOptions) -> HumanText {
    if !outcome.is_idle {
        return HumanText {
            stdout: String::new(),
            stderr: note(&message!("gc-busy"), options),
        };
    }
    let (dry_run, locale) = (outcome.dry_run, options.locale);
    let mut stdout = String::new();
    for leftover in &outcome.leftovers {
        let line = match leftover.kind {
            LeftoverKind::Interrupted => {
                message!("gc-interrupted", change = leftover.about, dry_run = dry_run).text(locale)
            }
            LeftoverKind::Staging | LeftoverKind::Download | LeftoverKind::Program => {
                let size = message!("gc-item", size = format!("{:>12}", leftover.bytes));
                format!("{}  {}", size.text(locale), printable_path(&leftover.path))
            }
        };
        stdout.push_str(&format!("  {line}\n"));
    }
    let bytes: u64 = outcome.leftovers.iter().map(|it| it.bytes).sum();
    let total = message!("gc-total", dry_run = dry_run, bytes = bytes);
    stdout.push_str(&success(&total, options));
    HumanText {
        stdout,
        stderr: String::new(),
    }
}
