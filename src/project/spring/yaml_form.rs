//! Settings of the form `.properties` as YAML.

/// Returns the settings `properties`, one a line and with comments above them, as YAML.
pub fn to_yaml(properties: &str) -> String {
    let mut yaml = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut comments: Vec<&str> = Vec::new();
    for line in properties.lines() {
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            comments.push(line);
            continue;
        };
        let parts: Vec<_> = key.split('.').collect();
        let (last, tables) = parts.split_last().unwrap_or((&"", &[]));
        let same = open.iter().zip(tables).take_while(|(a, b)| a == b).count();
        for (depth, table) in tables.iter().enumerate().skip(same) {
            yaml.push_str(&format!("{}{table}:\n", "  ".repeat(depth)));
        }
        open = tables.to_vec();
        let indent = "  ".repeat(tables.len());
        for comment in comments.drain(..) {
            yaml.push_str(&format!("{indent}{comment}\n"));
        }
        yaml.push_str(&format!("{indent}{last}: {}\n", scalar(value)));
    }
    yaml
}

/// `value` as a scalar: in quotes if YAML would read it otherwise.
fn scalar(value: &str) -> String {
    let is_plain = !value.is_empty()
        && !value.contains(": ")
        && !value.contains(" #")
        && !value.starts_with(|c: char| "!&*-?{}[],|>@`\"'%#:".contains(c) || c.is_whitespace());
    if is_plain {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "''"))
    }
}
