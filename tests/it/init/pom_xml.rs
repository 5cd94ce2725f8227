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
fn over_websocket() {
    assert_snapshot!(existing(SMALL, &[]), @r#"
    exit 0
    --- stdout
    edited    pom.xml
    created   src/main/java/com/example/taos/TaosExample.java

    Build it and run it:
      mvn -q compile
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/taos-example
      java -cp "target/classes:target/taos-example/*" com.example.taos.TaosExample
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: com.taosdata.jdbc:taos-jdbcdriver 3.2.8 is the newest that works with all of them over ws (3.7.9 needs 3.3.6.0 or later)
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
          <version>3.2.8</version>
        </dependency>
      </dependencies>
    </project>
    === src/main/java/com/example/taos/TaosExample.java
    package com.example.taos;

    import java.io.UnsupportedEncodingException;
    import java.net.URI;
    import java.net.URLEncoder;
    import java.sql.Connection;
    import java.sql.DriverManager;
    import java.sql.ResultSet;
    import java.sql.SQLException;
    import java.sql.Statement;
    import java.time.Instant;
    import java.time.format.DateTimeFormatter;
    import java.time.format.DateTimeFormatterBuilder;
    import java.time.temporal.ChronoUnit;
    import java.util.Properties;
    import java.util.UUID;

    /** Writes two rows to TDengine over WebSocket and reads them back. */
    public final class TaosExample {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        private TaosExample() {}

        public static void main(String[] args) {
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (TemporaryDatabase database = new TemporaryDatabase(statement)) {
                    writeAndRead(statement, database.name + ".readings");
                }
            } catch (Exception failure) {
                System.err.println("error: " + oneLine(failure));
                System.exit(1);
            }
        }

        private static void writeAndRead(Statement statement, String table) throws SQLException {
            statement.executeUpdate("create table " + table + " (ts timestamp, celsius double, place varchar(64))");
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            // An instant as text names its time zone, so that nothing depends on the one of this machine.
            int written = statement.executeUpdate("insert into " + table + " values ('" + RFC_3339.format(now)
                    + "', 21.5, 'Z\u00fcrich') ('" + RFC_3339.format(now.plusSeconds(1)) + "', -3.25, '\u5317\u4eac')");
            System.out.println("rows written: " + written);

            int read = 0;
            try (ResultSet rows = statement.executeQuery("select ts, celsius, place from " + table + " order by ts")) {
                while (rows.next()) {
                    System.out.println(RFC_3339.format(rows.getTimestamp("ts").toInstant()) + "  "
                            + rows.getDouble("celsius") + "  " + rows.getString("place"));
                    read++;
                }
            }
            System.out.println("rows read: " + read);
            if (read != 2) {
                throw new SQLException("wrote 2 rows and read " + read);
            }
        }

        /** Connects to the server that the environment names. */
        private static Connection connect() throws SQLException {
            Properties properties = new Properties();
            String cloud = env("TDENGINE_CLOUD_URL", "");
            if (!cloud.isEmpty()) {
                URI gateway = URI.create(cloud);
                String token = env("TDENGINE_CLOUD_TOKEN", "");
                if (gateway.getHost() == null) {
                    throw new SQLException("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
                }
                if (token.isEmpty()) {
                    throw new SQLException("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
                }
                properties.setProperty("host", gateway.getHost());
                properties.setProperty("port", String.valueOf(gateway.getPort() == -1 ? 443 : gateway.getPort()));
                properties.setProperty("useSSL", "true");
                properties.setProperty("token", encoded(token));
            } else {
                String host = env("TAOS_HOST", "localhost");
                properties.setProperty("host", host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
                properties.setProperty("port", env("TAOS_PORT", "6041"));
                // The driver decodes these two as if they stood in a URL.
                properties.setProperty("user", encoded(env("TAOS_USER", "root")));
                properties.setProperty("password", encoded(env("TAOS_PASSWORD", "taosdata")));
            }
            properties.setProperty("batchfetch", "true"); // WebSocket; later releases have the prefix jdbc:TAOS-WS for it
            return DriverManager.getConnection("jdbc:TAOS-RS:///", properties);
        }

        private static String encoded(String text) {
            try {
                return URLEncoder.encode(text, "UTF-8");
            } catch (UnsupportedEncodingException impossible) {
                throw new AssertionError(impossible); // every Java knows UTF-8
            }
        }

        /** The environment variable's value, or {@code fallback} where it is unset or empty. */
        private static String env(String name, String fallback) {
            String value = System.getenv(name);
            return value == null || value.isEmpty() ? fallback : value;
        }

        /** The failure's text in one line, without the Cloud token that an address in it may hold. */
        private static String oneLine(Exception failure) {
            String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            String token = env("TDENGINE_CLOUD_TOKEN", "");
            if (!token.isEmpty()) {
                text = text.replace(encoded(token), "***").replace(token, "***");
            }
            return text.replaceAll("\\s+", " ").trim();
        }

        /** A database of the smallest size, under a name that nobody else has, dropped at the end. */
        private static final class TemporaryDatabase implements AutoCloseable {
            private final Statement statement;
            private final String name = "taos_example_" + UUID.randomUUID().toString().replace("-", "");

            TemporaryDatabase(Statement statement) throws SQLException {
                this.statement = statement;
                statement.executeUpdate("create database " + name + " vgroups 1 buffer 3 pages 64");
            }

            @Override
            public void close() throws SQLException {
                statement.executeUpdate("drop database if exists " + name);
            }
        }
    }
    "#);
}

#[test]
fn over_rest() {
    assert_snapshot!(existing(SMALL, &["--transport", "rest"]), @r#"
    exit 0
    --- stdout
    edited    pom.xml
    created   src/main/java/com/example/taos/TaosExample.java

    Build it and run it:
      mvn -q compile
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/taos-example
      java -cp "target/classes:target/taos-example/*" com.example.taos.TaosExample
    --- stderr
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    note: no server is named, so any from 3.2.2.2 on is assumed: com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with all of them
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
    === src/main/java/com/example/taos/TaosExample.java
    package com.example.taos;

    import java.io.UnsupportedEncodingException;
    import java.net.URI;
    import java.net.URLEncoder;
    import java.sql.Connection;
    import java.sql.DriverManager;
    import java.sql.ResultSet;
    import java.sql.SQLException;
    import java.sql.Statement;
    import java.time.Instant;
    import java.time.format.DateTimeFormatter;
    import java.time.format.DateTimeFormatterBuilder;
    import java.time.temporal.ChronoUnit;
    import java.util.Properties;
    import java.util.UUID;
    import java.util.logging.Level;
    import java.util.logging.Logger;

    /** Writes two rows to TDengine over REST and reads them back. */
    public final class TaosExample {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
        /** What the driver's HTTP client writes to. */
        private static final Logger HTTP_LOG = Logger.getLogger("org.apache.http");

        private TaosExample() {}

        public static void main(String[] args) {
            HTTP_LOG.setLevel(Level.WARNING); // it would tell of every attempt; the last failure says enough
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (TemporaryDatabase database = new TemporaryDatabase(statement)) {
                    writeAndRead(statement, database.name + ".readings");
                }
            } catch (Exception failure) {
                System.err.println("error: " + oneLine(failure));
                System.exit(1);
            }
        }

        private static void writeAndRead(Statement statement, String table) throws SQLException {
            statement.executeUpdate("create table " + table + " (ts timestamp, celsius double, place varchar(64))");
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            // An instant as text names its time zone, so that nothing depends on the one of this machine.
            int written = statement.executeUpdate("insert into " + table + " values ('" + RFC_3339.format(now)
                    + "', 21.5, 'Z\u00fcrich') ('" + RFC_3339.format(now.plusSeconds(1)) + "', -3.25, '\u5317\u4eac')");
            System.out.println("rows written: " + written);

            int read = 0;
            try (ResultSet rows = statement.executeQuery("select ts, celsius, place from " + table + " order by ts")) {
                while (rows.next()) {
                    System.out.println(RFC_3339.format(rows.getTimestamp("ts").toInstant()) + "  "
                            + rows.getDouble("celsius") + "  " + rows.getString("place"));
                    read++;
                }
            }
            System.out.println("rows read: " + read);
            if (read != 2) {
                throw new SQLException("wrote 2 rows and read " + read);
            }
        }

        /** Connects to the server that the environment names. */
        private static Connection connect() throws SQLException {
            Properties properties = new Properties();
            String cloud = env("TDENGINE_CLOUD_URL", "");
            if (!cloud.isEmpty()) {
                URI gateway = URI.create(cloud);
                String token = env("TDENGINE_CLOUD_TOKEN", "");
                if (gateway.getHost() == null) {
                    throw new SQLException("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
                }
                if (token.isEmpty()) {
                    throw new SQLException("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
                }
                properties.setProperty("host", gateway.getHost());
                properties.setProperty("port", String.valueOf(gateway.getPort() == -1 ? 443 : gateway.getPort()));
                properties.setProperty("useSSL", "true");
                properties.setProperty("token", encoded(token));
            } else {
                String host = env("TAOS_HOST", "localhost");
                properties.setProperty("host", host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
                properties.setProperty("port", env("TAOS_PORT", "6041"));
                // The driver decodes these two as if they stood in a URL.
                properties.setProperty("user", encoded(env("TAOS_USER", "root")));
                properties.setProperty("password", encoded(env("TAOS_PASSWORD", "taosdata")));
            }
            properties.setProperty("batchfetch", "false"); // with true, this prefix means WebSocket
            return DriverManager.getConnection("jdbc:TAOS-RS:///", properties);
        }

        private static String encoded(String text) {
            try {
                return URLEncoder.encode(text, "UTF-8");
            } catch (UnsupportedEncodingException impossible) {
                throw new AssertionError(impossible); // every Java knows UTF-8
            }
        }

        /** The environment variable's value, or {@code fallback} where it is unset or empty. */
        private static String env(String name, String fallback) {
            String value = System.getenv(name);
            return value == null || value.isEmpty() ? fallback : value;
        }

        /** The failure's text in one line, without the Cloud token that an address in it may hold. */
        private static String oneLine(Exception failure) {
            String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            String token = env("TDENGINE_CLOUD_TOKEN", "");
            if (!token.isEmpty()) {
                text = text.replace(encoded(token), "***").replace(token, "***");
            }
            return text.replaceAll("\\s+", " ").trim();
        }

        /** A database of the smallest size, under a name that nobody else has, dropped at the end. */
        private static final class TemporaryDatabase implements AutoCloseable {
            private final Statement statement;
            private final String name = "taos_example_" + UUID.randomUUID().toString().replace("-", "");

            TemporaryDatabase(Statement statement) throws SQLException {
                this.statement = statement;
                statement.executeUpdate("create database " + name + " vgroups 1 buffer 3 pages 64");
            }

            @Override
            public void close() throws SQLException {
                statement.executeUpdate("drop database if exists " + name);
            }
        }
    }
    "#);
}

#[test]
fn over_the_native_connection() {
    assert_snapshot!(existing(SMALL, &["--transport", "native"]), @r#"
    exit 0
    --- stdout
    edited    pom.xml
    created   src/main/java/com/example/taos/TaosExample.java

    Build it and run it:
      mvn -q compile
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/taos-example
      taos-setup run -- java -cp "target/classes:target/taos-example/*" com.example.taos.TaosExample
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: com.taosdata.jdbc:taos-jdbcdriver 3.2.8 is the newest that works with all of them over native (3.7.9 needs 3.3.6.0 or later)
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
          <version>3.2.8</version>
        </dependency>
      </dependencies>
    </project>
    === src/main/java/com/example/taos/TaosExample.java
    package com.example.taos;

    import java.nio.charset.StandardCharsets;
    import java.sql.Connection;
    import java.sql.DriverManager;
    import java.sql.ResultSet;
    import java.sql.SQLException;
    import java.sql.Statement;
    import java.time.Instant;
    import java.time.format.DateTimeFormatter;
    import java.time.format.DateTimeFormatterBuilder;
    import java.time.temporal.ChronoUnit;
    import java.util.Properties;
    import java.util.UUID;

    /** Writes two rows to TDengine over the native connection and reads them back. */
    public final class TaosExample {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        private TaosExample() {}

        public static void main(String[] args) {
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (TemporaryDatabase database = new TemporaryDatabase(statement)) {
                    writeAndRead(statement, database.name + ".readings");
                }
            } catch (Exception | LinkageError failure) { // a client library that is missing is no exception
                System.err.println("error: " + oneLine(failure));
                System.exit(1);
            }
        }

        private static void writeAndRead(Statement statement, String table) throws SQLException {
            statement.executeUpdate("create table " + table + " (ts timestamp, celsius double, place varchar(64))");
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            // An instant as text names its time zone, so that nothing depends on the one of this machine.
            int written = statement.executeUpdate("insert into " + table + " values ('" + RFC_3339.format(now)
                    + "', 21.5, 'Z\u00fcrich') ('" + RFC_3339.format(now.plusSeconds(1)) + "', -3.25, '\u5317\u4eac')");
            System.out.println("rows written: " + written);

            int read = 0;
            try (ResultSet rows = statement.executeQuery("select ts, celsius, place from " + table + " order by ts")) {
                while (rows.next()) {
                    System.out.println(RFC_3339.format(rows.getTimestamp("ts").toInstant()) + "  "
                            + rows.getDouble("celsius") + "  " + rows.getString("place"));
                    read++;
                }
            }
            System.out.println("rows read: " + read);
            if (read != 2) {
                throw new SQLException("wrote 2 rows and read " + read);
            }
        }

        /** Connects to the server that the environment names. */
        private static Connection connect() throws SQLException {
            Properties properties = new Properties();
            if (!env("TDENGINE_CLOUD_URL", "").isEmpty()) {
                throw new SQLException("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL");
            }
            properties.setProperty("host", env("TAOS_HOST", "localhost"));
            properties.setProperty("port", env("TAOS_PORT", "6030"));
            properties.setProperty("user", env("TAOS_USER", "root"));
            properties.setProperty("password", env("TAOS_PASSWORD", "taosdata"));
            properties.setProperty("charset", StandardCharsets.UTF_8.name());
            return DriverManager.getConnection("jdbc:TAOS:///", properties);
        }

        /** The environment variable's value, or {@code fallback} where it is unset or empty. */
        private static String env(String name, String fallback) {
            String value = System.getenv(name);
            return value == null || value.isEmpty() ? fallback : value;
        }

        /** What is at the bottom of the failure, in one line. */
        private static String oneLine(Throwable failure) {
            while (failure.getCause() != null) {
                failure = failure.getCause();
            }
            String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            return text.replaceAll("\\s+", " ").trim();
        }

        /** A database of the smallest size, under a name that nobody else has, dropped at the end. */
        private static final class TemporaryDatabase implements AutoCloseable {
            private final Statement statement;
            private final String name = "taos_example_" + UUID.randomUUID().toString().replace("-", "");

            TemporaryDatabase(Statement statement) throws SQLException {
                this.statement = statement;
                statement.executeUpdate("create database " + name + " vgroups 1 buffer 3 pages 64");
            }

            @Override
            public void close() throws SQLException {
                statement.executeUpdate("drop database if exists " + name);
            }
        }
    }
    "#);
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
fn spring_boot() {
    assert_snapshot!(said(SPRING_BOOT, &[]), @r#"
    exit 0
    --- stdout
    edited    pom.xml
    created   src/main/java/com/example/taos/TaosExample.java

    Build it and run it:
      mvn -q compile
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/taos-example
      java -cp "target/classes:target/taos-example/*" com.example.taos.TaosExample

    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS-RS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/?batchfetch=true
      spring.datasource.driver-class-name=com.taosdata.jdbc.rs.RestfulDriver
      spring.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: com.taosdata.jdbc:taos-jdbcdriver 3.2.8 is the newest that works with all of them over ws (3.7.9 needs 3.3.6.0 or later)
    "#);
    assert_snapshot!(said(SPRING_BOOT, &["--transport", "rest"]), @r#"
    exit 0
    --- stdout
    edited    pom.xml
    created   src/main/java/com/example/taos/TaosExample.java

    Build it and run it:
      mvn -q compile
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/taos-example
      java -cp "target/classes:target/taos-example/*" com.example.taos.TaosExample

    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS-RS://${TAOS_HOST:localhost}:${TAOS_PORT:6041}/
      spring.datasource.driver-class-name=com.taosdata.jdbc.rs.RestfulDriver
      spring.datasource.username=${TAOS_USER:root}
      # Percent-encoded: the driver decodes it.
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    --- stderr
    note: REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both
    note: no server is named, so any from 3.2.2.2 on is assumed: com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with all of them
    note: pom.xml:3: spring-boot-starter-parent 3.2.5 chooses the versions of libraries that the connector needs, too; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 was built with Jackson 2.20.0 and Netty 4.1.127.Final: where it fails with a NoSuchMethodError, compare them with mvn dependency:tree
    "#);
    assert_snapshot!(said(SPRING_BOOT, &["--transport", "native"]), @r#"
    exit 0
    --- stdout
    edited    pom.xml
    created   src/main/java/com/example/taos/TaosExample.java

    Build it and run it:
      mvn -q compile
      mvn -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/taos-example
      taos-setup run -- java -cp "target/classes:target/taos-example/*" com.example.taos.TaosExample

    For Spring Boot, put into src/main/resources/application.properties:
      spring.datasource.url=jdbc:TAOS://${TAOS_HOST:localhost}:${TAOS_PORT:6030}/?charset=UTF-8
      spring.datasource.driver-class-name=com.taosdata.jdbc.TSDBDriver
      spring.datasource.username=${TAOS_USER:root}
      spring.datasource.password=${TAOS_PASSWORD:taosdata}
      spring.datasource.hikari.connection-test-query=select server_status()
    --- stderr
    note: no server is named, so any from 3.2.2.2 on is assumed: com.taosdata.jdbc:taos-jdbcdriver 3.2.8 is the newest that works with all of them over native (3.7.9 needs 3.3.6.0 or later)
    "#);
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
fn a_module_is_named_by_its_folder() {
    let context = TestContext::new();
    let root = context.work().join("shop");
    let aggregator = "<project>\n  <artifactId>shop</artifactId>\n  <packaging>pom</packaging>\n  <modules>\n    <module>core</module>\n    <module>web</module>\n  </modules>\n</project>\n";
    write(&root.join("pom.xml"), aggregator);
    write(&root.join("web/pom.xml"), SMALL);
    assert_snapshot!(context.program(["init", "--lang", "java", "--dir", "shop"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to shop/pom.xml
      shop/pom.xml:4: this project builds its modules, and no program of its own
      next: name the one that is to use it: --dir shop/core or --dir shop/web; nothing was written
    ");
    let run = context
        .program(["init", "--lang", "java", "--dir", "shop/web"])
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_eq!(
        fs::read_to_string(root.join("pom.xml")).unwrap(),
        aggregator
    );
    assert!(
        root.join("web/src/main/java/com/example/taos/TaosExample.java")
            .exists()
    );
}

#[test]
fn a_module_whose_parent_chooses_the_version() {
    let context = TestContext::new();
    let parent = |version: &str| {
        format!(
            "<project>\n  <artifactId>shop</artifactId>\n  <packaging>pom</packaging>\n  <properties><taos.version>{version}</taos.version></properties>\n  \
             <dependencyManagement>\n    <dependencies>\n      <dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId>\
             <version>${{taos.version}}</version></dependency>\n    </dependencies>\n  </dependencyManagement>\n  <modules><module>web</module></modules>\n</project>\n"
        )
    };
    let module = "<project>\n  <parent>\n    <artifactId>shop</artifactId>\n  </parent>\n  <artifactId>web</artifactId>\n</project>\n";
    write(&context.work().join("pom.xml"), &parent("3.7.9"));
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
    error[version-conflict]: could not add com.taosdata.jdbc:taos-jdbcdriver 3.2.8 to web/pom.xml
      web/pom.xml:2: the project already inherits taos-jdbcdriver 3.7.9 (property taos.version) from its parent (../pom.xml:4)
      next: write 3.2.8 there, or set up another folder with --dir
    ");
    assert_eq!(
        fs::read_to_string(context.work().join("web/pom.xml")).unwrap(),
        module
    );
    write(&context.work().join("pom.xml"), &parent("3.2.8"));
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
fn a_file_in_the_parents_place_that_is_another_project() {
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
        pom.contains("<version>3.2.8</version>")
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
fn the_projects_own_maven() {
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
    assert_eq!(build("."), ["./mvnw", "./mvnw"]);
    assert_eq!(build("web"), ["../mvnw", "../mvnw"]);
}

#[test]
fn a_module_that_does_not_require_java_sql() {
    let context = TestContext::new();
    write(&context.work().join("pom.xml"), SMALL);
    let info = context.work().join("src/main/java/module-info.java");
    let notes = |text: &str| -> Vec<String> {
        write(&info, text);
        let run = context
            .program(["init", "--lang", "java", "--dry-run"])
            .run();
        assert_eq!(run.exit, Some(0), "{run}");
        let notes = run
            .stderr
            .lines()
            .filter(|line| line.contains("module-info"));
        notes.map(str::to_owned).collect()
    };
    assert_eq!(
        notes("module com.acme {\n}\n"),
        [
            "note: src/main/java/module-info.java does not require java.sql, which the example uses: add requires java.sql; to it"
        ]
    );
    assert!(notes("module com.acme {\n  requires transitive java.sql;\n}\n").is_empty());
}

#[test]
fn one_jar() {
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
      next: leave --dist out
    ");
}
