//! Compares taos.h with a library: functions that came with a release and that connectors use. One that only one of the two has
//! shows that they are of different releases, which a compiler or linker reports by the function's name alone.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use object::endian::Endianness;
use object::read::elf::{FileHeader, Sym};
use object::{ReadCache, ReadRef, elf};

use crate::system::files::{self, open_named};
use crate::system::test_machine::host_path;

/// The header's name.
const NAME: &str = "taos.h";
/// The largest header that is read, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;
/// The most symbols that are looked at; a driver has some thousands.
const MOST_SYMBOLS: usize = 200_000;
/// The functions that are compared (docs/facts.md, the C interface).
const COMPARED: [&str; 12] = [
    "taos_stmt_set_tbname",
    "taos_stmt_get_tag_fields",
    "taos_schemaless_insert_raw",
    "taos_fetch_raw_block",
    "taos_get_table_vgId",
    "taos_check_server_status",
    "taos_stmt2_init",
    "taos_stmt2_bind_param",
    "taos_options_connection",
    "tmq_committed",
    "tmq_get_topic_assignment",
    "tmq_offset_seek",
];

/// The functions in which a header and a library differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderDifference {
    /// Only the header has them.
    pub declared_only: Vec<&'static str>,
    /// Only the library has them.
    pub exported_only: Vec<&'static str>,
}

impl HeaderDifference {
    /// Whether both have the same.
    pub fn is_empty(&self) -> bool {
        self.declared_only.is_empty() && self.exported_only.is_empty()
    }
}

/// Returns the taos.h that a C compiler finds: in the directories of `C_INCLUDE_PATH`, then in the system's.
pub fn find() -> Option<PathBuf> {
    let named = std::env::var_os("C_INCLUDE_PATH").unwrap_or_default();
    let named = std::env::split_paths(&named).filter(|folder| !folder.as_os_str().is_empty());
    let system = ["/usr/local/include", "/usr/include"].map(host_path);
    let mut files = named.chain(system).map(|folder| folder.join(NAME));
    files.find(|file| file.is_file())
}

/// Compares `header` with `library`; `None` if the library has no table of symbols that is known here.
///
/// # Errors
/// If one of them cannot be read.
pub fn compare(header: &Path, library: &Path) -> io::Result<Option<HeaderDifference>> {
    let text = files::read_named(header, MOST_BYTES)?;
    let declared = declared(&String::from_utf8_lossy(&text));
    let cache = ReadCache::new(open_named(library)?);
    let Some(exported) = exported(&cache).ok().flatten() else {
        return Ok(None);
    };
    let only = |in_header: bool| {
        let compared = COMPARED.into_iter();
        compared
            .filter(|name| {
                let (header, library) = (declared.contains(*name), exported.contains(*name));
                header == in_header && library != in_header
            })
            .collect()
    };
    Ok(Some(HeaderDifference {
        declared_only: only(true),
        exported_only: only(false),
    }))
}

/// Returns the compared functions that `text` declares; comments are passed over.
fn declared(text: &str) -> BTreeSet<&'static str> {
    let code = without_comments(text);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let declares = |name: &&str| {
        code.match_indices(*name).any(|(at, _)| {
            let rest = code[at + name.len()..].trim_start();
            !code[..at].ends_with(is_word) && rest.starts_with('(')
        })
    };
    COMPARED.into_iter().filter(declares).collect()
}

fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('/') {
        code.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest[2..].find("*/").map_or("", |end| &rest[end + 4..]);
        } else {
            code.push('/');
            rest = &rest[1..];
        }
    }
    code.push_str(rest);
    code
}

/// Returns the compared functions that an ELF library exports; `None` without a table of dynamic symbols.
fn exported<'data, R: ReadRef<'data>>(
    data: R,
) -> object::read::Result<Option<BTreeSet<&'static str>>> {
    let header = elf::FileHeader64::<Endianness>::parse(data)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, data)?;
    let symbols = sections.symbols(endian, data, elf::SHT_DYNSYM)?;
    if symbols.is_empty() {
        return Ok(None);
    }
    let strings = symbols.strings();
    let mut found = BTreeSet::new();
    for symbol in symbols.iter().take(MOST_SYMBOLS) {
        if symbol.is_undefined(endian) {
            continue;
        }
        let name = symbol.name(endian, strings)?;
        found.extend(COMPARED.into_iter().find(|known| known.as_bytes() == name));
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_outside_comments() {
        let text = "/* taos_stmt2_init(x) */ // tmq_committed(\nint taos_fetch_raw_block (TAOS_RES *res);\n\
                    void my_tmq_offset_seek(void); char c = '/'; /* open taos_check_server_status(";
        assert_eq!(declared(text), BTreeSet::from(["taos_fetch_raw_block"]));
    }

    #[test]
    fn text_has_no_symbols() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        std::fs::write(&file, "int x;").unwrap();
        assert_eq!(compare(&file, &file).unwrap(), None);
        assert!(compare(&folder.path().join("none"), &file).is_err());
    }
}
