use super::super::deprecated_use::Replacement;
use super::*;
use crate::project::edit::apply_splices;

fn pom(version: &str) -> String {
    format!(
        "<project>\n  <modelVersion>4.0.0</modelVersion>\n  <artifactId>a</artifactId>\n  <properties><taos>{version}</taos></properties>\n  <dependencies>\n    <dependency>\n      <groupId>com.taosdata.jdbc</groupId>\n      <artifactId>taos-jdbcdriver</artifactId>\n      <version>{version}</version>\n    </dependency>\n  </dependencies>\n</project>\n"
    )
}

/// The manifest after the change, or why a person is needed; `None` if the connector is new enough.
fn migrated(name: &str, text: &str) -> Option<Result<String, ManualReason>> {
    let connector = NewConnector::for_server(None).unwrap();
    let mut uses = Vec::new();
    let segment = Segment {
        bytes: text.as_bytes(),
        start: 0,
        end: text.len(),
        continues: false,
    };
    connector.find(name, text.as_bytes(), &[segment], &mut uses);
    uses.pop().map(|found| match found.replacement {
        Replacement::Automatic(splices) => Ok(String::from_utf8(apply_splices(
            text.as_bytes(),
            splices.iter().collect(),
        ))
        .unwrap()),
        Replacement::Manual(reason) => Err(reason),
    })
}

#[test]
fn old_release_in_pom_is_replaced() {
    let newest = NewConnector::for_server(None).unwrap().java.choice.version;
    let after = migrated(MAVEN, &pom("3.2.8")).unwrap().unwrap();
    assert!(after.contains(&format!("<version>{newest}</version>")));
    assert!(after.contains("<taos>3.2.8</taos>"));
}

#[test]
fn release_with_web_socket_driver_stays() {
    assert_eq!(migrated(MAVEN, &pom("3.5.3")), None);
    assert_eq!(
        migrated("build.gradle", "com.taosdata.jdbc:taos-jdbcdriver:3.4.0"),
        None
    );
}

#[test]
fn coordinates_keep_what_follows_the_version() {
    let newest = NewConnector::for_server(None).unwrap().java.choice.version;
    assert_eq!(
        migrated(
            "build.gradle",
            "com.taosdata.jdbc:taos-jdbcdriver:3.2.7:dist@jar"
        ),
        Some(Ok(format!(
            "com.taosdata.jdbc:taos-jdbcdriver:{newest}:dist@jar"
        )))
    );
    assert_eq!(
        migrated("build.gradle", "com.taosdata.jdbc:taos-jdbcdriver:$version"),
        None
    );
}
