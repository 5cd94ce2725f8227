//! `pom.xml`.

use super::{Pin, ranged};
use crate::project::manifest::pom_xml;

const GROUP: &str = "com.taosdata.jdbc";
const ARTIFACT: &str = "taos-jdbcdriver";

/// The JDBC driver, where the project names it.
pub(super) fn read(text: &str, file: &'static str) -> Result<Vec<Pin>, String> {
    let versions = pom_xml::versions_of(text, GROUP, ARTIFACT)
        .map_err(|_| "it is not a POM that can be read".to_owned())?;
    let package = format!("{GROUP}:{ARTIFACT}");
    Ok(versions
        .iter()
        .filter_map(|version| ranged(&package, version, true, file))
        .collect())
}

#[cfg(test)]
mod tests;
