//! `init` in projects of R that exist, and where the driver's jar comes from.

use std::fs;

use insta::assert_snapshot;

use crate::init::new_r::{JAR, JAR_SHA256};
use crate::support::program::{Run, TestContext};
use crate::support::tree::{tree, write_files};

const PACKAGE: &str = "Package: readings\nVersion: 0.1.0\nImports:\n    DBI\n";
const RENV: &str =
    r#"{"R": {"Version": "4.4.1"}, "Packages": {"DBI": {"Package": "DBI", "Version": "1.2.3"}}}"#;
/// Where Maven's layout has the driver.
const MAVEN_PATH: &str = "com/taosdata/jdbc/taos-jdbcdriver/3.7.9/taos-jdbcdriver-3.7.9-dist.jar";

fn project(files: &[(&str, &str)]) -> TestContext {
    let context = TestContext::new();
    write_files(&context.work(), files);
    context
}

/// Runs `init` for a server of 3.3.7.5 with `arguments`; the digest of [`JAR`] is accepted.
fn init(context: &TestContext, arguments: &[&str]) -> Run {
    let mut all = vec!["init", "--server", "3.3.7.5", "--sha256", JAR_SHA256];
    all.extend(arguments);
    context.program(all).run()
}

#[test]
fn package_gets_the_driver_where_r_installs_it() {
    let context = project(&[
        ("DESCRIPTION", PACKAGE),
        ("NAMESPACE", "import(DBI)\n"),
        ("renv.lock", RENV),
        ("driver.jar", JAR),
    ]);
    assert_snapshot!(init(&context, &["--jar", "driver.jar", "--check"]), @r#"
    exit 7
    --- stdout
    --- a/DESCRIPTION
    +++ b/DESCRIPTION
    @@ -1,4 +1,5 @@
     Package: readings
     Version: 0.1.0
     Imports:
    -    DBI
    +    DBI,
    +    RJDBC
    --- stderr
    note: the project differs from what init would write; run init without --check to change it
    note: renv.lock no longer matches; refresh it: Rscript -e "renv::install('RJDBC'); renv::snapshot()"
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    note: inst/java/taos-jdbcdriver-3.7.9-dist.jar would be added (SHA-256 916c00c050bcea658410c821a4e8d7bbf981247ecd080fcb3c89f5b7249e6228)
    "#);
    assert_snapshot!(init(&context, &["--jar", "driver.jar"]), @r#"
    exit 0
    --- stdout
    edited    DESCRIPTION
    created   inst/java/taos-jdbcdriver-3.7.9-dist.jar

    Build it:
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
    --- stderr
    note: renv.lock no longer matches; refresh it: Rscript -e "renv::install('RJDBC'); renv::snapshot()"
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    "#);
    fs::remove_file(context.work().join("driver.jar")).unwrap();
    assert_snapshot!(tree(&context.work()), @r#"
    === DESCRIPTION
    Package: readings
    Version: 0.1.0
    Imports:
        DBI,
        RJDBC
    === NAMESPACE
    import(DBI)
    === inst/java/taos-jdbcdriver-3.7.9-dist.jar
    a jar
    === renv.lock
    {"R": {"Version": "4.4.1"}, "Packages": {"DBI": {"Package": "DBI", "Version": "1.2.3"}}}(no final line break)
    "#);
}

#[test]
fn script_is_answered_with_the_line() {
    let context = project(&[
        ("analysis.R", "# Reads\nlibrary(dplyr)\n\nx <- 1\n"),
        ("renv.lock", RENV),
        (".Rprofile", "source(\"renv/activate.R\")\n"),
        ("mirror/maven/x", ""),
        (&format!("mirror/maven/{MAVEN_PATH}"), JAR),
    ]);
    assert_snapshot!(init(&context, &["--mirror", "mirror"]), @r#"
    exit 0
    --- stdout
    unchanged analysis.R
    created   java/taos-jdbcdriver-3.7.9-dist.jar

    Build it:
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
    --- stderr
    note: renv.lock no longer matches; refresh it: Rscript -e "renv::install('RJDBC'); renv::snapshot()"
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    note: analysis.R:2: add library(RJDBC) below this line; options(java.parameters = …) must be above it
    "#);
    let context = project(&[("a.R", "library(DBI)\n"), ("b.R", "library(RJDBC)\n")]);
    assert_snapshot!(init(&context, &[]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the R project
      several files list its dependencies: a.R, b.R
      next: taos-setup init --lang r --manifest a.R
      next: taos-setup init --lang r --manifest b.R
    ");
}

#[test]
fn files_of_other_tools_show_the_language() {
    let context = project(&[("rproject.toml", "[project]\nname = \"a\"\n")]);
    assert_snapshot!(init(&context, &[]), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not start a project in R
      rproject.toml exists: rv builds this project, and init does not edit its files
      next: rv add RJDBC
    ");
    let context = project(&[("a.Rproj", "Version: 1.0\n"), ("driver.jar", JAR)]);
    let run = init(&context, &["--jar", "driver.jar"]);
    assert!(
        run.stdout
            .starts_with("created   DESCRIPTION\ncreated   main.R\n"),
        "{run}"
    );
    // A script is not another project next to a manifest.
    let context = project(&[
        ("go.mod", "module a\n\ngo 1.22\n"),
        ("plot.R", "library(zoo)\n"),
    ]);
    let run = context.program(["init", "--server", "3.3.7.5"]).run();
    assert!(run.stdout.starts_with("edited    go.mod\n"), "{run}");
}

#[test]
fn wrong_jar_is_refused() {
    let context = project(&[("DESCRIPTION", PACKAGE), ("driver.jar", "another jar\n")]);
    assert_snapshot!(init(&context, &["--jar", "driver.jar"]), @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not get taos-jdbcdriver-3.7.9-dist.jar
      SHA-256 cfd2110cab50143d0e60211eb6da4b14db9cd3ead6c3094fbd1cf2af2101849f, 12 bytes, from driver.jar; expected 916c00c050bcea658410c821a4e8d7bbf981247ecd080fcb3c89f5b7249e6228
      next: check where the file comes from; only if you trust it, pass --sha256 cfd2110cab50143d0e60211eb6da4b14db9cd3ead6c3094fbd1cf2af2101849f
    ");
    assert_eq!(
        fs::read_to_string(context.work().join("DESCRIPTION")).unwrap(),
        PACKAGE
    );
    write_files(
        &context.work(),
        &[("java/taos-jdbcdriver-3.7.9-dist.jar", "another jar\n")],
    );
    assert_snapshot!(init(&context, &[]), @"
    exit 4
    --- stdout
    --- stderr
    error[digest-mismatch]: could not get taos-jdbcdriver-3.7.9-dist.jar
      SHA-256 cfd2110cab50143d0e60211eb6da4b14db9cd3ead6c3094fbd1cf2af2101849f, 12 bytes, from java/taos-jdbcdriver-3.7.9-dist.jar; expected 916c00c050bcea658410c821a4e8d7bbf981247ecd080fcb3c89f5b7249e6228
      next: remove java/taos-jdbcdriver-3.7.9-dist.jar, and run the command again
    ");
    // The built-in digest is that of the published file.
    let run = context
        .program(["init", "--server", "3.3.7.5", "--jar", "driver.jar"])
        .run();
    assert_eq!(run.exit, Some(4), "{run}");
}

#[test]
fn jar_that_is_there_stays_until_an_upgrade() {
    let context = project(&[
        ("DESCRIPTION", PACKAGE),
        ("lib/taos-jdbcdriver-3.5.3-dist.jar", "older\n"),
        ("cache/x", ""),
    ]);
    let run = init(&context, &["--example", "basic"]);
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    edited    DESCRIPTION
    created   examples/taos-example.R
    unchanged lib/taos-jdbcdriver-3.5.3-dist.jar

    Build it and run it:
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
      Rscript examples/taos-example.R
    --- stderr
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    note: lib/taos-jdbcdriver-3.5.3-dist.jar is unchanged; --upgrade replaces it with 3.7.9
    "#);
    let program = fs::read_to_string(context.work().join("examples/taos-example.R")).unwrap();
    assert!(
        program.contains("jar <- \"lib/taos-jdbcdriver-3.5.3-dist.jar\"\n"),
        "{program}"
    );
    assert_snapshot!(
        context.program(["init", "--server", "3.2.2.2"]).run(),
        @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not set up the R project
      lib/taos-jdbcdriver-3.5.3-dist.jar does not work here: From 3.3.0 on the driver asks with binary queries, which servers before 3.3.2.0 do not know: it logs in, and its first query fails after [ms].
      next: pass --upgrade, which adds the jar of 3.2.8
    "
    );
    write_files(
        &context.work(),
        &[("mirror/taos-jdbcdriver-3.7.9-dist.jar", JAR)],
    );
    let run = init(
        &context,
        &["--example", "basic", "--upgrade", "--mirror", "mirror"],
    );
    assert_snapshot!(run, @r#"
    exit 0
    --- stdout
    unchanged DESCRIPTION
    edited    examples/taos-example.R
    created   java/taos-jdbcdriver-3.7.9-dist.jar

    Build it and run it:
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
      Rscript examples/taos-example.R
    --- stderr
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    note: lib/taos-jdbcdriver-3.5.3-dist.jar is no longer needed; taos-setup does not remove it
    "#);
    let program = fs::read_to_string(context.work().join("examples/taos-example.R")).unwrap();
    assert!(
        program.contains("jar <- \"java/taos-jdbcdriver-3.7.9-dist.jar\"\n"),
        "{program}"
    );
}

#[test]
fn jar_may_be_shared_elsewhere() {
    let context = project(&[("hello/DESCRIPTION", PACKAGE), ("driver.jar", JAR)]);
    let shared = context.work().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::copy(
        context.work().join("driver.jar"),
        shared.join("taos-jdbcdriver-3.7.9-dist.jar"),
    )
    .unwrap();
    let arguments = ["--dir", "hello", "--jar", "shared", "--example", "basic"];
    let run = init(&context, &arguments);
    assert_eq!(run.exit, Some(0), "{run}");
    let program = fs::read_to_string(context.work().join("hello/examples/taos-example.R")).unwrap();
    let path = shared
        .canonicalize()
        .unwrap()
        .join("taos-jdbcdriver-3.7.9-dist.jar");
    let named = program
        .lines()
        .find(|line| line.starts_with("jar <- "))
        .unwrap();
    let named = named.trim_start_matches("jar <- ").trim_matches('"');
    assert_eq!(fs::canonicalize(named).unwrap(), path);
    assert!(!context.work().join("hello/java").exists());
}

#[test]
fn options_are_for_r_and_examples_are_refused() {
    let context = project(&[]);
    assert_snapshot!(context.program(["init", "--lang", "go", "--jar", "x.jar"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the Go project
      --jar is for --lang r
      next: omit --jar
    ");
    assert_snapshot!(init(&context, &["--lang", "r", "--example", "stmt"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not add the example stmt to R over WebSocket
      RJDBC binds a time as text, which the driver does not accept over WebSocket; the program basic binds the other values
      next: omit --example stmt
    ");
    assert_snapshot!(init(&context, &["--lang", "r", "--example", "tmq,pool"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not add the example tmq to R over WebSocket
      RJDBC runs statements only; Java and Python have subscriptions
      next: omit --example tmq
    ");
    assert_snapshot!(init(&context, &["--lang", "r", "--needs", "schemaless"]), @"
    exit 3
    --- stdout
    --- stderr
    error[transport-unsupported]: could not set up R over WebSocket
      R over WebSocket does not support: schemaless writing
      next: choose another language: no other transport of this one fits
    ");
    assert_eq!(tree(&context.work()), "");
}

/// Maven is the user's own; a script stands in for it.
#[cfg(unix)]
#[test]
fn maven_is_asked_last() {
    use std::os::unix::fs::PermissionsExt;

    let context = project(&[("DESCRIPTION", PACKAGE)]);
    let tools = context.root().join("tools");
    fs::create_dir(&tools).unwrap();
    let run = |offline: bool| {
        let mut all = vec!["init", "--server", "3.3.7.5", "--sha256", JAR_SHA256];
        all.extend(offline.then_some("--offline"));
        context.program(all).env("PATH", &tools).run()
    };
    assert_snapshot!(run(false), @"
    exit 5
    --- stdout
    --- stderr
    note: getting taos-jdbcdriver-3.7.9-dist.jar with Maven, from the repository that its settings name
    error[package-not-found]: could not get taos-jdbcdriver-3.7.9-dist.jar
      the jar is not in the cache, no mirror has it, and Maven could not be started: no such file or directory
      next: install Maven and run the command again, or get the jar elsewhere: --jar FILE
      next: Maven's command: mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=com.taosdata.jdbc:taos-jdbcdriver:3.7.9:jar:dist -DoutputDirectory=.
    ");
    let write = |text: &str| {
        let path = tools.join("mvn");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    write("#!/bin/sh\necho '[ERROR] not found at https://me:secret@repo.example/'\nexit 1\n");
    assert_snapshot!(run(true), @"
    exit 5
    --- stdout
    --- stderr
    note: getting taos-jdbcdriver-3.7.9-dist.jar with Maven, from the repository that its settings name
    error[package-not-found]: could not get taos-jdbcdriver-3.7.9-dist.jar
      Maven did not get it (it ended with exit code 1): [ERROR] not found at https://me:***@repo.example/
      next: install Maven and run the command again, or get the jar elsewhere: --jar FILE
      next: Maven's command: mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=com.taosdata.jdbc:taos-jdbcdriver:3.7.9:jar:dist -DoutputDirectory=.
    ");
    assert_eq!(
        fs::read_to_string(context.work().join("DESCRIPTION")).unwrap(),
        PACKAGE
    );
    write(
        "#!/bin/sh\nfor it; do case $it in -DoutputDirectory=*) printf 'a jar\\n' >\"${it#*=}/taos-jdbcdriver-3.7.9-dist.jar\";; esac; done\necho \"$@\" >&2\n",
    );
    assert_snapshot!(run(true), @r#"
    exit 0
    --- stdout
    edited    DESCRIPTION
    created   java/taos-jdbcdriver-3.7.9-dist.jar

    Build it:
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
    --- stderr
    note: getting taos-jdbcdriver-3.7.9-dist.jar with Maven, from the repository that its settings name
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    "#);
}

/// A mirror that does not have it: one that was named ends it, the environment's does not.
#[test]
fn mirror_without_the_jar() {
    let context = project(&[("DESCRIPTION", PACKAGE), ("mirror/x", "")]);
    let named = init(&context, &["--mirror", "mirror"]);
    assert_snapshot!(named, @"
    exit 5
    --- stdout
    --- stderr
    error[package-not-found]: could not find the package in mirror
      the directory has no taos-jdbcdriver-3.7.9-dist.jar
      next: install Maven and run the command again, or get the jar elsewhere: --jar FILE
      next: Maven's command: mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=com.taosdata.jdbc:taos-jdbcdriver:3.7.9:jar:dist -DoutputDirectory=.
    ");
    let all = [
        "init",
        "--server",
        "3.3.7.5",
        "--sha256",
        JAR_SHA256,
        "--offline",
    ];
    let run = context
        .program(all)
        .env("TAOS_SETUP_MIRROR", "mirror")
        .env("PATH", context.root())
        .run();
    assert!(run.stderr.contains("Maven could not be started"), "{run}");
}
