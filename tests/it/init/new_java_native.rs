//! The whole tree that `init --lang java` makes for native connections, and as one jar.

use crate::init::new::made;
use insta::assert_snapshot;

#[test]
fn java_over_the_native_connection() {
    assert_snapshot!(made(&["--lang", "java", "--transport", "native", "--name", "my.app"]), @r#"
    exit 0
    --- stdout
    created   pom.xml
    created   src/main/java/com/example/Example.java
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      mvn -q package
      taos-setup run -- java -jar target/my.app.jar
    --- stderr
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /target/
    === README.md
    # my.app

    Writes rows to a supertable of TDengine over the native connection, reads them back, and removes what it made.

        mvn -q package
        taos-setup run -- java -jar target/my.app.jar

    It needs the client library (`taos-setup install`) of the server's version.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata).
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
    === pom.xml
    <?xml version="1.0" encoding="UTF-8"?>
    <project xmlns="http://maven.apache.org/POM/4.0.0"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
      <modelVersion>4.0.0</modelVersion>

      <groupId>com.example</groupId>
      <artifactId>my.app</artifactId>
      <version>1.0-SNAPSHOT</version>

      <properties>
        <maven.compiler.release>11</maven.compiler.release>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
      </properties>

      <dependencies>
        <dependency>
          <!-- The connector logs by SLF4J, which complains where nothing takes the logs: put the project's own logger here. -->
          <groupId>org.slf4j</groupId>
          <artifactId>slf4j-nop</artifactId>
          <version>2.0.17</version>
          <scope>runtime</scope>
        </dependency>
        <dependency>
          <groupId>com.taosdata.jdbc</groupId>
          <artifactId>taos-jdbcdriver</artifactId>
          <version>3.7.9</version>
        </dependency>
      </dependencies>

      <build>
        <finalName>my.app</finalName>
        <plugins>
          <plugin>
            <groupId>org.apache.maven.plugins</groupId>
            <artifactId>maven-compiler-plugin</artifactId>
            <version>3.14.0</version>
            <configuration>
              <compilerArgs>
                <arg>-Xlint:all</arg>
              </compilerArgs>
            </configuration>
          </plugin>
          <plugin>
            <groupId>org.apache.maven.plugins</groupId>
            <artifactId>maven-jar-plugin</artifactId>
            <version>3.4.2</version>
            <configuration>
              <archive>
                <manifest>
                  <mainClass>com.example.Example</mainClass>
                  <addClasspath>true</addClasspath>
                  <classpathPrefix>lib/</classpathPrefix>
                </manifest>
              </archive>
            </configuration>
          </plugin>
          <plugin>
            <!-- Puts the dependencies beside the jar, so that java -jar finds them. -->
            <groupId>org.apache.maven.plugins</groupId>
            <artifactId>maven-dependency-plugin</artifactId>
            <version>3.8.1</version>
            <executions>
              <execution>
                <phase>package</phase>
                <goals>
                  <goal>copy-dependencies</goal>
                </goals>
                <configuration>
                  <includeScope>runtime</includeScope>
                  <outputDirectory>${project.build.directory}/lib</outputDirectory>
                </configuration>
              </execution>
            </executions>
          </plugin>
        </plugins>
      </build>
    </project>
    === src/main/java/com/example/Example.java
    package com.example;

    import com.taosdata.jdbc.TSDBPreparedStatement;

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
    import java.util.ArrayList;
    import java.util.Collections;
    import java.util.Locale;
    import java.util.Properties;
    import java.util.UUID;

    /** Writes rows to a supertable of TDengine over the native connection and reads them back. */
    public final class Example {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 =
                new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        /**
         * The sensors. A supertable has one table for each; what never changes of a sensor, such as its
         * place, is a tag.
         */
        private static final String[] TABLES = {"example_zurich", "example_beijing"};

        private static final String[] PLACES = {"Z\u00fcrich", "\u5317\u4eac"};
        private static final double[] CELSIUS = {21.5, -3.25};

        private Example() {}

        public static void main(String[] args) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (Database database = new Database(statement)) {
                    writeAndRead(connection, statement, database.name);
                }
            } catch (Exception
                    | LinkageError failure) { // a missing client library is an error, not an exception
                System.err.println("error: " + oneLine(failure));
                System.exit(1);
            }
        }

        private static void writeAndRead(Connection connection, Statement statement, String database)
                throws SQLException {
            Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            String stable = database + ".example_readings";
            statement.executeUpdate(
                    "create stable if not exists "
                            + stable
                            + " (ts timestamp, celsius double) tags (place varchar(64))");
            checkPrecision(statement, database);
            statement.execute("use " + database); // a bound table name is looked up there
            System.out.println("rows written: " + write(connection, start));
            int found = read(statement, stable, start);
            if (found != TABLES.length) {
                throw new SQLException("wrote " + TABLES.length + " rows and read " + found);
            }
        }

        /**
         * Writes the readings, a second apart, and makes the tables of the sensors. The values travel
         * beside the statement.
         */
        private static int write(Connection connection, Instant start) throws SQLException {
            String sql = "insert into ? using example_readings tags (?) values (?, ?)";
            try (TSDBPreparedStatement insert =
                    connection.prepareStatement(sql).unwrap(TSDBPreparedStatement.class)) {
                for (int i = 0; i < TABLES.length; i++) {
                    insert.setTableName(TABLES[i]);
                    insert.setTagString(0, PLACES[i]);
                    insert.setTimestamp(
                            0,
                            new ArrayList<>(
                                    Collections.singletonList(start.plusSeconds(i).toEpochMilli())));
                    insert.setDouble(1, new ArrayList<>(Collections.singletonList(CELSIUS[i])));
                    insert.columnDataAddBatch();
                }
                insert.columnDataExecuteBatch();
                return TABLES.length;
            }
        }

        /** Instants are bound as numbers, which count what the database's precision says. */
        private static void checkPrecision(Statement statement, String database) throws SQLException {
            String sql =
                    "select `precision` from information_schema.ins_databases where name = '"
                            + database.toLowerCase(Locale.ROOT)
                            + "'";
            try (ResultSet rows = statement.executeQuery(sql)) {
                if (!rows.next() || !"ms".equals(rows.getString(1))) {
                    throw new SQLException("TAOS_DB does not name a database with precision 'ms'");
                }
            }
        }

        /** Prints the rows from start on, of all tables, and gives their number. */
        private static int read(Statement statement, String stable, Instant start) throws SQLException {
            int found = 0;
            String sql =
                    "select ts, celsius, place from "
                            + stable
                            + " where ts >= '"
                            + RFC_3339.format(start)
                            + "' order by ts";
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    System.out.println(
                            RFC_3339.format(rows.getTimestamp("ts").toInstant())
                                    + "  "
                                    + rows.getDouble("celsius")
                                    + "  "
                                    + rows.getString("place"));
                    found++;
                }
            }
            System.out.println("rows read: " + found);
            return found;
        }

        /** Connects to the server that the environment names. */
        private static Connection connect() throws SQLException {
            Properties properties = settings();
            return DriverManager.getConnection("jdbc:TAOS:///", properties);
        }

        /** Where the environment says that TDengine is, and how to log in there. */
        private static Properties settings() throws SQLException {
            if (!env("TDENGINE_CLOUD_URL", "").isEmpty()) {
                throw new SQLException(
                        "TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL");
            }
            if (!env("TAOS_TOKEN", "").isEmpty()) {
                throw new SQLException(
                        "this driver takes no token over native connections: unset TAOS_TOKEN");
            }
            if (!env("TAOS_TLS", "0").equals("0")) {
                throw new SQLException(
                        "the client library reads enableTLS from taos.cfg: unset TAOS_TLS");
            }
            Properties properties = new Properties();
            properties.setProperty("host", env("TAOS_HOST", "localhost"));
            properties.setProperty("port", env("TAOS_PORT", "6030"));
            properties.setProperty("user", env("TAOS_USER", "root"));
            properties.setProperty("password", env("TAOS_PASSWORD", "taosdata"));
            properties.setProperty("charset", StandardCharsets.UTF_8.name());
            return properties;
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

        /** The database that TAOS_DB names, or a new one of the smallest size, dropped at the end. */
        private static final class Database implements AutoCloseable {
            private final Statement statement;
            private final boolean isOwn;
            private final String name;

            Database(Statement statement) throws SQLException {
                this.statement = statement;
                String given = env("TAOS_DB", "");
                isOwn = given.isEmpty();
                if (!isOwn && !given.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                    throw new SQLException("TAOS_DB is not the name of a database");
                }
                name = isOwn ? "taos_example_" + UUID.randomUUID().toString().replace("-", "") : given;
                if (isOwn) {
                    statement.executeUpdate("create database " + name + " vgroups 1 buffer 3 pages 64");
                }
            }

            @Override
            public void close() throws SQLException {
                if (isOwn) {
                    statement.executeUpdate("drop database if exists " + name);
                }
            }
        }
    }
    "#);
}

#[test]
fn java_as_one_jar() {
    let all = made(&["--lang", "java", "--dist"]);
    let (_, pom) = all.split_once("=== pom.xml\n").unwrap();
    let (_, dependencies) = pom.split_once("  <dependencies>\n").unwrap();
    let (dependencies, _) = dependencies.split_once("  </dependencies>\n").unwrap();
    assert_snapshot!(dependencies, @"
    <dependency>
      <groupId>com.taosdata.jdbc</groupId>
      <artifactId>taos-jdbcdriver</artifactId>
      <version>3.7.9</version>
      <!-- One jar that holds all that it needs; without the exclusions all of that would come a second time. -->
      <classifier>dist</classifier>
      <exclusions>
        <exclusion>
          <groupId>*</groupId>
          <artifactId>*</artifactId>
        </exclusion>
      </exclusions>
    </dependency>
    ");
}

#[test]
fn java_with_gradle() {
    for (file, expected) in [("build.gradle", GROOVY), ("build.gradle.kts", KOTLIN)] {
        let all = made(&["--lang", "java", "--manifest", file, "--example", "pool"]);
        let (_, build) = all.split_once(&format!("=== {file}\n")).unwrap();
        let (build, _) = build.split_once("===").unwrap();
        assert_eq!(build, expected, "{file}");
    }
}

const GROOVY: &str = r#"plugins {
    id 'application'
}

repositories {
    mavenCentral()
}

dependencies {
    // The connector logs by SLF4J, which complains where nothing takes the logs: put the project's own logger here.
    runtimeOnly 'org.slf4j:slf4j-nop:2.0.17'
    implementation 'com.taosdata.jdbc:taos-jdbcdriver:3.7.9'
    implementation 'com.zaxxer:HikariCP:7.1.0'
}

tasks.withType(JavaCompile).configureEach {
    options.encoding = 'UTF-8'
    options.release = 11
}

application {
    mainClass = findProperty('mainClass') ?: 'com.example.Example'
}
"#;

const KOTLIN: &str = r#"plugins {
    application
}

repositories {
    mavenCentral()
}

dependencies {
    // The connector logs by SLF4J, which complains where nothing takes the logs: put the project's own logger here.
    runtimeOnly("org.slf4j:slf4j-nop:2.0.17")
    implementation("com.taosdata.jdbc:taos-jdbcdriver:3.7.9")
    implementation("com.zaxxer:HikariCP:7.1.0")
}

tasks.withType<JavaCompile>().configureEach {
    options.encoding = "UTF-8"
    options.release.set(11)
}

application {
    mainClass.set(findProperty("mainClass")?.toString() ?: "com.example.Example")
}
"#;
