//! The text of a lock.

use super::{LockFile, LockedConnector, LockedPackage, LockedServer, SCHEMA};

impl LockFile {
    /// Returns its text: the same for the same entries, whatever their order.
    pub fn render(&self) -> String {
        let mut lock = self.clone();
        lock.sort();
        let mut text = format!(
            "# Written by taos-setup. Commit it with taos-setup.toml; `taos-setup lock` updates it.\n\
             schema = {SCHEMA}\n"
        );
        list(&mut text, "server", lock.server.iter().map(server));
        list(&mut text, "package", lock.packages.iter().map(package));
        list(
            &mut text,
            "connector",
            lock.connectors.iter().map(connector),
        );
        text
    }
}

/// Appends the list `name` with one entry a line. An empty one has two lines as well, so that the first entry is an insertion.
fn list(text: &mut String, name: &str, entries: impl Iterator<Item = String>) {
    text.push_str(&format!("\n{name} = [\n"));
    for entry in entries {
        text.push_str(&format!("    {{ {entry} }},\n"));
    }
    text.push_str("]\n");
}

fn server(server: &LockedServer) -> String {
    let mut fields = vec![field("version", &server.version.to_string())];
    fields.extend(
        server
            .edition
            .map(|edition| field("edition", &edition.to_string())),
    );
    fields.join(", ")
}

fn package(package: &LockedPackage) -> String {
    let mut fields = vec![
        field("platform", &package.platform.to_string()),
        field("version", &package.version.to_string()),
        field("edition", &package.edition.to_string()),
        field("file", &package.file),
    ];
    fields.extend(package.size.map(|size| format!("size = {size}")));
    fields.push(field("sha256", &package.sha256.to_string()));
    fields.push(field("known", &package.known.to_string()));
    fields.join(", ")
}

fn connector(connector: &LockedConnector) -> String {
    let mut fields = vec![
        field("dir", &connector.dir),
        field("lang", &connector.lang),
        field("transport", connector.transport.as_str()),
        field("package", &connector.package),
        field("version", &connector.version),
    ];
    fields.extend(
        connector
            .digest
            .iter()
            .map(|digest| field("digest", digest)),
    );
    fields.join(", ")
}

/// `name = "value"`. Values have no control characters.
fn field(name: &str, value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{name} = \"{escaped}\"")
}
