//! A batch file of the Windows command processor (`set /?`, `cmd /?`). Lines begin with `@`, so that they are not echoed.

/// `text` as it stands in a batch file's `set "NAME=…"`: there only the percent sign is special. `None` where it holds a
/// quote, which ends the argument, or a control character.
pub fn escaped(text: &str) -> Option<String> {
    let unsayable = |c: char| c == '"' || c.is_control();
    (!text.contains(unsayable)).then(|| text.replace('%', "%%"))
}

/// Makes the variable `name` exactly `value`.
pub fn set(name: &str, value: &str) -> Option<String> {
    Some(format!("@set \"{name}={}\"\r\n", escaped(value)?))
}

/// Puts `lead` before what `name` holds, or makes it `alone` where it holds nothing. In two lines, not a block: a bracket
/// in the value would end a block.
pub fn put_before(name: &str, lead: &str, alone: &str) -> Option<String> {
    let (lead, alone) = (escaped(lead)?, escaped(alone)?);
    Some(format!(
        "@if defined {name} set \"{name}={lead}%{name}%\"\r\n@if not defined {name} set \"{name}={alone}\"\r\n"
    ))
}
