//! `install --repair`
#![cfg(unix)]

use crate::support::client_package::{file, install, tree};
use crate::support::installed::prefix;
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::mirror::Package;

#[test]
fn file_of_right_size_and_wrong_content() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let package = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let args = [&package[..], &["--repair"]].concat();
    assert_eq!(install(&context, &package).run().exit, Some(0));
    let prefix = prefix(&context, "3.3.7.5");
    let shown = |args: &[&str]| {
        install(&context, args)
            .showing(&sha256, "SHA256")
            .run()
            .to_string()
    };
    std::fs::write(prefix.join("etc/taos.cfg"), "firstEp db1:6030\nlogDir /x\n").unwrap();
    let before = tree(&prefix);
    assert_snapshot!(shown(&args), @r#"
    exit 0
    --- stdout
    ok already installed: client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: every file of 3.3.7.5 is unchanged since the installation
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(tree(&prefix), before);

    let library = prefix.join("lib/libtaosnative.so.3.3.7.5");
    let mut bytes = std::fs::read(&library).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&library, bytes).unwrap();
    // The quick look sees nothing.
    assert!(shown(&package).contains("already installed"));
    assert_snapshot!(shown(&args), @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: reinstalling 3.3.7.5: lib/libtaosnative.so.3.3.7.5 is missing or changed
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let mut after = tree(&prefix);
    // But for the configuration, which is the user's with our log folder, and what tells of it.
    for path in ["etc/taos.cfg", "receipt.toml"] {
        after.insert(path.into(), before[std::path::Path::new(path)].clone());
    }
    assert_eq!(after, before);
    let config = std::fs::read_to_string(prefix.join("etc/taos.cfg")).unwrap();
    assert!(config.starts_with("firstEp db1:6030\n"), "{config}");
}
