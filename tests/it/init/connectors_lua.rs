//! Lua projects, run against the sandbox by the versions of Lua that this machine has: over REST with LuaSocket and lua-cjson, over
//! WebSocket with lua-http, natively with a module of the test's own (`tests/lua/luaconnector.c`) on the stand-in driver. Their rocks
//! come from the system's packages: no registry of rocks is asked. See `connectors`.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;
use taos_sandbox::server::{Options, Sandbox};

use crate::init::connectors::{Project, check, check_over_tls, output, sandbox, skip, succeeds};
use crate::support::certificates::Authority;
use crate::support::program::TestContext;

/// Where Debian has what its Lua 5.3 lacks for lua-http.
const DEBIAN_5_1: &str = ";;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua";

/// The program called `lua` in a directory of its own, which is `interpreter`; `None`, and a line that says so, if it or one of `modules`
/// is missing.
fn lua(test: &str, context: &TestContext, interpreter: &str, modules: &[&str]) -> Option<PathBuf> {
    let wanted: Vec<_> = modules
        .iter()
        .map(|it| format!("require('{it}')"))
        .collect();
    let tried = Command::new(interpreter)
        .args(["-e", &wanted.join(" ")])
        .env("LUA_PATH", DEBIAN_5_1)
        .output();
    let why = match tried {
        Ok(ran) if ran.status.success() => None,
        Ok(_) => Some(format!("{interpreter} lacks one of {modules:?}")),
        Err(_) => Some(format!("there is no {interpreter}")),
    };
    if let Some(why) = why {
        skip(test, &why);
        return None;
    }
    let found = succeeds(Path::new("/"), &format!("command -v {interpreter}"));
    let folder = context.work().join(format!("as-{interpreter}"));
    std::fs::create_dir(&folder).unwrap();
    symlink(found.trim(), folder.join("lua")).unwrap();
    Some(folder)
}

/// Runs luacheck over the programs of `folder`, in every version of Lua.
fn luacheck(test: &str, folder: &Path) {
    match Command::new("luacheck").arg("--version").output() {
        Ok(_) => drop(succeeds(folder, "luacheck --no-color -q --std max .")),
        Err(_) => skip(test, "there is no luacheck"),
    }
}

const PRINTED: &str = "exit 0\nserver version: 3.3.7.5\nrows written: 2\n[instant]  21.5  Zürich\n[instant]  -3.25  北京\nrows read: 2\n";

#[test]
fn lua_over_rest() {
    let test = "lua_over_rest";
    let modules = ["socket.http", "cjson", "ssl"];
    for interpreter in ["lua5.1", "lua5.3", "lua5.4"] {
        let context = TestContext::new();
        let Some(path) = lua(test, &context, interpreter, &modules) else {
            continue;
        };
        let folder = context.work().join("hello");
        let project = Project::create(&context, &folder, &["--lang", "lua"]).with_path(&path);
        if interpreter != "lua5.4" {
            assert_eq!(
                project.run(sandbox().adapter(), &[]),
                PRINTED,
                "{interpreter}"
            );
            continue;
        }
        luacheck(test, &folder);
        check_over_tls(&project, "TAOS_CA_FILE");
        assert_snapshot!(check(&project), @"
        exit 0
        server version: 3.3.7.5
        rows written: 2
        [instant]  21.5  Zürich
        [instant]  -3.25  北京
        rows read: 2
        --- wrong password
        exit 1
        stderr: error: [0x357] Authentication failure
        --- may not create databases
        exit 1
        server version: 3.3.7.5
        stderr: error: [0x303] Insufficient privilege for operation
        --- closed port
        exit 1
        stderr: error: cannot reach the server: connection refused
        --- Cloud, closed port
        exit 1
        stderr: error: cannot reach the server: connection refused
        ");
        let native = project.run(sandbox().native(), &[]);
        assert_snapshot!(native, @"
        exit 1
        stderr: error: cannot reach the server: closed
        ");
    }
}

/// LuaSec checks who signed a certificate; the program checks whom it is for.
#[test]
fn lua_over_rest_refuses_other_names() {
    let test = "lua_over_rest_refuses_other_names";
    let context = TestContext::new();
    let Some(path) = lua(test, &context, "lua5.4", &["socket.http", "cjson", "ssl"]) else {
        return;
    };
    let project = Project::create(&context, &context.work().join("hello"), &["--lang", "lua"]);
    let project = project.with_path(&path);
    let authority = Authority::new();
    let server = Sandbox::start(Options {
        tls: Some(authority.signs(&["other.example"], |_| {})),
        ..Options::default()
    })
    .unwrap();
    let file = authority.file(&context.work());
    let trusting = [("TAOS_TLS", "1"), ("TAOS_CA_FILE", file.to_str().unwrap())];
    let run = project.run(server.adapter(), &trusting);
    let logins = server.logins();
    assert_eq!((logins.accepted, logins.refused), (0, 0), "{run}");
    assert_snapshot!(run, @"
    exit 1
    stderr: error: cannot reach the server: the certificate is not for 127.0.0.1
    ");
}

/// In OpenResty the program sends requests by lua-resty-http: here both are doubles, which LuaSocket serves.
#[test]
fn lua_over_rest_in_openresty() {
    let test = "lua_over_rest_in_openresty";
    let context = TestContext::new();
    let Some(path) = lua(test, &context, "lua5.1", &["socket.http", "cjson"]) else {
        return;
    };
    let folder = context.work().join("hello");
    Project::create(&context, &folder, &["--lang", "lua"]);
    let double = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lua/openresty.lua");
    let sandbox = sandbox();
    let port = sandbox.adapter().port().to_string();
    let run = |password: &str| {
        let command = format!("{}/lua {} main.lua", path.display(), double.display());
        let variables = [
            ("TAOS_HOST", "127.0.0.1"),
            ("TAOS_PORT", &port),
            ("TAOS_PASSWORD", password),
        ];
        let output = output(&folder, &command, &variables);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let run_well = run("taosdata");
    assert!(
        run_well.starts_with("server version: 3.3.7.5\n") && run_well.ends_with("rows read: 2\n"),
        "{run_well}"
    );
    assert_snapshot!(run("wrong"), @"error: [0x357] Authentication failure");
}

#[test]
fn lua_over_websocket() {
    let test = "lua_over_websocket";
    for interpreter in ["lua5.1", "lua5.3"] {
        let context = TestContext::new();
        let Some(path) = lua(test, &context, interpreter, &["http.websocket", "cjson"]) else {
            continue;
        };
        let folder = context.work().join("hello");
        let arguments = [
            "--lang",
            "lua",
            "--transport",
            "ws",
            "--example",
            "stmt,tmq,schemaless,pool",
        ];
        let project = Project::create(&context, &folder, &arguments).with_path(&path);
        let project = project.with_variable("LUA_PATH", DEBIAN_5_1);
        if interpreter == "lua5.1" {
            assert_eq!(project.run(sandbox().adapter(), &[]), PRINTED);
            continue;
        }
        luacheck(test, &folder);
        check_over_tls(&project, "TAOS_CA_FILE");
        assert_snapshot!(check(&project), @"
        exit 0
        server version: 3.3.7.5
        rows written: 2
        [instant]  21.5  Zürich
        [instant]  -3.25  北京
        rows read: 2
        --- wrong password
        exit 1
        stderr: error: [0x357] Authentication failure
        --- may not create databases
        exit 1
        server version: 3.3.7.5
        stderr: error: [0x303] Insufficient privilege for operation
        --- closed port
        exit 1
        stderr: error: cannot reach the server: flush: Connection refused
        --- Cloud, closed port
        exit 1
        stderr: error: cannot reach the server: starttls: Connection refused
        ");
        assert_snapshot!(project.check_examples(), @"--- lua stmt.lua\nexit 0\nrows written: 6\n[instant]  -2.75  北京\n[instant]  -3  北京\n[instant]  -3.25  北京\n[instant]  21.5  Zürich\n[instant]  21.75  Zürich\n[instant]  22  Zürich\nrows read: 6\n--- lua tmq.lua\nexit 0\nrows written: 2\n[instant]  -3.25  北京\n[instant]  21.5  Zürich\nrows received: 2\n--- lua schemaless.lua\nexit 0\nlines written: 2\n[instant]  -3.25  北\u{5}京\t\n[instant]  21.5  Z\u{5}ü\tr\ri\u{11}c\u{15}h\u{19}\nrows read: 2\n--- lua pool.lua\nexit 0\nrows written: 80");
    }
}

/// Without a rock, and on a Lua without it, the program says so in one line.
#[test]
fn lua_without_rocks() {
    let test = "lua_without_rocks";
    let context = TestContext::new();
    let Some(path) = lua(test, &context, "lua5.4", &[]) else {
        return;
    };
    for transport in ["rest", "ws"] {
        let folder = context.work().join(transport);
        let arguments = ["--lang", "lua", "--transport", transport];
        let project = Project::create(&context, &folder, &arguments).with_path(&path);
        let project = project
            .with_variable("LUA_PATH", "./?.lua")
            .with_variable("LUA_CPATH", "./?.so");
        let run = project.run(sandbox().adapter(), &[]);
        assert!(run.starts_with("exit 1\nstderr: error: module '"), "{run}");
        assert_eq!(run.lines().count(), 2, "{run}");
    }
}

/// Every rockspec that init edits or writes is still what Lua reads, with the rocks in its list.
#[test]
fn rockspecs_are_lua() {
    let test = "rockspecs_are_lua";
    let context = TestContext::new();
    let Some(path) = lua(test, &context, "lua5.4", &[]) else {
        return;
    };
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests/rockspec");
    let check = "for _, path in ipairs(arg) do \
        local variables = {} \
        assert(loadfile(path, 't', variables))() \
        local found = {} \
        for _, it in pairs(variables.dependencies) do \
        if type(it) == 'string' then found[it:match('^[%w%-/]+'):match('[^/]+$'):lower()] = true end end \
        assert(found.luasocket and found['lua-cjson'], path) end";
    std::fs::write(context.work().join("check.lua"), check).unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "out"))
        .collect();
    assert!(paths.len() >= 20);
    paths.sort();
    Project::create(&context, &context.work().join("hello"), &["--lang", "lua"]);
    paths.push(context.work().join("hello/hello-dev-1.rockspec"));
    let checked = Command::new(path.join("lua"))
        .arg("check.lua")
        .args(&paths)
        .current_dir(context.work())
        .output()
        .unwrap();
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

/// The native program on the stand-in driver, by a module of the test's own and the line of the README.
#[test]
#[cfg(target_os = "linux")]
fn lua_native() {
    use crate::init::connectors_native::{check, install_client};

    let test = "lua_native";
    let context = TestContext::new();
    let Some(path) = lua(test, &context, "lua5.4", &[]) else {
        return;
    };
    for tool in ["gcc", "pkg-config"] {
        if Command::new(tool).arg("--version").output().is_err() {
            return skip(test, &format!("there is no {tool}"));
        }
    }
    let headers = Command::new("pkg-config")
        .args(["--exists", "lua5.4"])
        .status();
    if !headers.is_ok_and(|it| it.success()) {
        return skip(test, "there are no headers of Lua 5.4");
    }
    install_client(&context);
    let folder = context.work().join("hello");
    let arguments = ["--lang", "lua", "--transport", "native"];
    let project = Project::create(&context, &folder, &arguments).with_path(&path);
    luacheck(test, &folder);
    assert_snapshot!(project.run(sandbox().native(), &[]), @"
    exit 1
    stderr: error: module 'luaconnector' not found:
    ");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lua/luaconnector.c");
    std::fs::copy(source, folder.join("lua_connector.c")).unwrap();
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut lines = readme.lines().map(str::trim);
    let compile = lines
        .find(|line| line.starts_with("taos-setup run -- sh"))
        .unwrap();
    project.succeeds(&compile.replace("-fPIC", "-fPIC -Wall -Wextra -Werror"));
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: Unable to establish connection
    --- Cloud
    exit 1
    stderr: error: TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL
    ");
}

/// `--build` compiles the module for the installed client: from a directory, and from an archive whose digest is given.
#[test]
#[cfg(target_os = "linux")]
fn lua_native_built_by_init() {
    use crate::init::connectors_native::install_client;
    use crate::support::program::path_with;

    let test = "lua_native_built_by_init";
    let context = TestContext::new();
    let Some(path) = lua(test, &context, "lua5.4", &[]) else {
        return;
    };
    let headers = Command::new("pkg-config")
        .args(["--exists", "lua5.4"])
        .status();
    if !headers.is_ok_and(|it| it.success()) {
        return skip(test, "there are no headers of Lua 5.4");
    }
    install_client(&context);
    let source = context.work().join("lua-source");
    std::fs::create_dir(&source).unwrap();
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lua/luaconnector.c");
    std::fs::copy(module, source.join("lua_connector.c")).unwrap();
    let path_of_lua = path_with(&path).into_string().unwrap();
    let init = |folder: &str, more: &[&str]| {
        let start = [
            "init",
            "--lang",
            "lua",
            "--transport",
            "native",
            "--quiet",
            "--dir",
            folder,
        ];
        context
            .program(start.iter().chain(more))
            .env("PATH", &path_of_lua)
            .run()
    };
    let prints = |folder: &str| {
        let project = Project::create(
            &context,
            &context.work().join(folder),
            &["--lang", "lua", "--transport", "native"],
        );
        project.with_path(&path).run(sandbox().native(), &[])
    };
    let run = init("hello", &["--build", "lua-source"]);
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    created   hello-dev-1.rockspec
    created   main.lua
    created   README.md
    created   .gitignore
    created   luaconnector.so

    Build it and run it:
      cd hello
      taos-setup run -- lua main.lua
    --- stderr
    ");
    assert_eq!(prints("hello"), PRINTED);
    // The run path is enough: no variable of the loader.
    let found = output(
        &context.work().join("hello"),
        &format!("{}/lua -e 'require(\"luaconnector\")'", path.display()),
        &[],
    );
    assert!(found.status.success(), "{found:?}");

    succeeds(&context.work(), "tar czf source.tar.gz lua-source");
    let sum = succeeds(&context.work(), "sha256sum source.tar.gz");
    let sum = sum.split(' ').next().unwrap();
    let unknown = init("other", &["--build", "source.tar.gz"]);
    assert_eq!(unknown.exit, Some(4), "{unknown}");
    assert!(
        unknown.stderr.contains(&format!("--sha256 {sum}")),
        "{unknown}"
    );
    let wrong = "0".repeat(64);
    let wrong = init("other", &["--build", "source.tar.gz", "--sha256", &wrong]);
    assert_eq!(wrong.exit, Some(4), "{wrong}");
    assert!(!context.work().join("other").exists());
    let right = init("other", &["--build", "source.tar.gz", "--sha256", sum]);
    assert_eq!(right.exit, Some(0), "{right}");
    assert_eq!(prints("other"), PRINTED);

    // A script that fails changes nothing.
    std::fs::write(source.join("lua_connector.c"), "#error not C\n").unwrap();
    let broken = init("broken", &["--build", "lua-source"]);
    assert_eq!(broken.exit, Some(15), "{broken}");
    assert!(broken.stderr.contains("not C"), "{broken}");
    assert!(!context.work().join("broken").exists());
}
