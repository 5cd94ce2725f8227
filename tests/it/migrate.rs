//! `migrate`.

mod applied;
mod held_back;
mod r;
mod reported;
mod walked;

/// A project that uses native and REST connections in Java, Go, C#, and Python.
const SEVERAL_LANGUAGES: [(&str, &str); 8] = [
    (
        "api/pom.xml",
        "<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>a</groupId>\n  <artifactId>api</artifactId>\n  <version>1</version>\n  <dependencies>\n    <dependency>\n      <groupId>com.taosdata.jdbc</groupId>\n      <artifactId>taos-jdbcdriver</artifactId>\n      <version>3.2.8</version>\n    </dependency>\n  </dependencies>\n</project>\n",
    ),
    (
        "api/src/main/resources/application.yml",
        "spring:\n  datasource:\n    driver-class-name: com.taosdata.jdbc.TSDBDriver\n    url: jdbc:TAOS://db:6030/power?user=root&password=s3cret\n",
    ),
    (
        "api/src/main/java/App.java",
        "import com.taosdata.jdbc.TSDBDriver;\n\nclass App {\n    TSDBDriver driver = new TSDBDriver();\n}\n",
    ),
    ("collector/go.mod", "module collector\n"),
    (
        "collector/main.go",
        "package main\n\nimport _ \"github.com/taosdata/driver-go/v3/taosRestful\"\n\nvar name = \"taosRestful\"\nvar source = \"root:s3cret@http(db:6041)/power\"\n",
    ),
    (
        "collector/consume.go",
        "package main\n\nimport \"github.com/taosdata/driver-go/v3/af/tmq\"\n",
    ),
    (
        "desk/appsettings.json",
        "{\n  \"Taos\": \"protocol=Native;host=db;port=6030;username=root;password=s3cret\"\n}\n",
    ),
    ("report/main.py", "import taosrest\n"),
];
