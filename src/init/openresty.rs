//! Notes about an `nginx.conf` that runs Lua: what a program in OpenResty needs of it. The file is only read.

use crate::catalog::connectors::Transport;
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::language::ProjectLanguage;
use crate::project::nginx_conf::{NginxDirective, directives};

/// Directives without which nginx does not run Lua.
const MARKS: [&str; 3] = ["lua_package_path", "lua_package_cpath", "lua_shared_dict"];
/// Their usual endings.
const MARK_ENDINGS: [&str; 3] = ["_by_lua", "_by_lua_block", "_by_lua_file"];
/// The beginning of the names of variables that the programs read.
const VARIABLES: &str = "TAOS_";

/// Notes about the first of the files that may run a program of `language` in `directory`, if one does.
pub(super) fn notes(
    language: &ProjectLanguage,
    transport: Transport,
    directory: &ProjectRoot,
) -> Vec<Message> {
    for file in &language.nginx {
        // One that cannot be read decides nothing.
        let Ok(Some(bytes)) = directory.read(file) else {
            continue;
        };
        let directives = directives(&String::from_utf8_lossy(&bytes));
        if let Some(first) = directives.iter().find(|it| runs_lua(it)) {
            return notes_about(file, first, &directives, transport);
        }
    }
    Vec::new()
}

fn runs_lua(directive: &NginxDirective) -> bool {
    let name = directive.name.as_str();
    MARKS.contains(&name) || MARK_ENDINGS.iter().any(|it| name.ends_with(it))
}

fn notes_about(
    file: &str,
    first: &NginxDirective,
    directives: &[NginxDirective],
    transport: Transport,
) -> Vec<Message> {
    if transport != Transport::Rest {
        // lua-http and luaconnector wait, and with them every request of the worker.
        let line = first.line;
        return vec![message!("init-openresty-rest", file = file, line = line)];
    }
    let named = |name: &str| directives.iter().find(|it| it.name == name);
    let passes_variables = directives
        .iter()
        .any(|it| it.name == "env" && it.words.first().is_some_and(|it| it.starts_with(VARIABLES)));
    let mut missing = Vec::new();
    if !passes_variables {
        missing.push("env TAOS_HOST; env TAOS_USER; env TAOS_PASSWORD;");
    }
    if named("resolver").is_none() {
        missing.push("resolver local=on;");
    }
    if named("lua_ssl_trusted_certificate").is_none() {
        missing.push("lua_ssl_trusted_certificate FILE; lua_ssl_verify_depth 3;");
    }
    let mut notes = Vec::new();
    if !missing.is_empty() {
        notes.push(message!(
            "init-openresty-missing",
            file = file,
            line = first.line,
            directives = missing.join(" ")
        ));
    }
    // Without the default, modules of OpenResty and opm are not found.
    let hides_default = |it: &&NginxDirective| it.words.iter().all(|it| !it.contains(";;"));
    if let Some(path) = named("lua_package_path").filter(hides_default) {
        notes.push(message!(
            "init-openresty-path",
            file = file,
            line = path.line
        ));
    }
    notes
}
