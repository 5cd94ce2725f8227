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
