use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn no_text_panics(text in "[\\[\\]{}:=,.\"'/@# a-z0-9\n-]{0,80}", asked in "\\PC{0,12}", member in "(a/b)?") {
        for format in [
            Format::PackageLock, Format::YarnLock, Format::PnpmLock, Format::BunLock,
            Format::GoSum, Format::GoVendor, Format::CargoLock, Format::PythonLock,
        ] {
            let _ = format.state(&text, Project { member: &member, name: Some("a") }, "a", &asked);
        }
    }
}
