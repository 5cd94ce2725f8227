//! `init` in a folder with a `requirements.txt`.

use crate::support::program::TestContext;
use crate::support::tree::visible;
use insta::assert_snapshot;

/// The `requirements.txt` that `init` makes of `text`, and its notes; a second run must change nothing.
fn edited(text: &str) -> String {
    let context = TestContext::new();
    let path = context.work().join("requirements.txt");
    std::fs::write(&path, text).unwrap();
    let run = context.program(["init", "--lang", "python"]).run();
    assert_eq!(run.exit, Some(0), "{run}");
    let first = std::fs::read_to_string(&path).unwrap();
    let again = context
        .program(["init", "--lang", "python", "--json"])
        .run()
        .json();
    for change in again["data"]["projects"][0]["changes"].as_array().unwrap() {
        assert_eq!(change["action"], "none", "{again}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
    let notes: String = run
        .stderr
        .lines()
        .filter(|line| line.contains("requirements.txt:"))
        .map(|line| format!("{line}\n"))
        .collect();
    format!("{}{notes}", visible(&first))
}

#[test]
fn empty_file_gets_the_package() {
    assert_snapshot!(edited(""), @"taos-ws-py==0.7.0");
}

#[test]
fn sorted_with_comments_markers_and_extras() {
    assert_snapshot!(edited(
        "# what we need\n-r base.txt\n\nDjango[argon2]>=5,<6 ; python_version >= '3.10'  # web\nrequests \\\n    ~=2.32\n# for time zones\ntzdata; sys_platform == 'win32'\n"
    ), @r"
    # what we need
    -r base.txt

    Django[argon2]>=5,<6 ; python_version >= '3.10'  # web
    requests \
        ~=2.32
    taos-ws-py==0.7.0
    # for time zones
    tzdata; sys_platform == 'win32'
    ");
}

#[test]
fn not_sorted_with_carriage_returns_and_no_final_line_break() {
    assert_snapshot!(edited("\u{feff}zope==5.0\r\nattrs==24.0"), @"
    [BOM]zope==5.0␍
    attrs==24.0␍
    taos-ws-py==0.7.0(no final line break)
    ");
}

#[test]
fn admitting_range_stays() {
    assert_snapshot!(edited("Taos_WS.py>=0.3\n"), @"
    Taos_WS.py>=0.3
    note: requirements.txt:1 asks for taos-ws-py >=0.3, which is unchanged
    ");
    assert_snapshot!(edited("taos-ws-py\n"), @"
    taos-ws-py
    note: requirements.txt:1 asks for any version of taos-ws-py, which is unchanged
    ");
    assert_snapshot!(edited("taos-ws-py @ git+https://example.com/taos.git\n"), @"
    taos-ws-py @ git+https://example.com/taos.git
    note: requirements.txt:1 takes taos-ws-py from a location, which is unchanged
    ");
}

#[test]
fn example_is_added_to_existing_project() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("requirements.txt"),
        "requests==2.34.2\n",
    )
    .unwrap();
    std::fs::write(context.work().join("main.py"), "print('mine')\n").unwrap();
    assert_snapshot!(context.program(["init", "--lang", "python", "--example", "basic", "--transport", "rest"]).run(), @"
    exit 0
    --- stdout
    edited    requirements.txt
    created   taos_example.py

    Build it and run it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
      .venv/bin/python taos_example.py
    --- stderr
    note: REST is the slowest transport and has no subscriptions and no binary types; --transport ws has both
    note: the vendor ends REST connections of Python on 2027-01-01; taos-setup migrate changes programs to WebSocket
    note: no server given; taospy 2.8.10 works with servers from 3.0.0.0 on
    ");
    assert!(context.work().join("taos_example.py").exists());
}

#[test]
fn another_version_stays() {
    let context = TestContext::new();
    let text = "requests\ntaos-ws-py<0.7 # why\n";
    std::fs::write(context.work().join("requirements.txt"), text).unwrap();
    assert_snapshot!(context.program(["init", "--lang", "python"]).run(), @"
    exit 0
    --- stdout
    unchanged requirements.txt

    Build it:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt
    --- stderr
    note: no server given; taos-ws-py 0.7.0 works with servers from 3.2.2.2 on
    note: taos-ws-py has no musl wheel and no source package, so pip cannot install it on Alpine
    note: requirements.txt:2 asks for taos-ws-py <0.7, which is unchanged; --upgrade writes taos-ws-py==0.7.0
    ");
    assert_eq!(
        std::fs::read_to_string(context.work().join("requirements.txt")).unwrap(),
        text
    );
    assert!(!context.work().join("taos_example.py").exists());
}

#[test]
fn hashed_requirements_are_refused() {
    let context = TestContext::new();
    let text = "requests==2.34.2 \\\n    --hash=sha256:00\n";
    std::fs::write(context.work().join("requirements.txt"), text).unwrap();
    assert_snapshot!(context.program(["init", "--lang", "python"]).run(), @"
    exit 7
    --- stdout
    --- stderr
    error[version-conflict]: could not add taos-ws-py 0.7.0 to requirements.txt
      requirements.txt:1: this file pins hashes, so pip rejects every line without one
      next: add taos-ws-py==0.7.0 to the file that this one is generated from and regenerate it, or set up another directory with --dir
    ");
}

#[test]
fn it_does_not_parse() {
    let context = TestContext::new();
    std::fs::write(
        context.work().join("requirements.txt"),
        "requests\n<<<<<<< HEAD\n",
    )
    .unwrap();
    assert_snapshot!(context.program(["init", "--lang", "python"]).run(), @"
    exit 8
    --- stdout
    --- stderr
    error[file-unparsable]: could not add taos-ws-py 0.7.0 to requirements.txt
      requirements.txt:2: `<<<<<<< HEAD` is not a version requirement
      next: fix that line and run the command again
    ");
}

/// What `init` says in a folder with `files`, of which the first is `requirements.txt`; it changes none of the others.
fn said(files: &[(&str, &str)]) -> String {
    let context = TestContext::new();
    for (path, text) in files {
        let path = context.work().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let run = context
        .program(["init", "--lang", "python", "--server", "3.3.7.5"])
        .run();
    for (path, text) in &files[1..] {
        assert_eq!(
            std::fs::read_to_string(context.work().join(path)).unwrap(),
            *text
        );
    }
    let made = std::fs::read_to_string(context.work().join("requirements.txt")).unwrap();
    let lines = run.stderr.lines().filter(|line| !line.contains("musl"));
    let lines: Vec<_> = lines.map(|line| format!("{line}\n")).collect();
    format!("{}{}", visible(&made), lines.concat())
}

#[test]
fn included_files_are_read() {
    // It is named there already.
    assert_snapshot!(said(&[
        ("requirements.txt", "-r requirements/base.txt\nflask\n"),
        ("requirements/base.txt", "--requirement=more.txt\n"),
        ("requirements/more.txt", "-r base.txt\ntaos_ws_py >= 0.3\n"),
    ]), @"
    -r requirements/base.txt
    flask
    note: requirements/more.txt:2 asks for taos-ws-py >= 0.3, which is unchanged
    ");
    // pip could not install both.
    assert_snapshot!(said(&[
        ("requirements.txt", "flask\n-r requirements/base.txt\n"),
        ("requirements/base.txt", "# ours\ntaos-ws-py==0.3.5\n"),
    ]), @"
    flask
    -r requirements/base.txt
    note: requirements/base.txt:2 asks for taos-ws-py ==0.3.5, which is unchanged; --upgrade writes taos-ws-py==0.7.0
    ");
    assert_snapshot!(said(&[
        ("requirements.txt", "-cconstraints.txt\n"),
        ("constraints.txt", "taos-ws-py<0.5\n"),
    ]), @"
    -cconstraints.txt
    error[version-conflict]: could not add taos-ws-py 0.7.0 to requirements.txt
      requirements.txt:1: it includes constraints.txt, which asks for taos-ws-py <0.5 in line 1
      next: write taos-ws-py==0.7.0 in constraints.txt:1, or set up another directory with --dir
    ");
    // A constraint installs nothing. What is not there, or not here, decides nothing.
    assert_snapshot!(said(&[
        ("requirements.txt", "-c constraints.txt\n-r missing.txt\n-r https://example.com/r.txt\n"),
        ("constraints.txt", "taos-ws-py<0.8\n"),
    ]), @"
    -c constraints.txt
    -r missing.txt
    -r https://example.com/r.txt
    taos-ws-py==0.7.0
    ");
}
