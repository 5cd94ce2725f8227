//! `cargo bench --bench init`: what putting a connector into a project costs, each figure beside its limit. Ends with an error
//! where a limit is not kept. What is compared runs in turns, and the quickest of each counts, so that a loaded machine does
//! not lie. `cargo add` runs without a network against a registry of its own, a folder with one crate.

#[path = "../figures/figures.rs"]
mod figures;
mod projects;

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use figures::process::{empty_program, program, run};
use figures::table::{self, Table};

/// Rounds of every measurement.
const ROUNDS: usize = 30;

fn main() -> ExitCode {
    table::show(figures)
}

fn figures() -> io::Result<Table> {
    let folder = tempfile::Builder::new()
        .prefix("taos-setup-bench-")
        .tempdir()?;
    let root = folder.path();
    let mut table = Table::default();
    let empty = empty_program(root)?;
    for language in ["c", "go", "java", "node", "python", "rust"] {
        let dir = root.join(language);
        let mut nothing = Duration::MAX;
        let mut ours = Duration::MAX;
        for _ in 0..ROUNDS {
            nothing = nothing.min(run(Command::new(&empty))?);
            ours = ours.min(run(init(&dir, language))?);
            std::fs::remove_dir_all(&dir)?;
        }
        let above = ours.saturating_sub(nothing);
        table.at_most(
            &format!("{language}, above an empty program, ms"),
            ms(above),
            15.0,
        );
    }
    for (language, file, text) in projects::large() {
        let dir = root.join(format!("large-{file}"));
        let mut ours = Duration::MAX;
        for _ in 0..ROUNDS {
            std::fs::create_dir_all(&dir)?;
            std::fs::write(dir.join(file), &text)?;
            ours = ours.min(run(init(&dir, language))?);
            std::fs::remove_dir_all(&dir)?;
        }
        let lines = text.lines().count();
        table.at_most(&format!("{file} of {lines} lines, ms"), ms(ours), 50.0);
    }
    against_cargo_add(root, &mut table)?;
    Ok(table)
}

/// Both put `taos` into the same Cargo.toml.
fn against_cargo_add(root: &Path, table: &mut Table) -> io::Result<()> {
    let dir = root.join("package");
    let vendor = root.join("vendor");
    projects::vendor(&vendor)?;
    let [mut ours, mut cargo] = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        projects::package(&dir, &vendor)?;
        let mut add = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        add.args(["add", "--offline", "--quiet", "taos@0.12.3"])
            .args(["--no-default-features", "--features", "ws-rustls"])
            .current_dir(&dir);
        cargo = cargo.min(run(add)?);
        projects::package(&dir, &vendor)?;
        ours = ours.min(run(init(&dir, "rust"))?);
    }
    table.fact("init --lang rust, ms", ms(ours));
    table.fact("cargo add --offline, ms", ms(cargo));
    table.at_least(
        "cargo add --offline / init",
        cargo.as_secs_f64() / ours.as_secs_f64(),
        5.0,
    );
    Ok(())
}

fn init(dir: &Path, language: &str) -> Command {
    let mut command = program(dir, &["init", "--quiet", "--lang", language, "--dir"]);
    command.arg(dir);
    command
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}
