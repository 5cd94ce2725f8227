//! The whole tree that `init --lang java` makes, and what it says.

use crate::init::new::made;
use insta::assert_snapshot;

#[test]
fn java_over_websocket() {
    assert_snapshot!(made(&["--lang", "java"]), @r#"
    exit 0
    --- stdout
    created   pom.xml
    created   src/main/java/com/example/Example.java
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      mvn -q package
      java -jar target/taos-example.jar
    --- stderr
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /target/
    === README.md
    # hello

    Writes two rows to TDengine over WebSocket, reads them back, and removes what it made.

        mvn -q package
        java -jar target/taos-example.jar

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === pom.xml
    <?xml version="1.0" encoding="UTF-8"?>
    <project xmlns="http://maven.apache.org/POM/4.0.0"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
      <modelVersion>4.0.0</modelVersion>

      <groupId>com.example</groupId>
      <artifactId>hello</artifactId>
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
        <finalName>taos-example</finalName>
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

    import java.io.UnsupportedEncodingException;
    import java.net.URI;
    import java.net.URLEncoder;
    import java.sql.Connection;
    import java.sql.DriverManager;
    import java.sql.PreparedStatement;
    import java.sql.ResultSet;
    import java.sql.SQLException;
    import java.sql.Statement;
    import java.sql.Timestamp;
    import java.time.Instant;
    import java.time.format.DateTimeFormatter;
    import java.time.format.DateTimeFormatterBuilder;
    import java.time.temporal.ChronoUnit;
    import java.util.Properties;
    import java.util.UUID;

    /** Writes two rows to TDengine over WebSocket and reads them back. */
    public final class Example {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        private Example() {}

        public static void main(String[] args) {
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (TemporaryDatabase database = new TemporaryDatabase(statement)) {
                    writeAndRead(connection, statement, database.name + ".readings");
                }
            } catch (Exception failure) {
                System.err.println("error: " + oneLine(failure));
                System.exit(1);
            }
        }

        private static void writeAndRead(Connection connection, Statement statement, String table) throws SQLException {
            statement.executeUpdate("create table " + table + " (ts timestamp, celsius double, place varchar(64))");
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            int written = 0;
            try (PreparedStatement insert = connection.prepareStatement("insert into " + table + " values (?, ?, ?)")) {
                insert.setTimestamp(1, Timestamp.from(now));
                insert.setDouble(2, 21.5);
                insert.setString(3, "Z\u00fcrich");
                insert.addBatch();
                insert.setTimestamp(1, Timestamp.from(now.plusSeconds(1)));
                insert.setDouble(2, -3.25);
                insert.setString(3, "\u5317\u4eac");
                insert.addBatch();
                for (int result : insert.executeBatch()) {
                    written += result == Statement.SUCCESS_NO_INFO ? 1 : result;
                }
            }
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
            return DriverManager.getConnection("jdbc:TAOS-WS:///", properties);
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

        /** A database of the smallest size, under a unique name, dropped at the end. */
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
fn java_over_rest() {
    assert_snapshot!(made(&["--lang", "java", "--transport", "rest"]), @r#"
    exit 0
    --- stdout
    created   pom.xml
    created   src/main/java/com/example/Example.java
    created   README.md
    created   .gitignore

    Build it and run it:
      cd hello
      mvn -q package
      java -jar target/taos-example.jar
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.0.0.0 on
    === .gitignore
    /target/
    === README.md
    # hello

    Writes two rows to TDengine over REST, reads them back, and removes what it made.

        mvn -q package
        java -jar target/taos-example.jar

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata),
    or to TDengine Cloud where `TDENGINE_CLOUD_URL` and `TDENGINE_CLOUD_TOKEN` are set. On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
    === pom.xml
    <?xml version="1.0" encoding="UTF-8"?>
    <project xmlns="http://maven.apache.org/POM/4.0.0"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
      <modelVersion>4.0.0</modelVersion>

      <groupId>com.example</groupId>
      <artifactId>hello</artifactId>
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
        <finalName>taos-example</finalName>
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
    public final class Example {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
        /** What the driver's HTTP client writes to. */
        private static final Logger HTTP_LOG = Logger.getLogger("org.apache.http");

        private Example() {}

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

        /** A database of the smallest size, under a unique name, dropped at the end. */
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
      taos-setup run -- java -jar target/taos-example.jar
    --- stderr
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /target/
    === README.md
    # my.app

    Writes two rows to TDengine over the native connection, reads them back, and removes what it made.

        mvn -q package
        taos-setup run -- java -jar target/taos-example.jar

    It needs the client library (`taos-setup install`) of the server's version. It connects to `TAOS_HOST` (localhost),
    `TAOS_PORT` (6030) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata). On a failure it prints one line and
    exits with 1; `taos-setup verify` then says what is wrong.
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
        <finalName>taos-example</finalName>
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
    public final class Example {
        /** RFC 3339 in UTC with milliseconds, the precision of a new database. */
        private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        private Example() {}

        public static void main(String[] args) {
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (TemporaryDatabase database = new TemporaryDatabase(statement)) {
                    writeAndRead(statement, database.name + ".readings");
                }
            } catch (Exception | LinkageError failure) { // a missing client library is an error, not an exception
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

        /** A database of the smallest size, under a unique name, dropped at the end. */
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
