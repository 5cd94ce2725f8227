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
      java -jar target/hello.jar
    --- stderr
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.3.6.0 on; --server VERSION chooses a release for an older one
    === .gitignore
    /target/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        mvn -q package
        java -jar target/hello.jar

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
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
        <finalName>hello</finalName>
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

    import java.io.IOException;
    import java.io.InputStream;
    import java.io.OutputStream;
    import java.io.UnsupportedEncodingException;
    import java.net.URI;
    import java.net.URLEncoder;
    import java.nio.file.Files;
    import java.nio.file.Path;
    import java.nio.file.Paths;
    import java.security.GeneralSecurityException;
    import java.security.KeyStore;
    import java.security.cert.Certificate;
    import java.security.cert.CertificateFactory;
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

    /** Writes rows to a supertable of TDengine over WebSocket and reads them back. */
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
            } catch (Exception failure) {
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
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                for (int i = 0; i < TABLES.length; i++) {
                    insert.setString(1, TABLES[i]);
                    insert.setString(2, PLACES[i]);
                    insert.setTimestamp(3, Timestamp.from(start.plusSeconds(i)));
                    insert.setDouble(4, CELSIUS[i]);
                    insert.addBatch();
                }
                int written = 0;
                for (int result : insert.executeBatch()) {
                    written += result == Statement.SUCCESS_NO_INFO ? 1 : result;
                }
                return written;
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
        private static Connection connect() throws SQLException, IOException, GeneralSecurityException {
            Properties properties = settings();
            return DriverManager.getConnection("jdbc:TAOS-WS:///", properties);
        }

        /** Where the environment says that TDengine is, and how to log in there. */
        private static Properties settings()
                throws SQLException, IOException, GeneralSecurityException {
            Properties properties = new Properties();
            if (!env("TDENGINE_CLOUD_URL", "").isEmpty()) {
                setCloud(properties);
                return properties;
            }
            if (!env("TAOS_TOKEN", "").isEmpty()) {
                throw new SQLException(
                        "this release of the driver takes no token: unset TAOS_TOKEN, or use 3.8.0 or"
                                + " later");
            }
            String host = env("TAOS_HOST", "localhost");
            properties.setProperty(
                    "host", host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
            properties.setProperty("port", env("TAOS_PORT", "6041"));
            // The driver decodes these two as if they stood in a URL.
            properties.setProperty("user", encoded(env("TAOS_USER", "root")));
            properties.setProperty("password", encoded(env("TAOS_PASSWORD", "taosdata")));
            if (!env("TAOS_TLS", "0").equals("0")) {
                properties.setProperty("useSSL", "true");
                if (!env("TAOS_CA_FILE", "").isEmpty()) {
                    trust(Paths.get(env("TAOS_CA_FILE", "")));
                }
            }
            return properties;
        }

        private static void setCloud(Properties properties) throws SQLException {
            URI gateway = URI.create(env("TDENGINE_CLOUD_URL", ""));
            String token = env("TDENGINE_CLOUD_TOKEN", "");
            if (gateway.getHost() == null) {
                throw new SQLException(
                        "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
            }
            if (token.isEmpty()) {
                throw new SQLException("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
            }
            properties.setProperty("host", gateway.getHost());
            properties.setProperty(
                    "port", String.valueOf(gateway.getPort() == -1 ? 443 : gateway.getPort()));
            properties.setProperty("useSSL", "true");
            properties.setProperty("token", encoded(token));
        }

        /**
         * Makes Java trust the certificates of a PEM file: the driver has no setting for it, but uses
         * Java's own trust store.
         */
        private static void trust(Path file) throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream in = Files.newInputStream(file)) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("ca-" + number++, certificate);
                }
            }
            char[] password = "changeit".toCharArray(); // the store holds nothing secret
            Path path = Files.createTempFile("taos-ca", ".keystore");
            path.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(path)) {
                store.store(out, password);
            }
            System.setProperty("javax.net.ssl.trustStore", path.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", new String(password));
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
      java -jar target/hello.jar
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; com.taosdata.jdbc:taos-jdbcdriver 3.7.9 works with servers from 3.0.0.0 on
    === .gitignore
    /target/
    === README.md
    # hello

    Writes rows to a supertable of TDengine over REST, reads them back, and removes what it made.

        mvn -q package
        java -jar target/hello.jar

    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.
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
        <finalName>hello</finalName>
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

    import java.io.IOException;
    import java.io.InputStream;
    import java.io.OutputStream;
    import java.io.UnsupportedEncodingException;
    import java.net.URI;
    import java.net.URLEncoder;
    import java.nio.file.Files;
    import java.nio.file.Path;
    import java.nio.file.Paths;
    import java.security.GeneralSecurityException;
    import java.security.KeyStore;
    import java.security.cert.Certificate;
    import java.security.cert.CertificateFactory;
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

    /** Writes rows to a supertable of TDengine over REST and reads them back. */
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

        /** What the driver's HTTP client writes to. */
        private static final Logger HTTP_LOG = Logger.getLogger("org.apache.http");

        private Example() {}

        public static void main(String[] args) {
            HTTP_LOG.setLevel(
                    Level.WARNING); // it would tell of every attempt; the last failure says enough
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                try (ResultSet version = statement.executeQuery("select server_version()")) {
                    version.next();
                    System.out.println("server version: " + version.getString(1));
                }
                try (Database database = new Database(statement)) {
                    writeAndRead(statement, database.name);
                }
            } catch (Exception failure) {
                System.err.println("error: " + oneLine(failure));
                System.exit(1);
            }
        }

        private static void writeAndRead(Statement statement, String database) throws SQLException {
            Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            String stable = database + ".example_readings";
            statement.executeUpdate(
                    "create stable if not exists "
                            + stable
                            + " (ts timestamp, celsius double) tags (place varchar(64))");
            System.out.println("rows written: " + write(statement, database, start));
            int found = read(statement, stable, start);
            if (found != TABLES.length) {
                throw new SQLException("wrote " + TABLES.length + " rows and read " + found);
            }
        }

        /**
         * Writes the readings, a second apart, and makes the tables of the sensors. REST has no bound
         * parameters, so the values are a part of the text; an instant as text names its time zone, so
         * that nothing depends on the one of this machine.
         */
        private static int write(Statement statement, String database, Instant start)
                throws SQLException {
            StringBuilder sql = new StringBuilder("insert into");
            for (int i = 0; i < TABLES.length; i++) {
                sql.append(' ').append(database).append('.').append(TABLES[i]);
                sql.append(" using ")
                        .append(database)
                        .append(".example_readings tags ('")
                        .append(PLACES[i])
                        .append("')");
                sql.append(" values ('")
                        .append(RFC_3339.format(start.plusSeconds(i)))
                        .append("', ")
                        .append(CELSIUS[i])
                        .append(')');
            }
            return statement.executeUpdate(sql.toString());
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
        private static Connection connect() throws SQLException, IOException, GeneralSecurityException {
            Properties properties = settings();
            properties.setProperty("batchfetch", "false"); // with true, this prefix means WebSocket
            return DriverManager.getConnection("jdbc:TAOS-RS:///", properties);
        }

        /** Where the environment says that TDengine is, and how to log in there. */
        private static Properties settings()
                throws SQLException, IOException, GeneralSecurityException {
            Properties properties = new Properties();
            if (!env("TDENGINE_CLOUD_URL", "").isEmpty()) {
                setCloud(properties);
                return properties;
            }
            if (!env("TAOS_TOKEN", "").isEmpty()) {
                throw new SQLException(
                        "this release of the driver takes no token: unset TAOS_TOKEN, or use 3.8.0 or"
                                + " later");
            }
            String host = env("TAOS_HOST", "localhost");
            properties.setProperty(
                    "host", host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
            properties.setProperty("port", env("TAOS_PORT", "6041"));
            // The driver decodes these two as if they stood in a URL.
            properties.setProperty("user", encoded(env("TAOS_USER", "root")));
            properties.setProperty("password", encoded(env("TAOS_PASSWORD", "taosdata")));
            if (!env("TAOS_TLS", "0").equals("0")) {
                properties.setProperty("useSSL", "true");
                if (!env("TAOS_CA_FILE", "").isEmpty()) {
                    trust(Paths.get(env("TAOS_CA_FILE", "")));
                }
            }
            return properties;
        }

        private static void setCloud(Properties properties) throws SQLException {
            URI gateway = URI.create(env("TDENGINE_CLOUD_URL", ""));
            String token = env("TDENGINE_CLOUD_TOKEN", "");
            if (gateway.getHost() == null) {
                throw new SQLException(
                        "TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com");
            }
            if (token.isEmpty()) {
                throw new SQLException("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not");
            }
            properties.setProperty("host", gateway.getHost());
            properties.setProperty(
                    "port", String.valueOf(gateway.getPort() == -1 ? 443 : gateway.getPort()));
            properties.setProperty("useSSL", "true");
            properties.setProperty("token", encoded(token));
        }

        /**
         * Makes Java trust the certificates of a PEM file: the driver has no setting for it, but uses
         * Java's own trust store.
         */
        private static void trust(Path file) throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream in = Files.newInputStream(file)) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("ca-" + number++, certificate);
                }
            }
            char[] password = "changeit".toCharArray(); // the store holds nothing secret
            Path path = Files.createTempFile("taos-ca", ".keystore");
            path.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(path)) {
                store.store(out, password);
            }
            System.setProperty("javax.net.ssl.trustStore", path.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", new String(password));
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
