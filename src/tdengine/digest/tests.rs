use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn printing_and_reading_agree(bytes in any::<[u8; 32]>()) {
        let digest = Sha256(bytes);
        prop_assert_eq!(digest.to_string().parse(), Ok(digest));
        prop_assert_eq!(digest.to_string().to_uppercase().parse(), Ok(digest));
    }

    #[test]
    fn nothing_else_is_read(text in "[0-9a-fé]{0,70}") {
        let fits = text.len() == 64 && text.is_ascii();
        prop_assert_eq!(text.parse::<Sha256>().is_ok(), fits);
    }
}
