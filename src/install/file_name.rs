//! The name that a package had where it was published, whatever programs made of it on the way here.

/// The endings of package files.
const ENDINGS: [&str; 5] = [".tar.gz", ".tgz", ".exe", ".pkg", ".zip"];

/// Whether `name`, or the path of an address, ends as package files do.
pub(super) fn is_package(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// `name` without what is added to the name of a file that is there already, ` (1)` by browsers and `.1` by wget, and with
/// `.tar.gz` where it is short for that.
pub(super) fn as_published(name: &str) -> String {
    let name = without_number_behind(name);
    let name = without_number_in_brackets(name);
    match name.strip_suffix(".tgz") {
        Some(stem) => format!("{stem}.tar.gz"),
        None => name,
    }
}

fn without_number_behind(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((file, number)) if is_number(number) && is_package(file) => file,
        _ => name,
    }
}

/// It stands in front of an extension, which for browsers is `.gz` alone, too.
fn without_number_in_brackets(name: &str) -> String {
    let parts = name.rsplit_once('(').and_then(|(stem, rest)| {
        let (number, extension) = rest.split_once(')')?;
        let fits = is_number(number) && extension.starts_with('.');
        fits.then(|| format!("{}{extension}", stem.trim_end()))
    });
    parts.unwrap_or_else(|| name.to_owned())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
