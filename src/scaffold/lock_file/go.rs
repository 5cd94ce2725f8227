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
mod tests {
    use super::*;

    #[test]
    fn sums() {
        let whole = "example.com/a v1.2.0 h1:x=\nexample.com/a v1.2.0/go.mod h1:y=\n";
        assert!(sum(whole, "example.com/a", "v1.2.0"));
        assert!(!sum(whole, "example.com/a", "v1.3.0"));
        assert!(!sum(whole, "example.com/b", "v1.2.0"));
        // `go mod download` of another module's requirements leaves the second line alone.
        assert!(!sum(
            "example.com/a v1.2.0/go.mod h1:y=\n",
            "example.com/a",
            "v1.2.0"
        ));
    }

    #[test]
    fn vendored() {
        let text = "# example.com/a v1.2.0\n## explicit; go 1.14\nexample.com/a/b\n";
        assert!(vendor(text, "example.com/a", "v1.2.0"));
        assert!(!vendor(text, "example.com/a", "v1.2.1"));
    }
}
