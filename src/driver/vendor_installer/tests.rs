use super::*;
use proptest::prelude::*;

#[test]
fn full_path_on_drive_is_directory() {
    for (value, directory) in [
        (r"C:\TDengine\", r"C:\TDengine"),
        (r"C:\TDengine", r"C:\TDengine"),
        (
            "D:/Program Files/涛思 数据//",
            r"D:\Program Files\涛思 数据",
        ),
        (" \"E:\\a b\\TDengine\" ", r"E:\a b\TDengine"),
    ] {
        assert_eq!(
            checked_directory(value).as_deref(),
            Some(directory),
            "{value}"
        );
    }
}

#[test]
fn hostile_value_is_no_directory() {
    let long = format!(r"C:\{}", "x".repeat(2000));
    for value in [
        "",
        " ",
        ".",
        r"TDengine",
        r"\TDengine",
        r"C:TDengine",
        r"C:",
        r"C:\",
        r"\\server\share\TDengine",
        r"//server/share",
        r"\\?\C:\TDengine",
        r"\\.\pipe\x",
        r"C:\..\Windows",
        r"C:\a\.\b",
        r"C:\a\..",
        r"C:\a:stream",
        r"CC:\TDengine",
        r"1:\TDengine",
        r"C:\a\\b",
        "C:\\a\nb",
        "C:\\a\0b",
        r"C:\%TEMP%|x",
        r"C:\a*",
        r"C:\end.\x",
        r"C:\end \x",
        &long,
    ] {
        assert_eq!(checked_directory(value), None, "{value:?}");
    }
}

#[test]
fn product_is_known_by_name() {
    assert!(is_product("TDengine Client version 3.3.7.5"));
    assert!(is_product("tdengine"));
    assert!(!is_product("涛思 TDengine"));
    assert!(!is_product("TD"));
}

#[test]
#[cfg(not(windows))]
fn other_systems_have_no_entries() {
    assert_eq!(directories(), Vec::<PathBuf>::new());
}

proptest! {
    #[test]
    fn any_directory_stays_on_its_drive(value in r#"[A-Za-z]?:?[\\/]{0,2}[a-zA-Z.: "\\/|中]{0,40}"#) {
        if let Some(directory) = checked_directory(&value) {
            prop_assert!(directory.get(1..3) == Some(r":\"));
            let rest = &directory[3..];
            prop_assert!(!rest.contains([':', '/', '"', '|']));
            prop_assert!(rest.split('\\').all(|name| !name.is_empty() && !name.ends_with('.')));
        }
    }
}
