use super::*;
use proptest::prelude::*;

const MD5: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn entries_are_found_anywhere() {
    let text = format!(
        r#"[{{"name":"TDengine TSDB-OSS","filters":{{"versions":["3.4.2.5"]}},"versions":[
                {{"version":"3.4.2.5","download-url":"https://downloads.taosdata.com/x/3.4.2.5/a.tar.gz","size":"64 MB","md5":"{MD5}"}},
                {{"download-url":"https://x/a.tar.gz?y","size":12345,"md5":"{}"}},
                {{"download-url":"https://x/b.tar.gz","md5":"short"}},
                {{"download-url":null,"md5":"{MD5}"}}]}}]"#,
        MD5.to_uppercase()
    );
    let list = VendorList::parse(text.as_bytes()).unwrap();
    let [first, second] = list.of("a.tar.gz") else {
        panic!("{list:?}");
    };
    assert_eq!((first.md5.to_string().as_str(), first.size), (MD5, None));
    assert_eq!(second.size, Some(12345));
    assert!(second.admits(first.md5, 12345) && !second.admits(first.md5, 12346));
    assert!(list.of("b.tar.gz").is_empty());
}

#[test]
fn other_data_is_not_a_list() {
    for bad in ["", "<html>", "[]", "{}", r#"{"md5":1}"#] {
        assert!(VendorList::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(VendorList::parse(deep.as_bytes()).is_err());
    assert!(VendorList::parse(&vec![b' '; LARGEST_VENDOR_LIST + 1]).is_err());
}

fn json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec!["md5", "download-url", "size", "versions", "x"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "[0-9a-fA-F]{30,34}".prop_map(Value::from),
        "(https://h)?/{0,2}[a-z\\p{C}]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_list_is_read(value in json()) {
        let _ = VendorList::parse(value.to_string().as_bytes());
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = VendorList::parse(&bytes);
    }
}
