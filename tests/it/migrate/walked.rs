use insta::assert_snapshot;

use crate::support::program::TestContext;
use crate::support::tree::write_files;

const URL: &str = "u = \"jdbc:TAOS://db:6030/\";\n";

#[test]
fn foreign_and_generated_files_are_not_read() {
    let context = TestContext::new();
    write_files(
        &context.work(),
        &[
            (".gitignore", "/generated/\n*.bak.java\n"),
            ("generated/A.java", URL),
            ("src/B.bak.java", URL),
            ("pom.xml", "<project/>\n"),
            ("target/C.java", URL),
            ("web/node_modules/x/D.java", URL),
            ("vendor/E.java", URL),
            (".git/F.java", URL),
            ("README.md", URL),
            ("src/G.java", URL),
            (
                ".github/workflows/test.yml",
                "env:\n  URL: jdbc:TAOS://db:6030/\n",
            ),
        ],
    );
    std::fs::write(context.work().join("H.java"), b"\0\"jdbc:TAOS://db:6030/\"").unwrap();
    assert_snapshot!(context.program(["migrate", "--check"]).run(), @"
    exit 7
    --- stdout
    .github/workflows/test.yml:2:8: java-native-url
        jdbc:TAOS://db:6030/
        -> jdbc:TAOS-WS://db:6041/
    src/G.java:1:6: java-native-url
        jdbc:TAOS://db:6030/
        -> jdbc:TAOS-WS://db:6041/
    --- stderr
    2 uses of connections that end on 2027-01-01: 2 automatic, 0 manual
    next: taos-setup migrate --dry-run
          taos-setup migrate
    ");
}

#[cfg(unix)]
#[test]
fn links_pipes_and_closed_files_are_no_trap() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let context = TestContext::new();
    let outside = context.root().join("outside");
    write_files(&outside, &[("A.java", URL)]);
    let work = context.work();
    symlink(&outside, work.join("linked")).unwrap();
    symlink(outside.join("A.java"), work.join("B.java")).unwrap();
    symlink(&work, work.join("loop")).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(work.join("C.java"))
            .status()
            .unwrap()
            .success()
    );
    write_files(&work, &[("D.java", URL)]);
    std::fs::set_permissions(work.join("D.java"), std::fs::Permissions::from_mode(0o000)).unwrap();
    for path in [context.root(), work.as_path()] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let run = context.program(["migrate"]).unprivileged(12_345).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    --- stderr
    no connection that ends on 2027-01-01 (0 files read)
    note: could not read D.java: permission denied
    ");
    assert_eq!(
        std::fs::read_to_string(outside.join("A.java")).unwrap(),
        URL
    );
}

#[test]
fn path_with_control_characters_is_escaped() {
    let context = TestContext::new();
    write_files(&context.work(), &[("a\u{1b}[31m\u{202e}.java", URL)]);
    assert_snapshot!(context.program(["migrate", "--check"]).run(), @r"
    exit 7
    --- stdout
    a\u{1b}[31m\u{202e}.java:1:6: java-native-url
        jdbc:TAOS://db:6030/
        -> jdbc:TAOS-WS://db:6041/
    --- stderr
    1 use of connections that end on 2027-01-01: 1 automatic, 0 manual
    next: taos-setup migrate --dry-run
          taos-setup migrate
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn large_and_deep_trees_stay_small_in_memory() {
    let context = TestContext::new();
    let deep: String = "d/".repeat(200);
    write_files(&context.work(), &[(&format!("{deep}A.java"), URL)]);
    // A sparse file is larger than any source.
    let file = std::fs::File::create(context.work().join("B.java")).unwrap();
    file.set_len(10 << 30).unwrap();
    let many = URL.repeat(20_000);
    for at in 0..8 {
        write_files(&context.work(), &[(&format!("many/{at}.java"), &many)]);
    }
    let (run, cost) = context
        .program(["migrate", "--check", "--quiet"])
        .run_measured();
    assert_eq!(run.exit, Some(7));
    assert!(cost.memory < 128 << 20, "{cost:?}");
}
