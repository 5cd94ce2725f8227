//! `init` in a folder with a `CMakeLists.txt` or a `Makefile`. Awkward ones stand in `tests/manifests/cmake_lists` and
//! `tests/manifests/makefile`.

use std::fs;

use crate::support::program::TestContext;
use insta::assert_snapshot;

const CMAKE: &str =
    "cmake_minimum_required(VERSION 3.10)\nproject(app CXX)\nadd_executable(app app.cpp)\n";
const MAKE: &str = "all: app\napp: app.c\n\t$(CC) -o $@ app.c\n";

/// What `init --lang c` with `arguments` says in a folder with `files`, and the manifests that it leaves.
fn said(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let context = TestContext::new();
    for (path, text) in files {
        fs::write(context.work().join(path), text).unwrap();
    }
    let mut all = vec!["init", "--lang", "c"];
    all.extend(arguments);
    let mut said = context.program(&all).run().to_string();
    for (file, _) in files {
        let text = fs::read_to_string(context.work().join(file)).unwrap();
        said += &format!("=== {file}\n{text}");
    }
    if said.starts_with("exit 0") {
        let again = context.program(&all).run();
        assert!(again.stdout.starts_with("unchanged"), "{again}");
    }
    said
}

#[test]
fn cmake_project_gets_the_target() {
    assert_snapshot!(said(&[("CMakeLists.txt", CMAKE)], &[]), @r#"
    exit 0
    --- stdout
    edited    CMakeLists.txt
    created   taos-example/main.c

    Build it and run it:
      taos-setup run -- cmake -S . -B build
      taos-setup run -- cmake --build build --target taos_example
      taos-setup run -- build/taos_example
    --- stderr
    note: libtaos supports WebSocket since client 3.3.6
    === CMakeLists.txt
    cmake_minimum_required(VERSION 3.10)
    project(app CXX)
    add_executable(app app.cpp)

    # An example that uses TDengine's client library; taos-setup run sets the variables by which CMake finds it.
    find_package(taos CONFIG QUIET)
    if(NOT taos_FOUND)
      message(STATUS "No target taos_example: the client library is not found; taos-setup run -- cmake finds it")
    elseif(NOT TARGET taos_example)
      enable_language(C)
      add_executable(taos_example EXCLUDE_FROM_ALL taos-example/main.c)
      set_target_properties(taos_example PROPERTIES C_STANDARD 11 RUNTIME_OUTPUT_DIRECTORY "$<1:${CMAKE_CURRENT_BINARY_DIR}>")
      target_link_libraries(taos_example PRIVATE taos::taos)
    endif()
    "#);
}

#[test]
fn make_project_gets_the_target() {
    let native = ["--transport", "native"];
    assert_snapshot!(said(&[("Makefile", MAKE)], &native), @"
    exit 0
    --- stdout
    edited    Makefile
    created   taos-example/main.c

    Build it and run it:
      taos-setup run -- make taos_example
      taos-setup run -- ./taos_example
    --- stderr
    note: the first three version parts of the client and the server must match: taos-setup install --match HOST installs the right client
    === Makefile
    all: app
    app: app.c
    	$(CC) -o $@ app.c

    # An example that uses TDengine's client library; taos-setup run sets the variables by which pkg-config finds it.
    taos_example: taos-example/main.c
    	$(CC) $(CPPFLAGS) $(CFLAGS) -std=c11 `pkg-config --cflags taos` -o $@ taos-example/main.c $(LDFLAGS) `pkg-config --libs taos`
    ");
}

/// make reads the first of GNUmakefile, makefile and Makefile that is there.
#[test]
fn makefiles_by_other_names() {
    for (files, edited) in [
        (vec![("makefile", MAKE)], "makefile"),
        (
            vec![("Makefile", "x:\n"), ("GNUmakefile", MAKE)],
            "GNUmakefile",
        ),
    ] {
        let said = said(&files, &["--transport", "native"]);
        let line = format!("edited    {edited}\n");
        assert!(said.contains(&line), "{said}");
        assert!(!said.contains("x:\n\n#"), "{said}");
    }
    let files = [("Makefile", MAKE), ("GNUmakefile", "x:\n")];
    let said = said(&files, &["--manifest", "Makefile"]);
    assert!(said.contains("edited    Makefile\n"), "{said}");
}

/// No second build system is put beside one that init does not know.
#[test]
fn projects_that_something_else_builds() {
    let meson = said(&[("meson.build", "project('a', 'c')\n")], &[]);
    assert_snapshot!(meson, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not start a project in C
      meson.build exists: Meson builds this project, and init does not edit its files
      next: start the project in another directory with --dir
    === meson.build
    project('a', 'c')
    ");
    for file in ["configure.ac", "Makefile.am", "SConstruct"] {
        let said = said(&[(file, "x\n")], &[]);
        assert!(said.starts_with("exit 2\n"), "{said}");
    }
    // One that CMake builds, too, is set up.
    let files = [("meson.build", "x\n"), ("CMakeLists.txt", CMAKE)];
    let said = said(&files, &[]);
    assert!(said.contains("edited    CMakeLists.txt\n"), "{said}");
}

#[test]
fn cmake_is_chosen_next_to_make() {
    let files = [("CMakeLists.txt", CMAKE), ("Makefile", MAKE)];
    assert_snapshot!(said(&files, &[]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the C project
      several files list its dependencies: CMakeLists.txt, Makefile
      next: taos-setup init --lang c --manifest CMakeLists.txt
      next: taos-setup init --lang c --manifest Makefile
    === CMakeLists.txt
    cmake_minimum_required(VERSION 3.10)
    project(app CXX)
    add_executable(app app.cpp)
    === Makefile
    all: app
    app: app.c
    	$(CC) -o $@ app.c
    ");
    // One that CMake has made in the same folder is not meant.
    let made = "# CMAKE generated file: DO NOT EDIT!\nall:\n";
    let files = [("CMakeLists.txt", CMAKE), ("Makefile", made)];
    let said = said(&files, &[]);
    assert!(said.contains("edited    CMakeLists.txt\n"), "{said}");
}
