# A stand-in for RJDBC, written for tests from its documentation: Java's driver behind DBI's functions. Values are bound as RJDBC
# binds them: integers, numbers, else texts. Results are numbers or texts.

setClass("StandInDriver", representation("DBIDriver", driver = "jobjRef"))
setClass("StandInConnection", representation("DBIConnection", connection = "jobjRef"))
setGeneric("dbSendUpdate", function(conn, statement, ...) standardGeneric("dbSendUpdate"))

# Fails with `tried` and the message of the pending Java exception.
fail <- function(tried, statement = NULL) {
  exception <- .jgetEx(TRUE)
  cause <- if (is.jnull(exception)) "" else .jcall(exception, "S", "getMessage")
  about <- if (is.null(statement)) "" else paste0("\n  Statement: ", statement)
  stop(tried, "\n  JDBC ERROR: ", cause, about, call. = FALSE)
}

JDBC <- function(driverClass = "", classPath = "", ...) {
  .jinit()
  .jaddClassPath(path.expand(classPath))
  new("StandInDriver", driver = .jnew(driverClass))
}

setMethod("dbConnect", "StandInDriver", function(drv, url, user = "", password = "", ...) {
  properties <- .jnew("java/util/Properties")
  settings <- c(list(user = user, password = password), list(...))
  for (name in names(settings)) {
    value <- as.character(settings[[name]])
    if (nzchar(value)) .jcall(properties, "Ljava/lang/Object;", "setProperty", name, value)
  }
  connection <- .jcall(drv@driver, "Ljava/sql/Connection;", "connect", url, properties, check = FALSE)
  if (is.jnull(connection)) fail(paste("Unable to connect JDBC to", url))
  new("StandInConnection", connection = connection)
})

setMethod("dbDisconnect", "StandInConnection", function(conn, ...) {
  .jcall(conn@connection, "V", "close")
  TRUE
})

setMethod("dbSendUpdate", "StandInConnection", function(conn, statement, ...) {
  values <- list(...)
  if (length(values) == 0) {
    plain <- .jcall(conn@connection, "Ljava/sql/Statement;", "createStatement")
    on.exit(.jcall(plain, "V", "close"))
    .jcall(plain, "I", "executeUpdate", statement, check = FALSE)
  } else {
    prepared <- .jcall(
      conn@connection, "Ljava/sql/PreparedStatement;", "prepareStatement", statement,
      check = FALSE
    )
    if (is.jnull(prepared)) fail("Unable to create JDBC prepared statement", statement)
    on.exit(.jcall(prepared, "V", "close"))
    for (at in seq_along(values)) {
      value <- values[[at]]
      if (is.integer(value)) {
        .jcall(prepared, "V", "setInt", at, value)
      } else if (is.numeric(value)) {
        .jcall(prepared, "V", "setDouble", at, value)
      } else {
        .jcall(prepared, "V", "setString", at, as.character(value))
      }
    }
    .jcall(prepared, "I", "executeUpdate", check = FALSE)
  }
  if (!is.null(.jgetEx())) fail("execute JDBC update query failed in dbSendUpdate", statement)
  invisible(TRUE)
})

setMethod("dbGetQuery", signature("StandInConnection", "character"), function(conn, statement, ...) {
  plain <- .jcall(conn@connection, "Ljava/sql/Statement;", "createStatement")
  on.exit(.jcall(plain, "V", "close"))
  result <- .jcall(plain, "Ljava/sql/ResultSet;", "executeQuery", statement, check = FALSE)
  if (is.jnull(result)) fail("Unable to retrieve JDBC result set", statement)
  about <- .jcall(result, "Ljava/sql/ResultSetMetaData;", "getMetaData")
  columns <- seq_len(.jcall(about, "I", "getColumnCount"))
  # java.sql.Types: TINYINT, SMALLINT, INTEGER, FLOAT, REAL, DOUBLE; a BIGINT stays a text.
  is_number <- vapply(
    columns,
    function(at) .jcall(about, "I", "getColumnType", at) %in% c(-6L, 4L, 5L, 6L, 7L, 8L),
    logical(1)
  )
  rows <- list()
  while (.jcall(result, "Z", "next")) {
    rows[[length(rows) + 1]] <- lapply(columns, function(at) {
      if (is_number[at]) .jcall(result, "D", "getDouble", at) else .jcall(result, "S", "getString", at)
    })
  }
  names <- vapply(columns, function(at) .jcall(about, "S", "getColumnLabel", at), "")
  values <- lapply(columns, function(at) unlist(lapply(rows, `[[`, at)))
  as.data.frame(stats::setNames(values, names), stringsAsFactors = FALSE, check.names = FALSE)
})
