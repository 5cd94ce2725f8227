//! `init` in Spring Boot projects: settings in the project's form, and a second data source next to the first.

use insta::assert_snapshot;

use crate::support::program::TestContext;
use crate::support::tree::{tree, write_files};

/// A pom of Spring Boot `version` with `dependencies`, each `GROUP:ARTIFACT`.
fn pom(version: &str, dependencies: &[&str]) -> String {
    let dependencies: String = dependencies
        .iter()
        .map(|it| {
            let (group, artifact) = it.split_once(':').unwrap();
            format!("    <dependency>\n      <groupId>{group}</groupId>\n      <artifactId>{artifact}</artifactId>\n    </dependency>\n")
        })
        .collect();
    format!(
        "<project>\n  <parent>\n    <groupId>org.springframework.boot</groupId>\n    <artifactId>spring-boot-starter-parent</artifactId>\n    <version>{version}</version>\n  </parent>\n  <groupId>org.acme</groupId>\n  <artifactId>meter</artifactId>\n  <version>1</version>\n  <dependencies>\n{dependencies}  </dependencies>\n</project>\n"
    )
}

/// What `init` prints below the commands, and its notes, in a project with `files`.
fn advice(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let context = TestContext::new();
    write_files(&context.work(), files);
    let mut all = vec!["init", "--lang", "java", "--server", "3.3.7.5"];
    all.extend(arguments);
    let run = context.program(all).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let settings = run.stdout.split_once("\n\n").map_or("", |(_, rest)| rest);
    let settings = settings.split_once("\n\n").map_or("", |(_, rest)| rest);
    let after = tree(&context.work());
    assert!(!after.contains("TdengineDataSourceConfig"), "{after}");
    format!("{settings}---\n{}", run.stderr)
}

const YML: &str = "src/main/resources/application.yml";
const MYSQL: &str =
    "spring:\n  datasource:\n    url: jdbc:mysql://localhost:3306/shop\n    username: shop\n";
const STARTER: &str = "org.springframework.boot:spring-boot-starter-jdbc";

#[test]
fn second_data_source_leaves_the_first() {
    let pom = pom("3.3.5", &["com.mysql:mysql-connector-j", STARTER]);
    let main = ("src/main/java/org/acme/meter/App.java", "class App {}\n");
    assert_snapshot!(advice(&[("pom.xml", &pom), (YML, MYSQL), main], &[]), @r#"
    Spring Boot has another data source (src/main/resources/application.yml:3), which stays. For a second one, put into src/main/resources/application.yml:
      tdengine:
        datasource:
          jdbc-url: jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
          driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
          username: ${TAOS_USER:root}
          # Percent-encoded: the driver decodes it.
          password: ${TAOS_PASSWORD:taosdata}
          connection-test-query: select server_status()

    Create src/main/java/org/acme/meter/TdengineDataSourceConfig.java:
      package org.acme.meter;

      import com.zaxxer.hikari.HikariDataSource;
      import javax.sql.DataSource;
      import org.springframework.beans.factory.annotation.Qualifier;
      import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
      import org.springframework.boot.context.properties.ConfigurationProperties;
      import org.springframework.context.annotation.Bean;
      import org.springframework.context.annotation.Configuration;
      import org.springframework.context.annotation.Primary;
      import org.springframework.jdbc.core.JdbcTemplate;

      /**
       * TDengine next to the existing data source, which stays the one that is injected without a qualifier. Spring Boot configures none by
       * itself once there are two, so both are here.
       */
      @Configuration(proxyBeanMethods = false)
      public class TdengineDataSourceConfig {

          @Bean
          @Primary
          @ConfigurationProperties("spring.datasource.hikari")
          public HikariDataSource dataSource(DataSourceProperties properties) {
              return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
          }

          @Bean
          @Primary
          public JdbcTemplate jdbcTemplate(DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }

          @Bean
          @Qualifier("tdengine")
          @ConfigurationProperties("tdengine.datasource")
          public HikariDataSource tdengineDataSource() {
              return new HikariDataSource();
          }

          @Bean
          @Qualifier("tdengine")
          public JdbcTemplate tdengineJdbcTemplate(@Qualifier("tdengine") DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }
      }
    ---
    note: pom.xml:2: spring-boot-starter-parent 3.3.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    "#);
}

#[test]
fn only_data_source_has_the_form_of_the_project() {
    let pom = pom("3.3.5", &[STARTER]);
    let yaml = "server:\n  port: 8080\n";
    assert_snapshot!(advice(&[("pom.xml", &pom), ("src/main/resources/application.yaml", yaml)], &[]), @"
    For Spring Boot, merge into src/main/resources/application.yaml:
      spring:
        datasource:
          url: jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
          driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
          username: ${TAOS_USER:root}
          # Percent-encoded: the driver decodes it.
          password: ${TAOS_PASSWORD:taosdata}
          hikari:
            connection-test-query: select server_status()
    ---
    note: pom.xml:2: spring-boot-starter-parent 3.3.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
    assert_snapshot!(advice(&[("pom.xml", &pom), ("src/main/resources/application.properties", "server.port=1\n")], &["--transport", "native"]), @"
    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS://${TAOS_HOST:localhost}:${TAOS_PORT:6030}/?charset=UTF-8
      spring.datasource.driver-class-name=com.taosdata.jdbc.TSDBDriver
      spring.datasource.username=${TAOS_USER:root}
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    ---
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: pom.xml:2: spring-boot-starter-parent 3.3.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
}

#[test]
fn druid_gets_no_wall() {
    let packages = [
        "com.alibaba:druid-spring-boot-starter",
        "com.mysql:mysql-connector-j",
    ];
    assert_snapshot!(advice(&[("pom.xml", &pom("2.7.18", &packages))], &[]), @r#"
    Spring Boot has another data source (com.mysql:mysql-connector-j), which stays. For a second one, put into src/main/resources/application.properties:
      tdengine.datasource.url=jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      tdengine.datasource.driver-class-name=com.taosdata.jdbc.ws.WebSocketDriver
      tdengine.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      tdengine.datasource.password=${TAOS_PASSWORD:taosdata}
      tdengine.datasource.validation-query=select server_status()

    Create src/main/java/com/example/TdengineDataSourceConfig.java:
      package com.example;

      import com.alibaba.druid.pool.DruidDataSource;
      import com.alibaba.druid.spring.boot.autoconfigure.DruidDataSourceBuilder;
      import javax.sql.DataSource;
      import org.springframework.beans.factory.annotation.Qualifier;
      import org.springframework.boot.context.properties.ConfigurationProperties;
      import org.springframework.context.annotation.Bean;
      import org.springframework.context.annotation.Configuration;
      import org.springframework.context.annotation.Primary;
      import org.springframework.jdbc.core.JdbcTemplate;

      /**
       * TDengine next to the existing data source, which stays the one that is injected without a qualifier. Spring Boot configures none by
       * itself once there are two, so both are here.
       */
      @Configuration(proxyBeanMethods = false)
      public class TdengineDataSourceConfig {

          @Bean
          @Primary
          @ConfigurationProperties("spring.datasource.druid")
          public DataSource dataSource() {
              return DruidDataSourceBuilder.create().build();
          }

          @Bean
          @Primary
          public JdbcTemplate jdbcTemplate(DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }

          @Bean
          @Qualifier("tdengine")
          @ConfigurationProperties("tdengine.datasource")
          public DruidDataSource tdengineDataSource() {
              // Without the starter's filters: wall rejects the SQL of TDengine.
              return new DruidDataSource();
          }

          @Bean
          @Qualifier("tdengine")
          public JdbcTemplate tdengineJdbcTemplate(@Qualifier("tdengine") DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }
      }
    ---
    note: pom.xml:2: spring-boot-starter-parent 2.7.18 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    "#);
    assert_snapshot!(advice(&[("pom.xml", &pom("2.7.18", &packages[..1]))], &[]), @"
    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      spring.datasource.driver-class-name=com.taosdata.jdbc.ws.WebSocketDriver
      spring.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.druid.validation-query=select server_status()
      # Without wall, which rejects the SQL of TDengine.
      spring.datasource.druid.filters=stat
    ---
    note: pom.xml:2: spring-boot-starter-parent 2.7.18 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
}

#[test]
fn dynamic_datasource_gets_one_more() {
    let packages = [
        "com.baomidou:dynamic-datasource-spring-boot3-starter",
        "com.alibaba:druid-spring-boot-3-starter",
    ];
    let dynamic = "spring:\n  datasource:\n    dynamic:\n      primary: master\n      datasource:\n        master:\n          url: jdbc:mysql://h/db\n";
    assert_snapshot!(advice(&[("pom.xml", &pom("3.3.5", &packages)), ("src/main/resources/application-dev.yml", dynamic), (YML, "a: b\n")], &[]), @r#"
    For dynamic-datasource, merge into src/main/resources/application-dev.yml, and select it with @DS("tdengine"):
      spring:
        datasource:
          dynamic:
            datasource:
              tdengine:
                url: jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
                driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
                username: ${TAOS_USER:root}
                # Percent-encoded: the driver decodes it.
                password: ${TAOS_PASSWORD:taosdata}
                druid:
                  validation-query: select server_status()
                  # Without wall, which rejects the SQL of TDengine.
                  filters: stat
    ---
    note: pom.xml:2: spring-boot-starter-parent 3.3.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    "#);
}

#[test]
fn configured_data_sources_stay_the_default() {
    // As in applications with several data sources of their own.
    let druid =
        "spring:\n  datasource:\n    druid:\n      master:\n        url: jdbc:mysql://h/db\n";
    let files = [
        (
            "pom.xml",
            pom("2.5.15", &["com.alibaba:druid-spring-boot-starter"]),
        ),
        ("src/main/resources/application-druid.yml", druid.into()),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(path, text): &(&str, String)| (*path, text.as_str()))
        .collect();
    assert_snapshot!(advice(&files, &["--dist"]), @r#"
    Spring Boot has another data source (src/main/resources/application-druid.yml:5), which stays. For a second one, put into src/main/resources/application-druid.yml:
      tdengine:
        datasource:
          url: jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
          driver-class-name: com.taosdata.jdbc.ws.WebSocketDriver
          username: ${TAOS_USER:root}
          # Percent-encoded: the driver decodes it.
          password: ${TAOS_PASSWORD:taosdata}
          validation-query: select server_status()

    Create src/main/java/com/example/TdengineDataSourceConfig.java:
      package com.example;

      import com.alibaba.druid.pool.DruidDataSource;
      import javax.sql.DataSource;
      import org.springframework.beans.factory.annotation.Qualifier;
      import org.springframework.boot.context.properties.ConfigurationProperties;
      import org.springframework.context.annotation.Bean;
      import org.springframework.context.annotation.Configuration;
      import org.springframework.jdbc.core.JdbcTemplate;

      /**
       * TDengine next to the data sources that this project configures. If it has only one so far, mark that one, and its JdbcTemplate, as
       * @Primary.
       */
      @Configuration(proxyBeanMethods = false)
      public class TdengineDataSourceConfig {

          @Bean
          @Qualifier("tdengine")
          @ConfigurationProperties("tdengine.datasource")
          public DruidDataSource tdengineDataSource() {
              // Without the starter's filters: wall rejects the SQL of TDengine.
              return new DruidDataSource();
          }

          @Bean
          @Qualifier("tdengine")
          public JdbcTemplate tdengineJdbcTemplate(@Qualifier("tdengine") DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }
      }
    ---
    note: pom.xml:2: spring-boot-starter-parent 2.5.15 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    "#);
}

#[test]
fn settings_of_another_module_are_read() {
    let root = "<project>\n  <groupId>org.acme</groupId>\n  <artifactId>root</artifactId>\n  <version>1</version>\n  <packaging>pom</packaging>\n  <modules>\n    <module>app</module>\n    <module>core</module>\n  </modules>\n</project>\n";
    let core = "<project>\n  <parent>\n    <groupId>org.acme</groupId>\n    <artifactId>root</artifactId>\n    <version>1</version>\n  </parent>\n  <artifactId>core</artifactId>\n  <dependencies>\n    <dependency>\n      <groupId>org.mybatis.spring.boot</groupId>\n      <artifactId>mybatis-spring-boot-starter</artifactId>\n    </dependency>\n    <dependency>\n      <groupId>org.springframework.boot</groupId>\n      <artifactId>spring-boot-starter-web</artifactId>\n    </dependency>\n  </dependencies>\n</project>\n";
    let files = [
        ("pom.xml", root),
        ("core/pom.xml", core),
        (
            "app/src/main/resources/application.properties",
            "spring.datasource.url=jdbc:mysql://h/db\n",
        ),
    ];
    assert_snapshot!(advice(&files, &["--dir", "core"]), @r#"
    Spring Boot has another data source (../app/src/main/resources/application.properties:1), which stays. For a second one, put into ../app/src/main/resources/application.properties:
      tdengine.datasource.jdbc-url=jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      tdengine.datasource.driver-class-name=com.taosdata.jdbc.ws.WebSocketDriver
      tdengine.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      tdengine.datasource.password=${TAOS_PASSWORD:taosdata}
      tdengine.datasource.connection-test-query=select server_status()

    Create src/main/java/com/example/TdengineDataSourceConfig.java:
      package com.example;

      import com.zaxxer.hikari.HikariDataSource;
      import javax.sql.DataSource;
      import org.springframework.beans.factory.annotation.Qualifier;
      import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
      import org.springframework.boot.context.properties.ConfigurationProperties;
      import org.springframework.context.annotation.Bean;
      import org.springframework.context.annotation.Configuration;
      import org.springframework.context.annotation.Primary;
      import org.springframework.jdbc.core.JdbcTemplate;

      /**
       * TDengine next to the existing data source, which stays the one that is injected without a qualifier. Spring Boot configures none by
       * itself once there are two, so both are here.
       *
       * <p>Mappers keep the existing data source. Those for TDengine need an SqlSessionFactory of their own with tdengineDataSource.
       */
      @Configuration(proxyBeanMethods = false)
      public class TdengineDataSourceConfig {

          @Bean
          @Primary
          @ConfigurationProperties("spring.datasource.hikari")
          public HikariDataSource dataSource(DataSourceProperties properties) {
              return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
          }

          @Bean
          @Primary
          public JdbcTemplate jdbcTemplate(DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }

          @Bean
          @Qualifier("tdengine")
          @ConfigurationProperties("tdengine.datasource")
          public HikariDataSource tdengineDataSource() {
              return new HikariDataSource();
          }

          @Bean
          @Qualifier("tdengine")
          public JdbcTemplate tdengineJdbcTemplate(@Qualifier("tdengine") DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }
      }
    ---
    "#);
}

#[test]
fn gradle_project_gets_the_same_advice() {
    let build = "plugins {\n    java\n    alias(libs.plugins.spring.boot)\n}\n\ndependencies {\n    implementation(libs.bundles.web)\n    runtimeOnly(libs.mysql)\n}\n";
    let catalog = "[versions]\nboot = \"4.0.1\"\n\n[libraries]\nmysql = \"com.mysql:mysql-connector-j:9.1.0\"\njdbc = { module = \"org.springframework.boot:spring-boot-starter-jdbc\" }\n\n[bundles]\nweb = [\"jdbc\"]\n\n[plugins]\nspring-boot = { id = \"org.springframework.boot\", version.ref = \"boot\" }\n";
    assert_snapshot!(advice(&[("build.gradle.kts", build), ("gradle/libs.versions.toml", catalog)], &[]), @r#"
    Spring Boot has another data source (com.mysql:mysql-connector-j), which stays. For a second one, put into src/main/resources/application.properties:
      tdengine.datasource.jdbc-url=jdbc:TAOS-WS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      tdengine.datasource.driver-class-name=com.taosdata.jdbc.ws.WebSocketDriver
      tdengine.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      tdengine.datasource.password=${TAOS_PASSWORD:taosdata}
      tdengine.datasource.connection-test-query=select server_status()

    Create src/main/java/com/example/TdengineDataSourceConfig.java:
      package com.example;

      import com.zaxxer.hikari.HikariDataSource;
      import javax.sql.DataSource;
      import org.springframework.beans.factory.annotation.Qualifier;
      import org.springframework.boot.context.properties.ConfigurationProperties;
      import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
      import org.springframework.context.annotation.Bean;
      import org.springframework.context.annotation.Configuration;
      import org.springframework.context.annotation.Primary;
      import org.springframework.jdbc.core.JdbcTemplate;

      /**
       * TDengine next to the existing data source, which stays the one that is injected without a qualifier. Spring Boot configures none by
       * itself once there are two, so both are here.
       */
      @Configuration(proxyBeanMethods = false)
      public class TdengineDataSourceConfig {

          @Bean
          @Primary
          @ConfigurationProperties("spring.datasource.hikari")
          public HikariDataSource dataSource(DataSourceProperties properties) {
              return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
          }

          @Bean
          @Primary
          public JdbcTemplate jdbcTemplate(DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }

          @Bean
          @Qualifier("tdengine")
          @ConfigurationProperties("tdengine.datasource")
          public HikariDataSource tdengineDataSource() {
              return new HikariDataSource();
          }

          @Bean
          @Qualifier("tdengine")
          public JdbcTemplate tdengineJdbcTemplate(@Qualifier("tdengine") DataSource dataSource) {
              return new JdbcTemplate(dataSource);
          }
      }
    ---
    note: build.gradle.kts names no repository; if Gradle does not find the connector, add: repositories { mavenCentral() }
    "#);
}

#[test]
fn settings_that_are_there_are_left_alone() {
    let pom = pom("3.3.5", &[STARTER]);
    let rest = "spring.datasource.url=jdbc:TAOS-RS://db:6041/power\n";
    assert_snapshot!(advice(&[("pom.xml", &pom), ("src/main/resources/application.properties", rest)], &[]), @"
    ---
    note: src/main/resources/application.properties:1: the vendor ends REST connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: pom.xml:2: spring-boot-starter-parent 3.3.5 also sets the versions of libraries that the connector needs; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0, Netty 4.1.127.Final: after a NoSuchMethodError compare them with mvn dependency:tree
    ");
}

#[test]
fn advice_is_printed_in_chinese() {
    let context = TestContext::new();
    let pom = pom("3.3.5", &["com.mysql:mysql-connector-j", STARTER]);
    write_files(&context.work(), &[("pom.xml", &pom), (YML, MYSQL)]);
    let run = context
        .program(["init", "--transport", "rest"])
        .env("TAOS_SETUP_LANG", "zh")
        .run();
    let headings: Vec<_> = run.stdout.lines().filter(|it| it.ends_with('：')).collect();
    assert_snapshot!(headings.join("\n"), @"
    构建：
    Spring Boot 已有另一个数据源（src/main/resources/application.yml:3），保持不变。要增加第二个数据源，请在 src/main/resources/application.yml 中加入：
    新建 src/main/java/com/example/TdengineDataSourceConfig.java：
    ");
    assert_snapshot!(run.stderr, @"
    提示：REST 是最慢的连接方式，且没有数据订阅和二进制类型；--transport ws 两者都有
    提示：官方将于 2027-01-01 停止支持 Java 的 REST 连接；taos-setup migrate 可将程序改为 WebSocket 连接
    提示：未指定服务端；com.taosdata.jdbc:taos-jdbcdriver 3.7.9 适用于 3.0.0.0 或更高版本的服务端
    提示：pom.xml:2：spring-boot-starter-parent 3.3.5 也会决定连接器所需库的版本；com.taosdata.jdbc:taos-jdbcdriver 3.7.9 构建时使用 Jackson 2.20.0, Netty 4.1.127.Final：如出现 NoSuchMethodError，请用 mvn dependency:tree 对比
    ");
}
