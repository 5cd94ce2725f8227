//! `init --example`: which examples go where, and which are refused. What they print is shown in `connectors*`.

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

/// The paths that `init` lists for `arguments`, and the commands after them.
fn listed(context: &TestContext, arguments: &[&str]) -> String {
    let mut all = vec!["init"];
    all.extend(arguments);
    let run = context.program(&all).run();
    assert_eq!(run.exit, Some(0), "{run}");
    run.stdout
}

#[test]
fn new_go_project_has_commands() {
    let context = TestContext::new();
    let arguments = ["--lang", "go", "--dir", "hello", "--example", "stmt,tmq"];
    assert_snapshot!(listed(&context, &arguments), @"
    created   go.mod
    created   main.go
    created   README.md
    created   .gitignore
    created   cmd/stmt/main.go
    created   cmd/tmq/main.go

    Build it and run it:
      cd hello
      go mod tidy
      go build -o bin/hello .
      go build -o bin/hello-stmt ./cmd/stmt
      go build -o bin/hello-tmq ./cmd/tmq
      ./bin/hello
      ./bin/hello-stmt
      ./bin/hello-tmq
    ");
    let before = tree(&context.work());
    let again = listed(&context, &arguments);
    assert!(!again.contains("created"), "{again}");
    assert_eq!(tree(&context.work()), before);
}

#[test]
fn second_run_adds_another_example() {
    let context = TestContext::new();
    listed(&context, &["--lang", "rust", "--dir", "hello"]);
    let arguments = ["--lang", "rust", "--dir", "hello", "--example", "stmt,pool"];
    assert_snapshot!(listed(&context, &arguments), @"
    unchanged Cargo.toml
    created   examples/taos_stmt.rs
    created   examples/taos_pool.rs

    Build it and run it:
      cd hello
      cargo build
      cargo build --example taos_stmt
      cargo build --example taos_pool --features taos/deadpool
      cargo run -q --example taos_stmt
      cargo run -q --example taos_pool --features taos/deadpool
    ");
}

/// A C project has no packages: the programs of an existing one are a build of their own.
#[test]
fn c_programs_have_targets() {
    let context = TestContext::new();
    let arguments = ["--lang", "c", "--dir", "hello", "--example", "stmt,pool"];
    assert_snapshot!(listed(&context, &arguments), @"
    created   CMakeLists.txt
    created   main.c
    created   README.md
    created   .gitignore
    created   examples/stmt.c
    created   examples/pool.c

    Build it and run it:
      cd hello
      taos-setup run -- cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
      taos-setup run -- cmake --build build
      taos-setup run -- build/taos_example
      taos-setup run -- build/taos_stmt
      taos-setup run -- build/taos_pool
    ");
    let cmake = std::fs::read_to_string(context.work().join("hello/CMakeLists.txt")).unwrap();
    assert_snapshot!(cmake, @r#"
    cmake_minimum_required(VERSION 3.10)
    project(hello C)

    set(CMAKE_C_STANDARD 11)
    set(CMAKE_C_STANDARD_REQUIRED ON)

    # The client library; taos-setup run sets the variables by which CMake finds it.
    find_package(taos CONFIG REQUIRED)

    add_executable(taos_example main.c)
    add_executable(taos_stmt examples/stmt.c)
    add_executable(taos_pool examples/pool.c)
    find_package(Threads REQUIRED)
    target_link_libraries(taos_pool PRIVATE Threads::Threads)
    foreach(program taos_example taos_stmt taos_pool)
      target_link_libraries(${program} PRIVATE taos::taos)
      set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "$<1:${CMAKE_CURRENT_BINARY_DIR}>")
      if(NOT MSVC)
        target_compile_options(${program} PRIVATE -Wall -Wextra)
      endif()
    endforeach()
    "#);
    let arguments = ["--lang", "c", "--dir", "hello", "--example", "schemaless"];
    assert_snapshot!(listed(&context, &arguments), @"
    unchanged CMakeLists.txt
    unchanged main.c
    unchanged README.md
    unchanged .gitignore
    created   taos-example/CMakeLists.txt
    created   taos-example/schemaless.c

    Build it and run it:
      cd hello
      taos-setup run -- cmake -S . -B build -DCMAKE_BUILD_TYPE=Release
      taos-setup run -- cmake --build build
      taos-setup run -- cmake -S taos-example -B build/taos-example
      taos-setup run -- cmake --build build/taos-example
      taos-setup run -- build/taos_example
      taos-setup run -- build/taos-example/taos_schemaless
    ");
    assert!(!listed(&context, &arguments).contains("created"));
}

#[test]
fn java_names_are_given() {
    let context = TestContext::new();
    let arguments = [
        "--lang",
        "java",
        "--dir",
        "hello",
        "--group-id",
        "io.acme",
        "--package",
        "io.acme.sensors",
        "--example",
        "pool",
    ];
    assert_snapshot!(listed(&context, &arguments), @"
    created   pom.xml
    created   src/main/java/io/acme/sensors/Example.java
    created   README.md
    created   .gitignore
    created   src/main/java/io/acme/sensors/PoolExample.java

    Build it and run it:
      cd hello
      mvn -q package
      java -jar target/hello.jar
      java -cp target/hello.jar io.acme.sensors.PoolExample
    ");
    let read = |path: &str| std::fs::read_to_string(context.work().join(path)).unwrap();
    let pom = read("hello/pom.xml");
    assert!(pom.contains("<groupId>io.acme</groupId>"), "{pom}");
    assert!(
        pom.contains("<mainClass>io.acme.sensors.Example</mainClass>"),
        "{pom}"
    );
    assert!(pom.contains("<artifactId>HikariCP</artifactId>"), "{pom}");
    let program = read("hello/src/main/java/io/acme/sensors/PoolExample.java");
    assert!(
        program.starts_with("package io.acme.sensors;\n"),
        "{program}"
    );
}

#[test]
fn existing_gradle_project_gets_a_build_of_its_own() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("build.gradle"),
        "plugins {\n    id 'java'\n}\n",
    )
    .unwrap();
    let arguments = ["--lang", "java", "--example", "stmt,pool"];
    assert_snapshot!(listed(&context, &arguments), @"
    edited    build.gradle
    created   taos-example/settings.gradle
    created   taos-example/build.gradle
    created   taos-example/src/main/java/TaosStmt.java
    created   taos-example/src/main/java/TaosPool.java

    Build it and run it:
      gradle -q classes
      gradle -q -p taos-example classes
      gradle -q -p taos-example run -PmainClass=TaosStmt
      gradle -q -p taos-example run -PmainClass=TaosPool
    ");
    let again = listed(&context, &arguments);
    assert!(
        !again.contains("created") && !again.contains("edited"),
        "{again}"
    );
}

#[test]
fn existing_python_project_gets_programs_beside_it() {
    let context = TestContext::new();
    std::fs::write(context.work().join("requirements.txt"), "requests\n").unwrap();
    let arguments = ["--lang", "python", "--example", "basic,schemaless"];
    assert_snapshot!(listed(&context, &arguments), @"
    edited    requirements.txt
    created   taos_example.py
    created   taos_schemaless.py

    Build it and run it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
      .venv/bin/python taos_example.py
      .venv/bin/python taos_schemaless.py
    ");
}

/// Everything that cannot be is refused before anything is written.
#[test]
fn impossible_examples_are_refused() {
    let context = TestContext::new();
    let mut text = String::new();
    for arguments in [
        "--lang go --transport rest --example stmt",
        "--lang go --server 3.2.2.2 --example tmq",
        "--lang python --server 3.2.2.2 --example stmt",
        "--lang go --transport native --server 3.2.3.0 --example tmq",
        "--lang c --server 3.2.2.2 --example tmq",
        "--lang go --package com.acme",
        "--lang java --package Com.Acme",
        "--lang go --example none",
    ] {
        let mut all = vec!["init"];
        all.extend(arguments.split(' '));
        let run = context.program(&all).run();
        text += &format!("{arguments}: exit {}\n{}", run.exit.unwrap(), run.stderr);
    }
    assert_eq!(std::fs::read_dir(context.work()).unwrap().count(), 0);
    assert_snapshot!(text, @"
    --lang go --transport rest --example stmt: exit 3
    error[transport-unsupported]: could not add the example stmt to Go over REST
      REST has no bound parameters
      next: taos-setup init --lang go --transport ws --example stmt
    --lang go --server 3.2.2.2 --example tmq: exit 3
    error[transport-unsupported]: could not add the example tmq to Go over WebSocket
      github.com/taosdata/driver-go/v3 v3.5.5, which fits the server, cannot run it: earlier consumers read empty values from servers before 3.3
      next: omit --example tmq
    --lang python --server 3.2.2.2 --example stmt: exit 3
    error[transport-unsupported]: could not add the example stmt to Python over WebSocket
      it requires server 3.3.5.0 or later, and this server is 3.2.2.2
      next: omit --example stmt
    --lang go --transport native --server 3.2.3.0 --example tmq: exit 3
    error[transport-unsupported]: could not add the example tmq to Go over the native connection
      github.com/taosdata/driver-go/v3 v3.5.5, which fits the server, cannot run it: earlier consumers read empty values from servers before 3.3
      next: omit --example tmq
    --lang c --server 3.2.2.2 --example tmq: exit 3
    error[transport-unsupported]: could not add the example tmq to C over WebSocket
      it requires server 3.3.0.0 or later, and this server is 3.2.2.2
      next: omit --example tmq
    --lang go --package com.acme: exit 2
    error[usage]: could not set up the Go project
      --package is for --lang java
      next: omit --package
    --lang java --package Com.Acme: exit 2
    error: invalid value 'Com.Acme' for '--package <PACKAGE>': invalid package: expected lower-case words with dots, such as com.example

    For more information, try '--help'.
    --lang go --example none: exit 2
    error: invalid value 'none' for '--example <NAME>'
      [possible values: basic, pool, schemaless, stmt, tmq]

    For more information, try '--help'.
    ");
}

#[test]
fn refusal_is_printed_in_chinese() {
    let context = TestContext::new();
    let arguments = [
        "init",
        "--lang",
        "go",
        "--transport",
        "rest",
        "--example",
        "tmq",
    ];
    let run = context
        .program(arguments)
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    --- stderr
    错误[transport-unsupported]：无法为 Go 的REST 连接添加示例 tmq
      REST 不支持数据订阅
      下一步：taos-setup init --lang go --transport ws --example tmq
    ");
}
