//! The figures and their limits.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// Prints what `figures` gives, and fails where a limit is not kept. `cargo test --benches` asks with --test, and wants none.
pub fn show(figures: impl FnOnce() -> io::Result<Table>) -> ExitCode {
    if std::env::args().any(|arg| arg == "--test") {
        return ExitCode::SUCCESS;
    }
    match figures() {
        Ok(table) => {
            print!("{table}");
            table.exit()
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what happens, or is left out.
pub fn remark(text: &str) {
    eprintln!("{text}");
}

/// What was measured, line by line.
#[derive(Default)]
pub struct Table {
    lines: Vec<Line>,
}

struct Line {
    what: String,
    value: f64,
    limit: Option<(&'static str, f64)>,
    kept: bool,
}

impl Table {
    /// A figure without a limit.
    pub fn fact(&mut self, what: &str, value: f64) {
        self.line(what, value, None, true);
    }

    pub fn at_most(&mut self, what: &str, value: f64, limit: f64) {
        self.line(what, value, Some(("at most", limit)), value <= limit);
    }

    pub fn at_least(&mut self, what: &str, value: f64, limit: f64) {
        self.line(what, value, Some(("at least", limit)), value >= limit);
    }

    fn line(&mut self, what: &str, value: f64, limit: Option<(&'static str, f64)>, kept: bool) {
        self.lines.push(Line {
            what: what.to_owned(),
            value,
            limit,
            kept,
        });
    }

    fn exit(&self) -> ExitCode {
        match self.lines.iter().all(|line| line.kept) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            write!(f, "{:<36} {:>9.2}", line.what, line.value)?;
            if let Some((word, limit)) = line.limit {
                let kept = if line.kept { "kept" } else { "NOT KEPT" };
                write!(f, "   {word:<8} {limit:>7.2}   {kept}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
