//! `cargo bench --bench mirror`: `mirror create` with nothing to do, and `mirror serve` next to nginx on the same files, asked by wrk.
//! Ends with an error where a limit is not kept. nginx and wrk are Debian's; without them the comparison is left out, and that is
//! printed. Linux only: it needs /proc.

#[macro_use]
#[path = "../figures/figures.rs"]
mod figures;

bench_on_linux!(linux::figures);

#[cfg(target_os = "linux")]
mod linux {
    use std::fmt::Write as _;
    use std::fs;
    use std::io::{self, BufRead, BufReader};
    use std::net::TcpListener;
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};

    use taos_sandbox::mirror::sha256;

    use crate::figures::process::{program, run};
    use crate::figures::table::{Table, remark};

    /// Files of the mirror, besides those that are asked for.
    const FILES: usize = 2000;
    /// Sizes of the files that are asked for: an index, a wheel, a client package.
    const SIZES: [(&str, usize); 3] = [
        ("4 KiB", 4 << 10),
        ("200 KiB", 200 << 10),
        ("8 MiB", 8 << 20),
    ];
    /// Rounds of what is compared in turns.
    const ROUNDS: usize = 5;

    pub(crate) fn figures() -> io::Result<Table> {
        let folder = tempfile::Builder::new()
            .prefix("taos-setup-bench-")
            .tempdir_in("/dev/shm")?;
        let home = folder.path().join("home");
        let dir = folder.path().join("m");
        fs::create_dir(&home)?;
        write_mirror(&dir)?;
        let mut table = Table::default();
        let words = ["mirror", "create", "m", "--base", "http://127.0.0.1:8465/"];
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            let mut command = program(&home, &words);
            command.current_dir(folder.path());
            took.push(run(command)?.as_secs_f64());
        }
        table.at_most("create, nothing to do, 2,000 files (s)", median(took), 1.0);
        let words = ["mirror", "verify", "m"];
        let mut command = program(&home, &words);
        command.current_dir(folder.path());
        table.fact("verify (s)", run(command)?.as_secs_f64());
        serve(folder.path(), &home, &mut table)?;
        Ok(table)
    }

    /// A mirror of small files, and of those that are asked for, with a manifest as `mirror create` writes it.
    fn write_mirror(dir: &Path) -> io::Result<()> {
        let mut files = vec![];
        for number in 0..FILES {
            files.push((format!("maven/org/example/{number:04}/a.jar"), 6 << 10));
        }
        for (at, (_, size)) in SIZES.iter().enumerate() {
            files.push((format!("pypi/packages/asked/{at}.whl"), *size));
        }
        files.sort();
        let mut manifest =
            String::from("{\"schema\":1,\"base\":\"http://127.0.0.1:8465/\",\"parts\":[]}\n");
        for (path, size) in files {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let place = dir.join(&path);
            fs::create_dir_all(place.parent().unwrap_or(dir))?;
            fs::write(place, &bytes)?;
            let digest = sha256(&bytes);
            let _ = writeln!(
                manifest,
                "{{\"path\":\"{path}\",\"size\":{size},\"sha256\":\"{digest}\",\"origin\":\"registry\"}}"
            );
        }
        let digest = sha256(manifest.as_bytes());
        let _ = writeln!(manifest, "{{\"manifest_sha256\":\"{digest}\"}}");
        fs::write(dir.join("mirror.jsonl"), manifest)
    }

    /// Programs that are ended with this value.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn serve(folder: &Path, home: &Path, table: &mut Table) -> io::Result<()> {
        let mut command = program(home, &["mirror", "serve", "m", "--listen", "127.0.0.1:0"]);
        let mut child = command.current_dir(folder).spawn()?;
        let stderr = child.stderr.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let ours = Running(child);
        let line = BufReader::new(stderr)
            .lines()
            .next()
            .transpose()?
            .unwrap_or_default();
        let address = line
            .split("http://")
            .nth(1)
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        let Some((nginx, other)) = nginx(folder)? else {
            remark("!!! nginx or wrk is missing: mirror serve was NOT compared");
            return Ok(());
        };
        for (at, (name, _)) in SIZES.iter().enumerate() {
            let path = format!("pypi/packages/asked/{at}.whl");
            let (mut own, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                own.push(requests_a_second(&format!("http://{address}/{path}"))?);
                theirs.push(requests_a_second(&format!("http://{other}/{path}"))?);
            }
            let (own, theirs) = (median(own), median(theirs));
            table.fact(&format!("serve, {name} (requests/s)"), own);
            table.at_least(&format!("serve / nginx, {name}"), own / theirs, 0.7);
        }
        let status = fs::read_to_string(format!("/proc/{}/status", ours.0.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak: f64 = peak
            .and_then(|it| it.trim().trim_end_matches("kB").trim().parse().ok())
            .unwrap_or(f64::MAX);
        table.at_most("serve, memory (MiB)", peak / 1024.0, 64.0);
        drop(nginx);
        Ok(())
    }

    /// nginx, which is told to end: its workers are processes of their own.
    struct Nginx {
        child: Child,
        config: PathBuf,
    }

    impl Drop for Nginx {
        fn drop(&mut self) {
            let stop = Command::new("nginx")
                .arg("-c")
                .arg(&self.config)
                .args(["-s", "stop"])
                .stderr(Stdio::null())
                .status();
            if stop.is_err() {
                let _ = self.child.kill();
            }
            let _ = self.child.wait();
        }
    }

    /// nginx on the same files, with its own defaults for static files.
    fn nginx(folder: &Path) -> io::Result<Option<(Nginx, String)>> {
        let exists = |name: &str| {
            Command::new(name)
                .arg("-v")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .map(|mut it| it.wait())
                .is_ok()
        };
        if !exists("nginx") || !exists("wrk") {
            return Ok(None);
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let root = folder.display();
        let user = if fs::metadata("/root").is_ok_and(|it| !it.permissions().readonly()) {
            "user root;"
        } else {
            ""
        };
        let config = format!(
            "{user} worker_processes 2; daemon off; pid {root}/nginx.pid; error_log {root}/error.log;\n\
             events {{ worker_connections 512; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; client_body_temp_path {root}/b; proxy_temp_path {root}/p;\n\
             fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;\n\
             server {{ listen 127.0.0.1:{port}; root {root}/m; }} }}\n"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, config)?;
        let child = Command::new("nginx")
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()?;
        let running = Nginx {
            child,
            config: file,
        };
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(Some((running, format!("127.0.0.1:{port}"))));
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Err(io::Error::other("nginx does not start"))
    }

    fn requests_a_second(url: &str) -> io::Result<f64> {
        let output = Command::new("wrk")
            .args(["-t1", "-c16", "-d2s", url])
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if text.contains("Non-2xx") {
            return Err(io::Error::other(text));
        }
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("Requests/sec:"));
        line.and_then(|it| it.trim().parse().ok())
            .ok_or_else(|| io::Error::other(text))
    }

    fn median(mut values: Vec<f64>) -> f64 {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }
}
