//! `go.mod`.

use super::Pin;

/// The modules that `require` lines name; those that a `replace` points elsewhere are left out: nobody knows what is there.
pub(super) fn read(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let (mut pins, mut replaced) = (Vec::new(), Vec::new());
    let mut block = "";
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if block.is_empty() && words.clone().next() == Some("(") {
            block = first;
            continue;
        }
        if first == ")" {
            block = "";
            continue;
        }
        let (directive, module) = match block {
            "" => (first, words.next()),
            block => (block, Some(first)),
        };
        let Some(module) = module.map(|module| module.trim_matches(['"', '`'])) else {
            continue;
        };
        match (directive, words.next()) {
            ("require", Some(version)) => pins.push(Pin {
                package: module.to_owned(),
                version: version.trim_matches(['"', '`']).to_owned(),
                exact: true,
                file,
            }),
            ("replace", _) => replaced.push(module.to_owned()),
            _ => {}
        }
    }
    pins.retain(|pin| !replaced.contains(&pin.package));
    Ok(pins)
}

#[cfg(test)]
mod tests;
