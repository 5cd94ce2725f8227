//! `cargo bench --bench explain`: what an explanation costs, each figure as a ratio within this one run, beside its limit. Ends
//! with an error where a limit is not kept. What is compared runs in turns, and medians are compared. Linux only: it needs /proc.
//!
//! A user without `explain` looks for the codes and messages of the error reference in the log, which is `grep -iF -f`.

#[macro_use]
#[path = "../figures/figures.rs"]
mod figures;

bench_on_linux!(linux::figures);

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{self, File};
    use std::io::{self, Write};
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use crate::figures::process::{peak_memory, program, run};
    use crate::figures::table::Table;

    /// Rounds of what is compared in turns.
    const ROUNDS: usize = 31;
    /// A large log, in bytes.
    const LARGE: usize = 300 << 20;
    /// A stack trace as users paste it.
    const TYPICAL: &str = "2026-11-30 12:00:00.123 ERROR 7 --- [main] com.zaxxer.hikari.pool.HikariPool : HikariPool-1 - Exception during pool initialization.\n\
        java.sql.SQLException: JNI ERROR (0x2354): Unable to establish connection\n\
        \tat com.taosdata.jdbc.TSDBError.createSQLException(TSDBError.java:85)\n\
        \tat com.taosdata.jdbc.TSDBJNIConnector.connect(TSDBJNIConnector.java:82)\n\
        \tat com.taosdata.jdbc.TSDBConnection.connect(TSDBConnection.java:35)\n\
        \tat com.taosdata.jdbc.TSDBDriver.connect(TSDBDriver.java:160)\n\
        \tat com.zaxxer.hikari.util.DriverDataSource.getConnection(DriverDataSource.java:138)\n\
        spring.datasource.url=jdbc:TAOS://192.0.2.10:6030/demo?timezone=UTC-8&charset=UTF-8\n";
    /// A line of a log that explains nothing.
    const NOISE: &str = "11/30 12:00:00.123456 00012345 VND vgId:2, message is put into the write queue, type:submit contLen:4096\n";

    pub(crate) fn figures() -> io::Result<Table> {
        let folder = tempfile::Builder::new()
            .prefix("taos-setup-bench-")
            .tempdir_in("/dev/shm")?;
        let bench = Bench::new(folder.path())?;
        let mut table = Table::default();
        bench.typical(&mut table)?;
        bench.large(&mut table)?;
        Ok(table)
    }

    struct Bench {
        home: PathBuf,
        typical: PathBuf,
        large: PathBuf,
        messages: PathBuf,
    }

    impl Bench {
        /// Writes the texts, and the list that grep looks for: every code and message of the error reference.
        fn new(home: &Path) -> io::Result<Self> {
            let bench = Self {
                home: home.to_owned(),
                typical: home.join("typical"),
                large: home.join("large"),
                messages: home.join("messages"),
            };
            fs::write(&bench.typical, TYPICAL)?;
            let mut large = io::BufWriter::new(File::create(&bench.large)?);
            large.write_all(TYPICAL.as_bytes())?;
            for _ in 0..LARGE / NOISE.len() {
                large.write_all(NOISE.as_bytes())?;
            }
            large.flush()?;
            let manifest = fs::read_to_string("manifests/codes.toml")?;
            let manifest: toml::Table = manifest.parse().map_err(io::Error::other)?;
            let causes = manifest.get("cause").and_then(toml::Value::as_array);
            let codes = causes.into_iter().flatten().flat_map(|cause| {
                let codes = cause.get("codes").and_then(toml::Value::as_array);
                codes.into_iter().flatten()
            });
            let words = codes.flat_map(|code| code.as_array().into_iter().flatten());
            let mut messages = String::new();
            for word in words.filter_map(toml::Value::as_str) {
                if !word.is_empty() {
                    messages.push_str(word);
                    messages.push('\n');
                }
            }
            fs::write(&bench.messages, messages)?;
            Ok(bench)
        }

        fn explain(&self, text: &Path) -> io::Result<Command> {
            let mut command = program(&self.home, &["explain", "--json"]);
            command.stdin(Stdio::from(File::open(text)?));
            Ok(command)
        }

        fn grep(&self, text: &Path) -> Command {
            let mut command = Command::new("grep");
            command
                .args([
                    "-ciFf".as_ref(),
                    self.messages.as_os_str(),
                    text.as_os_str(),
                ])
                .stdin(Stdio::null())
                // GNU grep ends at the first match if its output goes to /dev/null.
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            command
        }

        /// A pasted stack trace, both as whole processes.
        fn typical(&self, table: &mut Table) -> io::Result<()> {
            let mut all: [Vec<Duration>; 2] = Default::default();
            for round in 0..=ROUNDS {
                let took = [
                    run(self.explain(&self.typical)?)?,
                    run(self.grep(&self.typical))?,
                ];
                for (times, took) in all.iter_mut().zip(took) {
                    if round > 0 {
                        times.push(took);
                    }
                }
            }
            let [ours, grep] = all.map(median);
            table.at_most("a stack trace, ms", milliseconds(ours), 15.0);
            table.fact("grep -ciFf CODES, ms", milliseconds(grep));
            table.at_most("a stack trace : grep", ratio(ours, grep), 1.0);
            Ok(())
        }

        /// A log of 300 MiB: no more than its beginning and its end are kept.
        fn large(&self, table: &mut Table) -> io::Result<()> {
            let peak = peak_memory(self.explain(&self.large)?)?;
            let ours = run(self.explain(&self.large)?)?;
            let grep = run(self.grep(&self.large))?;
            let mebibytes = peak as f64 / f64::from(1 << 20);
            table.at_most("a log of 300 MiB, MiB of memory", mebibytes, 24.0);
            table.fact("a log of 300 MiB, ms", milliseconds(ours));
            table.at_most("a log of 300 MiB : grep", ratio(ours, grep), 1.0);
            Ok(())
        }
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
}
