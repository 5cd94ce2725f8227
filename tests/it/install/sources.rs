//! Installing from every kind of source, under every kind of name.

use crate::support::client_package::{digest, file, install, mirror, tree};
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::mirror::{Era, Flaw, Layout, Package, url_path};

/// Names below the context's store, links with their targets.
fn names(context: &TestContext) -> String {
    let lines: Vec<String> = tree(&context.taos_setup_home())
        .into_iter()
        .map(|(path, what)| match what.strip_prefix("-> ") {
            Some(target) => format!("{} -> {target}", path.display()),
            None => path.display().to_string(),
        })
        .collect();
    lines.join("\n")
}

#[test]
fn package_of_a_mirror_is_installed() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let run = install(
        &context,
        &["3.3.7.5", "--mirror", &mirror.url(), "--sha256", &sha256],
    )
    .showing(&sha256, "SHA256")
    .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    assert_eq!(
        mirror.requests(),
        ["/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz"]
    );
    assert_snapshot!(names(&context).replace(&sha256, "[SHA256]"), @"
    clients
    clients/oss-3.3.7.5-linux-x64
    clients/oss-3.3.7.5-linux-x64/bin
    clients/oss-3.3.7.5-linux-x64/bin/taos
    clients/oss-3.3.7.5-linux-x64/bin/taosBenchmark
    clients/oss-3.3.7.5-linux-x64/bin/taosdump
    clients/oss-3.3.7.5-linux-x64/driver -> lib
    clients/oss-3.3.7.5-linux-x64/etc
    clients/oss-3.3.7.5-linux-x64/etc/taos.cfg
    clients/oss-3.3.7.5-linux-x64/include
    clients/oss-3.3.7.5-linux-x64/include/taos.h
    clients/oss-3.3.7.5-linux-x64/include/taosdef.h
    clients/oss-3.3.7.5-linux-x64/include/taoserror.h
    clients/oss-3.3.7.5-linux-x64/include/taosudf.h
    clients/oss-3.3.7.5-linux-x64/include/taosws.h
    clients/oss-3.3.7.5-linux-x64/include/tdef.h
    clients/oss-3.3.7.5-linux-x64/lib
    clients/oss-3.3.7.5-linux-x64/lib/cmake
    clients/oss-3.3.7.5-linux-x64/lib/cmake/taos
    clients/oss-3.3.7.5-linux-x64/lib/cmake/taos/taosConfig.cmake
    clients/oss-3.3.7.5-linux-x64/lib/cmake/taos/taosConfigVersion.cmake
    clients/oss-3.3.7.5-linux-x64/lib/libtaos.so -> libtaos.so.1
    clients/oss-3.3.7.5-linux-x64/lib/libtaos.so.1 -> libtaos.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaos.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosnative.so -> libtaosnative.so.1
    clients/oss-3.3.7.5-linux-x64/lib/libtaosnative.so.1 -> libtaosnative.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosnative.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so -> libtaosws.so.1
    clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so.1 -> libtaosws.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/libtaosws.so.3.3.7.5
    clients/oss-3.3.7.5-linux-x64/lib/pkgconfig
    clients/oss-3.3.7.5-linux-x64/lib/pkgconfig/taos.pc
    clients/oss-3.3.7.5-linux-x64/receipt.toml
    current -> clients/oss-3.3.7.5-linux-x64
    downloads
    downloads/sha256-[SHA256]
    downloads/sha256-[SHA256]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/bin
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/bin/taos
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/bin/taosBenchmark
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/bin/taosdump
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/etc
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/etc/taos.cfg
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include/taos.h
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include/taosdef.h
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include/taoserror.h
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include/taosudf.h
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include/taosws.h
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/include/tdef.h
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/lib
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/lib/libtaos.so.3.3.7.5
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/lib/libtaosnative.so.3.3.7.5
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/files/lib/libtaosws.so.3.3.7.5
    downloads/sha256-[SHA256]/unpacked-oss-3.3.7.5-linux-x64/record.toml
    lock
    log
    trust.toml
    ");
}

#[test]
fn install_is_reported_as_json() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let path = path.to_str().unwrap();
    let run = install(&context, &["--from", path, "--sha256", &sha256, "--json"])
        .showing(&sha256, "SHA256")
        .run();
    let mut document = run.json();
    let installed_at = document["data"]["client"]["installed_at"].take();
    let installed_at: jiff::Timestamp = installed_at.as_str().unwrap().parse().unwrap();
    assert!(installed_at <= jiff::Timestamp::now());
    let size = document["data"]["package"]["size"].take();
    assert_eq!(size, std::fs::metadata(path).unwrap().len());
    assert_snapshot!(serde_json::to_string_pretty(&document).unwrap(), @r#"
    {
      "schema": 1,
      "command": "install",
      "ok": true,
      "data": {
        "installed": true,
        "client": {
          "version": "3.3.7.5",
          "edition": "oss",
          "platform": "linux-x64",
          "current": true,
          "parts": "all",
          "prefix": "[STORE]/clients/oss-3.3.7.5-linux-x64",
          "sha256": "[SHA256]",
          "verified": "given",
          "installed_at": null
        },
        "package": {
          "file": "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz",
          "size": null
        }
      },
      "findings": [],
      "error": null
    }
    "#);
}

#[test]
fn old_release_has_one_library_and_old_name() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.2.2.0")]);
    let sha256 = digest(&mirror, "3.2.2.0");
    let run = install(&context, &["3.2.2", "--sha256", &sha256])
        .env("TAOS_SETUP_MIRROR", mirror.url())
        .showing(&sha256, "SHA256")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    // The mirror has no index: it is asked for version after version.
    let requests = mirror.requests();
    assert_eq!(requests[..3], ["/", "/index.json", "/SHA256SUMS"]);
    assert_eq!(
        requests.last().unwrap(),
        "/assets-download/3.0/TDengine-client-3.2.2.0-Linux-x64.tar.gz"
    );
    let lib = context.taos_setup_home().join("current/lib");
    let mut found: Vec<_> = std::fs::read_dir(lib)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "cmake",
            "libtaos.so",
            "libtaos.so.1",
            "libtaos.so.3.2.2.0",
            "pkgconfig"
        ]
    );
}

#[test]
fn near_the_border_the_other_name_is_tried() {
    let context = TestContext::new();
    let package = Package {
        era: Some(Era::Classic),
        ..Package::new("3.3.7.5")
    };
    let mirror = mirror([package]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let run = install(
        &context,
        &[
            "3.3.7.5",
            "--mirror",
            &mirror.url(),
            "--sha256",
            &sha256,
            "--verbose",
        ],
    )
    .showing(&sha256, "SHA256")
    .showing(mirror.url(), "MIRROR")
    .run();
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      TDengine-client-3.3.7.5-Linux-x64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    trying [MIRROR]/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
    trying [MIRROR]/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
    trying [MIRROR]/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
    not installed: bin/get_client.sh, bin/remove_client.sh, bin/set_core.sh, connector, examples, install_client.sh
    added the run path $ORIGIN to lib/libtaos.so.3.3.7.5 in this copy, so that a path to it is enough to load the driver
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
}

#[test]
fn from_a_folder_flat_or_with_the_vendors_paths() {
    let package = Package::new("3.3.7.5");
    for path in [
        url_path(&package),
        "/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz".to_owned(),
    ] {
        let context = TestContext::new();
        let (flat, sha256) = file(&context, &package);
        let place = context.work().join("mirror").join(&path[1..]);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::rename(flat, place).unwrap();
        let run = install(
            &context,
            &["3.3.7.5", "--mirror", "mirror", "--sha256", &sha256],
        )
        .run();
        assert_eq!(run.exit, Some(0), "{run}");
    }
}

#[test]
fn from_a_file_or_an_address_that_tells_the_version() {
    let context = TestContext::new();
    let lite = Package {
        layout: Layout::Lite,
        ..Package::new("3.3.6.13")
    };
    let (path, sha256) = file(&context, &lite);
    let run = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &sha256],
    )
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let mirror = mirror([Package::new("3.3.7.5")]);
    let address = mirror.url() + &url_path(&Package::new("3.3.7.5"));
    let sha256 = digest(&mirror, "3.3.7.5");
    let run = install(&context, &["--from", &address, "--sha256", &sha256]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let installed = context.program(["list", "--json"]).run().json();
    let versions: Vec<_> = installed["data"]["clients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|client| &client["version"])
        .collect();
    assert_eq!(versions, ["3.3.6.13", "3.3.7.5"]);
}

#[test]
fn top_folder_may_have_any_name() {
    let context = TestContext::new();
    let (path, sha256) = file(
        &context,
        &Package::new("3.3.7.5").with_flaw(Flaw::WrongTopFolder),
    );
    let renamed = context.work().join("client.tgz");
    std::fs::rename(path, &renamed).unwrap();
    let run = install(
        &context,
        &["3.3.7.5", "--from", "client.tgz", "--sha256", &sha256],
    )
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(
        context
            .taos_setup_home()
            .join("current/lib/libtaos.so")
            .is_file()
    );
}

#[test]
fn contradictions_are_usage_errors() {
    let context = TestContext::new();
    let (path, _) = file(&context, &Package::new("3.3.7.5"));
    let name = path.file_name().unwrap().to_str().unwrap();
    std::fs::copy(&path, context.work().join("client.tgz")).unwrap();
    let arm64 = "TDengine-client-3.3.6.13-Linux-arm64.tar.gz";
    let runs: Vec<String> = [
        vec!["3.3.6.13", "--from", name],
        vec!["--from", "client.tgz"],
        vec!["3.3", "--from", "client.tgz"],
        vec!["--from", arm64],
        vec!["3.3.7.5", "--mirror", "http://mirror.example/"],
        vec!["3.3.7.5", "--sha256", "abc"],
        vec!["3.x"],
    ]
    .iter()
    .map(|args| install(&context, args).run().to_string())
    .collect();
    assert_snapshot!(runs.join("\n"), @r#"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not choose a package
      version 3.3.6.13 was requested, and the file's name contains 3.3.7.5
      next: omit the version, or name the right file

    exit 2
    --- stdout
    --- stderr
    error[usage]: could not choose a package
      no version was given, and no file whose name contains it
      next: taos-setup install 3.3.7.5 --from client.tgz    # with the version of your server

    exit 2
    --- stdout
    --- stderr
    error[usage]: could not choose a package
      `3.3` is not a full version, and the file's name does not contain one
      next: taos-setup install 3.3.7.5 --from FILE    # with all four parts of the version

    exit 2
    --- stdout
    --- stderr
    error[usage]: could not choose a package
      the file's name contains linux-arm64, and this machine is linux-x64
      next: name another package, or add --platform linux-arm64

    exit 2
    --- stdout
    --- stderr
    error[usage]: could not download from http://mirror.example/
      http would let others change the package on its way
      next: use https; plain http is accepted from this machine, and from others with --allow-insecure-http

    exit 2
    --- stdout
    --- stderr
    error: invalid value 'abc' for '--sha256 <HEX>': "abc" is not a SHA-256: it has 64 hexadecimal digits

    For more information, try '--help'.

    exit 2
    --- stdout
    --- stderr
    error: invalid value '3.x' for '[VERSION]': expected four parts (3.3.7.5), a prefix (3.3), or latest

    For more information, try '--help'.
    "#);
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn progress_in_lines_and_in_json() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let path = path.to_str().unwrap();
    let size = std::fs::metadata(path).unwrap().len();
    let args = ["install", "--from", path, "--sha256", &sha256];
    let run = context
        .program(args)
        .showing(indicatif::HumanBytes(size), "SIZE")
        .run();
    assert_snapshot!(run.stderr, @r#"
    downloading tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz ([SIZE])
    next: taos-setup run -- taos -s "show databases;"
          eval "$(taos-setup env)"
    "#);
    let context = TestContext::new();
    let run = context
        .program(args.iter().chain(&["--progress", "json"]))
        .run();
    let events: Vec<serde_json::Value> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.first().unwrap()["total"], size);
    assert_eq!(events[events.len() - 2]["done"], size);
    assert_eq!(events.last().unwrap()["event"], "finished");
}

#[test]
fn files_folders_and_addresses_in_each_others_place() {
    let context = TestContext::new();
    let (path, _) = file(&context, &Package::new("3.3.7.5"));
    let name = path.file_name().unwrap().to_str().unwrap();
    assert_snapshot!(install(&context, &["3.3.7.5", "--mirror", name]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not use the mirror
      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz is one file; a mirror is a directory or an address that contains packages
      next: taos-setup install --from tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
    ");
    let url = format!("https://me:secret@mirror.invalid/{name}");
    assert_snapshot!(install(&context, &["3.3.7.5", "--mirror", &url]).run().stderr, @"
    error[usage]: could not use the mirror
      https://me:***@mirror.invalid/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz is one file; a mirror is a directory or an address that contains packages
      next: taos-setup install --from 'https://me:***@mirror.invalid/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz'
    ");
    assert_snapshot!(install(&context, &["3.3.7.5", "--from", "."]).run().stderr, @"
    error[file-unreadable]: could not read .
      it is a directory
      next: name the package in it, or use it as a mirror: --mirror .
    ");
    for option in ["--mirror", "--from"] {
        let run = install(
            &context,
            &["3.3.7.5", option, "me:secret@mirror.invalid/pub"],
        )
        .run();
        insta::allow_duplicates!(assert_snapshot!(run.stderr, @"
        error[file-unreadable]: could not read ***@mirror.invalid/pub
          no such file or directory
          next: check the path; an address begins with its scheme: https://***@mirror.invalid/pub
        "));
    }
    assert!(!context.taos_setup_home().exists());
}

#[test]
fn other_files_are_named() {
    let context = TestContext::new();
    let mut shown = Vec::new();
    for (name, content) in [
        ("pointer", "version https://git-lfs.github.com/spec/v1\n"),
        ("answer", "{\"errors\": [{\"status\": 404}]}"),
        ("page", "<!DOCTYPE html>"),
        ("deb", "!<arch>\ndebian-binary"),
        ("odd", "odd"),
    ] {
        std::fs::write(context.work().join(name), content).unwrap();
        let run = install(
            &context,
            &["3.3.7.5", "--from", name, "--trust-on-first-use"],
        )
        .run();
        assert_eq!(run.exit, Some(4), "{run}");
        shown.push(run.stderr.lines().nth(1).unwrap().to_owned());
    }
    assert_snapshot!(shown.join("\n"), @"
    expected a gzip archive, found a Git LFS pointer, not the file itself
    expected a gzip archive, found JSON, possibly a server's answer
    expected a gzip archive, found a web page, possibly a server's answer
    expected a gzip archive, found a Debian package
    expected a gzip archive
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn device_is_not_a_package() {
    let context = TestContext::new();
    let run = install(&context, &["3.3.7.5", "--from", "/dev/zero"]).run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    error[file-unreadable]: could not read /dev/zero
      it is not a regular file
      next: save the package to a file, and pass that file
    ");
}

/// What a browser, wget or a short-hand made of a package's name tells as much as the name itself.
#[test]
fn renamed_download_is_installed() {
    let context = TestContext::new();
    let (path, sha256) = file(&context, &Package::new("3.3.7.5"));
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let stem = name.strip_suffix(".tar.gz").unwrap();
    for other in [
        format!("{stem} (1).tar.gz"),
        format!("{stem}.tar.gz.2"),
        format!("{stem}.tgz"),
    ] {
        let context = TestContext::new();
        std::fs::copy(&path, context.work().join(&other)).unwrap();
        let run = install(&context, &["--from", &other, "--sha256", &sha256]).run();
        assert_eq!(run.exit, Some(0), "{other}: {run}");
    }
    // A version that is only like one is at least proposed.
    let run = install(&context, &["--from", "my-TDengine-3.3.6.13.tar.gz"]).run();
    assert_snapshot!(run.stderr, @"
    error[usage]: could not choose a package
      no version was given, and no file whose name contains it
      next: taos-setup install 3.3.6.13 --from my-TDengine-3.3.6.13.tar.gz    # with the version of your server
    ");
}

#[test]
fn mirror_named_by_products_folder() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let sha256 = digest(&mirror, "3.3.7.5");
    let url = format!("{}/tdengine-tsdb-oss/", mirror.url());
    let run = install(
        &context,
        &["3.3.7.5", "--mirror", &url, "--sha256", &sha256],
    )
    .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let other = TestContext::new();
    let (path, sha256) = file(&other, &Package::new("3.3.7.5"));
    let folder = other.work().join("tdengine-tsdb-oss/3.3.7.5");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::rename(&path, folder.join(path.file_name().unwrap())).unwrap();
    let args = [
        "3.3.7.5",
        "--mirror",
        "tdengine-tsdb-oss",
        "--sha256",
        &sha256,
    ];
    let run = install(&other, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
}
