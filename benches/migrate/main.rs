//! `cargo bench --bench migrate`: what finding deprecated connections in a large tree costs, next to `rg -l` with the same patterns. The
//! two run in turns, and the quickest of each counts. Without `rg` the ratio is skipped.

#[path = "../figures/figures.rs"]
mod figures;

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use figures::process::{peak_memory, program};
use figures::table::{self, Table, remark};

const ROUNDS: usize = 3;
const DIRECTORIES: usize = 1000;
const FILES: usize = 100;
/// Every so many files one has a connection that ends.
const USES: usize = 500;
/// What `rg` looks for: what makes a file worth reading for `migrate`.
const PATTERNS: &str = "jdbc:TAOS|com\\.taosdata\\.jdbc|driver-go|taosSql|taosRestful|taosrest|TDengine|protocol=native";

fn main() -> ExitCode {
    table::show(figures)
}

fn figures() -> io::Result<Table> {
    let folder = tempfile::Builder::new()
        .prefix("taos-setup-bench-")
        .tempdir()?;
    let root = folder.path();
    let tree = root.join("tree");
    grow(&tree)?;
    let home = root.join("home");
    let check = || {
        let mut command = program(&home, &["migrate", "--check", "--quiet"]);
        command.arg(&tree);
        command
    };
    let search = || {
        let mut command = Command::new("rg");
        command.args(["-l", "-i", "-e", PATTERNS]).arg(&tree);
        command.stdout(Stdio::null());
        command
    };
    let mut table = Table::default();
    let has_rg = Command::new("rg").arg("--version").output().is_ok();
    let [mut ours, mut theirs] = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        ours = ours.min(timed(check(), 7)?);
        if has_rg {
            theirs = theirs.min(timed(search(), 0)?);
        }
    }
    if has_rg {
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        table.at_most("migrate --check : rg -l, 100,000 files of 1 GB", ratio, 1.5);
    } else {
        remark("SKIPPED migrate --check : rg -l: rg is not installed");
    }
    #[allow(clippy::cast_precision_loss, reason = "MiB")]
    let peak = peak_memory(check())? as f64 / f64::from(1 << 20);
    table.at_most("peak memory, MiB", peak, 64.0);
    Ok(table)
}

/// Runs `command` to its end, which must be `exit`.
fn timed(mut command: Command, exit: i32) -> io::Result<Duration> {
    let start = Instant::now();
    let output = command.output()?;
    let took = start.elapsed();
    if output.status.code() == Some(exit) {
        return Ok(took);
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!("{command:?}: {text}")))
}

/// Creates the tree: sources of 10 KB each.
fn grow(tree: &Path) -> io::Result<()> {
    let line = "        int total = 0; // a line of code like any other, with some words in it\n";
    let body = line.repeat(10_000 / line.len());
    for at in 0..DIRECTORIES {
        let directory = tree.join(format!("module{at}/src"));
        fs::create_dir_all(&directory)?;
        for number in 0..FILES {
            let extension = ["java", "go", "py", "xml"][number % 4];
            let uses = (at * FILES + number).is_multiple_of(USES);
            let use_of = if uses {
                "\"jdbc:TAOS://db:6030/power\"\n"
            } else {
                ""
            };
            fs::write(
                directory.join(format!("File{number}.{extension}")),
                format!("{use_of}{body}"),
            )?;
        }
    }
    Ok(())
}
