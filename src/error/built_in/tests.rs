use super::*;

#[test]
fn damaged_data_is_an_error() {
    static DAMAGED: BuiltIn<Vec<u8>> =
        BuiltIn::new("manifests/x.toml", || parsed::<Vec<u8>, _>(Err("line 1")));
    let error = DAMAGED.get().unwrap_err();
    assert_eq!(error.id, ErrorId::Unexpected);
    assert_eq!(error.observed, "line 1");
    assert!(DAMAGED.checked().is_empty());
}
