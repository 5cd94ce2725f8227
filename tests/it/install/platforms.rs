//! `install --platform`: clients for other platforms than this machine's, for images and mirrors.
#![cfg(target_os = "linux")]

use insta::assert_snapshot;
use taos_sandbox::mirror::{Flaw, Package, sha256};

use crate::support::client_package::{file, install};
use crate::support::platform_packages::{
    AMD64, ARM64, I386, X64, install_bytes, macho, macos_files, names, pe, pkg, universal,
    windows_files, zip,
};
use crate::support::program::{Run, TestContext};

const MACOS: &str = "tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg";
const WINDOWS: &str = "tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip";
const INSTALLER: &str = "tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe";

fn arm64(name: &str) -> Vec<u8> {
    macho(ARM64, name)
}

fn amd64(name: &str) -> Vec<u8> {
    pe(AMD64, name)
}

/// Refuses a package, and leaves nothing.
fn refuse(name: &str, bytes: &[u8], platform: &str) -> Run {
    let context = TestContext::new();
    let run = install_bytes(&context, name, bytes, &["3.3.7.5", "--platform", platform]).run();
    assert!(!context.taos_setup_home().exists());
    run
}

/// How often the library at `path` names its own directory.
fn loader_paths(path: &std::path::Path) -> usize {
    let text = std::fs::read(path).unwrap();
    String::from_utf8_lossy(&text)
        .matches("@loader_path")
        .count()
}

#[test]
fn macos_package_beside_this_machines_client() {
    let context = TestContext::new();
    let (path, digest) = file(&context, &Package::new("3.3.7.5"));
    let here = install(
        &context,
        &["--from", path.to_str().unwrap(), "--sha256", &digest],
    )
    .run();
    assert_eq!(here.exit, Some(0), "{here}");
    let package = pkg(&macos_files(arm64));
    let args = ["--platform", "macos-arm64"];
    assert_snapshot!(install_bytes(&context, MACOS, &package, &args).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, macos-arm64)
      in        [STORE]/clients/oss-3.3.7.5-macos-arm64
      from      tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      sha256    [SHA256]
      verified  given
    --- stderr
    note: the driver was not asked for its version: it is for macos-arm64
    note: this client is for macos-arm64; the current client of this machine does not change
    ");
    let client = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-macos-arm64");
    // Nobody can run it here: a path to libtaos is enough on macOS, too.
    assert_eq!(loader_paths(&client.join("lib/libtaos.dylib")), 1);
    assert_eq!(loader_paths(&client.join("lib/libtaosnative.dylib")), 0);
    assert_snapshot!(names(&client), @"
    bin
    bin/taos
    driver -> lib
    etc
    etc/taos.cfg
    include
    include/taos.h
    lib
    lib/cmake
    lib/cmake/taos
    lib/cmake/taos/taosConfig.cmake
    lib/cmake/taos/taosConfigVersion.cmake
    lib/libtaos.1.dylib -> libtaos.3.3.7.5.dylib
    lib/libtaos.3.3.7.5.dylib
    lib/libtaos.dylib -> libtaos.1.dylib
    lib/libtaosnative.1.dylib -> libtaosnative.3.3.7.5.dylib
    lib/libtaosnative.3.3.7.5.dylib
    lib/libtaosnative.dylib -> libtaosnative.1.dylib
    lib/libtaosws.1.dylib -> libtaosws.3.3.7.5.dylib
    lib/libtaosws.3.3.7.5.dylib
    lib/libtaosws.dylib -> libtaosws.1.dylib
    lib/pkgconfig
    lib/pkgconfig/taos.pc
    receipt.toml
    share
    share/licenses
    share/licenses/taos
    share/licenses/taos/LICENSE
    ");
    let list = context.program(["list"]).showing(&digest, "SHA256").run();
    assert_snapshot!(list, @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM     PARTS  VERIFIED  DIRECTORY
    * 3.3.7.5  oss      linux-x64    all    given     [STORE]/clients/oss-3.3.7.5-linux-x64
      3.3.7.5  oss      macos-arm64  all    given     [STORE]/clients/oss-3.3.7.5-macos-arm64
    --- stderr
    ");
    let config = std::fs::read_to_string(client.join("etc/taos.cfg")).unwrap();
    assert_eq!(
        config, "# firstEp hostname:6030\n",
        "no log folder of this machine"
    );
    // It is there, and it is not what commands here take.
    assert_snapshot!(install_bytes(&context, MACOS, &package, &args).run().stdout, @"
    ok already installed: client 3.3.7.5 (oss, macos-arm64)
      in        [STORE]/clients/oss-3.3.7.5-macos-arm64
      from      tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      sha256    [SHA256]
      verified  given
    ");
    let env = context
        .program(["env", "--client", "3.3.7.5", "--json"])
        .run()
        .json();
    assert!(
        env["data"]["prefix"]
            .as_str()
            .unwrap()
            .ends_with("linux-x64")
    );
    let run = context.program(["use", "oss-3.3.7.5-macos-arm64"]).run();
    assert_ne!(run.exit, Some(0), "{run}");
    assert_eq!(
        std::fs::read_link(context.taos_setup_home().join("current")).unwrap(),
        std::path::Path::new("clients/oss-3.3.7.5-linux-x64")
    );
}

#[test]
fn other_places_of_macos() {
    // Libraries in the shared folder, with and without links to the vendor's own; the same file in both places.
    let own = "usr/local/taos/driver/";
    let mut files: Vec<_> = macos_files(universal)
        .into_iter()
        .map(|(path, bytes)| (path.replace("opt/tdengine", "usr/local/taos"), bytes))
        .map(|(path, bytes)| (path.replace(".3.3.7.5.", ".1."), bytes))
        .collect();
    files.push((
        "usr/local/lib/libtaos.dylib".into(),
        b"->../taos/driver/libtaos.1.dylib".to_vec(),
    ));
    files.push((
        "usr/local/lib/libtaosws.1.dylib".into(),
        universal("taosws"),
    ));
    files.push(("usr/local/include/taos.h".into(), b"header".to_vec()));
    assert!(files[0].0.starts_with(own));
    for platform in ["macos-arm64", "macos-x64"] {
        let context = TestContext::new();
        let args = ["3.3.7.5", "--platform", platform];
        let run = install_bytes(&context, "client.pkg", &pkg(&files), &args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let client = context
            .taos_setup_home()
            .join(format!("clients/oss-3.3.7.5-{platform}"));
        assert_eq!(loader_paths(&client.join("lib/libtaos.dylib")), 2);
        assert_eq!(
            names(&client)
                .lines()
                .filter(|name| name.starts_with("lib/libtaos"))
                .collect::<Vec<_>>(),
            [
                "lib/libtaos.1.dylib",
                "lib/libtaos.dylib -> libtaos.1.dylib",
                "lib/libtaosnative.1.dylib",
                "lib/libtaosnative.dylib -> libtaosnative.1.dylib",
                "lib/libtaosws.1.dylib",
                "lib/libtaosws.dylib -> libtaosws.1.dylib",
            ]
        );
    }
    // Two different files cannot have one place.
    files.push(("usr/local/include/taosdef.h".into(), b"one".to_vec()));
    files.push(("usr/local/taos/include/taosdef.h".into(), b"two".to_vec()));
    assert_snapshot!(refuse("client.pkg", &pkg(&files), "macos-x64").stderr, @"
    error[archive-unsafe]: could not unpack client.pkg
      `usr/local/taos/include/taosdef.h` has a name that another entry has already taken, or goes through one
      next: do not use this file: no genuine package has such an entry
    ");
}

#[test]
fn macos_packages_that_do_not_fit() {
    let refuse = |files: Vec<(String, Vec<u8>)>| refuse(MACOS, &pkg(&files), "macos-arm64");
    assert_snapshot!(refuse(macos_files(|name| macho(X64, name))), @"
    exit 4
    --- stdout
    --- stderr
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      driver/libtaos.3.3.7.5.dylib is for x64, and the client is macos-arm64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    let mut files = macos_files(arm64);
    files.retain(|(path, _)| !path.contains("taosws"));
    assert_snapshot!(refuse(files).stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      missing in its driver directory: libtaosws.dylib
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    let mut files = macos_files(arm64);
    files[0].0 = files[0].0.replace("3.3.7.5", "3.3.7.4");
    assert_snapshot!(refuse(files).stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      missing in its driver directory: libtaos.dylib; the driver in it is 3.3.7.4
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    let mut cut = universal("taosws");
    cut.truncate(60);
    let files = macos_files(|name| {
        if name == "taosws" {
            cut.clone()
        } else {
            arm64(name)
        }
    });
    assert_snapshot!(refuse(files).stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      driver/libtaosws.3.3.7.5.dylib is not a complete library (the file is truncated), and the client is macos-arm64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    assert_snapshot!(refuse(macos_files(amd64)).stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-macos-arm64.pkg
      driver/libtaos.3.3.7.5.dylib is for windows, and the client is macos-arm64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
}

#[test]
fn windows_client_in_zip() {
    let context = TestContext::new();
    let package = zip(&windows_files(amd64));
    let args = ["--platform", "windows-x64"];
    assert_snapshot!(install_bytes(&context, WINDOWS, &package, &args).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, windows-x64)
      in        [STORE]/clients/oss-3.3.7.5-windows-x64
      from      tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip
      sha256    [SHA256]
      verified  given
    --- stderr
    note: the driver was not asked for its version: it is for windows-x64
    note: this client is for windows-x64; the current client of this machine does not change
    ");
    let client = context
        .taos_setup_home()
        .join("clients/oss-3.3.7.5-windows-x64");
    assert_snapshot!(names(&client), @"
    bin
    bin/taos.exe
    etc
    etc/taos.cfg
    include
    include/taos.h
    lib
    lib/cmake
    lib/cmake/taos
    lib/cmake/taos/taosConfig.cmake
    lib/cmake/taos/taosConfigVersion.cmake
    lib/pkgconfig
    lib/pkgconfig/taos.pc
    lib/taos.dll
    lib/taos.lib
    lib/taosnative.dll
    lib/taosws.dll
    receipt.toml
    ");
    // As a tool that opens the installer names its folders.
    let mut inside = windows_files(amd64);
    inside.retain(|(path, _)| path != "driver/taosws.dll");
    for (path, _) in &mut inside {
        *path = match path.as_str() {
            "taosws.dll" => "{win}/System32/taosws.dll".into(),
            _ => format!("{{app}}/{path}"),
        };
    }
    let context = TestContext::new();
    let args = [
        "3.3.7.5",
        "--platform",
        "windows-x64",
        "--prefix",
        "out",
        "--only",
        "runtime",
    ];
    let run = install_bytes(&context, "client.zip", &zip(&inside), &args).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, windows-x64)
      in        [ROOT]/work/out
      from      client.zip
      sha256    [SHA256]
      verified  given
      parts     runtime
    --- stderr
    note: the driver was not asked for its version: it is for windows-x64
    note: this client is for windows-x64; copy [ROOT]/work/out to such a machine
    ");
    assert_snapshot!(names(&context.work().join("out")), @"
    etc
    etc/taos.cfg
    lib
    lib/taos.dll
    lib/taosnative.dll
    lib/taosws.dll
    receipt.toml
    ");
}

#[test]
fn windows_clients_that_do_not_fit() {
    let bytes = zip(&windows_files(|name| pe(I386, name)));
    assert_snapshot!(refuse(WINDOWS, &bytes, "windows-x64").stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip
      driver/taos.dll is for x86, and the client is windows-x64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    let mut files = windows_files(amd64);
    files.retain(|(path, _)| !path.ends_with("taos.lib"));
    let bytes = zip(&files);
    assert_snapshot!(refuse(WINDOWS, &bytes, "windows-x64").stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip
      missing in its driver directory: taos.lib
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    let context = TestContext::new();
    let args = ["--platform", "windows-x64", "--only", "runtime"];
    let run = install_bytes(&context, WINDOWS, &bytes, &args).run();
    assert_eq!(
        run.exit,
        Some(0),
        "nothing is linked with the runtime alone: {run}"
    );
    let mut cut = amd64("");
    cut.truncate(370);
    let bytes = zip(&windows_files(|_| cut.clone()));
    assert_snapshot!(refuse(WINDOWS, &bytes, "windows-x64").stderr, @"
    error[package-incomplete]: could not install tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip
      driver/taos.dll is not a complete library (the file is truncated), and the client is windows-x64
      next: get the package again from the vendor or another mirror; an incomplete driver does not work
    ");
    // On this machine it is the wrong package from its name on.
    let context = TestContext::new();
    assert_snapshot!(install_bytes(&context, WINDOWS, &bytes, &[]).run().stderr, @"
    error[usage]: could not choose a package
      the file's name contains windows-x64, and this machine is linux-x64
      next: name another package, or add --platform windows-x64
    ");
}

#[test]
fn windows_installer_is_verified_and_kept() {
    let context = TestContext::new();
    let bytes = b"MZ and the rest of an installer".as_slice();
    let folder = context.root().join("mirror");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(INSTALLER), bytes).unwrap();
    let digest = sha256(bytes);
    let mirror = folder.to_str().unwrap();
    let install = |args: &[&str]| {
        let mut words = vec!["3.3.7.5", "--platform", "windows-x64", "--mirror", mirror];
        words.extend(args);
        install(&context, &words).showing(&digest, "SHA256").run()
    };
    assert_snapshot!(install(&[]), @"
    exit 4
    --- stdout
    --- stderr
    note: client 3.3.7.5 is not in the built-in catalog
    error[digest-unknown]: could not install [ROOT]/mirror/tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe
      no known digest for this package; its SHA-256 is [SHA256] (31 bytes)
      next: taos-setup install 3.3.7.5 --mirror [ROOT]/mirror --platform windows-x64 --sha256 [SHA256]
    ");
    assert!(!context.taos_setup_home().exists());
    assert_snapshot!(install(&["--sha256", &digest]), @r#"
    exit 3
    --- stdout
    --- stderr
    note: client 3.3.7.5 is not in the built-in catalog
    error[platform-unsupported]: could not install 3.3.7.5 into a directory
      its package is an installer, which changes the whole machine; it is verified, and kept as [ROOT]/mirror/tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe
      next: on Windows, as an administrator: "[ROOT]/mirror/tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe" /VERYSILENT /SUPPRESSMSGBOXES /NORESTART
      next: on Windows: taos-setup install 3.3.7.5 --run-installer    # lists its changes, runs it, and checks the result
    "#);
    let run = install(&["--sha256", &"0".repeat(64)]);
    assert_eq!(run.exit, Some(4), "{run}");
    // A digest that was given once is enforced afterwards.
    std::fs::write(folder.join(INSTALLER), b"MZ and something else").unwrap();
    let run = install(&[]);
    assert_eq!(run.exit, Some(4), "{run}");
    assert!(run.stderr.contains("digest-mismatch"), "{run}");
    assert_snapshot!(install(&["--run-installer"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not run an installer
      --run-installer runs a Windows installer, and this machine is linux-x64
      next: omit --run-installer: the installer is then downloaded, verified, and kept
    ");
    assert!(
        !context
            .taos_setup_home()
            .join("clients/oss-3.3.7.5-windows-x64")
            .exists()
    );
}

#[test]
fn installer_in_the_cache_is_used() {
    let bytes = b"MZ and the rest of an installer".as_slice();
    let context = TestContext::new();
    let digest = sha256(bytes);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            bytes.len()
        );
        stream
            .write_all(&[head.as_bytes(), bytes].concat())
            .unwrap();
    });
    let url = format!("http://127.0.0.1:{port}/{INSTALLER}");
    let args = [
        "--platform",
        "windows-x64",
        "--from",
        &url,
        "--sha256",
        &digest,
    ];
    let first = install(&context, &args).showing(&digest, "SHA256").run();
    server.join().unwrap();
    assert_snapshot!(first, @r#"
    exit 3
    --- stdout
    --- stderr
    error[platform-unsupported]: could not install 3.3.7.5 into a directory
      its package is an installer, which changes the whole machine; it is verified, and kept as [STORE]/downloads/sha256-[SHA256]/tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe
      next: on Windows, as an administrator: "[STORE]/downloads/sha256-[SHA256]/tdengine-tsdb-oss-client-3.3.7.5-windows-x64.exe" /VERYSILENT /SUPPRESSMSGBOXES /NORESTART
      next: on Windows: taos-setup install 3.3.7.5 --run-installer    # lists its changes, runs it, and checks the result
    "#);
    // The second time no request is sent.
    let again = install(&context, &args).showing(&digest, "SHA256").run();
    assert_eq!(again.to_string(), first.to_string());
}

#[test]
fn linux_on_another_processor() {
    let context = TestContext::new();
    let package = Package {
        platform: "linux-arm64".into(),
        ..Package::new("3.3.7.5").with_flaw(Flaw::WrongArchitecture)
    };
    let (path, digest) = file(&context, &package);
    let path = path.to_str().unwrap();
    let args = [
        "--platform",
        "linux-arm64",
        "--from",
        path,
        "--sha256",
        &digest,
    ];
    let run = install(&context, &args).showing(&digest, "SHA256").run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 (oss, linux-arm64)
      in        [STORE]/clients/oss-3.3.7.5-linux-arm64
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz
      sha256    [SHA256]
      verified  given
    --- stderr
    note: lib/libtaos.so.3.3.7.5 needs glibc [GLIBC] on the machine that it is for
    note: the driver was not asked for its version: it is for linux-arm64
    note: this client is for linux-arm64; the current client of this machine does not change
    ");
    assert!(!context.taos_setup_home().join("current").exists());
}

#[test]
fn platforms_without_a_client() {
    let context = TestContext::new();
    assert_snapshot!(install(&context, &["3.3.7.5", "--platform", "windows-arm64"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[platform-unsupported]: could not choose a client
      no client is published for windows-arm64
      next: use the WebSocket connector, which needs no client: taos-setup init
    ");
    let run = install(&context, &["3.3.7.5", "--platform", "plan9-x64"]).run();
    assert_eq!(run.exit, Some(2), "{run}");
}
