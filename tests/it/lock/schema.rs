//! `docs/taos-setup.schema.json` agrees with the program about valid and invalid files.

use std::path::Path;

use serde_json::Value;

use super::context;

/// Whether `value` is valid by `schema`; every keyword that the schema uses is known here.
fn is_valid(schema: &Value, value: &Value) -> bool {
    let schema = schema.as_object().unwrap();
    schema.iter().all(|(keyword, rule)| match keyword.as_str() {
        "$schema" | "$id" | "title" | "description" | "examples" => true,
        "type" => match rule.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            other => panic!("type {other}"),
        },
        "additionalProperties" => {
            assert_eq!(rule, &Value::Bool(false));
            let known = schema["properties"].as_object().unwrap();
            let keys = value.as_object().into_iter().flatten();
            keys.into_iter().all(|(key, _)| known.contains_key(key))
        }
        "properties" => {
            let fields = value.as_object().into_iter().flatten();
            let known = rule.as_object().unwrap();
            fields
                .into_iter()
                .all(|(key, field)| known.get(key).is_none_or(|it| is_valid(it, field)))
        }
        "required" => {
            let names = rule.as_array().unwrap();
            names
                .iter()
                .all(|it| value.get(it.as_str().unwrap()).is_some())
        }
        "items" => {
            let items = value.as_array().into_iter().flatten();
            items.into_iter().all(|it| is_valid(rule, it))
        }
        "minItems" => value
            .as_array()
            .is_none_or(|it| it.len() as u64 >= rule.as_u64().unwrap()),
        "enum" => rule.as_array().unwrap().contains(value),
        "not" => !is_valid(rule, value),
        "pattern" => value
            .as_str()
            .is_none_or(|text| matches(rule.as_str().unwrap(), text)),
        other => panic!("keyword {other}"),
    })
}

/// The patterns of the schema.
fn matches(pattern: &str, text: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty() && part.len() <= 4 && part.bytes().all(|it| it.is_ascii_digit())
    };
    let is_version = |text: &str| {
        let parts: Vec<_> = text.split('.').collect();
        parts.len() <= 4 && parts.iter().all(|part| is_number(part))
    };
    match pattern {
        r"^\d{1,4}(\.\d{1,4}){0,3}$" => is_version(text),
        r"^(latest|\d{1,4}(\.\d{1,4}){0,3})$" => text == "latest" || is_version(text),
        "^[^@?]+$" => !text.is_empty() && !text.contains(['@', '?']),
        r"^(?!/)(?!.*(^|/)\.\.(/|$))[^\\:]+$" => {
            !text.starts_with('/')
                && !text.is_empty()
                && !text.contains(['\\', ':'])
                && text.split('/').all(|part| part != "..")
        }
        other => panic!("pattern {other}"),
    }
}

const VALID: [&str; 6] = [
    "",
    "[server]\nversion = \"3.3.7\"\nhost = \"db.example:6041\"\n",
    "[client]\nversion = \"latest\"\nedition = \"enterprise\"\nplatforms = [\"linux-x64\", \"macos-arm64\"]\nparts = \"dev\"\n",
    "[client]\nmatch = \"https://gw.example/tdengine\"\n",
    "[[project]]\ndir = \".\"\nlang = \"java\"\ntransport = \"native\"\nmanifest = \"sub/pom.xml\"\n",
    "project = [{ dir = \"a/b\", lang = \"r\" }, { dir = \"a\", lang = \"odbc\", transport = \"ws\" }]\n",
];

const INVALID: [&str; 14] = [
    "[mirror]\nurl = \"x\"\n",
    "[server]\nport = \"6041\"\n",
    "[server]\nversion = \"latest\"\n",
    "[server]\nhost = \"root:taosdata@db\"\n",
    "[client]\nversion = 3.3\n",
    "[client]\nversion = \"3.3.7.5.1\"\n",
    "[client]\nversion = \"3.3\"\nmatch = \"db\"\n",
    "[client]\nedition = \"gold\"\n",
    "[client]\nplatforms = []\n",
    "[client]\nplatforms = [\"linux-mips\"]\n",
    "[client]\nparts = \"half\"\n",
    "[[project]]\nlang = \"go\"\n",
    "[[project]]\ndir = \"../a\"\nlang = \"go\"\n",
    "[[project]]\ndir = \"a\"\nlang = \"cobol\"\n",
];

#[test]
fn schema_agrees_with_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read_to_string(root.join("docs/taos-setup.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let context = context(&[]);
    let cases = VALID.iter().map(|it| (it, true));
    for (text, valid) in cases.chain(INVALID.iter().map(|it| (it, false))) {
        let value: toml::Value = toml::from_str(text).unwrap();
        let value = serde_json::to_value(value).unwrap();
        assert_eq!(is_valid(&schema, &value), valid, "schema: {text}");
        super::write(&context, &[("taos-setup.toml", text)]);
        let run = context.program(["env"]).run();
        let is_refused = run.stderr.contains("error[file-unparsable]");
        assert_eq!(!is_refused, valid, "{text}: {run}");
    }
    let languages = &schema["properties"]["project"]["items"]["properties"]["lang"]["enum"];
    let mut known: Vec<String> = std::fs::read_dir(root.join("templates"))
        .unwrap()
        .flatten()
        .filter(|it| it.path().join("template.toml").exists())
        .map(|it| it.file_name().into_string().unwrap())
        .collect();
    known.sort();
    assert_eq!(languages, &serde_json::json!(known));
}
