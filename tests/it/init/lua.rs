//! Rockspecs that are there already: found by their ending, edited, locked, read by `verify`; and what `init --lang lua` refuses.

use insta::assert_snapshot;

use crate::support::program::TestContext;

const ROCKSPEC: &str = "package = \"app\"\nversion = \"1.0-1\"\ndependencies = {\n   \"lua >= 5.1\",\n}\nbuild = { type = \"none\" }\n";

/// A context with a rockspec, and a lock file if one is given.
fn existing(lock: Option<&str>) -> TestContext {
    let context = TestContext::new();
    std::fs::write(context.work().join("app-1.0-1.rockspec"), ROCKSPEC).unwrap();
    if let Some(lock) = lock {
        std::fs::write(context.work().join("luarocks.lock"), lock).unwrap();
    }
    context
}

#[test]
fn existing_rockspec_is_found_by_its_ending() {
    let context = existing(Some("return {\n   dependencies = {}\n}\n"));
    assert_snapshot!(context.program(["init", "--dry-run"]).run(), @r#"
    exit 0
    --- stdout
    --- a/app-1.0-1.rockspec
    +++ b/app-1.0-1.rockspec
    @@ -2,5 +2,7 @@
     version = "1.0-1"
     dependencies = {
        "lua >= 5.1",
    +   "luasocket >= 3.1.0",
    +   "lua-cjson >= 2.1.0",
     }
     build = { type = "none" }
    --- stderr
    note: luarocks.lock no longer matches; refresh it: luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    "#);
    assert_snapshot!(context.program(["init", "--check"]).run(), @r#"
    exit 7
    --- stdout
    --- a/app-1.0-1.rockspec
    +++ b/app-1.0-1.rockspec
    @@ -2,5 +2,7 @@
     version = "1.0-1"
     dependencies = {
        "lua >= 5.1",
    +   "luasocket >= 3.1.0",
    +   "lua-cjson >= 2.1.0",
     }
     build = { type = "none" }
    --- stderr
    note: the project differs from what init would write; run init without --check to change it
    note: luarocks.lock no longer matches; refresh it: luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    "#);
    assert_snapshot!(context.program(["init", "--example", "basic"]).run(), @"
    exit 0
    --- stdout
    edited    app-1.0-1.rockspec
    created   examples/taos-example.lua

    Build it and run it:
      luarocks make --only-deps --tree lua_modules app-1.0-1.rockspec
      lua examples/taos-example.lua
    --- stderr
    note: luarocks.lock no longer matches; refresh it: luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    ");
    assert_snapshot!(context.program(["init", "--check"]).run(), @"
    exit 0
    --- stdout
    --- stderr
    note: nothing would change
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    ");
    // Another transport needs another rock; the program stays.
    assert_snapshot!(context.program(["init", "--transport", "ws", "--example", "pool"]).run(), @"
    exit 0
    --- stdout
    edited    app-1.0-1.rockspec
    created   examples/taos-pool.lua

    Build it and run it:
      luarocks make --only-deps --tree lua_modules app-1.0-1.rockspec
      lua examples/taos-pool.lua
    --- stderr
    note: luarocks.lock no longer matches; refresh it: luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec
    note: no server given; http 0.4 works with servers from 3.2.2.0 on
    note: lua-http runs on Lua 5.1 to 5.3; on Lua 5.4, use REST
    ");
    let after = std::fs::read_to_string(context.work().join("app-1.0-1.rockspec")).unwrap();
    assert_snapshot!(after, @r#"
    package = "app"
    version = "1.0-1"
    dependencies = {
       "lua >= 5.1",
       "luasocket >= 3.1.0",
       "lua-cjson >= 2.1.0",
       "http >= 0.4",
    }
    build = { type = "none" }
    "#);
}

#[test]
fn several_rockspecs_are_listed() {
    let context = existing(None);
    std::fs::write(context.work().join("app-dev-1.rockspec"), ROCKSPEC).unwrap();
    assert_snapshot!(context.program(["init"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the Lua project
      several files list its dependencies: app-1.0-1.rockspec, app-dev-1.rockspec
      next: taos-setup init --lang lua --manifest app-1.0-1.rockspec
      next: taos-setup init --lang lua --manifest app-dev-1.rockspec
    ");
    let run = context
        .program(["init", "--manifest", "app-dev-1.rockspec"])
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    edited    app-dev-1.rockspec

    Build it:
      luarocks make --only-deps --tree lua_modules app-dev-1.rockspec
    --- stderr
    note: no server given; luasocket 3.1.0 works with servers from 3.0.0.0 on
    ");
}

#[test]
fn lock_is_refreshed_by_luarocks() {
    let context = existing(Some("return {}\n"));
    let run = context
        .program(["init", "--lock"])
        .env("PATH", context.work().to_str().unwrap())
        .run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    --- stderr
    note: running luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec
    error[lock-failed]: could not update luarocks.lock with `luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec`
      program luarocks is not on PATH; changes made by init are kept
      next: luarocks make --only-deps --pin --tree lua_modules app-1.0-1.rockspec
    ");
}

#[test]
fn refusals_name_what_runs() {
    let context = TestContext::new();
    let init = |arguments: &[&str]| {
        let all = ["init", "--lang", "lua"].iter().chain(arguments);
        context.program(all).run()
    };
    assert_snapshot!(init(&["--example", "tmq"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not add the example tmq to Lua over REST
      REST has no subscriptions
      next: taos-setup init --lang lua --transport ws --example tmq
    ");
    assert_snapshot!(init(&["--transport", "native", "--example", "pool"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not add the example pool to Lua over the native connection
      luaconnector blocks the only thread of Lua, so a second connection saves no time
      next: taos-setup init --lang lua --transport ws --example pool
    ");
    assert_snapshot!(init(&["--transport", "native", "--cloud"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Lua over the native connection to TDengine Cloud
      TDengine Cloud has no native connection
      next: taos-setup init --lang lua --transport ws
      next: taos-setup init --lang lua --transport rest
    ");
    assert_snapshot!(init(&["--transport", "ws", "--server", "3.1.0.0"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Lua over WebSocket with server 3.1.0.0
      its connectors require server 3.2.2.0 or later for that transport, and this server is 3.1.0.0
      next: taos-setup init --lang lua --transport rest
      next: taos-setup init --lang lua --transport native
    ");
    assert_snapshot!(init(&["--needs", "stmt"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up Lua over REST
      Lua over REST does not support: parameter binding
      next: taos-setup init --lang lua --transport ws
    ");
    assert_snapshot!(init(&["--name", "My App"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not name the Lua project My App
      expected lower-case letters, digits, and - _ ., starting with a letter or a digit
      next: pass another name, for example --name my-app
    ");
    assert_snapshot!(init(&["--dev", "--dry-run"]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the Lua project
      work-dev-1.rockspec has no list for --dev
      next: omit --dev
    ");
}

#[test]
fn verify_reads_rockspecs() {
    let context = existing(None);
    let run = context
        .program(["init", "--lang", "lua", "--transport", "ws"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    let sandbox = crate::init::connectors::sandbox();
    let target = sandbox.adapter().to_string();
    let run = context
        .program(["verify", &target, "--transport", "ws", "--json"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    std::fs::write(context.work().join("broken.rockspec"), "dependencies = {").unwrap();
    let run = context
        .program(["verify", &target, "--transport", "ws"])
        .run();
    assert!(run.stderr.contains("broken.rockspec"), "{run}");
}

/// OpenResty passes on no variables, and resolves no names, unless its file says so.
#[test]
fn settings_of_openresty_are_noted() {
    let notes = |files: &[(&str, &str)], arguments: &[&str]| {
        let context = existing(None);
        crate::support::tree::write_files(&context.work(), files);
        let all = ["init", "--dry-run"].iter().chain(arguments);
        let run = context.program(all).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let lines = run.stderr.lines().filter(|it| it.contains("nginx"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let plain = "worker_processes 1;\nhttp {\n  server {\n    location / {\n      content_by_lua_block { ngx.say('{') }\n    }\n  }\n}\n";
    let whole = format!(
        "env TAOS_HOST;\nhttp {{\n resolver local=on;\n lua_ssl_trusted_certificate /etc/ca.pem;\n}}\n{plain}"
    );
    let path = "http {\n  lua_package_path '/srv/?.lua';\n  resolver 10.0.0.1;\n}\n";
    let text = [
        notes(&[("nginx.conf", plain)], &[]),
        notes(&[("conf/nginx.conf", path)], &[]),
        notes(&[("nginx.conf", plain)], &["--transport", "native"]),
    ]
    .join("---\n");
    assert_snapshot!(text, @"
    note: nginx.conf:5 runs Lua: for the program in OpenResty, add env TAOS_HOST; env TAOS_USER; env TAOS_PASSWORD; resolver local=on; lua_ssl_trusted_certificate FILE; lua_ssl_verify_depth 3; (variables at the top level, the others in http)
    ---
    note: conf/nginx.conf:2 runs Lua: for the program in OpenResty, add env TAOS_HOST; env TAOS_USER; env TAOS_PASSWORD; lua_ssl_trusted_certificate FILE; lua_ssl_verify_depth 3; (variables at the top level, the others in http)
    note: conf/nginx.conf:2 sets lua_package_path without `;;`, so modules of OpenResty such as resty.http are not found
    ---
    note: nginx.conf:5 runs Lua: in OpenResty use --transport rest; other connections would stop every request of the worker
    ");
    assert_eq!(notes(&[("nginx.conf", &whole)], &[]), "");
    // Another program's.
    assert_eq!(
        notes(&[("nginx.conf", "http { resolver 1.1.1.1; }\n")], &[]),
        ""
    );
}
