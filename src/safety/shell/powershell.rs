//! PowerShell (about_Quoting_Rules).

/// `text` so that PowerShell reads exactly it. It takes the typographic single quotes for plain ones.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        out.push(c);
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(c);
        }
    }
    out.push('\'');
    out
}

/// Makes the variable `name` exactly `value`.
pub fn set(name: &str, value: &str) -> String {
    format!("$env:{name} = {}\n", quoted(value))
}

/// Puts `lead` before what `name` holds, or makes it `alone` where it holds nothing.
pub fn put_before(name: &str, lead: &str, alone: &str) -> String {
    format!(
        "$env:{name} = if ($env:{name}) {{ {} + $env:{name} }} else {{ {} }}\n",
        quoted(lead),
        quoted(alone)
    )
}
