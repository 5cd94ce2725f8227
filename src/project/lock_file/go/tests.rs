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
