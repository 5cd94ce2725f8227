use super::*;
use serde_json::json;

#[test]
fn numbers_in_every_form() {
    for (value, expected) in [
        (json!(11), Some(11)),
        (json!(11.0), Some(11)),
        (json!("855"), Some(855)),
        (json!(-2147482793), Some(-2147482793)),
        (json!(1.5), None),
        (json!("x"), None),
        (json!(null), None),
    ] {
        assert_eq!(number(&value), expected, "{value}");
    }
}
