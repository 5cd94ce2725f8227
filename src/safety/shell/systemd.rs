//! A file for systemd's `EnvironmentFile=` (systemd.exec(5)): quotes as in a shell, and nothing is expanded.

use super::inside_double_quotes;

/// Makes the variable `name` exactly `value`. `None` where `value` holds a control character that systemd refuses.
pub fn set(name: &str, value: &str) -> Option<String> {
    let refused = |c: char| c.is_control() && !matches!(c, '\t' | '\n');
    (!value.contains(refused)).then(|| format!("{name}=\"{}\"\n", inside_double_quotes(value)))
}
