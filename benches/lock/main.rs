//! `cargo bench --bench lock`: what `sync` costs if there is nothing to do, and `lock` without a network, each next to a start of the
//! program. They run in turns, and the quickest of each counts.

#[path = "../figures/figures.rs"]
mod figures;

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use figures::process::{program, run};
use figures::table::{self, Table};
use taos_sandbox::driver;
use taos_sandbox::mirror::{Package, write_folder};

const ROUNDS: usize = 20;
const VERSION: &str = "3.3.7.5";

/// A project of each of these languages is listed.
const PROJECTS: [(&str, &str, &str); 3] = [
    ("go", "go.mod", "module a\n\ngo 1.24\n"),
    ("python", "requirements.txt", "requests==2.32.3\n"),
    (
        "rust",
        "Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    ),
];

fn main() -> ExitCode {
    table::show(figures)
}

fn figures() -> io::Result<Table> {
    let folder = tempfile::Builder::new()
        .prefix("taos-setup-bench-")
        .tempdir()?;
    let (home, work) = (folder.path().join("home"), folder.path().join("work"));
    let mirror = folder.path().join("mirror");
    fs::create_dir(&home)?;
    prepare(&work, &mirror)?;
    let command = |args: &[&str]| {
        let mut command = program(&home, args);
        command.current_dir(&work);
        command
    };
    let place = mirror.to_string_lossy().into_owned();
    run(command(&[
        "lock",
        "--mirror",
        &place,
        "--trust-on-first-use",
    ]))?;
    run(command(&["sync", "--locked", "--mirror", &place]))?;
    let [mut start, mut sync, mut lock] = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        start = start.min(run(command(&["--version"]))?);
        sync = sync.min(run(command(&["sync", "--locked", "--offline"]))?);
        lock = lock.min(lock_anew(&work, &command)?);
    }
    let mut table = Table::default();
    table.at_most("sync, nothing to do, ms", milliseconds(sync), 20.0);
    table.at_most("lock --offline of 3 projects, ms", milliseconds(lock), 50.0);
    let ratio = sync.as_secs_f64() / start.as_secs_f64();
    table.at_most("sync, nothing to do : --version", ratio, 20.0);
    Ok(table)
}

/// `lock` of the projects alone: their entries are missing, and known without a network.
fn lock_anew(work: &Path, command: &impl Fn(&[&str]) -> Command) -> io::Result<Duration> {
    let path = work.join("taos-setup.lock");
    let locked = fs::read_to_string(&path)?;
    let without: Vec<&str> = locked
        .lines()
        .filter(|line| !line.contains("lang = "))
        .collect();
    fs::write(&path, without.join("\n") + "\n")?;
    let took = run(command(&["lock", "--offline"]))?;
    if fs::read_to_string(&path)? != locked {
        return Err(io::Error::other("the lock differs"));
    }
    Ok(took)
}

fn prepare(work: &Path, mirror: &Path) -> io::Result<()> {
    let driver = driver::built()?;
    write_folder(mirror, &[Package::new(VERSION)], driver)?;
    let mut setup = format!("[client]\nversion = \"{VERSION}\"\nplatforms = [\"linux-x64\"]\n");
    for (lang, file, text) in PROJECTS {
        fs::create_dir_all(work.join(lang))?;
        fs::write(work.join(lang).join(file), text)?;
        setup.push_str(&format!(
            "\n[[project]]\ndir = \"{lang}\"\nlang = \"{lang}\"\n"
        ));
    }
    fs::write(work.join("taos-setup.toml"), setup)
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}
