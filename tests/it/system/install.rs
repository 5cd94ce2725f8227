//! `install --system`
#![cfg(target_os = "linux")]

use crate::support::system_directories::Machine;
use insta::assert_snapshot;

#[test]
fn placed_once_and_the_same_again() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let words = machine.install_words("3.3.7.5", &["--first-ep", "db.example"]);
    assert_snapshot!(machine.after("umask 077", &words).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      placed    22 files and links in /usr/local and /etc/taos
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    assert_snapshot!(machine.placed(), @"
    /etc/taos 755 folder
    /etc/taos/taos.cfg 644
    /usr/local/bin 755 folder
    /usr/local/bin/taos 755
    /usr/local/bin/taosBenchmark 755
    /usr/local/bin/taosdump 755
    /usr/local/include 755 folder
    /usr/local/include/taos.h 644
    /usr/local/include/taosdef.h 644
    /usr/local/include/taoserror.h 644
    /usr/local/include/taosudf.h 644
    /usr/local/include/taosws.h 644
    /usr/local/include/tdef.h 644
    /usr/local/lib 755 folder
    /usr/local/lib/cmake 755 folder
    /usr/local/lib/cmake/taos 755 folder
    /usr/local/lib/cmake/taos/taosConfig.cmake 644
    /usr/local/lib/cmake/taos/taosConfigVersion.cmake 644
    /usr/local/lib/libtaos.so -> libtaos.so.1
    /usr/local/lib/libtaos.so.1 -> libtaos.so.3.3.7.5
    /usr/local/lib/libtaos.so.3.3.7.5 755
    /usr/local/lib/libtaosnative.so -> libtaosnative.so.1
    /usr/local/lib/libtaosnative.so.1 -> libtaosnative.so.3.3.7.5
    /usr/local/lib/libtaosnative.so.3.3.7.5 755
    /usr/local/lib/libtaosws.so -> libtaosws.so.1
    /usr/local/lib/libtaosws.so.1 -> libtaosws.so.3.3.7.5
    /usr/local/lib/libtaosws.so.3.3.7.5 755
    /usr/local/lib/pkgconfig 755 folder
    /usr/local/lib/pkgconfig/taos.pc 644
    /var/lib/taos-setup 755 folder
    /var/lib/taos-setup/lock 600
    /var/lib/taos-setup/reserve 644
    /var/lib/taos-setup/system.toml 644
    ");
    let config = std::fs::read_to_string(machine.at("/etc/taos/taos.cfg")).unwrap();
    assert_snapshot!(config, @"
    ########################################################
    #                                                      #
    #   Configuration of the taos-setup sandbox's stand-in #
    #   client. Same keys and form as the real file:       #
    #   a key, spaces, a value. A line that starts with    #
    #   a number sign is a remark.                         #
    #                                                      #
    ########################################################

    ############### 1. Cluster End point ###################

    # The end point of the first node to be connected to when the client starts
    # firstEp                   localhost:6030
    firstEp                   db.example:6030

    # The end point of the second node, for when the first cannot be reached
    # secondEp                  localhost:6030

    ############### 2. Configuration of this client ########

    # The port of a node when an end point names none
    # serverPort                6030

    # The folder for log files
    # logDir                    /var/log/taos

    # The folder for temporary files
    # tempDir                   /tmp/

    # The time zone, the locale and the character set; the system's by default
    # timezone                  UTC-8
    # locale                    en_US.UTF-8
    # charset                   UTF-8

    ############### 3. Debugging ###########################

    # How many lines a log file holds before the next is begun
    # numOfLogLines             10000000

    # 0: synchronous, 1: asynchronous
    # asyncLog                  1

    # 131: errors and warnings, 135: and information, 143: and debugging
    # debugFlag                 0
    ");
    assert_snapshot!(machine.ldconfig_ran(), @"args=-X home= path_is_ours=");
    let before = machine.state();
    assert_snapshot!(machine.program(&words).run(), @"
    exit 0
    --- stdout
    ok already installed for all users: client 3.3.7.5
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    assert_eq!(machine.state(), before);
    assert_snapshot!(machine.program(["list"]).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   PARTS  VERIFIED  DIRECTORY
    * 3.3.7.5  oss      linux-x64  all    given     [STORE]/clients/oss-3.3.7.5-linux-x64
      3.3.7.5  oss      linux-x64  all    given     /usr/local (for all users)
    --- stderr
    ");
}

#[test]
fn another_version_takes_its_place() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.install("3.3.6.9", &[]);
    machine.install("3.2.2.0", &[]);
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      placed    12 files and links in /usr/local and /etc/taos
      removed   1 of another version
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    let Some(fresh) = Machine::new() else {
        return;
    };
    fresh.install("3.3.7.5", &[]);
    let shown = |machine: &Machine| {
        let state = machine.state();
        state
            .into_iter()
            .filter(|(path, _)| !path.ends_with("/system.toml"))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&machine), shown(&fresh));
}

#[test]
fn other_users_are_rejected() {
    let Some(machine) = Machine::new() else {
        return;
    };
    // In a user namespace without a map all users are unmapped.
    let args = ["-U", env!("CARGO_BIN_EXE_taos-setup")];
    let run = |more: &[&str]| {
        let words = args.iter().chain(more).copied();
        machine.context.start("unshare", words).run()
    };
    assert_snapshot!(run(&["install", "3.3.7.5", "--mirror", "http://127.0.0.1:9", "--system", "--replace"]), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not install 3.3.7.5 for all users
      changing /usr/local and /etc/taos requires root
      next: sudo taos-setup install 3.3.7.5 --mirror http://127.0.0.1:9 --system --replace
    ");
    assert_snapshot!(run(&["uninstall", "--system"]), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not uninstall the client for all users
      changing /usr/local and /etc/taos requires root
      next: sudo taos-setup uninstall --system
    ");
    assert!(!machine.context.taos_setup_home().exists());
}

#[test]
fn changes_are_shown_beforehand() {
    let Some(machine) = Machine::new() else {
        return;
    };
    let words = machine.install_words("3.3.7.5", &["--dry-run", "--replace"]);
    std::fs::write(machine.at("/usr/local/lib/libtaos.so.1"), "mine").unwrap();
    std::fs::create_dir(machine.at("/etc/taos")).unwrap();
    std::fs::write(machine.at("/etc/taos/taos.cfg"), "firstEp a:1\n").unwrap();
    let before = machine.state();
    let size = std::fs::metadata(&words[2]).unwrap().len();
    let program = machine.program(&words).showing(size, "SIZE");
    assert_snapshot!(program.run(), @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      [ROOT]/work/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      size      [SIZE] bytes
      trust     given: sha256 [DIGEST]
      checks    the driver is complete and for linux-x64: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5
      glibc     lib/libtaos.so.3.3.7.5 needs 2.34; this machine has [GLIBC]
      version   the driver would be asked for it in a child process
      current   would become the current client
      place     /usr/local/bin/taos
      place     /usr/local/bin/taosBenchmark
      place     /usr/local/bin/taosdump
      place     /usr/local/include/taos.h
      place     /usr/local/include/taosdef.h
      place     /usr/local/include/taoserror.h
      place     /usr/local/include/taosudf.h
      place     /usr/local/include/taosws.h
      place     /usr/local/include/tdef.h
      place     /usr/local/lib/cmake/taos/taosConfig.cmake
      place     /usr/local/lib/cmake/taos/taosConfigVersion.cmake
      place     /usr/local/lib/libtaos.so
      replace   /usr/local/lib/libtaos.so.1 (present content moves to /var/lib/taos-setup/backup/1/usr/local/lib/libtaos.so.1)
      place     /usr/local/lib/libtaos.so.3.3.7.5
      place     /usr/local/lib/libtaosnative.so
      place     /usr/local/lib/libtaosnative.so.1
      place     /usr/local/lib/libtaosnative.so.3.3.7.5
      place     /usr/local/lib/libtaosws.so
      place     /usr/local/lib/libtaosws.so.1
      place     /usr/local/lib/libtaosws.so.3.3.7.5
      place     /usr/local/lib/pkgconfig/taos.pc
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
    let mut json = words.clone();
    json.extend(["--json".into(), "--first-ep".into(), "b".into()]);
    let run = machine.program(&json).run();
    let changes = run.json()["data"]["placement"]["changes"].take();
    let changed: Vec<String> = changes
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["action"] != "place")
        .map(ToString::to_string)
        .collect();
    assert_snapshot!(changed.join("\n"), @r#"
    {"path":"/usr/local/lib/libtaos.so.1","action":"replace","backup":"/var/lib/taos-setup/backup/1/usr/local/lib/libtaos.so.1"}
    {"path":"/etc/taos/taos.cfg","action":"first-ep","backup":"/var/lib/taos-setup/backup/1/etc/taos/taos.cfg"}
    "#);
    assert_eq!(machine.state(), before);
    assert!(!machine.context.taos_setup_home().exists());
    let away = [
        "install",
        "3.3.7.5",
        "--mirror",
        "http://127.0.0.1:9",
        "--system",
        "--dry-run",
    ];
    assert_snapshot!(machine.program(away).run(), @"
    exit 0
    --- stdout
    would install client 3.3.7.5 (oss, linux-x64)
      in        [STORE]/clients/oss-3.3.7.5-linux-x64
      from      http://127.0.0.1:9/tdengine-tsdb-oss/3.3.7.5/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      or        http://127.0.0.1:9/tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      or        http://127.0.0.1:9/assets-download/3.0/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      or        http://127.0.0.1:9/TDengine-client-3.3.7.5-Linux-x64.tar.gz
      trust     no known digest: the installation would fail and print the digest (exit code 4)
      checks    to come: libtaos.so.3.3.7.5, libtaosnative.so.3.3.7.5, libtaosws.so.3.3.7.5 for linux-x64; the glibc that they need (this machine has [GLIBC]); the version that the driver reports
      current   would become the current client
      system    files for /usr/local/lib, include, bin, and /etc/taos; they are known after the download
    --- stderr
    note: dry run: nothing was downloaded or changed
    ");
}

#[test]
fn store_of_the_machine_is_used() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.true_ldconfig();
    let words = machine.install_words("3.3.7.5", &[]);
    // HOME may be anybody's under sudo.
    let home = machine.context.root().join("elsewhere");
    let run = |words: &[String]| {
        let program = machine.after("umask 077", words);
        let program = program.env("TAOS_SETUP_HOME", "");
        program.env("HOME", &home).run()
    };
    assert_snapshot!(run(&words), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      placed    22 files and links in /usr/local and /etc/taos
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    ");
    assert!(!home.exists());
    assert!(
        machine
            .at("/var/lib/taos-setup/clients/oss-3.3.7.5-linux-x64")
            .is_dir()
    );
    assert_snapshot!(machine.program(["use", "system"]).run(), @"
    exit 0
    --- stdout
    ok the machine's own driver is used; no client is current
    --- stderr
    next: taos-setup which
    ");
    let which = machine.program(["which"]).run();
    assert_snapshot!(which.stdout, @"
    run     /usr/local/lib/libtaos.so
            not a client of the store: the loader finds it in a system directory
    verify  /usr/local/lib/libtaos.so
            not a client of the store: the loader finds it in a system directory
    ");
    assert_snapshot!(machine.program(["run", "--", "/usr/local/bin/taos"]).run(), @"
    exit 0
    --- stdout
    taos 3.3.7.5 of the taos-setup sandbox: a stand-in, not a TDengine client
    LD_LIBRARY_PATH=
    TAOS_CONFIG_DIR=
    TAOS_LOG_DIR=
    --- stderr
    ");
    assert_snapshot!(machine.program(["list"]).run(), @"
    exit 0
    --- stdout
      VERSION  EDITION  PLATFORM   PARTS  VERIFIED  DIRECTORY
    * 3.3.7.5  oss      linux-x64  all    given     /usr/local (for all users)
    --- stderr
    ");
    assert_snapshot!(run(&["uninstall".into(), "--system".into()]), @"
    exit 0
    --- stdout
    ok uninstalled client 3.3.7.5 for all users: 22 files and links
    --- stderr
    ");
    assert_snapshot!(machine.placed(), @"
    /usr/local/bin 755 folder
    /usr/local/include 755 folder
    /usr/local/lib 755 folder
    /var/lib/taos-setup 755 folder
    /var/lib/taos-setup/lock 600
    /var/lib/taos-setup/trust.toml 600
    ");
}

#[test]
fn store_that_others_may_write() {
    use std::os::unix::fs::PermissionsExt;
    let Some(machine) = Machine::new() else {
        return;
    };
    let words = machine.install_words("3.3.7.5", &[]);
    let home = machine.context.taos_setup_home();
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, PermissionsExt::from_mode(0o777)).unwrap();
    assert_snapshot!(machine.program(&words).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not use the store [STORE] for all users
      [STORE]: other users can write it; that user could change files that root installs
      next: unset TAOS_SETUP_HOME; the store is then /var/lib/taos-setup
    ");
}

#[test]
fn loader_problems_are_noted() {
    let Some(machine) = Machine::new() else {
        return;
    };
    machine.ldconfig("echo broken >&2; exit 3");
    std::fs::write(machine.at("/etc/ld.so.conf"), "/opt/lib\n").unwrap();
    std::fs::remove_dir(machine.at("/var/log/taos")).unwrap();
    let words = machine.install_words("3.3.7.5", &[]);
    assert_snapshot!(machine.program(&words).run(), @"
    exit 0
    --- stdout
    ok installed client 3.3.7.5 for all users
      placed    22 files and links in /usr/local and /etc/taos
      from      tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz
      sha256    [DIGEST]
      verified  given
    --- stderr
    note: /sbin/ldconfig failed (exit status: 3: broken), so programs may not find the libraries; fix the problem, then run: sudo /sbin/ldconfig
    note: the loader does not search /usr/local/lib; add it: echo /usr/local/lib | sudo tee /etc/ld.so.conf.d/taos.conf && sudo /sbin/ldconfig
    note: users other than root need a writable log directory: set TAOS_LOG_DIR, or create it for all: sudo install -d -m 1777 /var/log/taos
    ");
}
