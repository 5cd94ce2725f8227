//! fish (its manual, "Quotes" and "Path variables").

/// `text` so that fish reads exactly it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

/// Makes the variable `name` exactly `value`.
pub fn set(name: &str, value: &str) -> String {
    format!("set -gx {name} {}\n", quoted(value))
}

/// Puts `lead` before what `name` holds, or makes it `alone` where it holds nothing. Fish joins a list whose name ends in
/// PATH with colons where it is quoted, and splits what such a variable is set to.
pub fn put_before(name: &str, lead: &str, alone: &str) -> String {
    format!(
        "if test -n \"${name}\"; set -gx {name} {}\"${name}\"; else; set -gx {name} {}; end\n",
        quoted(lead),
        quoted(alone)
    )
}
