//! `taos-setup.toml`, `taos-setup.lock`, `lock`, and `sync`.

mod defaults;
mod lock_command;
mod schema;
mod sync_client;
mod sync_projects;

use crate::support::program::TestContext;

/// A context whose working directory has these files.
fn context(files: &[(&str, &str)]) -> TestContext {
    let context = TestContext::new();
    write(&context, files);
    context
}

fn write(context: &TestContext, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = context.work().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn read(context: &TestContext, path: &str) -> String {
    std::fs::read_to_string(context.work().join(path)).unwrap()
}

const SETUP: &str = "\
# The collector and its report.
[server]
version = \"3.3.7\"    # production

[[project]]
dir = \"a\"
lang = \"go\"

[[project]]
dir = \"b\"
lang = \"python\"
transport = \"ws\"
";

const GO: &str = "module a\n\ngo 1.24\n";

/// Two projects without a connector.
fn two_projects() -> TestContext {
    context(&[
        ("taos-setup.toml", SETUP),
        ("a/go.mod", GO),
        ("b/requirements.txt", "requests==2.32.3\n"),
    ])
}
