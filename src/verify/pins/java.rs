//! `pom.xml`.

use super::{Pin, ranged};
use crate::scaffold::manifest::pom_xml;

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
mod tests {
    #[test]
    fn properties_are_followed() {
        let text = "<project><artifactId>a</artifactId><properties><taos.version>3.7.9</taos.version></properties><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${taos.version}</version></dependency></dependencies></project>";
        let pins = super::read(text, "pom.xml").unwrap();
        assert_eq!((pins[0].version.as_str(), pins[0].exact), ("3.7.9", true));
        assert!(super::read("<project", "pom.xml").is_err());
    }
}
