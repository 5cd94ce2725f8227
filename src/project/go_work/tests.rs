use super::*;

#[test]
fn used_modules_are_listed() {
    let text =
        "go 1.22\n\nuse ./a // first\r\nuse (\n\t./b\n\t\"./c d\"\n)\n\nreplace (\n\tx => ./y\n)\n";
    assert_eq!(folders(text), ["./a", "./b", "./c d"]);
}
