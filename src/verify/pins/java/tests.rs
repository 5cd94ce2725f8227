#[test]
fn properties_are_followed() {
    let text = "<project><artifactId>a</artifactId><properties><taos.version>3.7.9</taos.version></properties><dependencies><dependency><groupId>com.taosdata.jdbc</groupId><artifactId>taos-jdbcdriver</artifactId><version>${taos.version}</version></dependency></dependencies></project>";
    let pins = super::read(text, "pom.xml").unwrap();
    assert_eq!((pins[0].version.as_str(), pins[0].exact), ("3.7.9", true));
    assert!(super::read("<project", "pom.xml").is_err());
}
