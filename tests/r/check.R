# Reports what codetools finds in the functions of the programs that are named.
suppressPackageStartupMessages(library(RJDBC))
for (file in commandArgs(trailingOnly = TRUE)) {
  functions <- new.env()
  for (expression in parse(file)) {
    if (!is.call(expression) || !identical(expression[[1]], as.name("<-"))) next
    value <- expression[[3]]
    is_function <- is.call(value) && identical(value[[1]], as.name("function"))
    assign(as.character(expression[[2]]), if (is_function) eval(value, functions), functions)
  }
  codetools::checkUsageEnv(functions, all = TRUE)
}
