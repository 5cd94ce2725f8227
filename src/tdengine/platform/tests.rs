use super::*;

#[test]
fn printing_and_reading_agree() {
    for os in [Os::Linux, Os::Windows, Os::Macos] {
        for arch in [Arch::X64, Arch::Arm64] {
            let platform = Platform { os, arch };
            assert_eq!(platform.to_string().parse(), Ok(platform));
        }
    }
    for (words, expected) in [
        ("linux/amd64", "linux-x64"),
        ("linux/arm64", "linux-arm64"),
        ("x86_64-unknown-linux-gnu", "linux-x64"),
        ("aarch64-apple-darwin", "macos-arm64"),
        ("x86_64-pc-windows-msvc", "windows-x64"),
    ] {
        assert_eq!(words.parse::<Platform>(), expected.parse(), "{words}");
    }
    for unknown in [
        "x86_64-unknown-linux-musl",
        "linux/arm/v7",
        "amd64",
        "",
        "-",
        "linux-",
    ] {
        assert!(unknown.parse::<Platform>().is_err(), "{unknown}");
    }
    assert_eq!(
        "Darwin-aarch64".parse(),
        Ok(Platform {
            os: Os::Macos,
            arch: Arch::Arm64
        })
    );
    assert!("plan9-x64".parse::<Platform>().is_err());
    assert!("linux".parse::<Platform>().is_err());
}
