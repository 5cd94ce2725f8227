//! The programs of `init` are as the usual formatter of their language leaves them. Nothing is built. A formatter that cannot be had
//! is reported. See `init_connectors`.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use crate::init::connectors::{Project, output, skip, succeeds};
use crate::init::connectors_python::copy_of_python;
use crate::support::program::TestContext;

/// The projects of `lang`, one for each of `variants`, with the examples after the last word.
fn projects(context: &TestContext, lang: &str, variants: &[&str]) -> Vec<PathBuf> {
    let folders = variants.iter().map(|variant| {
        let folder = context
            .work()
            .join(format!("{lang}{variant}").replace(' ', ""));
        let mut arguments = vec!["--lang", lang];
        arguments.extend(variant.split_whitespace());
        Project::create(context, &folder, &arguments);
        folder
    });
    folders.collect()
}

/// The files below `folders` whose names end with `suffix`.
fn files(folders: &[PathBuf], suffix: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = folders.to_vec();
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.to_string_lossy().ends_with(suffix) {
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Whether `command` brings a formatter into `folder`.
fn can_fetch(test: &str, folder: &Path, command: &str) -> bool {
    let fetched = output(folder, command, &[]).status.success();
    if !fetched {
        skip(test, &format!("`{command}` fails"));
    }
    fetched
}

#[test]
fn c_programs_are_formatted() {
    let context = TestContext::new();
    let all = "--example stmt,tmq,schemaless,pool";
    let variants = ["ws", "native"].map(|transport| format!("--transport {transport} {all}"));
    let newest = format!("--transport ws --server 3.4.2.5 {all}");
    let token = format!("--transport native --server 3.4.1.6 {all}");
    let folders = projects(
        &context,
        "c",
        &[&variants[0], &variants[1], &newest, &token],
    );
    let fetch = format!(
        "{} && v/bin/python -m pip install -q clang-format==19.1.7",
        copy_of_python("v")
    );
    if can_fetch("c_programs_are_formatted", &context.work(), &fetch) {
        let files = files(&folders, ".c");
        assert_eq!(files.len(), 20);
        let style = "{BasedOnStyle: LLVM, IndentWidth: 4, ColumnLimit: 120}";
        let command = format!(
            "v/bin/clang-format --style='{style}' --dry-run --Werror {} 2>&1",
            files.join(" ")
        );
        succeeds(&context.work(), &command);
    }
}

#[test]
fn python_programs_are_formatted() {
    let context = TestContext::new();
    let all = "--example stmt,tmq,schemaless,pool";
    let mut folders = projects(
        &context,
        "python",
        &[
            &format!("--transport ws {all}"),
            &format!("--transport native {all}"),
            "--transport rest --example pool",
            &format!("--cloud {all}"),
        ],
    );
    let odbc = ["--transport ws", "--transport native"];
    folders.extend(projects(&context, "odbc", &odbc));
    let fetch = format!(
        "{} && v/bin/python -m pip install -q black==24.10.0",
        copy_of_python("v")
    );
    if can_fetch("python_programs_are_formatted", &context.work(), &fetch) {
        let files = files(&folders, ".py").join(" ");
        succeeds(&context.work(), &format!("v/bin/black --check -q {files}"));
    }
}

#[test]
fn node_programs_are_formatted() {
    let context = TestContext::new();
    let all = "--example stmt,tmq,schemaless,pool";
    let folders = projects(
        &context,
        "node",
        &[
            &format!("--transport ws {all}"),
            "--transport rest",
            &format!("--cloud {all}"),
        ],
    );
    let fetch = "npm install --silent --no-audit --no-fund --prefix f prettier@3.6.2";
    if can_fetch("node_programs_are_formatted", &context.work(), fetch) {
        let files = files(&folders, ".mjs").join(" ");
        let command = format!("f/node_modules/.bin/prettier --check {files} 2>&1");
        succeeds(&context.work(), &command);
    }
}

#[test]
fn java_programs_are_formatted() {
    let context = TestContext::new();
    let all = "--example stmt,tmq,schemaless,pool";
    let folders = projects(
        &context,
        "java",
        &[
            &format!("--transport ws {all}"),
            &format!("--transport native {all}"),
            "--transport native --server 3.2.2.2 --example schemaless",
            "--transport rest --example pool",
            "--server 3.2.2.2",
            &format!("--cloud {all}"),
        ],
    );
    let fetch = "mvn -q -B dependency:copy -DoutputDirectory=f \
                 -Dartifact=com.google.googlejavaformat:google-java-format:1.24.0:jar:all-deps";
    if can_fetch("java_programs_are_formatted", &context.work(), fetch) {
        let files = files(&folders, ".java").join(" ");
        let jar = "f/google-java-format-1.24.0-all-deps.jar";
        let command = format!("java -jar {jar} --aosp --dry-run --set-exit-if-changed {files}");
        succeeds(&context.work(), &command);
    }
}
