use super::*;

fn file(path: &str, text: &str) -> SettingsFile {
    SettingsFile {
        path: path.into(),
        text: text.into(),
    }
}

fn project(packages: &[&str], files: &[SettingsFile]) -> SpringProject {
    let packages: Vec<_> = packages.iter().map(|it| (*it).to_owned()).collect();
    SpringProject::of(&packages, Some("3.3.5"), files)
}

const MAIN_YML: &str = "src/main/resources/application.yml";

#[test]
fn names_of_settings_files() {
    for name in [
        "application.yml",
        "application-dev.yaml",
        "bootstrap.properties",
    ] {
        assert!(is_settings_file(name), "{name}");
    }
    for name in [
        "application.yml.bak",
        "applications.yml",
        "logback.xml",
        "application",
    ] {
        assert!(!is_settings_file(name), "{name}");
    }
}

#[test]
fn settings_decide_the_place() {
    let standard = "spring:\n  datasource:\n    url: jdbc:mysql://h/db # shop\n";
    let custom =
        "spring:\n  datasource:\n    druid:\n      master:\n        url: jdbc:mysql://h/db\n";
    let own_prefix = "app.datasource.jdbc-url: 'jdbc:postgresql://h/db'\n";
    let dynamic = "spring:\n  datasource:\n    dynamic:\n      primary: master\n      datasource:\n        master:\n          url: jdbc:mysql://h/db\n";
    let outside = "spring.datasource.url: ${DB_URL}\n";
    let flow = "spring:\n  datasource: { url: \"jdbc:h2:mem:a\" }\n";
    let migrations = "spring:\n  flyway:\n    url: jdbc:mysql://h/db\n";
    for (text, place) in [
        (standard, DataSourcePlace::Second),
        (custom, DataSourcePlace::Additional),
        (own_prefix, DataSourcePlace::Additional),
        (dynamic, DataSourcePlace::Dynamic),
        (outside, DataSourcePlace::Second),
        (flow, DataSourcePlace::Second),
        (migrations, DataSourcePlace::Only),
        ("server:\n  port: 8080\n", DataSourcePlace::Only),
    ] {
        let found = project(&[], &[file(MAIN_YML, text)]);
        assert_eq!(found.place, place, "{text}");
        assert_eq!(found.file, MAIN_YML);
        assert!(!found.needs_default);
    }
}

#[test]
fn dependencies_decide_the_place() {
    let mysql = project(&["com.mysql:mysql-connector-j"], &[]);
    assert_eq!(mysql.place, DataSourcePlace::Second);
    assert_eq!(mysql.other, "com.mysql:mysql-connector-j");
    assert_eq!(mysql.file, "src/main/resources/application.properties");
    let alone = project(
        &["com.baomidou:dynamic-datasource-spring-boot3-starter"],
        &[],
    );
    assert_eq!(alone.place, DataSourcePlace::Dynamic);
    assert!(alone.needs_default);
    let druid = project(
        &[
            "com.alibaba:druid-spring-boot-3-starter",
            "com.mysql:mysql-connector-j",
        ],
        &[],
    );
    assert_eq!(
        (druid.pool, druid.druid_generation, druid.url),
        ("druid", 3, "url")
    );
}

#[test]
fn settings_of_ours_are_found() {
    for (url, transport) in [
        ("jdbc:TAOS-WS://h:6041/db", Transport::Ws),
        ("jdbc:TAOS-RS://h:6041/db?batchfetch=true", Transport::Ws),
        ("jdbc:TAOS-RS://h:6041/db", Transport::Rest),
        ("jdbc:TAOS://h:6030/db", Transport::Native),
    ] {
        let text = format!("# a\nspring.datasource.url={url}\n");
        let path = "src/main/resources/application.properties";
        let found = project(&[], &[file(path, &text)]);
        assert_eq!(found.ours, [(transport, format!("{path}:2"))]);
    }
}

#[test]
fn profiles_decide_the_file() {
    let profile = |name: &str| {
        file(
            &format!("src/main/resources/application-{name}.yml"),
            "spring.datasource.url: jdbc:mysql://h/db\n",
        )
    };
    let main = file(MAIN_YML, "spring.profiles.active: dev\n");
    let one = project(&[], &[profile("dev"), main.clone()]);
    assert_eq!(one.file, "src/main/resources/application-dev.yml");
    let several = project(&[], &[profile("dev"), profile("prod"), main]);
    assert_eq!(several.file, MAIN_YML);
    let without = project(&[], &[profile("dev"), profile("prod")]);
    assert_eq!((without.file.as_str(), without.has_file), (MAIN_YML, false));
}

#[test]
fn properties_become_yaml() {
    let yaml =
        to_yaml("a.b.url=jdbc:TAOS://${H:localhost}:6030/\n# Encoded.\na.b.password=: x\na.c=\n");
    assert_eq!(
        yaml,
        "a:\n  b:\n    url: jdbc:TAOS://${H:localhost}:6030/\n    # Encoded.\n    password: ': x'\n  c: ''\n"
    );
    let read = settings::read("a.yml", &yaml);
    let values: Vec<_> = read
        .iter()
        .map(|it| (it.key.as_str(), it.value.as_str()))
        .collect();
    assert_eq!(
        values[2..],
        [
            ("a.b.url", "jdbc:TAOS://${H:localhost}:6030/"),
            ("a.b.password", ": x"),
            ("a.c", "")
        ]
    );
}

#[test]
fn hostile_settings_are_bounded() {
    let deep: String = (0..20_000)
        .map(|at| format!("{}k:\n", " ".repeat(at % 1000)))
        .collect();
    assert!(settings::read("a.yml", &deep).len() <= 20_000);
    let long = format!("{}: jdbc:mysql:\n", "k".repeat(1_000_000));
    assert!(
        settings::read("a.yml", &long)
            .iter()
            .all(|it| it.key.len() <= 200)
    );
    settings::read("a.yml", "\u{feff}: :\n- - -\n'\"\n");
}
