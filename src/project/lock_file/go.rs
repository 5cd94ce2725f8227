//! What Go makes from `go.mod` (go.dev/ref/mod, "go.sum files" and "Vendoring").

/// Whether `go.sum` holds both of the module's hashes: that of its files and that of its own `go.mod`.
pub(super) fn sum(text: &str, package: &str, version: &str) -> bool {
    let has = |version: &str| {
        text.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(package)
                && words.next() == Some(version)
                && words.next().is_some_and(|hash| hash.starts_with("h1:"))
        })
    };
    has(version) && has(&format!("{version}/go.mod"))
}

/// Whether `vendor/modules.txt` lists the module at its version.
pub(super) fn vendor(text: &str, package: &str, version: &str) -> bool {
    text.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some("#") && words.next() == Some(package) && words.next() == Some(version)
    })
}

#[cfg(test)]
mod tests;
