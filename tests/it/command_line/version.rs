//! `--version`, and what `--verbose` adds to it.

use insta::assert_snapshot;

use crate::support::program::TestContext;

#[test]
fn version_is_one_line() {
    let context = TestContext::new();
    for args in [&["--version"][..], &["-V"], &["--version", "--quiet"]] {
        let run = context.program(args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        assert_eq!(
            run.stdout,
            concat!("taos-setup ", env!("CARGO_PKG_VERSION"), "\n")
        );
    }
}

#[test]
fn verbose_version_names_target_transports_and_catalog() {
    let context = TestContext::new();
    let long = context.program(["--version", "--verbose"]).run();
    assert_eq!(context.program(["-vV"]).run().stdout, long.stdout);
    let json = context.program(["--version", "--json"]).run();
    let data = &json.json()["data"];
    let run = context
        .program(["--version", "--verbose"])
        .showing(env!("CARGO_PKG_VERSION"), "VERSION")
        .showing(data["target"].as_str().unwrap(), "TARGET")
        .showing(data["catalog"]["reviewed"].as_str().unwrap(), "DATE")
        .showing(&data["catalog"]["releases"], "RELEASES")
        .showing(&data["catalog"]["digests"], "DIGESTS")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    taos-setup [VERSION]
    target: [TARGET]
    transports: rest, ws, native
    catalog: [DATE] ([RELEASES] releases, [DIGESTS] digests)
    --- stderr
    ");
    assert!(
        data["target"]
            .as_str()
            .unwrap()
            .contains(std::env::consts::ARCH)
    );
}
