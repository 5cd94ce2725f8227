//! `cargo bench --bench verify`: what a look at a server costs, each figure as a ratio within this one run, beside its limit.
//! Ends with an error where a limit is not kept. What is compared runs in turns, and medians are compared. Linux only: it
//! needs /proc and the stand-in driver.

#[macro_use]
#[path = "../figures/figures.rs"]
mod figures;

bench_on_linux!(linux::figures);

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use taos_sandbox::faults::{Faults, Listener};
    use taos_sandbox::server::{Listen, Options, Sandbox};
    use taos_sandbox::{driver, mirror};

    use crate::figures::process::{peak_memory, program, run};
    use crate::figures::table::{Table, remark};

    /// Rounds of what is compared in turns.
    const ROUNDS: usize = 31;
    /// Targets at once.
    const MANY: usize = 1000;
    const VERSION: &str = "3.3.7.5";

    pub(crate) fn figures() -> io::Result<Table> {
        let folder = tempfile::Builder::new()
            .prefix("taos-setup-bench-")
            .tempdir_in("/dev/shm")?;
        let mut table = Table::default();
        let bench = Bench {
            home: folder.path().to_owned(),
            driver: install_driver(folder.path())?,
        };
        let healthy = Sandbox::start(Options::default())?;
        bench.transports(&healthy, &mut table)?;
        bench.curl(&healthy, &mut table)?;
        bench.refused(&mut table)?;
        bench.many(&healthy, &mut table)?;
        Ok(table)
    }

    struct Bench {
        home: PathBuf,
        driver: PathBuf,
    }

    impl Bench {
        /// `verify TARGET --transport TRANSPORTS`.
        fn verify(&self, server: &Sandbox, transports: &str) -> Command {
            let (target, native) = (
                server.adapter().to_string(),
                server.native().port().to_string(),
            );
            let args = [
                "verify",
                &target,
                "--native-port",
                &native,
                "--transport",
                transports,
            ];
            self.environment(program(&self.home, &args))
        }

        fn environment(&self, mut command: Command) -> Command {
            command
                .env("TAOS_PASSWORD", "taosdata")
                .env("TAOS_LOG_DIR", self.home.join("log"))
                .env("LD_LIBRARY_PATH", &self.driver)
                .current_dir(&self.home);
            command
        }

        /// All three against the slowest alone, each dnode's endpoint dialled.
        fn transports(&self, server: &Sandbox, table: &mut Table) -> io::Result<()> {
            let named = ["ws", "rest", "native", "ws,rest,native"];
            let commands = named.map(|transports| move || self.verify(server, transports));
            let [ws, rest, native, all] = in_turns(commands.each_ref())?;
            let slowest = ws.max(rest).max(native);
            table.fact("ws alone, ms", milliseconds(ws));
            table.fact("rest alone, ms", milliseconds(rest));
            table.fact("native alone, ms", milliseconds(native));
            table.at_most("all three, ms", milliseconds(all), 135.0);
            table.at_most("all three : slowest alone", ratio(all, slowest), 1.3);
            Ok(())
        }

        /// REST against one POST by curl, both as whole processes.
        fn curl(&self, server: &Sandbox, table: &mut Table) -> io::Result<()> {
            if Command::new("curl")
                .arg("--version")
                .stdout(Stdio::null())
                .status()
                .is_err()
            {
                remark("SKIPPED rest : curl: curl is not installed");
                return Ok(());
            }
            let url = format!("http://{}/rest/sql", server.adapter());
            let curl = || {
                let mut command = Command::new("curl");
                command
                    .args(["-sS", "-u", "root:taosdata", "-d", "show databases", &url])
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped());
                command
            };
            let ours = || self.verify(server, "rest");
            let both: [&dyn Fn() -> Command; 2] = [&ours, &curl];
            let [ours, curl] = in_turns(both.each_ref())?;
            table.fact("one POST by curl, ms", milliseconds(curl));
            table.at_most("rest : curl", ratio(ours, curl), 2.0);
            Ok(())
        }

        /// A port that refuses, from the start of the process to its end.
        fn refused(&self, table: &mut Table) -> io::Result<()> {
            let closed = Sandbox::start(Options {
                adapter: Listen::Refused,
                native: Listen::Refused,
                ..Options::default()
            })?;
            let mut all = Vec::new();
            for _ in 0..ROUNDS {
                let mut command = self.verify(&closed, "ws,rest");
                let begun = Instant::now();
                let status = command.stderr(Stdio::null()).status()?;
                all.push(begun.elapsed());
                if status.code() != Some(10) {
                    return Err(io::Error::other(format!("a refused port: {status}")));
                }
            }
            table.at_most("a refused port, ms", milliseconds(median(all)), 20.0);
            Ok(())
        }

        /// A thousand targets: healthy ones, and ones that say nothing until the time is up.
        fn many(&self, healthy: &Sandbox, table: &mut Table) -> io::Result<()> {
            let silent = Sandbox::start(Options {
                faults: Faults {
                    adapter: Listener::Hangs,
                    ..Faults::default()
                },
                ..Options::default()
            })?;
            for (what, server, limit) in [("healthy", healthy, None), ("silent", &silent, Some(3))]
            {
                let target = format!("http://{}", server.adapter());
                let words = ["verify", "--transport", "ws,rest", "--timeout", "3s"];
                let args: Vec<&str> = words
                    .into_iter()
                    .chain(std::iter::repeat_n(target.as_str(), MANY))
                    .collect();
                let begun = Instant::now();
                let peak = peak_memory(self.environment(program(&self.home, &args)))?;
                let took = begun.elapsed();
                let mebibytes = peak as f64 / f64::from(1 << 20);
                table.at_most(&format!("1,000 {what} targets, MiB"), mebibytes, 100.0);
                let seconds = took.as_secs_f64();
                match limit {
                    // Each takes its timeout, and at most 512 run at a time: two rounds, and the time to start them.
                    Some(times) => table.at_most(
                        &format!("1,000 {what} targets : one timeout"),
                        seconds / 3.0,
                        f64::from(times),
                    ),
                    None => table.fact(&format!("1,000 {what} targets, s"), seconds),
                }
            }
            Ok(())
        }
    }

    /// The medians of `commands`, which run in turns, once before that does not count.
    fn in_turns<const N: usize>(commands: [&impl Fn() -> Command; N]) -> io::Result<[Duration; N]> {
        let mut all: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
        for round in 0..=ROUNDS {
            for (times, command) in all.iter_mut().zip(&commands) {
                let took = run(command())?;
                if round > 0 {
                    times.push(took);
                }
            }
        }
        Ok(all.map(median))
    }

    fn median(mut times: Vec<Duration>) -> Duration {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    fn milliseconds(took: Duration) -> f64 {
        took.as_secs_f64() * 1e3
    }

    fn ratio(one: Duration, other: Duration) -> f64 {
        one.as_secs_f64() / other.as_secs_f64()
    }

    /// The stand-in driver, three libraries, in a folder of `root`.
    fn install_driver(root: &Path) -> io::Result<PathBuf> {
        let folder = root.join("driver");
        fs::create_dir(&folder)?;
        let built = fs::read(driver::build(
            &std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            true,
        )?)?;
        for (name, bytes) in mirror::libraries(&built, VERSION)? {
            fs::write(folder.join(name), bytes)?;
        }
        Ok(folder)
    }
}
