//! Versions that a Maven project imports from a list (BOM) in the same repository.

use insta::assert_snapshot;

use super::shared_versions::changed;
use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

const ROOT: &str = "<project>\n  <groupId>com.acme</groupId>\n  <artifactId>acme</artifactId>\n  <version>1.0</version>\n  <packaging>pom</packaging>\n  <modules>\n    <module>bom</module>\n    <module>app</module>\n  </modules>\n</project>\n";

/// The list `artifact` with `properties` and, as its managed dependencies, `managed`.
fn list(artifact: &str, properties: &str, managed: &str) -> String {
    format!(
        "<project>\n  <parent>\n    <groupId>com.acme</groupId>\n    <artifactId>acme</artifactId>\n    <version>1.0</version>\n  </parent>\n  <artifactId>{artifact}</artifactId>\n  <packaging>pom</packaging>\n{properties}  <dependencyManagement>\n    <dependencies>\n{managed}    </dependencies>\n  </dependencyManagement>\n</project>\n"
    )
}

fn connector(version: &str) -> String {
    format!(
        "      <dependency>\n        <groupId>com.taosdata.jdbc</groupId>\n        <artifactId>taos-jdbcdriver</artifactId>\n        <version>{version}</version>\n      </dependency>\n"
    )
}

fn import(artifact: &str, version: &str) -> String {
    format!(
        "      <dependency>\n        <groupId>com.acme</groupId>\n        <artifactId>{artifact}</artifactId>\n        <version>{version}</version>\n        <type>pom</type>\n        <scope>import</scope>\n      </dependency>\n"
    )
}

/// A project with `parent` that imports `imports` and depends on the connector without a version.
fn app(parent: &str, imports: &str) -> String {
    format!(
        "<project>\n{parent}  <artifactId>app</artifactId>\n  <dependencyManagement>\n    <dependencies>\n{imports}    </dependencies>\n  </dependencyManagement>\n  <dependencies>\n    <dependency>\n      <groupId>com.taosdata.jdbc</groupId>\n      <artifactId>taos-jdbcdriver</artifactId>\n    </dependency>\n  </dependencies>\n</project>\n"
    )
}

const OUR_PARENT: &str = "  <parent>\n    <groupId>com.acme</groupId>\n    <artifactId>acme</artifactId>\n    <version>1.0</version>\n  </parent>\n";

const SPRING_PARENT: &str = "  <parent>\n    <groupId>org.example</groupId>\n    <artifactId>company-parent</artifactId>\n    <version>7</version>\n    <relativePath/>\n  </parent>\n";

const PROPERTY: &str = "  <properties>\n    <taos.version>3.5.3</taos.version>\n  </properties>\n";

#[test]
fn property_of_the_list_is_read_and_upgraded() {
    let bom = list("acme-bom", PROPERTY, &connector("${taos.version}"));
    let own = app(OUR_PARENT, &import("acme-bom", "${project.version}"));
    let files = [
        ("pom.xml", ROOT),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5"]), @"
    exit 0
    note: ../bom/pom.xml:10 asks for taos-jdbcdriver 3.5.3, which is unchanged; --upgrade writes 3.7.9
    ");
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === bom/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>acme-bom</artifactId>
      <packaging>pom</packaging>
      <properties>
        <taos.version>3.7.9</taos.version>
      </properties>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.taosdata.jdbc</groupId>
            <artifactId>taos-jdbcdriver</artifactId>
            <version>${taos.version}</version>
          </dependency>
        </dependencies>
      </dependencyManagement>
    </project>
    ");
}

#[test]
fn version_that_fails_is_a_conflict_until_the_list_is_upgraded() {
    let bom = list("acme-bom", "", &connector("3.7.9"));
    let own = app(OUR_PARENT, &import("acme-bom", "1.0"));
    let files = [
        ("pom.xml", ROOT),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.2.2.2"]), @"
    exit 7
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to app/pom.xml
      app/pom.xml:10: the project already imports taos-jdbcdriver 3.7.9 from another project (../bom/pom.xml:14). From 3.7.0 on the driver refuses servers before 3.3.6.0 over WebSocket (0x2321, TDengine version incompatible).
      next: run the command again with --upgrade, which writes 3.2.8 there
    ");
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.2.2.2", "--upgrade"]), @"
    exit 0
    === bom/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>acme-bom</artifactId>
      <packaging>pom</packaging>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.taosdata.jdbc</groupId>
            <artifactId>taos-jdbcdriver</artifactId>
            <version>3.2.8</version>
          </dependency>
        </dependencies>
      </dependencyManagement>
    </project>
    ");
}

#[test]
fn list_next_to_a_project_of_another_parent_is_found() {
    let bom = list("acme-bom", PROPERTY, &connector("${taos.version}"));
    let own = app(SPRING_PARENT, &import("acme-bom", "1.0"));
    let files = [
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("platform/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === platform/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>acme-bom</artifactId>
      <packaging>pom</packaging>
      <properties>
        <taos.version>3.7.9</taos.version>
      </properties>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.taosdata.jdbc</groupId>
            <artifactId>taos-jdbcdriver</artifactId>
            <version>${taos.version}</version>
          </dependency>
        </dependencies>
      </dependencyManagement>
    </project>
    ");
}

#[test]
fn property_of_the_common_parent_changes_once() {
    let root = ROOT.replace("  <modules>", &format!("{PROPERTY}  <modules>"));
    let bom = list("acme-bom", "", &connector("${taos.version}"));
    let own = app(OUR_PARENT, &import("acme-bom", "1.0"));
    let files = [
        ("pom.xml", root.as_str()),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === pom.xml
    <project>
      <groupId>com.acme</groupId>
      <artifactId>acme</artifactId>
      <version>1.0</version>
      <packaging>pom</packaging>
      <properties>
        <taos.version>3.7.9</taos.version>
      </properties>
      <modules>
        <module>bom</module>
        <module>app</module>
      </modules>
    </project>
    ");
}

#[test]
fn list_that_imports_another_list_is_followed() {
    let inner = list("acme-data-bom", "", &connector("3.5.3"));
    let bom = list("acme-bom", "", &import("acme-data-bom", "1.0"));
    let own = app(OUR_PARENT, &import("acme-bom", "1.0"));
    let root = ROOT.replace(
        "    <module>app</module>",
        "    <module>data-bom</module>\n    <module>app</module>",
    );
    let files = [
        ("pom.xml", root.as_str()),
        ("bom/pom.xml", bom.as_str()),
        ("data-bom/pom.xml", inner.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === data-bom/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>acme-data-bom</artifactId>
      <packaging>pom</packaging>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.taosdata.jdbc</groupId>
            <artifactId>taos-jdbcdriver</artifactId>
            <version>3.7.9</version>
          </dependency>
        </dependencies>
      </dependencyManagement>
    </project>
    ");
}

#[test]
fn list_of_another_version_comes_from_a_repository() {
    let bom = list("acme-bom", "", &connector("3.5.3"));
    let own = app(OUR_PARENT, &import("acme-bom", "0.9"));
    let files = [
        ("pom.xml", ROOT),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    note: pom.xml:20 leaves the version of taos-jdbcdriver to a parent or an imported list; mvn dependency:tree shows it
    ");
}

#[test]
fn own_version_comes_before_that_of_the_list() {
    let bom = list("acme-bom", "", &connector("3.2.8"));
    let own = app(OUR_PARENT, &import("acme-bom", "1.0")).replace(
        "      <artifactId>taos-jdbcdriver</artifactId>\n    </dependency>",
        "      <artifactId>taos-jdbcdriver</artifactId>\n      <version>3.5.3</version>\n    </dependency>",
    );
    let files = [
        ("pom.xml", ROOT),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === app/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>app</artifactId>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.acme</groupId>
            <artifactId>acme-bom</artifactId>
            <version>1.0</version>
            <type>pom</type>
            <scope>import</scope>
          </dependency>
        </dependencies>
      </dependencyManagement>
      <dependencies>
        <dependency>
          <groupId>com.taosdata.jdbc</groupId>
          <artifactId>taos-jdbcdriver</artifactId>
          <version>3.7.9</version>
        </dependency>
      </dependencies>
    </project>
    ");
}

#[test]
fn dependency_is_added_without_the_version_that_the_list_has() {
    let bom = list("acme-bom", "", &connector("3.7.9"));
    let own = app(OUR_PARENT, &import("acme-bom", "1.0"));
    let (start, _) = own
        .split_once("  <dependencies>\n    <dependency>\n      <groupId>com.taosdata")
        .unwrap();
    let own = format!("{start}</project>\n");
    let files = [
        ("pom.xml", ROOT),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5"]), @"
    exit 0
    === app/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>app</artifactId>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.acme</groupId>
            <artifactId>acme-bom</artifactId>
            <version>1.0</version>
            <type>pom</type>
            <scope>import</scope>
          </dependency>
        </dependencies>
      </dependencyManagement>
      <dependencies>
        <dependency>
          <groupId>com.taosdata.jdbc</groupId>
          <artifactId>taos-jdbcdriver</artifactId>
        </dependency>
      </dependencies>
    </project>
    ");
}

#[test]
fn upgrade_of_several_files_is_made_whole_or_not_at_all() {
    let bom = list("acme-bom", PROPERTY, &connector("${taos.version}"));
    let own = app(OUR_PARENT, &import("acme-bom", "1.0")).replace(
        "</project>",
        &format!(
            "  <profiles>\n    <profile>\n      <id>edge</id>\n      <dependencies>\n{}      </dependencies>\n    </profile>\n  </profiles>\n</project>",
            connector("3.5.3")
        ),
    );
    let files = [
        ("pom.xml", ROOT),
        ("bom/pom.xml", bom.as_str()),
        ("app/pom.xml", own.as_str()),
    ];
    assert_snapshot!(changed(&files, &["--dir", "app", "--server", "3.3.7.5", "--upgrade"]), @"
    exit 0
    === bom/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>acme-bom</artifactId>
      <packaging>pom</packaging>
      <properties>
        <taos.version>3.7.9</taos.version>
      </properties>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.taosdata.jdbc</groupId>
            <artifactId>taos-jdbcdriver</artifactId>
            <version>${taos.version}</version>
          </dependency>
        </dependencies>
      </dependencyManagement>
    </project>
    === app/pom.xml
    <project>
      <parent>
        <groupId>com.acme</groupId>
        <artifactId>acme</artifactId>
        <version>1.0</version>
      </parent>
      <artifactId>app</artifactId>
      <dependencyManagement>
        <dependencies>
          <dependency>
            <groupId>com.acme</groupId>
            <artifactId>acme-bom</artifactId>
            <version>1.0</version>
            <type>pom</type>
            <scope>import</scope>
          </dependency>
        </dependencies>
      </dependencyManagement>
      <dependencies>
        <dependency>
          <groupId>com.taosdata.jdbc</groupId>
          <artifactId>taos-jdbcdriver</artifactId>
        </dependency>
      </dependencies>
      <profiles>
        <profile>
          <id>edge</id>
          <dependencies>
          <dependency>
            <groupId>com.taosdata.jdbc</groupId>
            <artifactId>taos-jdbcdriver</artifactId>
            <version>3.7.9</version>
          </dependency>
          </dependencies>
        </profile>
      </profiles>
    </project>
    ");
    for step in 1..12 {
        let context = TestContext::new();
        write_files(&context.work(), &files);
        let before = tree(&context.work());
        let program = context.program(["init", "--dir", "app", "--server", "3.3.7.5", "--upgrade"]);
        let run = program
            .env("TAOS_SETUP_TEST_FAULT", format!("ENOSPC@{step}"))
            .run();
        let after = tree(&context.work());
        assert_eq!(run.exit == Some(0), after != before, "step {step}: {run}");
        assert_eq!(
            after.matches("3.5.3").count() % 2,
            0,
            "step {step}: {after}"
        );
    }
}
