//! The vendor's own list, through a seam of debug builds: a file in the list's place.
#![cfg(debug_assertions)]

use insta::assert_snapshot;
use md5::{Digest, Md5};
use taos_sandbox::mirror::{Layout, Package, file_name};

use crate::support::client_package::{file, install};
use crate::support::program::{Program, TestContext};

/// A list that has the MD5 and size of what lies at `path`.
fn list(context: &TestContext, path: &std::path::Path) -> (std::path::PathBuf, String) {
    let bytes = std::fs::read(path).unwrap();
    let md5: String = Md5::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = path.file_name().unwrap().to_str().unwrap();
    let text = serde_json::json!([{"name": "TDengine TSDB-OSS", "versions": [
        {"download-url": format!("https://h/{name}"), "md5": "00".repeat(16), "size": bytes.len()},
        {"download-url": format!("https://h/{name}"), "md5": md5, "size": bytes.len()},
    ]}]);
    let list = context.root().join("product-data.json");
    std::fs::write(&list, text.to_string()).unwrap();
    (list, md5)
}

fn from_here<'a>(context: &'a TestContext, list: &std::path::Path, args: &[&str]) -> Program<'a> {
    let args = [&["3.3.7.5", "--mirror", "."], args].concat();
    install(context, &args).env("TAOS_SETUP_VENDOR_LIST", list)
}

#[test]
fn vendor_list_is_accepted_and_digest_enforced() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let (list, _) = list(&context, &path);
    let run = from_here(&context, &list, &[])
        .showing(&sha256, "SHA256")
        .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  vendor-list
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    // No list is needed any more, and another package is not taken.
    let client = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-linux-x64");
    std::fs::remove_dir_all(&client).unwrap();
    assert_eq!(
        install(&context, &["3.3.7.5", "--mirror", "."]).run().exit,
        Some(0)
    );
    std::fs::remove_dir_all(&client).unwrap();
    let lite = Package {
        layout: Layout::Lite,
        ..Package::new("3.3.7.5")
    };
    let (other, _) = file(&context, &lite);
    std::fs::rename(
        other,
        context.work().join(file_name(&Package::new("3.3.7.5"))),
    )
    .unwrap();
    let run = from_here(&context, &list, &[]).run();
    assert!(
        run.stderr.contains("and the first installation recorded"),
        "{run}"
    );
}

#[test]
fn package_that_is_not_listed_one() {
    let context = TestContext::new();
    let (path, _) = file(&context, &Package::new("3.3.7.5"));
    let (list, md5) = list(&context, &path);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.push(0);
    std::fs::write(&path, &bytes).unwrap();
    let found: String = Md5::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let run = from_here(&context, &list, &["--trust-on-first-use"])
        .showing(found, "OTHER")
        .showing(md5, "MD5")
        .showing(bytes.len(), "SIZE")
        .showing(bytes.len() - 1, "LISTED")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not install ./tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      its MD5 is [OTHER] ([SIZE] bytes), and the vendor's list has 00000000000000000000000000000000 ([LISTED] bytes), [MD5] ([LISTED] bytes)
      next: download it again later, or ask TDengine's support; these bytes are not the package
    ");
    assert!(!context.taos_setup_home().join("clients").exists());
}

#[test]
fn digest_is_required() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let (list, _) = list(&context, &path);
    let size = std::fs::metadata(&path).unwrap().len();
    let required = |args: &[&str]| {
        let args = [&["--require-digest"], args].concat();
        from_here(&context, &list, &args)
            .showing(&sha256, "SHA256")
            .showing(size, "SIZE")
            .run()
    };
    assert_snapshot!(required(&[]), @"
    exit 4
    --- stdout
    --- stderr
    error[digest-unknown]: could not install ./tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      a digest is required, and none is known for this package; its SHA-256 is [SHA256] ([SIZE] bytes)
      next: taos-setup install 3.3.7.5 --mirror . --sha256 [SHA256]
    ");
    assert_eq!(from_here(&context, &list, &[]).run().exit, Some(0));
    assert_snapshot!(required(&[]), @"
    exit 4
    --- stdout
    --- stderr
    error[digest-unknown]: could not install 3.3.7.5
      it is already installed, verified by vendor-list, and a digest is required
      next: taos-setup install 3.3.7.5 --sha256 HEX    # the package's SHA-256 from a source that you trust; the installed one is [SHA256]
    ");
    assert_eq!(required(&["--sha256", &sha256]).exit, Some(0));
}

#[test]
fn list_that_cannot_be_read_is_told() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let list = context.root().join("product-data.json");
    std::fs::write(&list, "<html>").unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    let run = from_here(&context, &list, &[])
        .showing(&sha256, "SHA256")
        .showing(size, "SIZE")
        .run();
    assert_snapshot!(run, @"
    exit 4
    --- stdout
    --- stderr
    note: could not read the vendor's list of packages: it is not JSON
    error[digest-unknown]: could not install ./tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      no known digest for this package; its SHA-256 is [SHA256] ([SIZE] bytes)
      next: taos-setup install 3.3.7.5 --mirror . --sha256 [SHA256]
    ");
}
