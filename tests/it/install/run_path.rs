//! A path to the installed client library is enough to load the whole driver: it finds its second library without a variable of the loader.
#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::path::{Path, PathBuf};
use std::process::Command;

use taos_sandbox::mirror::{Package, sha256};

use crate::support::client_package::{file, install};
use crate::support::program::TestContext;
use crate::support::skipped;

/// Connects to a closed port: an error of the connection means that the second library was loaded.
const PROGRAM: &str = r#"
#include <dlfcn.h>
#include <stdio.h>

#ifdef BY_PATH
int main(int count, char **words) {
    void *library = count == 2 ? dlopen(words[1], RTLD_NOW) : NULL;
    if (!library) {
        puts(dlerror());
        return 2;
    }
    int (*init)(void) = (int (*)(void))dlsym(library, "taos_init");
    return init() == 0 ? 0 : 1;
}
#else
int taos_init(void);
int main(void) { return taos_init() == 0 ? 0 : 1; }
#endif
"#;

/// The stand-in client 3.3.7.5, installed; `None`, and a line that says so, if there is no C compiler.
fn installed(test: &str) -> Option<(TestContext, PathBuf)> {
    if Command::new("cc").arg("--version").output().is_err() {
        skipped::report_or_fail(test, "there is no cc");
        return None;
    }
    let context = TestContext::new();
    let (path, digest) = file(&context, &Package::new("3.3.7.5"));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &digest, "-v"];
    let run = install(&context, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let detail = "added the run path $ORIGIN to lib/libtaos.so.3.3.7.5 in this copy";
    assert!(run.stderr.contains(detail), "{run}");
    let client = context.taos_setup_home().join("current").canonicalize();
    let client = client.unwrap();
    Some((context, client))
}

fn compile(context: &TestContext, name: &str, flags: &[&str]) -> PathBuf {
    let source = context.work().join("program.c");
    std::fs::write(&source, PROGRAM).unwrap();
    let program = context.work().join(name);
    let mut command = Command::new("cc");
    command.arg(&source).arg("-o").arg(&program).args(flags);
    assert!(command.status().unwrap().success(), "{command:?}");
    program
}

/// The exit code of `program`, which has no variables at all.
fn exit_of(program: &Path, words: &[&str]) -> Option<i32> {
    let mut command = Command::new(program);
    let output = command.args(words).env_clear().output().unwrap();
    output.status.code()
}

#[test]
fn run_path_of_program_is_enough() {
    let Some((context, client)) = installed("run_path_of_program_is_enough") else {
        return;
    };
    let lib = client.join("lib").display().to_string();
    let rpath = format!("-Wl,--enable-new-dtags,-rpath,{lib}");
    let directory = format!("-L{lib}");
    let program = compile(&context, "linked", &[&directory, "-ltaos", &rpath]);
    assert_eq!(exit_of(&program, &[]), Some(0));
    // `driver/`, for the configure script of PHP's extension.
    let driver = client.join("driver").display().to_string();
    let rpath = format!("-Wl,--enable-new-dtags,-rpath,{driver}");
    let directory = format!("-L{driver}");
    let program = compile(&context, "linked_driver", &[&directory, "-ltaos", &rpath]);
    assert_eq!(exit_of(&program, &[]), Some(0));
}

#[test]
fn path_to_library_is_enough() {
    let Some((context, client)) = installed("path_to_library_is_enough") else {
        return;
    };
    let program = compile(&context, "by_path", &["-DBY_PATH", "-ldl"]);
    for name in ["libtaos.so", "libtaos.so.1", "libtaos.so.3.3.7.5"] {
        let library = client.join("lib").join(name);
        let exit = exit_of(&program, &[library.to_str().unwrap()]);
        assert_eq!(exit, Some(0), "{name}");
    }
    // The same libraries without the run path: the driver loads, and its second library is not found.
    let plain = context.work().join("plain");
    std::fs::create_dir(&plain).unwrap();
    let built = taos_sandbox::driver::built().unwrap();
    let marked = taos_sandbox::mirror::libraries(&std::fs::read(built).unwrap(), "3.3.7.5");
    for (name, bytes) in marked.unwrap() {
        std::fs::write(plain.join(name), bytes).unwrap();
    }
    let library = plain.join("libtaos.so");
    assert_eq!(exit_of(&program, &[library.to_str().unwrap()]), Some(1));
}

#[test]
fn receipt_has_changed_library() {
    let Some((context, client)) = installed("receipt_has_changed_library") else {
        return;
    };
    let library = std::fs::read(client.join("lib/libtaos.so")).unwrap();
    let receipt = std::fs::read_to_string(client.join("receipt.toml")).unwrap();
    assert!(receipt.contains(&sha256(&library)));
    let size = format!("size = {}\n", library.len());
    assert!(receipt.contains(&size));
    // Nothing to repair, and a second installation changes nothing.
    let (path, digest) = file(&context, &Package::new("3.3.7.5"));
    for extra in [&[][..], &["--repair"]] {
        let mut args = vec!["--from", path.to_str().unwrap(), "--sha256", &digest];
        args.extend(extra);
        let run = install(&context, &args).run();
        assert_eq!(run.exit, Some(0), "{run}");
        let again = std::fs::read(client.join("lib/libtaos.so")).unwrap();
        assert!(again == library, "{extra:?}");
    }
    let which = context.program(["which"]).run();
    assert_eq!(which.exit, Some(0), "{which}");
}
