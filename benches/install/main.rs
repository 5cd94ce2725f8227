//! `cargo bench --bench install`: what an installation costs, each figure as a ratio within this one run, beside its limit.
//! Ends with an error where a limit is not kept. What is compared runs in turns, and the quickest of each counts, so that a
//! loaded machine does not lie. Linux only: it needs /dev/shm and /proc.

#[macro_use]
#[path = "../figures/figures.rs"]
mod figures;
#[cfg(target_os = "linux")]
mod measure;
#[cfg(target_os = "linux")]
mod package;

bench_on_linux!(linux::figures);

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::path::Path;
    use std::process::Command;
    use std::sync::Arc;
    use std::time::Duration;

    use taos_sandbox::driver;
    use taos_sandbox::mirror::{Mirror, MirrorFaults, MirrorOptions, Package, file_name, sha256};

    use crate::figures::process::{empty_program, peak_memory, program, run};
    use crate::figures::table::{Table, remark};
    use crate::measure::{by_hand, inflate, link_all, serve};
    use crate::package::{VERSION, generate};

    /// Rounds of the slow measurements and of the quick ones.
    const ROUNDS: usize = 7;
    const QUICK_ROUNDS: usize = 40;
    /// Installations at once.
    const AT_ONCE: usize = 100;

    pub(crate) fn figures() -> io::Result<Table> {
        let folder = tempfile::Builder::new()
            .prefix("taos-setup-bench-")
            .tempdir_in("/dev/shm")?;
        let root = folder.path();
        let mut table = Table::default();
        package_of_real_size(root, &mut table)?;
        startup(root, &mut table)?;
        at_once(root, &mut table)?;
        Ok(table)
    }

    fn package_of_real_size(root: &Path, table: &mut Table) -> io::Result<()> {
        remark("generating the package");
        let generated = generate()?;
        let file = root.join(file_name(&Package::new(VERSION)));
        fs::write(&file, &generated.outer)?;
        let digest = sha256(&generated.outer);
        table.fact("package, compressed", megabytes(generated.outer.len()));
        table.fact(
            "archive inside it, compressed",
            megabytes(generated.nested.len()),
        );
        table.fact("files in both", megabytes(generated.content));
        let outer = Arc::new(generated.outer);
        let server = serve(Arc::clone(&outer))?;
        let address = format!("{server}/{}", file_name(&Package::new(VERSION)));
        let home = root.join("home");
        let path = file.to_string_lossy().into_owned();
        let local = ["install", "--from", &path, "--sha256", &digest];
        let over_http = ["install", "--from", &address, "--sha256", &digest];
        let uninstall = ["uninstall", VERSION];
        let [
            mut ours,
            mut pure,
            mut hand,
            mut http,
            mut again,
            mut linking,
        ] = [Duration::MAX; 6];
        for round in 1..=ROUNDS {
            remark(&format!("round {round} of {ROUNDS}"));
            fresh(&home)?;
            ours = ours.min(run(program(&home, &local))?);
            pure = pure.min(inflate(&[&outer, &generated.nested])?);
            hand = hand.min(by_hand(&file, &root.join("by-hand"))?);
            fresh(&home)?;
            http = http.min(run(program(&home, &over_http))?);
            run(program(&home, &uninstall))?;
            again = again.min(run(program(&home, &over_http))?);
            let prefix = home.join(format!("clients/oss-{VERSION}-linux-x64"));
            linking = linking.min(link_all(&prefix, &root.join("links"))?);
        }
        fresh(&home)?;
        let peak = peak_memory(program(&home, &over_http))?;
        fresh(&home)?;
        let peak = peak.max(peak_memory(program(&home, &local))?);
        fresh(&home)?;
        let ms = |took: Duration| took.as_secs_f64() * 1e3;
        let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
        table.fact("install from a file, ms", ms(ours));
        table.fact("zlib-rs inflates both levels, ms", ms(pure));
        table.fact("sha256sum and tar twice, ms", ms(hand));
        table.fact("install over loopback HTTP, ms", ms(http));
        table.at_most("install / zlib-rs alone", ratio(ours, pure), 1.35);
        table.at_least("sha256sum and tar / install", ratio(hand, ours), 2.5);
        table.at_most("install over HTTP / from a file", ratio(http, ours), 1.1);
        table.at_most(
            "reinstall from the cache, ms",
            ms(again),
            60.0 + ms(linking),
        );
        table.at_most("peak memory, MiB", peak as f64 / f64::from(1 << 20), 64.0);
        Ok(())
    }

    fn startup(root: &Path, table: &mut Table) -> io::Result<()> {
        let home = root.join("home");
        let (package, digest) = small(root)?;
        run(program(
            &home,
            &["install", "--from", &package, "--sha256", &digest],
        ))?;
        let empty = empty_program(root)?;
        let mut nothing = Duration::MAX;
        let commands = ["--version", "list", "env"];
        let mut took = [Duration::MAX; 3];
        for _ in 0..QUICK_ROUNDS {
            nothing = nothing.min(run(Command::new(&empty))?);
            for (took, command) in took.iter_mut().zip(commands) {
                *took = (*took).min(run(program(&home, &[command]))?);
            }
        }
        for (took, command) in took.into_iter().zip(commands) {
            let over = took.saturating_sub(nothing).as_secs_f64() * 1e3;
            table.at_most(&format!("{command} over an empty program, ms"), over, 5.0);
        }
        fresh(&home)
    }

    /// A small package's file and digest.
    fn small(root: &Path) -> io::Result<(String, String)> {
        let package = Package::new(VERSION);
        let bytes = taos_sandbox::mirror::build(&package, driver::built()?)?;
        let path = root.join(format!("small-{}", file_name(&package)));
        fs::write(&path, &bytes)?;
        let path = path.to_string_lossy().into_owned();
        // Only the vendor's names contain the version.
        let named = path.replace("small-", "");
        fs::rename(&path, &named)?;
        Ok((named, sha256(&bytes)))
    }

    fn at_once(root: &Path, table: &mut Table) -> io::Result<()> {
        let mirror = Mirror::start(MirrorOptions {
            packages: vec![Package::new(VERSION)],
            driver: driver::built()?.to_path_buf(),
            faults: MirrorFaults::None,
        })?;
        let digest = mirror.sha256_of(VERSION).unwrap_or_default();
        let (home, url) = (root.join("home"), mirror.url());
        let args = ["install", VERSION, "--mirror", &url, "--sha256", &digest];
        let children: Vec<_> = (0..AT_ONCE)
            .map(|_| program(&home, &args).spawn())
            .collect::<io::Result<_>>()?;
        let mut failed = 0;
        for child in children {
            failed += usize::from(!child.wait_with_output()?.status.success());
        }
        table.at_most("failed of a hundred at once", failed as f64, 0.0);
        table.at_most(
            "downloads of a hundred at once",
            mirror.requests().len() as f64,
            1.0,
        );
        Ok(())
    }

    fn fresh(home: &Path) -> io::Result<()> {
        match fs::remove_dir_all(home) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::create_dir(home),
        }
    }

    fn megabytes(bytes: usize) -> f64 {
        bytes as f64 / 1e6
    }
}
