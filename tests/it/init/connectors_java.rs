//! Java projects, built with the real driver and run against the sandbox. See `init_connectors`.

use std::path::Path;

use crate::init::connectors::{
    EMPTY_SERVER, Project, Toolchain, check, check_on_new, check_over_tls, databases, sandbox,
    succeeds, toolchain,
};
#[cfg(target_os = "linux")]
use crate::init::connectors_native::{check as check_native, install_client};
use crate::init::connectors_tokens::refuses_tokens;
use crate::support::program::TestContext;
use insta::assert_snapshot;
use taos_sandbox::server::{Options, Sandbox};

/// `None`, and a line that says so, where Maven or its registry is missing.
pub fn java(test: &str) -> Option<()> {
    static KNOWN: Toolchain = Toolchain::new();
    // One run of Maven for all releases.
    let release = |version: &str| {
        format!(
            "<artifactItem><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>{version}</version>\
             <destFileName>{version}.jar</destFileName></artifactItem>"
        )
    };
    let releases = ["3.2.8", "3.5.3", "3.7.9"].map(release).concat();
    let pom = format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version><packaging>pom</packaging>\
         <build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId><version>3.6.1</version>\
         <configuration><artifactItems>{releases}</artifactItems></configuration></plugin></plugins></build></project>"
    );
    let commands = [format!(
        "echo '{pom}' > pom.xml && mvn -q -B dependency:copy"
    )];
    toolchain(
        test,
        &KNOWN,
        (&["mvn", "javac"], "-version"),
        "taos-jdbcdriver",
        &commands,
    )
}

/// No level of Java that the programs are for has a warning.
#[track_caller]
fn java_is_clean(folder: &Path, library: &str) {
    let lint = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/init/connectors/Lint.java");
    let pool = succeeds(folder, "find src/main/java -name PoolExample.java");
    // The pool needs Java 11, and nothing else differs between that and 8.
    let levels = match pool.is_empty() {
        true => "8 17",
        false => "8-PoolExample.java 11 17",
    };
    succeeds(
        folder,
        &format!("java '{}' '{library}' {levels}", lint.display()),
    );
}

#[test]
fn java_over_websocket() {
    let Some(()) = java("java_over_websocket") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["--lang", "java", "--server", "3.2.2.2"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    java_is_clean(&project.folder, "target/lib");
    refuses_tokens(&project, Sandbox::adapter);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: (0x357):auth failure:Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: TDengine ERROR (0x303): Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ERROR (0x231d): can't create connection with server within: 60000 milliseconds
    --- Cloud, closed port
    exit 1
    stderr: error: ERROR (0x231d): can't create connection with server within: 60000 milliseconds
    ");
}

#[test]
fn java_over_websocket_with_binary_queries() {
    let Some(()) = java("java_over_websocket_with_binary_queries") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["--lang", "java", "--server", "3.3.2.0"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    assert!(
        project
            .folder
            .join("target/lib/taos-jdbcdriver-3.5.3.jar")
            .exists()
    );
    java_is_clean(&project.folder, "target/lib");
    let checked = check_on_new(&project, true);
    let oldest = Sandbox::start(Options {
        version: "3.3.2.0".into(),
        ..Options::default()
    })
    .unwrap();
    let plain = checked.split("--- wrong password").next().unwrap();
    let on_oldest = project.run(oldest.adapter(), &[]);
    assert_eq!(on_oldest, plain.replace("3.3.7.5", "3.3.2.0"));
    assert_snapshot!(checked, @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: (0x357):auth failure:Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: TDengine ERROR (0x303): Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ERROR (0x231d): can't create connection with server within: 60000 milliseconds
    --- Cloud, closed port
    exit 1
    stderr: error: ERROR (0x231d): can't create connection with server within: 60000 milliseconds
    ");
}

#[test]
fn java_over_websocket_with_the_newest_release() {
    let Some(()) = java("java_over_websocket_with_the_newest_release") else {
        return;
    };
    let context = TestContext::new();
    let arguments = [
        "--lang",
        "java",
        "--server",
        "3.3.7.5",
        "--example",
        "stmt,tmq,schemaless,pool",
    ];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    assert!(
        project
            .folder
            .join("target/lib/taos-jdbcdriver-3.7.9.jar")
            .exists()
    );
    java_is_clean(&project.folder, "target/lib");
    check_over_tls(&project, "TAOS_CA_FILE");
    refuses_tokens(&project, Sandbox::adapter);
    assert_snapshot!(check_on_new(&project, true), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: (0x357):auth failure:Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: TDengine ERROR (0x303): Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ERROR (0x231d): can't create connection with any server within: 60000 milliseconds
    --- Cloud, closed port
    exit 1
    stderr: error: ERROR (0x231d): can't create connection with any server within: 60000 milliseconds
    ");
    assert_snapshot!(project.check_examples(), @"
    --- java -cp target/hello.jar com.example.StmtExample
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3.0  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22.0  Zürich
    rows read: 6
    --- java -cp target/hello.jar com.example.TmqExample
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- java -cp target/hello.jar com.example.SchemalessExample
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- java -cp target/hello.jar com.example.PoolExample
    exit 0
    rows written: 80
    ");
}

#[test]
fn java_over_rest() {
    let Some(()) = java("java_over_rest") else {
        return;
    };
    let context = TestContext::new();
    let arguments = ["--lang", "java", "--transport", "rest", "--example", "pool"];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    java_is_clean(&project.folder, "target/lib");
    check_over_tls(&project, "TAOS_CA_FILE");
    refuses_tokens(&project, Sandbox::adapter);
    assert_snapshot!(check(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: TDengine ERROR (0x357): sql: select server_version(), desc: Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: TDengine ERROR (0x303): sql: create database taos_example_[n] vgroups 1 buffer 3 pages 64, desc: Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: ERROR (0x2318): Connect to 127.0.0.1:[port] [/127.0.0.1] failed: Connection refused
    --- Cloud, closed port
    exit 1
    stderr: error: ERROR (0x2318): Connect to 127.0.0.1:[port] [/127.0.0.1] failed: Connection refused
    ");
    assert_snapshot!(project.check_examples(), @"
    --- java -cp target/hello.jar com.example.PoolExample
    exit 0
    rows written: 80
    ");
}

#[test]
fn java_as_one_jar() {
    let Some(()) = java("java_as_one_jar") else {
        return;
    };
    for (server, version) in [
        ("3.2.2.2", "3.2.8"),
        ("3.3.2.0", "3.5.3"),
        ("3.3.7.5", "3.7.9"),
    ] {
        let context = TestContext::new();
        let arguments = ["--lang", "java", "--dist", "--server", server];
        let project = Project::build(&context, &context.work().join("hello"), &arguments);
        let jars = succeeds(&project.folder, "ls target/lib");
        assert_eq!(jars, format!("taos-jdbcdriver-{version}-dist.jar\n"));
        let run = project.run(sandbox().adapter(), &[]);
        assert!(
            run.starts_with("exit 0\n") && run.contains("rows read: 2\n"),
            "{run}"
        );
    }
}

/// The stand-in driver has the functions that Java looks for in the client library.
#[cfg(target_os = "linux")]
#[test]
fn java_native() {
    let Some(()) = java("java_native") else {
        return;
    };
    let context = TestContext::new();
    install_client(&context);
    let arguments = [
        "--lang",
        "java",
        "--transport",
        "native",
        "--example",
        "stmt,tmq,schemaless,pool",
    ];
    let project = Project::build(&context, &context.work().join("hello"), &arguments);
    java_is_clean(&project.folder, "target/lib");
    refuses_tokens(&project, Sandbox::native);
    assert_snapshot!(check_native(&project), @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    --- wrong password
    exit 1
    stderr: error: JNI ERROR (0x2354): Authentication failure
    --- may not create databases
    exit 1
    server version: 3.3.7.5
    stderr: error: TDengine ERROR (0x80000303): Insufficient privilege for operation
    --- closed port
    exit 1
    stderr: error: JNI ERROR (0x2354): Unable to establish connection
    --- Cloud
    exit 1
    stderr: error: TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL
    ");
    assert_snapshot!(project.check_native_examples(), @"
    --- taos-setup run -- java -cp target/hello.jar com.example.StmtExample
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3.0  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22.0  Zürich
    rows read: 6
    --- taos-setup run -- java -cp target/hello.jar com.example.TmqExample
    exit 0
    rows written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows received: 2
    --- taos-setup run -- java -cp target/hello.jar com.example.SchemalessExample
    exit 0
    lines written: 2
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    rows read: 2
    --- taos-setup run -- java -cp target/hello.jar com.example.PoolExample
    exit 0
    rows written: 80
    ");
}

#[test]
fn java_in_an_existing_project() {
    let Some(()) = java("java_in_an_existing_project") else {
        return;
    };
    let context = TestContext::new();
    let folder = context.work();
    std::fs::write(
        folder.join("pom.xml"),
        "<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>com.acme</groupId>\n  <artifactId>app</artifactId>\n  <version>1</version>\n\
         \x20 <properties>\n    <maven.compiler.source>1.8</maven.compiler.source>\n    <maven.compiler.target>1.8</maven.compiler.target>\n\
         \x20   <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>\n  </properties>\n  <dependencies/>\n</project>\n",
    )
    .unwrap();
    let project = Project::build(
        &context,
        &folder,
        &["--lang", "java", "--example", "stmt,pool"],
    );
    let sandbox = sandbox();
    let run = project.run(sandbox.adapter(), &[]);
    let own: String = run
        .lines()
        .filter(|line| !line.starts_with("stderr: SLF4J:"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_snapshot!(own, @"
    exit 0
    server version: 3.3.7.5
    rows written: 2
    [instant]  21.5  Zürich
    [instant]  -3.25  北京
    rows read: 2
    ");
    assert_eq!(databases(sandbox.adapter()), EMPTY_SERVER);
    assert_snapshot!(project.check_examples(), @r#"
    --- java -cp "target/taos-example/*" taos-example/TaosStmt.java
    exit 0
    rows written: 6
    [instant]  -2.75  北京
    [instant]  -3.0  北京
    [instant]  -3.25  北京
    [instant]  21.5  Zürich
    [instant]  21.75  Zürich
    [instant]  22.0  Zürich
    rows read: 6
    stderr: SLF4J: Failed to load class "org.slf4j.impl.StaticLoggerBinder".
    stderr: SLF4J: Defaulting to no-operation (NOP) logger implementation
    stderr: SLF4J: See http://www.slf4j.org/codes.html#StaticLoggerBinder for further details.
    --- java -cp "target/taos-example/*" taos-example/TaosPool.java
    exit 0
    rows written: 80
    stderr: SLF4J: Failed to load class "org.slf4j.impl.StaticLoggerBinder".
    stderr: SLF4J: Defaulting to no-operation (NOP) logger implementation
    stderr: SLF4J: See http://www.slf4j.org/codes.html#StaticLoggerBinder for further details.
    "#);
}
