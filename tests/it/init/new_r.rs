//! The whole tree that `init --lang r` makes, and what it says.

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};
use crate::support::tree::tree;

/// A file in place of the driver's jar, and its digest.
pub const JAR: &str = "a jar\n";
pub const JAR_SHA256: &str = "916c00c050bcea658410c821a4e8d7bbf981247ecd080fcb3c89f5b7249e6228";

/// Runs `init --lang r` for the folder `hello`, with a file in place of the driver's jar.
fn init(context: &TestContext, arguments: &[&str]) -> Run {
    std::fs::write(context.work().join("driver.jar"), JAR).unwrap();
    let mut all = vec![
        "init",
        "--lang",
        "r",
        "--dir",
        "hello",
        "--jar",
        "driver.jar",
    ];
    all.extend(["--sha256", JAR_SHA256]);
    all.extend(arguments);
    context.program(all).run()
}

#[test]
fn r_over_websocket() {
    let context = TestContext::new();
    let run = init(&context, &["--server", "3.3.7.5"]);
    let again = init(&context, &["--server", "3.3.7.5"]);
    assert_eq!(again.exit, Some(0), "{again}");
    assert!(
        !again.stdout.contains("created") && !again.stdout.contains("edited"),
        "{again}"
    );
    let checked = init(&context, &["--server", "3.3.7.5", "--check"]);
    assert_eq!(checked.exit, Some(0), "{checked}");
    let folder = context.work().join("hello");
    assert_snapshot!(format!("{run}{}", tree(&folder)), @r#"
    exit 0
    --- stdout
    created   DESCRIPTION
    created   main.R
    created   README.md
    created   .gitignore
    created   java/taos-jdbcdriver-3.7.9-dist.jar

    Build it and run it:
      cd hello
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
      Rscript main.R
    --- stderr
    note: RJDBC reads a DECIMAL as 0 over WebSocket: cast it to varchar
    === .gitignore
    /java/*.jar
    .RData
    .Rhistory
    .Rproj.user/
    === DESCRIPTION
    Type: Project
    Package: hello
    Title: Writes Rows to TDengine and Reads Them Back
    Version: 0.0.1
    Encoding: UTF-8
    Imports:
        RJDBC
    === README.md
    # hello

    Writes rows to a supertable of TDengine over WebSocket, reads them back, and removes what it made.

        Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
        Rscript main.R

    It needs R 3.6 or later with RJDBC and a Java runtime.
    It connects to `TAOS_HOST` (localhost), `TAOS_PORT` (6041) as `TAOS_USER` (root) with `TAOS_PASSWORD` (taosdata); with
    `TAOS_TLS=1` over TLS, trusting `TAOS_CA_FILE`; or to TDengine Cloud where `TDENGINE_CLOUD_URL` and
    `TDENGINE_CLOUD_TOKEN` are set.
    It works in the database `TAOS_DB`, or in a temporary one. On a failure it prints one line and exits with 1; `taos-setup verify` then says
    what is wrong.

    `java/taos-jdbcdriver-3.7.9-dist.jar` is the driver. It is not kept in git:
    `taos-setup init` fetches it again. R reads `JAVA_HOME` when it starts, and `java.parameters` when RJDBC loads. After a change of the
    Java runtime, run `R CMD javareconf`. Lines of SLF4J on stderr are harmless.

    Use `dbSendUpdate` for statements without rows: `dbExecute` carries them out and then fails. Cast a DECIMAL to varchar in the
    statement: RJDBC reads wrong values of it. A BIGINT is a text.
    === java/taos-jdbcdriver-3.7.9-dist.jar
    a jar
    === main.R
    # Writes rows to a supertable of TDengine over WebSocket and reads them back.

    # The driver: one jar that holds all that it needs.
    jar <- "java/taos-jdbcdriver-3.7.9-dist.jar"

    # Java starts when RJDBC loads, and reads these options only then.
    options(java.parameters = c("-Xmx512m", "-Dfile.encoding=UTF-8"))

    # A supertable has one table for each sensor; what never changes of a sensor, such as its place, is a tag.
    readings <- data.frame(
      table = c("example_zurich", "example_beijing"),
      place = c("Z\u00fcrich", "\u5317\u4eac"),
      celsius = c(21.5, -3.25),
      stringsAsFactors = FALSE
    )

    main <- function() {
      connection <- connect()
      on.exit(dbDisconnect(connection))
      say("server version: ", dbGetQuery(connection, "select server_version()")[1, 1])
      with_database(connection, function(database) {
        dbSendUpdate(connection, paste0(
          "create stable if not exists ", database,
          ".example_readings (ts timestamp, celsius double) tags (place varchar(64))"
        ))
        start <- as.POSIXct(floor(as.numeric(Sys.time())), origin = "1970-01-01", tz = "UTC")
        write_rows(connection, database, start)
        found <- read_rows(connection, database, start)
        if (found != nrow(readings)) stop("wrote ", nrow(readings), " rows and read ", found)
      })
    }

    # Writes the readings, a second apart, and makes the tables of the sensors. The values travel beside the statement,
    # but not the time: RJDBC binds times as texts, which the driver does not accept for a TIMESTAMP over WebSocket.
    # dbSendUpdate is for every statement without rows: dbExecute and dbGetQuery carry it out, and fail then.
    write_rows <- function(connection, database, start) {
      for (row in seq_len(nrow(readings))) {
        reading <- readings[row, ]
        sql <- sprintf(
          "insert into %s.%s using %s.example_readings tags (?) values ('%s', ?)",
          database, reading$table, database, rfc3339(start + row - 1)
        )
        dbSendUpdate(connection, sql, reading$place, reading$celsius)
      }
      say("rows written: ", nrow(readings))
    }

    # An instant as text in UTC, RFC 3339.
    rfc3339 <- function(time) {
      # Binary fractions are a little less than they should be, and format() cuts them off.
      format(time + 0.0005, "%Y-%m-%dT%H:%M:%OS3Z", tz = "UTC")
    }

    # Prints the rows from start on, of all tables, and gives their number. The server writes the instants: what R gets of a
    # TIMESTAMP depends on the version of RJDBC.
    read_rows <- function(connection, database, start) {
      rows <- dbGetQuery(connection, sprintf(
        "select to_iso8601(ts), celsius, place from %s.example_readings where ts >= '%s' order by ts",
        database, rfc3339(start)
      ))
      times <- as.POSIXct(sub("Z$", "+0000", rows[[1]]), format = "%Y-%m-%dT%H:%M:%OS%z", tz = "UTC")
      for (row in seq_len(nrow(rows))) say(rfc3339(times[row]), "  ", rows[row, 2], "  ", rows[row, 3])
      say("rows read: ", nrow(rows))
      nrow(rows)
    }

    # Calls work with the database that TAOS_DB names, or with a new one of the smallest size, which is dropped at the end.
    with_database <- function(connection, work) {
      given <- env("TAOS_DB")
      if (nzchar(given)) {
        if (!grepl("^[A-Za-z_][A-Za-z0-9_]*$", given)) stop("TAOS_DB is not the name of a database")
        return(work(given))
      }
      # Not sample(): a seed that was set would repeat the name.
      database <- paste0("taos_example_", basename(tempfile("")), Sys.getpid())
      dbSendUpdate(connection, paste("create database", database, "vgroups 1 buffer 3 pages 64"))
      on.exit(try(dbSendUpdate(connection, paste("drop database if exists", database)), silent = TRUE))
      work(database)
    }

    # The text as the driver takes it: it decodes users, passwords, and tokens as if they stood in a URL.
    encoded <- function(text) {
      paste0("%", charToRaw(text), collapse = "")
    }

    # Connects to the server that the environment names. User, password, and token are arguments: RJDBC repeats the whole
    # URL in its errors.
    connect <- function() {
      driver <- JDBC("com.taosdata.jdbc.ws.WebSocketDriver", jar)
      if (nzchar(env("TDENGINE_CLOUD_URL"))) {
        gateway <- cloud()
        return(dbConnect(driver, gateway$url, token = encoded(gateway$token)))
      }
      if (nzchar(env("TAOS_TOKEN"))) {
        stop("this release of the driver takes no token: unset TAOS_TOKEN")
      }
      host <- env("TAOS_HOST", "localhost")
      if (grepl(":", host) && !startsWith(host, "[")) host <- paste0("[", host, "]")
      url <- sprintf("jdbc:TAOS-WS://%s:%s/", host, env("TAOS_PORT", "6041"))
      if (env("TAOS_TLS", "0") != "0") {
        url <- paste0(url, "?useSSL=true")
        if (nzchar(env("TAOS_CA_FILE"))) trust(env("TAOS_CA_FILE"))
      }
      dbConnect(driver, url, encoded(env("TAOS_USER", "root")), encoded(env("TAOS_PASSWORD", "taosdata")))
    }

    # The URL of TDengine Cloud's gateway, and the token.
    cloud <- function() {
      pattern <- "^https?://([^/?#@]+)/?$"
      gateway <- env("TDENGINE_CLOUD_URL")
      if (!grepl(pattern, gateway)) {
        stop("TDENGINE_CLOUD_URL is not a URL such as https://gw.cloud.tdengine.com")
      }
      token <- env("TDENGINE_CLOUD_TOKEN")
      if (!nzchar(token)) stop("TDENGINE_CLOUD_URL is set and TDENGINE_CLOUD_TOKEN is not")
      host <- sub(pattern, "\\1", gateway)
      if (!grepl(":[0-9]+$", host)) host <- paste0(host, ":443")
      list(url = sprintf("jdbc:TAOS-WS://%s/?useSSL=true", host), token = token)
    }

    # Makes Java trust the certificates of a PEM file: the driver has no setting for it, but uses Java's own trust store.
    trust <- function(file) {
      store <- .jcall("java/security/KeyStore", "Ljava/security/KeyStore;", "getInstance", "PKCS12")
      .jcall(store, "V", "load", .jnull("java/io/InputStream"), .jnull("[C"))
      input <- .jnew("java/io/FileInputStream", file)
      class <- "java/security/cert/CertificateFactory"
      factory <- .jcall(class, paste0("L", class, ";"), "getInstance", "X.509")
      stream <- .jcast(input, "java/io/InputStream")
      found <- .jcall(factory, "Ljava/util/Collection;", "generateCertificates", stream)
      .jcall(input, "V", "close")
      certificates <- .jcall(found, "[Ljava/lang/Object;", "toArray")
      for (number in seq_along(certificates)) {
        certificate <- .jcast(certificates[[number]], "java/security/cert/Certificate")
        .jcall(store, "V", "setCertificateEntry", paste0("ca-", number), certificate)
      }
      password <- "changeit" # the store holds nothing secret
      path <- tempfile("taos-ca", fileext = ".p12")
      output <- .jnew("java/io/FileOutputStream", path)
      letters <- .jcall(.jnew("java/lang/String", password), "[C", "toCharArray", evalArray = FALSE)
      .jcall(store, "V", "store", .jcast(output, "java/io/OutputStream"), letters)
      .jcall(output, "V", "close")
      settings <- c(trustStore = path, trustStorePassword = password, trustStoreType = "PKCS12")
      for (name in names(settings)) {
        property <- paste0("javax.net.ssl.", name)
        .jcall("java/lang/System", "S", "setProperty", property, settings[[name]])
      }
    }

    # The environment variable's value, or fallback where it is unset or empty.
    env <- function(name, fallback = "") {
      value <- Sys.getenv(name)
      if (nzchar(value)) value else fallback
    }

    # The failure in one line, without the token of TDengine Cloud.
    one_line <- function(failure) {
      text <- enc2utf8(conditionMessage(failure))
      token <- env("TDENGINE_CLOUD_TOKEN")
      if (nzchar(token)) {
        for (secret in c(encoded(token), token)) text <- gsub(secret, "***", text, fixed = TRUE)
      }
      trimws(gsub("[[:space:]]+", " ", text))
    }

    # Prints the text in UTF-8, whatever the locale is.
    say <- function(...) {
      writeLines(enc2utf8(paste0(...)), useBytes = TRUE)
    }

    status <- tryCatch(
      {
        if (!file.exists(jar)) stop(jar, " does not exist: run taos-setup init again")
        # R reads it when it starts, and takes an unset one for its own default.
        if (identical(Sys.getenv("JAVA_HOME", unset = NA), "")) stop("JAVA_HOME is empty: unset it before R starts")
        suppressPackageStartupMessages(library(RJDBC)) # attaches DBI and rJava, too
        main()
        0L
      },
      error = function(failure) {
        writeLines(paste("error:", one_line(failure)), stderr(), useBytes = TRUE)
        1L
      }
    )
    if (!interactive()) quit(save = "no", status = status)
    "#);
}

/// The lines in which the programs of the other transports differ.
#[test]
fn r_over_rest_and_native() {
    let mut text = String::new();
    for transport in ["rest", "native"] {
        let context = TestContext::new();
        let run = init(&context, &["--server", "3.3.7.5", "--transport", transport]);
        text += &format!("{run}");
        let program = std::fs::read_to_string(context.work().join("hello/main.R")).unwrap();
        let (_, connect) = program.split_once("# Connects").unwrap();
        let (connect, _) = connect.split_once("\n}\n").unwrap();
        text += &format!("=== main.R\n# Connects{connect}\n}}\n");
    }
    assert_snapshot!(text, @r#"
    exit 0
    --- stdout
    created   DESCRIPTION
    created   main.R
    created   README.md
    created   .gitignore
    created   java/taos-jdbcdriver-3.7.9-dist.jar

    Build it and run it:
      cd hello
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
      Rscript main.R
    --- stderr
    note: the vendor ends REST connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: RJDBC reads a DECIMAL as NA over REST: cast it to varchar
    note: over REST dbConnect succeeds with a wrong password or address; the first statement fails
    === main.R
    # Connects to the server that the environment names. User, password, and token are arguments: RJDBC repeats the whole
    # URL in its errors. Over REST nothing is sent before the first statement.
    connect <- function() {
      driver <- JDBC("com.taosdata.jdbc.rs.RestfulDriver", jar)
      # The driver's HTTP client would report every attempt; the last failure says enough.
      logs <- .jcall("java/util/logging/LogManager", "Ljava/util/logging/LogManager;", "getLogManager")
      .jcall(logs, "V", "reset")
      if (nzchar(env("TDENGINE_CLOUD_URL"))) {
        gateway <- cloud()
        return(dbConnect(driver, gateway$url, token = encoded(gateway$token)))
      }
      if (nzchar(env("TAOS_TOKEN"))) {
        stop("this release of the driver takes no token: unset TAOS_TOKEN")
      }
      host <- env("TAOS_HOST", "localhost")
      if (grepl(":", host) && !startsWith(host, "[")) host <- paste0("[", host, "]")
      url <- sprintf("jdbc:TAOS-RS://%s:%s/?batchfetch=false", host, env("TAOS_PORT", "6041"))
      if (env("TAOS_TLS", "0") != "0") {
        url <- paste0(url, "&useSSL=true")
        if (nzchar(env("TAOS_CA_FILE"))) trust(env("TAOS_CA_FILE"))
      }
      dbConnect(driver, url, encoded(env("TAOS_USER", "root")), encoded(env("TAOS_PASSWORD", "taosdata")))
    }
    exit 0
    --- stdout
    created   DESCRIPTION
    created   main.R
    created   README.md
    created   .gitignore
    created   java/taos-jdbcdriver-3.7.9-dist.jar

    Build it and run it:
      cd hello
      Rscript -e "if (system.file(package = 'RJDBC') == '') install.packages('RJDBC'); library(RJDBC)"
      taos-setup run -- Rscript main.R
    --- stderr
    note: the vendor ends native connections of Java on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: over native connections a BIGINT becomes a double, and columns after a DECIMAL are wrong: cast both to varchar
    === main.R
    # Connects to the server that the environment names. User and password are arguments: RJDBC repeats the whole URL in
    # its errors.
    connect <- function() {
      if (nzchar(env("TDENGINE_CLOUD_URL"))) stop("TDengine Cloud has no native connection: unset TDENGINE_CLOUD_URL")
      if (nzchar(env("TAOS_TOKEN"))) stop("this driver takes no token over native connections: unset TAOS_TOKEN")
      if (env("TAOS_TLS", "0") != "0") stop("the client library reads enableTLS from taos.cfg: unset TAOS_TLS")
      driver <- JDBC("com.taosdata.jdbc.TSDBDriver", jar)
      host <- env("TAOS_HOST", "localhost")
      url <- sprintf("jdbc:TAOS://%s:%s/?charset=UTF-8", host, env("TAOS_PORT", "6030"))
      tryCatch(
        dbConnect(driver, url, env("TAOS_USER", "root"), env("TAOS_PASSWORD", "taosdata")),
        error = function(failure) {
          # The driver gives no reason if it does not find the client library.
          if (grepl("JDBC ERROR:[[:space:]]*$", conditionMessage(failure))) {
            stop("the driver did not load the client library: start this program with taos-setup run -- Rscript")
          }
          stop(failure)
        }
      )
    }
    "#);
}
