//! What `gc` removed, or would.

use crate::output::style::Style;
use crate::store::{Leftover, LeftoverKind};

/// The result for stdout; for stderr a word where the store is not `idle`, so that nothing can be told.
pub fn gc(leftovers: &[Leftover], dry_run: bool, idle: bool, style: Style) -> (String, String) {
    if !idle {
        let stderr = "note: another taos-setup is changing the store; look again when it is done\n";
        return (String::new(), stderr.to_owned());
    }
    let mut stdout = String::new();
    for leftover in leftovers {
        stdout.push_str(&match leftover.kind {
            LeftoverKind::Interrupted => format!(
                "  {}, which was interrupted, {}\n",
                leftover.about,
                if dry_run {
                    "would be finished or undone"
                } else {
                    "is finished or undone"
                },
            ),
            LeftoverKind::Staging | LeftoverKind::Download => format!(
                "  {:>12} bytes  {}\n",
                leftover.bytes,
                crate::safety::printable::printable_path(&leftover.path)
            ),
        });
    }
    let bytes: u64 = leftovers.iter().map(|leftover| leftover.bytes).sum();
    let verb = if dry_run { "would remove" } else { "removed" };
    stdout.push_str(&format!("{} {verb} {bytes} bytes\n", style.good("ok")));
    (stdout, String::new())
}
