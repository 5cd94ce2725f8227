use super::*;

#[test]
fn quotes_blanks_and_colors_are_normalized() {
    assert_eq!(
        normal("\x1b[31mVersion\x1b[0m \n\t `GLIBC_2.25' \u{7}not  found"),
        "version glibc_2.25 not found"
    );
    assert_eq!(normal("C:\\TDengine：“x”"), "c:/tdengine:x");
    assert_eq!(normal("\x1b["), "");
}

#[test]
fn marks_of_pages_are_dropped() {
    for (text, plain) in [
        (
            "&#x27;taos&#39; a &lt; b &amp;&amp; c&nbsp;d<br>e&",
            "taos a < b && c d e&",
        ),
        (
            "**undefined symbol: taos_subfields_cou**nt",
            "undefined symbol:taos_subfields_count",
        ),
        ("error\\n\\tat com.taosdata", "error at com.taosdata"),
        ("C:\\new\\taos", "c:/new/taos"),
        ("无法加载 DLL “taos” ： 找不到", "无法加载dll taos:找不到"),
        ("【错误】，。", "[错误],."),
    ] {
        assert_eq!(normal(text), plain, "{text}");
    }
}
