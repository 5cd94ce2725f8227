use super::*;

#[test]
fn connection_strings_are_well_formed() {
    let forms: Forms = toml::from_str(include_str!(
        "../../../../manifests/connection-strings.toml"
    ))
    .unwrap();
    assert_eq!(forms.language.len(), 11);
    for language in &forms.language {
        assert!(language.transports().count() >= 1, "{}", language.id);
        assert!(
            forms
                .language
                .iter()
                .all(|other| !other.aliases.contains(&language.id)),
            "{}",
            language.id
        );
    }
    assert!(language("Node.JS").is_some_and(|language| language.id == "node"));
}
