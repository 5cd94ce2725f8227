use super::*;
use proptest::prelude::*;

#[test]
fn forms_that_stand_for_two_things() {
    assert_eq!(
        readings("401"),
        [Reading::Code(401), Reading::Http(401), Reading::Code(0x401)]
    );
    assert_eq!(
        readings("2354"),
        [Reading::Code(2354), Reading::Code(0x2354)]
    );
    for nothing in [
        "",
        "0x",
        "-",
        "face",
        "0xfffffffff",
        "-99999999999",
        "999999999999999999999",
        "1e3",
    ] {
        assert_eq!(readings(nothing), [], "{nothing}");
    }
}

proptest! {
    #[test]
    fn code_forms_agree(code in 1_u16..) {
        let whole = 0x8000_0000_u32 | u32::from(code);
        for form in [
            format!("0x{whole:08x}"), format!("0x{whole:X}"), format!("{whole:08X}"), format!("0x{code:04x}"), format!("0x{code:x}"),
            format!("{code}"), format!("{}", whole.cast_signed()), format!("{whole}"), format!("0xFFFFFFFF{whole:08x}"),
        ] {
            let first = readings(&form).first().copied();
            prop_assert_eq!(first, Some(Reading::Code(code)), "{}", form);
        }
    }

    #[test]
    fn any_word_is_accepted(word in any::<String>()) {
        let _ = readings(&word);
    }
}
