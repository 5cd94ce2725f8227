//! `init` in a folder with a `pom.xml`. Awkward ones stand in `tests/manifests/pom_xml`.

use std::fs;
use std::path::Path;

use crate::support::program::TestContext;
use crate::support::tree::tree;
use insta::assert_snapshot;

const SMALL: &str = "<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>com.acme</groupId>\n  <artifactId>app</artifactId>\n  <version>1</version>\n</project>\n";

/// What `init --lang java` with `arguments` says about and makes of a folder with `pom`.
fn existing(pom: &str, arguments: &[&str]) -> String {
    let context = TestContext::new();
    fs::write(context.work().join("pom.xml"), pom).unwrap();
    let mut all = vec!["init", "--lang", "java"];
    all.extend(arguments);
    let run = context.program(&all).run();
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

#[test]
fn websocket_driver_is_added() {
    assert_snapshot!(existing(SMALL, &[]), @"
    exit 0
    --- stdout
    edited    pom.xml

    Build it:
      mvn -q compile
    --- stderr
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === pom.xml
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>com.acme</groupId>
      <artifactId>app</artifactId>
      <version>1</version>
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
fn rest_driver_is_added() {
    assert_snapshot!(existing(SMALL, &["--transport", "rest"]), @"
    exit 0
    --- stdout
    edited    pom.xml

    Build it:
      mvn -q compile
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.0.0.0 on
    === pom.xml
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>com.acme</groupId>
      <artifactId>app</artifactId>
      <version>1</version>
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
fn native_driver_is_added() {
    assert_snapshot!(existing(SMALL, &["--transport", "native"]), @"
    exit 0
    --- stdout
    edited    pom.xml

    Build it:
      mvn -q compile
    --- stderr
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === pom.xml
    <project>
      <modelVersion>4.0.0</modelVersion>
      <groupId>com.acme</groupId>
      <artifactId>app</artifactId>
      <version>1</version>
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

const SPRING_BOOT: &str = "<project>
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.2.5</version>
  </parent>
  <groupId>com.acme</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
</project>
";

/// What is said; the tree stands in the tests above.
fn said(pom: &str, arguments: &[&str]) -> String {
    let all = existing(pom, arguments);
    all.split_once("=== ").unwrap().0.to_owned()
}

#[test]
fn spring_boot_gets_settings() {
    assert_snapshot!(said(SPRING_BOOT, &[]), @"
    exit 0
    --- stdout
    edited    pom.xml

    Build it:
      mvn -q compile

    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      spring.datasource.driver-class-name=com.taosdata.jdbc.ws.WebSocketDriver
      spring.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    --- stderr
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: pom.xml:3: spring-boot-starter-parent 3.2.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
    assert_snapshot!(said(SPRING_BOOT, &["--transport", "rest"]), @"
    exit 0
    --- stdout
    edited    pom.xml

    Build it:
      mvn -q compile

    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS-RS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      spring.datasource.driver-class-name=com.taosdata.jdbc.rs.RestfulDriver
      spring.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.0.0.0 on
    note: pom.xml:3: spring-boot-starter-parent 3.2.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
    assert_snapshot!(said(SPRING_BOOT, &["--transport", "native"]), @"
    exit 0
    --- stdout
    edited    pom.xml

    Build it:
      mvn -q compile

    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS://${TAOS_HOST:localhost}:${TAOS_PORT:6030}/?charset=UTF-8
      spring.datasource.driver-class-name=com.taosdata.jdbc.TSDBDriver
      spring.datasource.username=${TAOS_USER:root}
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    --- stderr
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    note: pom.xml:3: spring-boot-starter-parent 3.2.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
}

#[test]
fn spring_boot_as_json() {
    let context = TestContext::new();
    fs::write(context.work().join("pom.xml"), SPRING_BOOT).unwrap();
    let json = context
        .program(["init", "--lang", "java", "--json"])
        .run()
        .json();
    let settings = &json["data"]["projects"][0]["settings"];
    assert_eq!(
        settings[0]["file"],
        "src/main/resources/application.properties"
    );
    assert!(
        settings[0]["text"]
            .as_str()
            .unwrap()
            .contains("spring.datasource.url=jdbc:TAOS")
    );
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn module_is_named_by_directory() {
    let context = TestContext::new();
    let root = context.work().join("shop");
    let aggregator = "<project>\n  <artifactId>shop</artifactId>\n  <packaging>pom</packaging>\n  <modules>\n    <module>core</module>\n    <module>web</module>\n  </modules>\n</project>\n";
    write(&root.join("pom.xml"), aggregator);
    write(&root.join("web/pom.xml"), SMALL);
    assert_snapshot!(context.program(["init", "--lang", "java", "--dir", "shop"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.7.9 to shop/pom.xml
      shop/pom.xml:4: this project only builds its modules
      next: taos-setup init --dir shop/core
      next: taos-setup init --dir shop/web
    ");
    let run = context
        .program(["init", "--lang", "java", "--dir", "shop/web"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        fs::read_to_string(root.join("pom.xml")).unwrap(),
        aggregator
    );
    assert!(!root.join("web/taos-example").exists());
}

#[test]
fn parent_chooses_the_version() {
    let context = TestContext::new();
    let parent = |version: &str| {
        format!(
            "<project>\n  <artifactId>shop</artifactId>\n  <packaging>pom</packaging>\n  <properties><taos.version>{version}</taos.version></properties>\n  \
             <dependencyManagement>\n    <dependencies>\n      <dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId>\
             <version>${{taos.version}}</version></dependency>\n    </dependencies>\n  </dependencyManagement>\n  <modules><module>web</module></modules>\n</project>\n"
        )
    };
    let module = "<project>\n  <parent>\n    <artifactId>shop</artifactId>\n  </parent>\n  <artifactId>web</artifactId>\n</project>\n";
    write(&context.work().join("pom.xml"), &parent("2.0.38"));
    write(&context.work().join("web/pom.xml"), module);
    let run = || {
        context
            .program(["init", "--lang", "java", "--dir", "web"])
            .run()
    };
    assert_snapshot!(run(), @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.7.9 to web/pom.xml
      web/pom.xml:2: the project already inherits taos-jdbcdriver 2.0.38 (property taos.version) from its parent (../pom.xml:4). Drivers 1.x and 2.x are for TDengine 2: a server of 3.0 and later answers in another form.
      next: run the command again with --upgrade, which writes 3.7.9 there
    ");
    assert_eq!(
        fs::read_to_string(context.work().join("web/pom.xml")).unwrap(),
        module
    );
    write(&context.work().join("pom.xml"), &parent("3.7.9"));
    assert_eq!(run().exit, Some(0));
    assert_snapshot!(fs::read_to_string(context.work().join("web/pom.xml")).unwrap(), @"
    <project>
      <parent>
        <artifactId>shop</artifactId>
      </parent>
      <artifactId>web</artifactId>
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
fn unrelated_parent_file_is_ignored() {
    let context = TestContext::new();
    let other = "<project>\n  <groupId>com.other</groupId>\n  <artifactId>other</artifactId>\n  <version>9</version>\n  <packaging>pom</packaging>\n  \
         <dependencyManagement><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId>\
         <version>3.2.8</version></dependency></dependencies></dependencyManagement>\n</project>\n";
    let module = |parent: &str| {
        format!(
            "<project>\n  <parent>{parent}</parent>\n  <artifactId>web</artifactId>\n</project>\n"
        )
    };
    let version_is_written = |parent: &str| {
        write(&context.work().join("web/pom.xml"), &module(parent));
        let run = context
            .program(["init", "--lang", "java", "--dir", "web"])
            .run();
        assert_eq!(run.exit, Some(0), "{run}");
        let pom = fs::read_to_string(context.work().join("web/pom.xml")).unwrap();
        pom.contains("<version>3.7.9</version>")
    };
    write(&context.work().join("pom.xml"), other);
    let named = |group: &str, artifact: &str, version: &str| {
        format!(
            "<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        )
    };
    assert!(!version_is_written(&named("com.other", "other", "9")));
    assert!(!version_is_written(&named("com.other", "other", "[8,10)")));
    assert!(!version_is_written(&named(
        "com.other",
        "other",
        "${revision}"
    )));
    // Maven takes these from a repository.
    assert!(version_is_written(&named(
        "org.springframework.boot",
        "spring-boot-starter-parent",
        "3.2.5"
    )));
    assert!(version_is_written(&named("com.other", "another", "9")));
    assert!(version_is_written(&named("com.other", "other", "8")));
}

#[cfg(unix)]
#[test]
fn maven_wrapper_is_used() {
    let context = TestContext::new();
    write(&context.work().join("pom.xml"), SMALL);
    write(&context.work().join("mvnw"), "#!/bin/sh\n");
    let module = "<project>\n  <parent>\n    <artifactId>app</artifactId>\n  </parent>\n  <artifactId>web</artifactId>\n</project>\n";
    write(&context.work().join("web/pom.xml"), module);
    let build = |folder: &str| {
        let arguments = ["init", "--lang", "java", "--json", "--dir", folder];
        let json = context.program(arguments).run().json();
        let build = json["data"]["projects"][0]["build"].as_array().unwrap();
        let starts = build
            .iter()
            .map(|it| it.as_str().unwrap().split(' ').next());
        starts.map(|it| it.unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(build("."), ["./mvnw"]);
    assert_eq!(build("web"), ["../mvnw"]);
}

#[test]
fn classifier_of_one_jar_is_added() {
    let made = existing(SMALL, &["--dist"]);
    assert!(
        made.contains("      <classifier>dist</classifier>\n"),
        "{made}"
    );
    let context = TestContext::new();
    assert_snapshot!(context.program(["init", "--lang", "go", "--dist"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not take the Go connector as one file
      --dist is for --lang java
      next: omit --dist
    ");
}
