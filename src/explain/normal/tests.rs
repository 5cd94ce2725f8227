use super::*;

#[test]
fn quotes_and_blanks_are_normalized() {
    for (text, expected) in [
        (
            "Version \n\t `GLIBC_2.25' \u{7}not  found",
            "version glibc_2.25 not found",
        ),
        ("C:\\TDengine：“x”", "c:/tdengine:x"),
        ("无法加载 DLL “taos” ： 找不到", "无法加载dll taos:找不到"),
        ("【错误】，。", "[错误],."),
    ] {
        assert_eq!(normal(text), expected, "{text}");
    }
}
