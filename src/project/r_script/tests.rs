use proptest::prelude::*;

use super::super::description_file::tests::WANTED;
use super::*;

fn notes(source: &str) -> Vec<Message> {
    let wanted = Requirement {
        file: "analysis.R",
        ..WANTED
    };
    let edit = RScript.edit(source, wanted).unwrap();
    assert_eq!(edit.insertion, None);
    edit.notes
}

#[test]
fn line_is_named_below_the_last_load() {
    let source = "# library(x)\nlibrary(dplyr)\nx <- 1 # library(y)\nsuppressMessages(require(\"DBI\"))\ny <- 2\n";
    assert!(RScript.holds_dependencies(source));
    let notes = notes(source);
    assert!(
        notes[0]
            .to_string()
            .starts_with("analysis.R:4: add library(RJDBC)")
    );
}

#[test]
fn loaded_package_needs_no_line() {
    for source in [
        "library(RJDBC)",
        "library( \"RJDBC\" )",
        "if (!requireNamespace('RJDBC')) stop()",
        "library(DBI)\ndriver <- RJDBC::JDBC(class, jar)",
    ] {
        assert!(notes(source).is_empty(), "{source}");
    }
    for source in [
        "library(RJDBCx)",
        "xRJDBC::f()\nlibrary(a)",
        "'#'; library(a)",
    ] {
        assert_eq!(notes(source).len(), 1, "{source}");
    }
}

#[test]
fn other_code_loads_nothing() {
    for source in [
        "x <- 1",
        "# library(a)",
        "mylibrary(a)",
        "library()",
        "\"#\" # library(a)",
    ] {
        assert!(!RScript.holds_dependencies(source), "{source}");
    }
}

proptest! {
    #[test]
    fn hostile_text_is_read(text in ".{0,200}") {
        let _ = RScript.edit(&text, WANTED);
        let _ = RScript.holds_dependencies(&text);
    }
}
