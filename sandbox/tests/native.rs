//! The stand-in driver against the native port, through the C interface, each time in a process of its own: the driver is
//! not made to be unloaded, and some of these crash it.
#![cfg(target_os = "linux")]
#![allow(unsafe_code, reason = "the C interface is called as a C program would")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(clippy::print_stdout, reason = "the child reports its progress")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, ptr};

use libloading::Library;
use serde_json::{Value, json};
use taos_sandbox::faults::{BackendDown, Faults, ForeignHttp, Listener};
use taos_sandbox::server::{Listen, Options, Sandbox};
use taos_sandbox::sql::SqlError;
use taos_sandbox::{driver, mirror};
use tempfile::TempDir;

#[path = "native/recorded.rs"]
mod recorded;

/// The variable that carries the script to the child.
const SCRIPT: &str = "TAOS_SANDBOX_TEST_SCRIPT";

/// Plays the script in `SCRIPT`, which the other tests set in a child process: loads `library`, sets `options`, connects, runs `queries`, writes what it saw to `out`.
#[test]
fn child_process_plays_script() {
    let Ok(script) = env::var(SCRIPT) else {
        return;
    };
    let script: Value = serde_json::from_str(&script).unwrap();
    // SAFETY: the library is the stand-in driver; the functions have the types of the C interface.
    let seen = unsafe { play_script(&script) };
    fs::write(script["out"].as_str().unwrap(), seen.to_string()).unwrap();
}

/// # Safety
/// `library` is the stand-in driver.
unsafe fn play_script(script: &Value) -> Value {
    type Answer = unsafe extern "C" fn(*mut c_void) -> *const c_char;
    let c = |value: &Value| value.as_str().map(|text| CString::new(text).unwrap());
    let pointer = |text: &Option<CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());
    let text = |pointer: *const c_char| {
        if pointer.is_null() {
            return None;
        }
        // SAFETY: the library gives C strings, or null.
        Some(
            unsafe { CStr::from_ptr(pointer) }
                .to_str()
                .unwrap()
                .to_owned(),
        )
    };
    // SAFETY: by the caller's word; the strings outlive the calls, and handles are used as the C interface says.
    unsafe {
        let library = Library::new(script["library"].as_str().unwrap()).unwrap();
        let errno = library
            .get::<unsafe extern "C" fn(*mut c_void) -> c_int>("taos_errno")
            .unwrap();
        let errstr = library.get::<Answer>("taos_errstr").unwrap();
        let error = |of| json!([format!("{:#x}", errno(of)), text(errstr(of))]);
        let options = library
            .get::<unsafe extern "C" fn(c_int, *const c_void, ...) -> c_int>("taos_options")
            .unwrap();
        for option in script["options"].as_array().into_iter().flatten() {
            let value = c(&option[1]).unwrap();
            let rc = options(
                c_int::try_from(option[0].as_i64().unwrap()).unwrap(),
                value.as_ptr().cast(),
            );
            assert_eq!(rc, 0);
        }
        let info = library
            .get::<unsafe extern "C" fn() -> *const c_char>("taos_get_client_info")
            .unwrap();
        let mut seen = json!({"client_info": text(info())});
        let connect = library
            .get::<unsafe extern "C" fn(
                *const c_char,
                *const c_char,
                *const c_char,
                *const c_char,
                u16,
            ) -> *mut c_void>("taos_connect")
            .unwrap();
        let [host, user, password, db] =
            ["host", "user", "password", "db"].map(|name| c(&script[name]));
        let port = u16::try_from(script["port"].as_u64().unwrap_or(0)).unwrap();
        println!("connecting");
        let taos = connect(
            pointer(&host),
            pointer(&user),
            pointer(&password),
            pointer(&db),
            port,
        );
        if taos.is_null() {
            seen["error"] = error(ptr::null_mut());
            return seen;
        }
        let server_info = library.get::<Answer>("taos_get_server_info").unwrap();
        seen["server_info"] = json!(text(server_info(taos)).unwrap().lines().next());
        let query = library
            .get::<unsafe extern "C" fn(*mut c_void, *const c_char) -> *mut c_void>("taos_query")
            .unwrap();
        let free = library
            .get::<unsafe extern "C" fn(*mut c_void)>("taos_free_result")
            .unwrap();
        for sql in script["queries"].as_array().into_iter().flatten() {
            let result = query(taos, c(sql).unwrap().as_ptr());
            let key = sql.as_str().unwrap();
            seen[key] = if errno(result) == 0 {
                rows(&library, result)
            } else {
                error(result)
            };
            free(result);
        }
        library
            .get::<unsafe extern "C" fn(*mut c_void)>("taos_close")
            .unwrap()(taos);
        library
            .get::<unsafe extern "C" fn()>("taos_cleanup")
            .unwrap()();
        seen
    }
}

/// The rows of a result as `taos_print_row` prints them.
///
/// # Safety
/// `library` is the stand-in driver, and `result` a result of it that is not an error.
unsafe fn rows(library: &Library, result: *mut c_void) -> Value {
    type Print = unsafe extern "C" fn(*mut c_char, *mut *mut c_void, *mut c_void, c_int) -> c_int;
    // SAFETY: by the caller's word; the line can hold any row of these tests.
    unsafe {
        let count = library
            .get::<unsafe extern "C" fn(*mut c_void) -> c_int>("taos_num_fields")
            .unwrap()(result);
        let fields = library
            .get::<unsafe extern "C" fn(*mut c_void) -> *mut c_void>("taos_fetch_fields")
            .unwrap()(result);
        let fetch = library
            .get::<unsafe extern "C" fn(*mut c_void) -> *mut *mut c_void>("taos_fetch_row")
            .unwrap();
        let print = library.get::<Print>("taos_print_row").unwrap();
        let mut printed = Vec::new();
        loop {
            let row = fetch(result);
            if row.is_null() {
                return json!(printed);
            }
            let mut line = vec![0_u8; 64 * 1024];
            print(line.as_mut_ptr().cast(), row, fields, count);
            printed.push(
                CStr::from_bytes_until_nul(&line)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
}

/// A client installation in a temporary folder.
struct Client {
    folder: TempDir,
}

impl Client {
    /// The libraries of a version under the names by which the loader is asked.
    fn new(version: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let driver = fs::read(driver::built().unwrap()).unwrap();
        for (name, bytes) in mirror::libraries(&driver, version).unwrap() {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The child that will play the script; quick to give up on a closed port.
    fn command(&self, mut script: Value) -> Command {
        script["library"] = json!(self.path().join("libtaos.so"));
        script["out"] = json!(self.path().join("out.json"));
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "child_process_plays_script", "--nocapture"])
            .env(SCRIPT, script.to_string())
            .env("LD_LIBRARY_PATH", self.path())
            .env("TAOS_CONFIG_DIR", self.path())
            .env("TAOS_LOG_DIR", self.path().join("log"))
            .env("TAOS_SANDBOX_DRIVER_DIAL_MS", "50")
            .env_remove("TAOS_FIRST_EP")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// What the script saw.
    fn seen(&self, command: &mut Command) -> Value {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&fs::read(self.path().join("out.json")).unwrap()).unwrap()
    }

    fn play(&self, script: Value) -> Value {
        self.seen(&mut self.command(script))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn server(version: &str) -> Sandbox {
    Sandbox::start(Options {
        version: version.to_owned(),
        ..Options::default()
    })
    .unwrap()
}

fn login(server: &Sandbox) -> Value {
    json!({"host": "127.0.0.1", "port": server.native().port(), "user": "root", "password": "taosdata"})
}

fn with(mut script: Value, key: &str, value: &str) -> Value {
    script[key] = json!(value);
    script
}

const NO_CONNECTION: [&str; 2] = ["0x8000000b", "Unable to establish connection"];

#[test]
fn matching_trio_connects_and_reads_rows() {
    let server = server("3.3.7.5");
    let mut script = login(&server);
    script["queries"] = json!([
        "select server_version()",
        "selec 1",
        "select * from nosuch.t"
    ]);
    assert_eq!(
        Client::new("3.3.7.9").play(script),
        json!({
            "client_info": "3.3.7.9",
            "server_info": "ver:3.3.7.5",
            "select server_version()": ["3.3.7.5"],
            "selec 1": ["0x80002600", "syntax error near \"selec 1\""],
            "select * from nosuch.t": ["0x80000388", "Database not exist"],
        })
    );
}

#[test]
fn one_library_is_enough_before_3_3_6() {
    let server = server("3.2.2.2");
    let seen = Client::new("3.2.2.2").play(login(&server));
    assert_eq!(
        seen,
        json!({"client_info": "3.2.2.2", "server_info": "ver:3.2.2.2"})
    );
}

#[test]
fn refusals_have_recorded_code_and_text() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    let login = || login(&server);
    let cases = [
        (
            with(login(), "password", "wrong"),
            ["0x80000357", "Authentication failure"],
        ),
        (
            with(login(), "user", "unknown"),
            ["0x80000351", "Invalid user"],
        ),
        (
            with(login(), "db", "nosuch"),
            ["0x80000388", "Database not exist"],
        ),
        (
            with(login(), "password", ""),
            ["0x80000208", "Invalid password length"],
        ),
        (
            with(login(), "user", &"u".repeat(24)),
            ["0x80000207", "Invalid user name"],
        ),
        (with(login(), "host", "no host name"), NO_CONNECTION),
    ];
    for (script, expected) in cases {
        assert_eq!(client.play(script)["error"], json!(expected));
    }
    server.set_faults(Faults {
        reject_logins: Some(SqlError::new(0x315, "User is disabled")),
        ..Faults::default()
    });
    assert_eq!(
        client.play(login())["error"],
        json!(["0x80000315", "User is disabled"])
    );
}

#[test]
fn versions_that_differ_fail_as_recorded_and_never_by_password() {
    let (new, old) = (server("3.3.7.5"), server("3.2.2.2"));
    let broken = ["0x80000018", "Conn is broken"];
    let incompatible = ["0x8000011e", "Version not compatible"];
    let cases = [
        ("3.2.2.2", &new, broken),
        ("3.3.7.5", &old, NO_CONNECTION),
        ("3.3.6.13", &new, incompatible),
    ];
    for (client, server, expected) in cases {
        let client = Client::new(client);
        assert_eq!(client.play(login(server))["error"], json!(expected));
        assert_eq!(
            client.play(with(login(server), "password", "wrong"))["error"],
            json!(expected)
        );
    }
}

#[test]
fn thin_library_needs_the_one_that_was_chosen() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    let web_socket = || {
        let mut script = login(&server);
        script["options"] = json!([[6, "websocket"]]);
        script
    };
    assert_eq!(
        client.play(web_socket())["error"][1],
        "The stand-in driver has no WebSocket mode"
    );

    fs::remove_file(client.path().join("libtaosws.so")).unwrap();
    let missing = json!({"client_info": null, "error": ["0x8000010b", "Driver was not loaded"]});
    assert_eq!(client.play(web_socket()), missing);
    assert_eq!(client.play(login(&server))["server_info"], "ver:3.3.7.5");

    fs::remove_file(client.path().join("libtaosnative.so")).unwrap();
    let output = client.command(login(&server)).output().unwrap();
    assert!(
        said(&output).contains("failed to load libtaosnative.so since"),
        "{}",
        said(&output)
    );
    assert_eq!(client.play(login(&server)), missing);
}

#[test]
fn without_a_log_folder_nothing_starts() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    fs::write(client.path().join("file"), "").unwrap();
    let mut command = client.command(login(&server));
    command.env("TAOS_LOG_DIR", client.path().join("file/log"));
    assert_eq!(
        client.seen(&mut command)["error"],
        json!(["0x80ff0014", "Not a directory"])
    );
    client.play(login(&server));
    assert!(client.path().join("log/taoslog0.0").exists());
}

#[test]
fn first_end_point_comes_from_the_configuration() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    let port = server.native().port();
    fs::write(
        client.path().join("taos.cfg"),
        format!("# firstEp  nowhere:1\nfirstEp  127.0.0.1:{port}\n"),
    )
    .unwrap();
    assert_eq!(client.play(json!({}))["server_info"], "ver:3.3.7.5");
    let mut command = client.command(json!({}));
    command.env("TAOS_FIRST_EP", "127.0.0.1:1");
    assert_eq!(client.seen(&mut command)["error"], json!(NO_CONNECTION));
}

#[test]
fn port_that_does_not_serve_looks_unreachable_to_the_driver() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    let native = |native| Faults {
        native,
        ..Faults::default()
    };
    let dead = Faults {
        backend: BackendDown::Fresh,
        ..Faults::default()
    };
    for faults in [
        native(Listener::Hangs),
        native(Listener::ClosesAtOnce),
        native(Listener::Garbage),
        native(Listener::Foreign(ForeignHttp::NotFound)),
        dead,
    ] {
        server.set_faults(faults.clone());
        let mut command = client.command(login(&server));
        command.env("TAOS_SANDBOX_DRIVER_HANG_MS", "50");
        assert_eq!(
            client.seen(&mut command)["error"],
            json!(NO_CONNECTION),
            "{faults:?}"
        );
    }
    server.set_faults(Faults::default());
    assert_eq!(client.play(login(&server))["server_info"], "ver:3.3.7.5");
}

#[test]
fn closed_port_is_tried_for_as_long_as_the_real_library_tries() {
    let server = Sandbox::start(Options {
        native: Listen::Refused,
        ..Options::default()
    })
    .unwrap();
    let client = Client::new("3.3.7.5");
    let mut command = client.command(login(&server));
    command.env("TAOS_SANDBOX_DRIVER_DIAL_MS", "400");
    let started = Instant::now();
    assert_eq!(client.seen(&mut command)["error"], json!(NO_CONNECTION));
    assert!(started.elapsed() >= Duration::from_millis(400));
}

#[test]
fn driver_faults_crash_hang_and_talk() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    let faulty = |fault| {
        let mut command = client.command(login(&server));
        command.env("TAOS_SANDBOX_DRIVER_FAULT", fault);
        command
    };
    const ABORTED: Option<i32> = Some(6);
    let on_load = faulty("crash-on-load").output().unwrap();
    assert_eq!(on_load.status.signal(), ABORTED);
    assert!(!said(&on_load).contains("connecting"));
    let on_connect = faulty("crash").output().unwrap();
    assert_eq!(on_connect.status.signal(), ABORTED);
    assert!(said(&on_connect).contains("connecting"));

    let noise = faulty("noise").output().unwrap();
    assert!(noise.status.success());
    assert!(String::from_utf8_lossy(&noise.stdout).contains("the stand-in driver connects"));

    let mut hanging = faulty("hang").spawn().unwrap();
    let mut stdout = hanging.stdout.take().unwrap();
    let (ended, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || ended.send(stdout.read_to_end(&mut Vec::new())));
    let waited = wait.recv_timeout(Duration::from_millis(500));
    hanging.kill().unwrap();
    hanging.wait().unwrap();
    assert!(waited.is_err(), "it ended by itself");
}

/// What a stranger reads until the connection is closed or `patience` is over, and whether it was closed.
fn stranger(address: SocketAddr, sent: &[u8], patience: Duration) -> (Vec<u8>, bool) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    stream.write_all(sent).unwrap();
    let mut got = Vec::new();
    let closed = stream.read_to_end(&mut got).is_ok();
    (got, closed)
}

#[test]
fn c_program_compiles_against_the_packaged_header_and_runs() {
    let server = server("3.3.7.5");
    let client = Client::new("3.3.7.5");
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mirror/files");
    let program = client.path().join("connect_example");
    let compiled = Command::new("cc")
        .args([
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pedantic",
            "-D_POSIX_C_SOURCE=200809L",
        ])
        .arg("-I")
        .arg(files.join("inc"))
        .arg(files.join("examples/connect_example.c"))
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(client.path())
        .arg("-ltaos")
        .output()
        .expect("the C compiler that links Rust");
    assert!(compiled.status.success(), "{}", said(&compiled));
    // The program asks for the library by its SONAME.
    fs::copy(
        client.path().join("libtaos.so"),
        client.path().join("libtaos.so.1"),
    )
    .unwrap();
    let output = Command::new(&program)
        .env("LD_LIBRARY_PATH", client.path())
        .env("TAOS_LOG_DIR", client.path().join("log"))
        .env("TAOS_CONFIG_DIR", client.path())
        .env(
            "TAOS_FIRST_EP",
            format!("127.0.0.1:{}", server.native().port()),
        )
        .env_remove("TAOS_HOST")
        .output()
        .unwrap();
    assert_eq!(said(&output), "3.3.7.5\n");
}

#[test]
fn program_serves_until_its_input_ends() {
    let mut serving = Command::new(env!("CARGO_BIN_EXE_taos-sandbox"))
        .args(["serve", "--version", "3.2.2.2", "--mirror", "3.2.2.2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(serving.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let addresses: Value = serde_json::from_str(&line).unwrap();
    let native: SocketAddr = addresses["native"].as_str().unwrap().parse().unwrap();
    let script = json!({"host": "127.0.0.1", "port": native.port()});
    assert_eq!(
        Client::new("3.2.2.2").play(script)["server_info"],
        "ver:3.2.2.2"
    );
    assert!(
        addresses["mirror"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    drop(serving.stdin.take());
    assert!(serving.wait().unwrap().success());
    assert_eq!(stdout.lines().count(), 0);
}
