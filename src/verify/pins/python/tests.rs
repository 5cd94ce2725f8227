use super::*;

fn named(pins: Vec<Pin>) -> Vec<(String, String, bool)> {
    pins.into_iter()
        .map(|pin| (pin.package, pin.version, pin.exact))
        .collect()
}

#[test]
fn requirement_lines() {
    let text = "# x\ntaospy[ws]==2.8.10 ; python_version >= '3.7'\nTaos_WS.Py >= 0.6, < 1\n-r other.txt\nflask\nx @ https://a/b\n";
    let pins = requirements(text, "requirements.txt").unwrap();
    assert_eq!(
        named(pins),
        [
            ("taospy".into(), "2.8.10".into(), true),
            ("taos-ws-py".into(), "0.6".into(), false)
        ]
    );
}

#[test]
fn both_kinds_of_pyproject() {
    let text = "[project]\ndependencies = [\"taospy==2.7.23\"]\n[tool.poetry.dependencies]\ntaos-ws-py = \"^0.6.1\"\npython = \">=3.8\"\n";
    let mut pins = named(pyproject(text, "pyproject.toml").unwrap());
    pins.retain(|(name, ..)| name.starts_with("taos"));
    assert_eq!(pins[0], ("taospy".into(), "2.7.23".into(), true));
    assert_eq!(pins[1], ("taos-ws-py".into(), "0.6.1".into(), false));
}
