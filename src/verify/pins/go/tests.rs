#[test]
fn blocks_lines_and_replacements() {
    let text = "module m\n\nrequire github.com/taosdata/driver-go/v3 v3.7.8 // indirect\nrequire (\n\tother.example/a v1.0.0\n\tother.example/b v2.0.0\n)\nreplace other.example/a => ../a\n";
    let pins = super::read(text, "go.mod").unwrap();
    let named: Vec<_> = pins
        .iter()
        .map(|pin| (pin.package.as_str(), pin.version.as_str()))
        .collect();
    assert_eq!(
        named,
        [
            ("github.com/taosdata/driver-go/v3", "v3.7.8"),
            ("other.example/b", "v2.0.0")
        ]
    );
}
