//! `init --php-ini` on machines of several kinds: programs that print what PHP prints, and the directories of each distribution.
#![cfg(unix)]

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use insta::assert_snapshot;

use crate::support::program::{Run, TestContext};
use crate::support::tree::{tree, write_files};

/// A machine below `[ROOT]/machine`, which the program takes for this one.
struct Machine {
    context: TestContext,
}

impl Machine {
    /// A machine with `files`.
    fn new(files: &[(&str, &str)]) -> Self {
        let context = TestContext::new();
        let machine = Self { context };
        fs::create_dir(machine.path("")).unwrap();
        write_files(&machine.path(""), files);
        machine
    }

    /// Where it has `path`, which is given without the first `/`.
    fn path(&self, path: &str) -> PathBuf {
        self.context.root().join("machine").join(path)
    }

    /// Adds a program that prints `text`.
    fn add_program(&self, path: &str, text: &str) {
        let place = self.path(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, format!("#!/bin/sh\ncat <<'END'\n{text}END\n")).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Adds a PHP of `version` at `path` with the settings in `directory`.
    fn add_php(&self, path: &str, version: &str, directory: &str, scanned: &str) {
        let interface = match path.contains("fpm") {
            true => "FPM/FastCGI",
            false => "Command Line Interface",
        };
        self.add_program(
            path,
            &format!(
                "PHP Version => {version}.7\nServer API => {interface}\nConfiguration File (php.ini) Path => {directory}\n\
                 Loaded Configuration File => {directory}/php.ini\nScan this dir for additional .ini files => {scanned}\n\
                 extension_dir => /usr/lib/php/ext{version} => /usr/lib/php/ext{version}\n"
            ),
        );
    }

    /// Debian with PHP 8.2: command line, FPM, and Apache.
    fn debian(files: &[(&str, &str)]) -> Self {
        let machine = Self::new(&[
            ("etc/php/8.2/cli/php.ini", "[PHP]\n;extension=curl\n"),
            ("etc/php/8.2/fpm/php.ini", "[PHP]\n"),
            ("etc/php/8.2/apache2/php.ini", "[PHP]\n"),
            (
                "etc/php/8.2/mods-available/curl.ini",
                "; priority=20\nextension=curl\n",
            ),
        ]);
        for sapi in ["cli", "fpm", "apache2"] {
            let directory = machine.path(&format!("etc/php/8.2/{sapi}/conf.d"));
            fs::create_dir(&directory).unwrap();
            symlink(
                "/etc/php/8.2/mods-available/curl.ini",
                directory.join("20-curl.ini"),
            )
            .unwrap();
        }
        machine.add_php(
            "usr/bin/php",
            "8.2",
            "/etc/php/8.2/cli",
            "/etc/php/8.2/cli/conf.d",
        );
        machine.add_php(
            "usr/sbin/php-fpm8.2",
            "8.2",
            "/etc/php/8.2/fpm",
            "/etc/php/8.2/fpm/conf.d",
        );
        write_files(&machine.path(""), files);
        machine
    }

    fn init(&self, arguments: &[&str]) -> Run {
        let all = [
            "init",
            "--lang",
            "php",
            "--transport",
            "native",
            "--dir",
            "app",
        ];
        let all = all.iter().chain(arguments);
        self.context.program(all).env("PATH", "/usr/bin:/bin").run()
    }

    /// What [`Self::init`] says about PHP: the diff or the list of the machine's files, the notes, and the error.
    fn said(&self, arguments: &[&str]) -> String {
        let run = self.init(arguments);
        let mut said = format!("exit {}\n", run.exit.unwrap_or_default());
        let of_machine = run.stdout.find("\n+++ /");
        match of_machine.map(|at| run.stdout[..at].rfind('\n').map_or(0, |it| it + 1)) {
            Some(at) => said.push_str(&run.stdout[at..].replace('\r', "␍")),
            None => {
                let lines = run.stdout.lines();
                let listed = lines.filter(|it| it.contains("  /etc/") || it.contains(" /etc/php"));
                let listed = listed.filter(|it| !it.starts_with('+'));
                said.extend(listed.map(|line| format!("{line}\n")));
            }
        }
        let about_php = |line: &&str| {
            let is_other = ["no server given", "Composer checks", "BIGINT UNSIGNED"];
            !is_other.iter().any(|it| line.contains(it))
        };
        for line in run.stderr.lines().filter(about_php) {
            let _ = writeln!(said, "{line}");
        }
        said
    }

    /// The files and links of the machine that name the extension.
    fn settings(&self) -> String {
        let mut found = Vec::new();
        collect(&self.path("etc"), &mut found);
        collect(&self.path("opt"), &mut found);
        collect(&self.path("usr/local/etc"), &mut found);
        found.sort();
        let mut text = String::new();
        for path in found {
            let shown = path
                .strip_prefix(self.path(""))
                .unwrap()
                .display()
                .to_string();
            match fs::read_link(&path) {
                Ok(target) if shown.contains("tdengine") => {
                    let _ = writeln!(text, "/{shown} -> {}", target.display());
                }
                Ok(_) => {}
                Err(_) => {
                    let content = fs::read_to_string(&path).unwrap();
                    if content.contains("tdengine") {
                        let _ = writeln!(text, "/{shown}\n{content}");
                    }
                }
            }
        }
        text
    }
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() && !path.is_symlink() {
            true => collect(&path, found),
            false => found.push(path),
        }
    }
}

/// The extension in PHP's own directory.
const INSTALLED: (&str, &str) = ("usr/lib/php/ext8.2/tdengine.so", "");

#[test]
fn extension_of_debian_is_reported_and_enabled() {
    let machine = Machine::debian(&[INSTALLED]);
    assert_snapshot!(machine.said(&["--dry-run", "--php-ini", "all"]), @r"
    exit 0
    --- /dev/null
    +++ /etc/php/8.2/mods-available/tdengine.ini
    @@ -0,0 +1,2 @@
    +; priority=30
    +extension=tdengine
    --- /dev/null
    +++ /etc/php/8.2/cli/conf.d/30-tdengine.ini
    @@ -0,0 +1 @@
    +/etc/php/8.2/mods-available/tdengine.ini
    \ No newline at end of file
    --- /dev/null
    +++ /etc/php/8.2/fpm/conf.d/30-tdengine.ini
    @@ -0,0 +1 @@
    +/etc/php/8.2/mods-available/tdengine.ini
    \ No newline at end of file
    --- /dev/null
    +++ /etc/php/8.2/apache2/conf.d/30-tdengine.ini
    @@ -0,0 +1 @@
    +/etc/php/8.2/mods-available/tdengine.ini
    \ No newline at end of file
    ");
    assert_eq!(machine.settings(), "");
    assert_eq!(machine.init(&["--check", "--php-ini", "all"]).exit, Some(7));
    assert_snapshot!(machine.said(&["--php-ini", "all"]), @"
    exit 0
    created   /etc/php/8.2/mods-available/tdengine.ini
    created   /etc/php/8.2/cli/conf.d/30-tdengine.ini
    created   /etc/php/8.2/fpm/conf.d/30-tdengine.ini
    created   /etc/php/8.2/apache2/conf.d/30-tdengine.ini
    note: FPM reads the change at its next start; restart the service php8.2-fpm or php-fpm
    note: Apache reads the change at its next start; restart the service apache2 or httpd
    ");
    assert_snapshot!(machine.settings(), @"
    /etc/php/8.2/apache2/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/cli/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/fpm/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/mods-available/tdengine.ini
    ; priority=30
    extension=tdengine
    ");
    // The second run changes nothing, and each kind is as phpenmod leaves it.
    for sapi in ["cli", "fpm", "apache2"] {
        let link = machine.path(&format!("etc/php/8.2/{sapi}/conf.d/30-tdengine.ini"));
        fs::remove_file(&link).unwrap();
        // A link of this machine leads out of the test's.
        symlink("../../mods-available/tdengine.ini", link).unwrap();
    }
    assert_eq!(machine.init(&["--check", "--php-ini", "all"]).exit, Some(0));
    assert_snapshot!(machine.said(&[]), @"
    exit 0
    note: PHP 8.2 (CLI) loads tdengine (/etc/php/8.2/cli/conf.d/30-tdengine.ini:2)
    note: PHP 8.2 (FPM) loads tdengine (/etc/php/8.2/fpm/conf.d/30-tdengine.ini:2)
    note: PHP 8.2 (Apache) loads tdengine (/etc/php/8.2/apache2/conf.d/30-tdengine.ini:2)
    ");
}

#[test]
fn one_kind_is_enabled_and_the_others_are_reported() {
    let machine = Machine::debian(&[INSTALLED]);
    assert_snapshot!(machine.said(&["--php-ini", "fpm"]), @"
    exit 0
    created   /etc/php/8.2/mods-available/tdengine.ini
    created   /etc/php/8.2/fpm/conf.d/30-tdengine.ini
    note: FPM reads the change at its next start; restart the service php8.2-fpm or php-fpm
    ");
    assert_snapshot!(machine.settings(), @"
    /etc/php/8.2/fpm/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/mods-available/tdengine.ini
    ; priority=30
    extension=tdengine
    ");
    let json = machine.init(&["--json"]).json();
    let php = &json["data"]["projects"][0]["php"];
    assert_eq!(php[0]["kind"], "cli");
    assert_eq!(php[0]["enabled"].as_array().unwrap().len(), 0);
    assert_eq!(php[1]["ini"], "/etc/php/8.2/fpm/php.ini");
}

#[test]
fn other_layouts_get_a_file_as_theirs_are_named() {
    for (name, files, main, scanned, kind, expected) in [
        (
            "RHEL",
            &[
                ("etc/php.d/20-curl.ini", "extension=curl\n"),
                ("usr/lib64/httpd/modules/libphp.so", ""),
            ][..],
            "/etc",
            "/etc/php.d",
            "all",
            "/etc/php.d/40-tdengine.ini",
        ),
        (
            "Alpine",
            &[("etc/php83/conf.d/00_curl.ini", "extension=curl\n")],
            "/etc/php83",
            "/etc/php83/conf.d",
            "all",
            "/etc/php83/conf.d/40_tdengine.ini",
        ),
        (
            "image",
            &[(
                "usr/local/etc/php/conf.d/docker-php-ext-sodium.ini",
                "extension=sodium\n",
            )],
            "/usr/local/etc/php",
            "/usr/local/etc/php/conf.d",
            "cli",
            "/usr/local/etc/php/conf.d/docker-php-ext-tdengine.ini",
        ),
        (
            "custom",
            &[("opt/php/conf/a.ini", "")],
            "/opt/php",
            "/opt/php/conf",
            "cli",
            "/opt/php/conf/tdengine.ini",
        ),
    ] {
        let machine = Machine::new(files);
        write_files(
            &machine.path(""),
            &[INSTALLED, (&format!("{}/php.ini", &main[1..]), "")],
        );
        machine.add_php("usr/bin/php", "8.2", main, scanned);
        let run = machine.init(&["--php-ini", kind]);
        assert_eq!(run.exit, Some(0), "{name}: {run}");
        assert!(
            run.stdout.contains(&format!("created   {expected}\n")),
            "{name}: {run}"
        );
        assert_eq!(
            machine.settings(),
            format!("{expected}\nextension=tdengine\n\n"),
            "{name}"
        );
        let again = machine.init(&["--check", "--php-ini", kind]);
        assert_eq!(again.exit, Some(0), "{name}: {again}");
        // Apache's module of Fedora reads the files of the command line.
        let kinds = again
            .stderr
            .matches(&format!("loads tdengine ({expected}:1)"))
            .count();
        assert_eq!(kinds, if name == "RHEL" { 2 } else { 1 }, "{name}: {again}");
    }
}

#[test]
fn php_ini_without_a_directory_is_edited() {
    let ini =
        "[PHP]\r\nextension=swoole\r\n;extension=curl\r\n[PATH=/srv]\r\nextension=tdengine\r\n";
    let machine = Machine::new(&[INSTALLED, ("opt/php/php.ini", ini)]);
    machine.add_php("usr/bin/php", "8.2", "/opt/php", "(none)");
    assert_snapshot!(machine.said(&["--dry-run", "--php-ini", "cli"]), @"
    exit 0
    --- /opt/php/php.ini
    +++ /opt/php/php.ini
    @@ -1,5 +1,6 @@
     [PHP]␍
     extension=swoole␍
    +extension=tdengine␍
     ;extension=curl␍
     [PATH=/srv]␍
     extension=tdengine␍
    ");
    assert_eq!(machine.init(&["--php-ini", "cli"]).exit, Some(0));
    let expected = ini.replacen("swoole\r\n", "swoole\r\nextension=tdengine\r\n", 1);
    assert_eq!(
        fs::read_to_string(machine.path("opt/php/php.ini")).unwrap(),
        expected
    );
}

#[test]
fn settings_that_contradict_are_reported() {
    let machine = Machine::debian(&[("etc/php/8.2/cli/conf.d/99-a.ini", "extension=tdengine\n")]);
    fs::write(
        machine.path("etc/php/8.2/cli/php.ini"),
        "extension=tdengine.so\n",
    )
    .unwrap();
    fs::write(
        machine.path("etc/php/8.2/fpm/php.ini"),
        "extension=/opt/tdengine.so\n",
    )
    .unwrap();
    assert_snapshot!(machine.said(&["--dry-run"]), @"
    exit 0
    note: PHP 8.2 (CLI) loads tdengine twice, in /etc/php/8.2/cli/php.ini:1 and /etc/php/8.2/cli/conf.d/99-a.ini:1: remove one of the lines
    note: PHP 8.2 (FPM) is set to load tdengine (/etc/php/8.2/fpm/php.ini:1), but /opt/tdengine.so does not exist
    note: PHP 8.2 (Apache) does not load tdengine; --php-ini apache enables it
    ");
}

#[test]
fn lines_that_build_are_of_this_machine() {
    let machine = Machine::debian(&[
        ("usr/bin/phpize", ""),
        ("usr/local/taos/include/taos.h", ""),
    ]);
    // The PHP of these is another one, and that of the others is the one of the command line.
    machine.add_program("usr/bin/php-config", "8.4.1\n");
    machine.add_program("usr/bin/phpize8.2", "");
    machine.add_program("usr/bin/php-config8.2", "8.2.7\n");
    fs::create_dir(machine.path("usr/local/taos/driver")).unwrap();
    assert_snapshot!(machine.init(&[]), @"
    exit 0
    --- stdout
    created   composer.json
    created   main.php
    created   README.md
    created   .gitignore

    Build it and run it:
      cd app
      taos-setup run -- php --ri tdengine
      taos-setup run -- php main.php

    Build the extension on this machine:
      git clone --branch v1.0.6 --depth 1 https://github.com/Yurunsoft/php-tdengine.git
      cd php-tdengine
      git checkout --detach 60cb99f1d0c0c935c99b741d3219f2fe45acd021
      /usr/bin/phpize8.2
      ./configure --with-php-config=/usr/bin/php-config8.2 --with-tdengine-dir=/usr/local/taos
      make
      sudo make install
    --- stderr
    note: no server given; ext-tdengine 1.0.6 works with servers from 3.0.0.0 on
    note: Composer checks the extension tdengine and does not install it; README.md and docs/php.md have the lines that build it
    note: the extension shows BIGINT UNSIGNED from 9223372036854775808 on as negative numbers, and does not read VARBINARY, GEOMETRY, DECIMAL, and BLOB
    note: PHP 8.2 (CLI) does not load tdengine; --php-ini cli enables it
    note: PHP 8.2 (FPM) does not load tdengine; --php-ini fpm enables it
    note: PHP 8.2 (Apache) does not load tdengine; --php-ini apache enables it
    ");
    // Without the package, and without a client.
    fs::remove_file(machine.path("usr/bin/phpize8.2")).unwrap();
    fs::remove_dir(machine.path("usr/local/taos/driver")).unwrap();
    let json = machine.init(&["--json"]).json();
    let lines = json["data"]["projects"][0]["module_build"].clone();
    let lines: Vec<_> = lines
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it.as_str())
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    sudo apt install php8.2-dev g++ make
    taos-setup install
    git clone --branch v1.0.6 --depth 1 https://github.com/Yurunsoft/php-tdengine.git
    cd php-tdengine
    git checkout --detach 60cb99f1d0c0c935c99b741d3219f2fe45acd021
    phpize
    ./configure --with-tdengine-dir="$(taos-setup run -- pkg-config --variable=prefix taos)"
    make
    sudo make install
    "#);
}

#[test]
fn extension_of_the_project_is_enabled_by_its_path() {
    let machine = Machine::debian(&[]);
    let php83 = machine.path("etc/php/8.3/apache2/conf.d");
    fs::create_dir_all(&php83).unwrap();
    write_files(
        &machine.context.work(),
        &[("app/php-extensions/tdengine.so", "")],
    );
    assert_snapshot!(machine.said(&["--php-ini", "all"]), @"
    exit 0
    created   /etc/php/8.2/mods-available/tdengine.ini
    created   /etc/php/8.2/cli/conf.d/30-tdengine.ini
    created   /etc/php/8.2/fpm/conf.d/30-tdengine.ini
    created   /etc/php/8.2/apache2/conf.d/30-tdengine.ini
    note: PHP 8.3 (Apache) is unchanged: there is no extension tdengine for it
    note: FPM reads the change at its next start; restart the service php8.2-fpm or php-fpm
    note: Apache reads the change at its next start; restart the service apache2 or httpd
    ");
    assert_snapshot!(machine.settings().replace(&machine.context.work().display().to_string(), "[WORK]"), @"
    /etc/php/8.2/apache2/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/cli/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/fpm/conf.d/30-tdengine.ini -> /etc/php/8.2/mods-available/tdengine.ini
    /etc/php/8.2/mods-available/tdengine.ini
    ; priority=30
    extension=[WORK]/app/php-extensions/tdengine.so
    ");
}

#[test]
fn refusals_change_nothing() {
    let machine = Machine::debian(&[]);
    let before = tree(&machine.context.work());
    let said = |machine: &Machine, arguments: &[&str]| {
        let run = machine.init(arguments);
        format!("exit {}\n{}", run.exit.unwrap_or_default(), run.stderr)
    };
    let mut text = said(&machine, &["--php-ini", "all"]);
    let other = Machine::new(&[]);
    text += &said(&other, &["--php-ini", "all"]);
    other.add_php("usr/bin/php", "8.2", "/etc", "(none)");
    text += &said(&other, &["--php-ini", "fpm"]);
    text += &said(&other, &["--php-ini", "web"]);
    let rest = ["init", "--lang", "php", "--php-ini", "cli"];
    text += &other.context.program(rest).run().to_string();
    // A directory that another program made in the place of a file is found before anything is written.
    let blocked = Machine::debian(&[INSTALLED]);
    fs::create_dir(blocked.path("etc/php/8.2/mods-available/tdengine.ini")).unwrap();
    text += &said(&blocked, &["--php-ini", "all"]);
    // FPM's directory vanishes.
    let vanished = Machine::debian(&[INSTALLED]);
    fs::remove_dir_all(vanished.path("etc/php/8.2/fpm/conf.d")).unwrap();
    text += &said(&vanished, &["--php-ini", "all"]);
    assert_snapshot!(text, @r"
    exit 2
    error[usage]: could not enable tdengine for the PHP of this machine
      there is no extension tdengine for PHP 8.2 (CLI)
      next: compile it: add --build SOURCE, or run the commands that init prints without --php-ini
    exit 2
    error[usage]: could not enable tdengine for the PHP of this machine
      no PHP was found on this machine
      next: omit --php-ini
    exit 2
    error[usage]: could not enable tdengine for the PHP of this machine
      no PHP of the kind fpm was found on this machine
      next: omit --php-ini
    exit 2
    error: invalid value 'web' for '--php-ini <KIND>'
      [possible values: cli, fpm, apache, all]

    For more information, try '--help'.
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not set up the PHP project
      --php-ini is for --lang php with --transport native
      next: omit --php-ini
    exit 8
    error[file-unreadable]: could not enable tdengine for the PHP of this machine
      /etc/php/8.2/mods-available/tdengine.ini could not be read or written: it is a directory
    exit 8
    error[file-unwritable]: could not enable tdengine for the PHP of this machine
      /etc/php/8.2/fpm/conf.d is not writable for this user (no such file or directory); nothing was changed
      next: printf '%s\n' '; priority=30' extension=tdengine | sudo tee /etc/php/8.2/mods-available/tdengine.ini
      next: sudo phpenmod -v 8.2 -s cli tdengine
      next: sudo phpenmod -v 8.2 -s fpm tdengine
      next: sudo phpenmod -v 8.2 -s apache2 tdengine
    ");
    assert_eq!(tree(&machine.context.work()), before);
    assert_eq!(vanished.settings() + &tree(&vanished.context.work()), "");
}

/// Without root's permission, the lines with sudo are printed, and nothing is written.
#[test]
fn unwritable_settings_end_with_lines_for_sudo() {
    let machine = Machine::debian(&[INSTALLED]);
    let open =
        |path: PathBuf| fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    open(machine.context.root().to_path_buf());
    open(machine.context.work());
    let all = [
        "init",
        "--lang",
        "php",
        "--transport",
        "native",
        "--php-ini",
        "all",
    ];
    let run = machine
        .context
        .program(all)
        .env("PATH", "/usr/bin:/bin")
        .unprivileged(12_345);
    assert_snapshot!(run.run(), @r"
    exit 8
    --- stdout
    --- stderr
    error[file-unwritable]: could not enable tdengine for the PHP of this machine
      /etc/php/8.2/apache2/conf.d is not writable for this user (permission denied); nothing was changed
      next: printf '%s\n' '; priority=30' extension=tdengine | sudo tee /etc/php/8.2/mods-available/tdengine.ini
      next: sudo phpenmod -v 8.2 -s cli tdengine
      next: sudo phpenmod -v 8.2 -s fpm tdengine
      next: sudo phpenmod -v 8.2 -s apache2 tdengine
    ");
    assert_eq!(machine.settings() + &tree(&machine.context.work()), "");
}
