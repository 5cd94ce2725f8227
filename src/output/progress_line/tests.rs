use proptest::prelude::*;

use super::*;

const NAME: &str = "TDengine-client-3.3.7.5-Linux-x64.tar.gz";

fn fitted(columns: usize) -> (String, String) {
    let line = ProgressLine::fit("downloading", NAME, true, columns);
    (line.message.clone(), line.template(true))
}

#[test]
fn wide_terminal_shows_everything() {
    let (message, template) = fitted(120);
    assert_eq!(message, format!("downloading {NAME}"));
    assert_eq!(
        template,
        "{msg} [{bar:24}] {bytes}/{total_bytes} {bytes_per_sec}"
    );
}

#[test]
fn eighty_columns_show_name_amounts_and_speed() {
    let (message, template) = fitted(80);
    assert_eq!(message, NAME);
    assert_eq!(template, "{msg} {bytes}/{total_bytes} {bytes_per_sec}");
}

#[test]
fn narrow_terminal_cuts_name_in_its_middle() {
    let (message, template) = fitted(50);
    assert_eq!(message, "TDengine-cli…x-x64.tar.gz");
    assert_eq!(template, "{msg} {bytes}/{total_bytes}");
}

#[test]
fn wide_characters_count_twice() {
    let line = ProgressLine::fit("正在下载", NAME, false, 72);
    assert_eq!(line.message, NAME);
    assert_eq!(cut_middle("正在下载安装包", 9), "正在…装包");
}

#[test]
fn file_name_is_the_end_of_a_place() {
    assert_eq!(file_name("https://host/a/x.tar.gz?token=…"), "x.tar.gz");
    assert_eq!(file_name("/srv/mirror/x.tar.gz"), "x.tar.gz");
    assert_eq!(file_name("https://host/a/"), "a");
    assert_eq!(file_name("x.tar.gz"), "x.tar.gz");
}

proptest! {
    #[test]
    fn line_fits_terminals_of_40_columns_or_more(verb in "[a-z正在下载]{0,12}", name in "[a-z正装包…. ]{1,200}", has_total: bool, columns in 40_usize..200) {
        let line = ProgressLine::fit(&verb, &name, has_total, columns);
        let amounts = if has_total { 2 * AMOUNT + 1 } else { AMOUNT };
        prop_assert!(line.columns(amounts) < columns, "{line:?}");
    }
}
