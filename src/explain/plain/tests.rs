use super::*;

#[test]
fn marks_of_pages_are_dropped() {
    for (text, expected) in [
        (
            "&#x27;taos&#39; a &lt; b &amp;&amp; c&nbsp;d<br>e&",
            "'taos' a < b && c d\ne&",
        ),
        (
            "**undefined symbol: taos_subfields_cou**nt",
            "undefined symbol: taos_subfields_count",
        ),
        ("error\\n\\tat com.taosdata", "error\n\tat com.taosdata"),
        (r#"a\nB: \"C:\\new\\taos\""#, "a\nB: \"C:\\new\\taos\""),
        ("C:\\new\\taos", "C:\\new\\taos"),
        ("> > a\n> b\n>>> import taos", "a\nb\nimport taos"),
        ("&gt; a\n  | b | c", "a\n  b | c"),
        ("\u{1b}[31mred\u{1b}[0m", "red"),
    ] {
        assert_eq!(plain(text), expected, "{text}");
    }
}

#[test]
fn lost_line_ends_before_frames_are_restored() {
    assert_eq!(
        plain(
            "establish connectionat com.taosdata.jdbc.A.b(A.java:1)at org.c.D(D.java:2)Caused by: x"
        ),
        "establish connection\nat com.taosdata.jdbc.A.b(A.java:1)\nat org.c.D(D.java:2)\nCaused by: x"
    );
    assert_eq!(plain("the format com.taosdata"), "the format com.taosdata");
}

#[test]
fn words_cut_by_a_terminal_are_joined() {
    let cut = "java.sql.SQLException: failed to connect to server, reason: Unable to estab\nlish connection\n";
    let joined = "java.sql.SQLException: failed to connect to server, reason: Unable to establish connection";
    assert_eq!(unwrapped(cut).as_deref(), Some(joined));
    for text in [
        "a short line\nand another\n",
        "java.sql.SQLException: failed to connect to server, reason: Unable to \nestablish connection",
        "failed to connect to server, reason: Unable to establish connection",
    ] {
        assert_eq!(unwrapped(text), None, "{text}");
    }
}

#[test]
fn letters_and_digits_that_look_alike_are_exchanged() {
    for (text, expected) in [
        (
            "unab1e to estab1ish, res01ve",
            Some("unable to establish, resolve"),
        ),
        (
            "c0nnection refused l27.o.o.1:6o41",
            Some("connection refused 127.o.o.1:6041"),
        ),
        ("ox8oooooob", Some("0x8000000b")),
        ("0x8000000b", None),
        ("log4j utf8 k8s d1001 deadb0ef 7f5b0a", None),
        ("unable to establish connection", None),
    ] {
        assert_eq!(respelled(text).as_deref(), expected, "{text}");
    }
}
