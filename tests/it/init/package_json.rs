//! `init` in a folder with a `package.json`. Awkward ones stand in `tests/manifests/package_json`.

use std::fs;

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

/// What `init --lang node` with `arguments` says about and makes of a folder with a `package.json` and `files`.
fn existing(package: &str, files: &[&str], arguments: &[&str]) -> String {
    let context = TestContext::new();
    fs::write(context.work().join("package.json"), package).unwrap();
    for file in files {
        fs::write(context.work().join(file), "").unwrap();
    }
    let mut all = vec!["init", "--lang", "node"];
    all.extend(arguments);
    let run = context.program(&all).run();
    for file in files {
        fs::remove_file(context.work().join(file)).unwrap();
    }
    let made = tree(&context.work());
    let again = context.program(&all).run();
    assert!(
        again.exit == Some(0)
            && !again.stdout.contains("created")
            && !again.stdout.contains("edited"),
        "{again}"
    );
    assert_eq!(tree(&context.work()), made);
    format!("{run}{made}")
}

fn said(package: &str, files: &[&str], arguments: &[&str]) -> String {
    let all = existing(package, files, arguments);
    all.split_once("=== ").unwrap().0.to_owned()
}

const SMALL: &str = "{\n  \"name\": \"app\",\n  \"main\": \"index.js\"\n}\n";

#[test]
fn websocket_package_is_added() {
    assert_snapshot!(existing(SMALL, &[], &[]), @r#"
    exit 0
    --- stdout
    edited    package.json

    Build it:
      npm install
    --- stderr
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    === package.json
    {
      "name": "app",
      "main": "index.js",
      "dependencies": {
        "@tdengine/websocket": "^3.2.1"
      }
    }
    "#);
}

#[test]
fn over_rest_the_manifest_stays() {
    assert_snapshot!(existing(SMALL, &[], &["--transport", "rest"]), @r#"
    exit 0
    --- stdout
    unchanged package.json

    Build it:
      npm install
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    === package.json
    {
      "name": "app",
      "main": "index.js"
    }
    "#);
}

#[test]
fn stale_lock_files_are_reported() {
    assert_snapshot!(said(SMALL, &["package-lock.json"], &[]), @"
    exit 0
    --- stdout
    edited    package.json

    Build it:
      npm install
    --- stderr
    note: package-lock.json no longer matches; refresh it: npm install --package-lock-only
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    ");
    assert_snapshot!(said(SMALL, &["pnpm-lock.yaml"], &[]), @"
    exit 0
    --- stdout
    edited    package.json

    Build it:
      pnpm install
    --- stderr
    note: pnpm-lock.yaml no longer matches; refresh it: pnpm install --lockfile-only
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    ");
    assert_snapshot!(said(SMALL, &["bun.lock", "yarn.lock"], &[]), @"
    exit 0
    --- stdout
    edited    package.json

    Build it:
      yarn install
    --- stderr
    note: yarn.lock no longer matches; refresh it: yarn install
    note: bun.lock no longer matches; refresh it: bun install --lockfile-only
    note: no server given; @tdengine/websocket 3.2.1 works with servers from 3.3.2.0 on; --server VERSION chooses a release for an older one
    note: @tdengine/websocket writes a log into the directory logs
    ");
    // REST adds no package, so no lock file goes stale.
    assert_snapshot!(said(SMALL, &["yarn.lock"], &["--transport", "rest"]), @"
    exit 0
    --- stdout
    unchanged package.json

    Build it:
      yarn install
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    ");
}

#[test]
fn retired_packages_are_named_over_rest_too() {
    let package = "{\n  \"dependencies\": {\n    \"@tdengine/rest\": \"^3.0.3\"\n  }\n}\n";
    assert_snapshot!(said(package, &[], &["--transport", "rest"]), @"
    exit 0
    --- stdout
    unchanged package.json

    Build it:
      npm install
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: package.json:3 names @tdengine/rest, which is retired: it is no longer maintained; --transport rest needs no package, and --transport ws uses @tdengine/websocket; --upgrade removes it
    ");
}

#[test]
fn native_transport_is_refused() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "node", "--transport", "native"]).run(), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Node.js over the native connection
      Node.js no longer has a native connection: its packages (@tdengine/client, td2.0-connector) are retired and build only on Node.js 10 and 12
      next: taos-setup init --lang node --transport ws
      next: taos-setup init --lang node --transport rest
    ");
}
