use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::message::locale::Locale;
use crate::project::edit::apply_splices;

const OWN_YAML: &str = "# ours\nservices:\n  tdengine:\n    image: t:1\n    # why\n    command: |\n      a\n\n      b\n\nvolumes:\n  data: {}\n";
const OWN_JOBS: &str =
    "# ours\n\ntest-go:\n  script:\n    - go test\n\ntest-c:\n  script: [make]\n";
const OWN_JSON: &str = r#"{"name": "x", "containerEnv": {"A": "1"}, "post": {"t": "run"}}"#;
const OWN_DOCUMENT: &str = "# ours\nkind: Job\nmetadata:\n  name: verify\nspec: {}\n";
const OWN_DOCKERFILE: &str = "FROM debian:12 AS taos-setup\nRUN apt-get update \\\n    && true\n\nFROM golang:1 AS go\nCOPY --from=taos-setup /opt/taos /opt/taos\nENV LD_LIBRARY_PATH=/opt/taos/lib\nWORKDIR /app\n";
const OWN_JENKINSFILE: &str = "pipeline {\n    agent any\n    stages {\n        stage('tdengine') {\n            steps {\n                sh 'a { b'\n            }\n        }\n        stage('test') { steps { sh 'b' } }\n    }\n}\n";

fn tables(names: &[&str]) -> PieceForm {
    PieceForm::Yaml {
        tables: names.iter().map(|&name| name.to_owned()).collect(),
        required: Some(("stages".to_owned(), "test".to_owned())),
    }
}

fn jsonc() -> PieceForm {
    PieceForm::Jsonc {
        objects: vec!["containerEnv".to_owned(), "post".to_owned()],
    }
}

fn docker() -> PieceForm {
    PieceForm::Dockerfile {
        stage: "taos-setup".to_owned(),
    }
}

fn jenkins() -> PieceForm {
    PieceForm::Jenkinsfile {
        stage: "tdengine".to_owned(),
    }
}

fn forms() -> Vec<(PieceForm, &'static str)> {
    vec![
        (tables(&["services", "volumes"]), OWN_YAML),
        (tables(&[""]), OWN_JOBS),
        (PieceForm::YamlDocuments, OWN_DOCUMENT),
        (jsonc(), OWN_JSON),
        (docker(), OWN_DOCKERFILE),
        (jenkins(), OWN_JENKINSFILE),
    ]
}

/// The text with the piece, or the refusal. What is put in takes nothing away, and is put in once.
fn put(form: &PieceForm, source: &str, own: &str) -> Result<String, String> {
    let splices = splice(form, source.as_bytes(), own)
        .map_err(|refusal| refusal.message().text(Locale::En))?;
    assert!(splices.iter().all(|splice| splice.removes == 0));
    let new = apply_splices(source.as_bytes(), splices.iter().collect());
    let new = String::from_utf8(new).unwrap();
    let again = splice(form, new.as_bytes(), own);
    assert_eq!(again, Ok(Vec::new()), "{source:?} -> {new:?}");
    Ok(new)
}

fn compose(source: &str) -> Result<String, String> {
    put(&tables(&["services", "volumes"]), source, OWN_YAML)
}

#[test]
fn entries_follow_the_file_s_own_indentation_comments_and_blank_lines() {
    let source = "# top\nservices:\n    web: # a\n        image: x\n        # of web\n\n    db:\n        image: y # b\n    # off:\n    #     image: z\n\n# end\nvolumes:\n    d:\n";
    assert_snapshot!(compose(source).unwrap(), @"
    # top
    services:
        web: # a
            image: x
            # of web

        db:
            image: y # b
        # off:
        #     image: z

        tdengine:
          image: t:1
          # why
          command: |
            a

            b

    # end
    volumes:
        d:
        data: {}
    ");
}

#[test]
fn missing_and_empty_tables_are_filled() {
    assert_snapshot!(compose("name: x\nvolumes: # none yet\n# end\n").unwrap(), @"
    name: x
    volumes: # none yet
      data: {}
    # end

    services:
      tdengine:
        image: t:1
        # why
        command: |
          a

          b
    ");
    assert_snapshot!(compose("# only a comment").unwrap(), @"
    # only a comment

    services:
      tdengine:
        image: t:1
        # why
        command: |
          a

          b

    volumes:
      data: {}
    ");
    let own = OWN_YAML.strip_prefix("# ours\n").unwrap();
    assert_eq!(compose("").unwrap(), own);
}

#[test]
fn line_ends_marks_and_open_last_lines_are_kept() {
    let source = "\u{feff}services:\r\n  网:\r\n    image: \"图\" # 注\r\n  web: {image: x}";
    let new = compose(source).unwrap();
    assert!(new.starts_with(source), "{new:?}");
    assert!(!new.replace("\r\n", "").contains('\n'), "{new:?}");
    assert!(!new.ends_with('\n'), "{new:?}");
}

#[test]
fn jobs_become_entries_of_the_document() {
    let form = tables(&[""]);
    let source = "stages: [build, test]\n\nbuild:\n  stage: build\n  script: &s\n    - make\n\nother:\n  <<: *s2\n";
    // An alias without its anchor is not YAML.
    assert_snapshot!(put(&form, source, OWN_JOBS).unwrap_err(), @"line 9: it is not YAML");
    let source = source.replace("  <<: *s2", "  script: *s");
    assert_snapshot!(put(&form, &source, OWN_JOBS).unwrap(), @"
    stages: [build, test]

    build:
      stage: build
      script: &s
        - make

    other:
      script: *s

    test-go:
      script:
        - go test

    test-c:
      script: [make]
    ");
}

#[test]
fn yaml_that_leaves_no_safe_place_is_refused_by_line() {
    let long = format!("a: {}\n", "[".repeat(300));
    let deep: String = (0..70)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    let cases = [
        "services: {web: {image: x}}\n",
        "base: &b\n  web: 1\nservices: *b\n",
        "services:\n  - a\n",
        "services:\n\ta: 1\n",
        "services:\n  a: 1\nservices:\n  b: 1\n",
        "services:\n  tdengine:\n    image: other\n",
        "services:\n  a: 1\n---\nservices:\n  b: 1\n",
        "services:\n  ? a\n  : 1\n",
        "{services: {}}\n",
        "- a\n",
        "text\n",
        "a: 1\rb: 2\n",
        "a: \"open\n",
        "a: b: c\n",
        "stages: [build]\nservices:\n  a: 1\n",
        "stages: test\n",
        long.as_str(),
        deep.as_str(),
    ];
    let mut shown = String::new();
    for case in cases {
        let refusal = compose(case).unwrap_err();
        let case: String = case.chars().take(40).collect();
        shown += &format!("{case:?}: {refusal}\n");
    }
    assert_snapshot!(shown, @r#"
    "services: {web: {image: x}}\n": line 1: `services` is written in braces
    "base: &b\n  web: 1\nservices: *b\n": line 3: `services` is an alias of another table
    "services:\n  - a\n": line 2: `services` is not a table
    "services:\n\ta: 1\n": line 2: it is not YAML
    "services:\n  a: 1\nservices:\n  b: 1\n": line 3: `services` appears twice, and programs disagree about which one counts
    "services:\n  tdengine:\n    image: other\n": line 2: `tdengine` is there with other content
    "services:\n  a: 1\n---\nservices:\n  b: 1\n": line 4: the file has several documents
    "services:\n  ? a\n  : 1\n": line 2: `services` does not have one entry a line
    "{services: {}}\n": line 1: the document is written in braces
    "- a\n": line 1: the document is not a table
    "text\n": line 1: the document is not a table
    "a: 1\rb: 2\n": line 1: a carriage return without a line feed, which only YAML takes for a line end
    "a: \"open\n": line 1: it is not YAML
    "a: b: c\n": line 1: it is not YAML
    "stages: [build]\nservices:\n  a: 1\n": line 1: `stages` does not contain `test`
    "stages: test\n": line 1: `stages` does not contain `test`
    "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[": line 1: it is not YAML
    "a:\n a:\n  a:\n   a:\n    a:\n     a:\n      a": line 65: it is nested too deeply or has too many values
    "#);
}

#[test]
fn documents_are_appended_and_recognized_by_kind_and_name() {
    let form = PieceForm::YamlDocuments;
    assert_snapshot!(put(&form, "kind: Service\nmetadata: {name: a}\n---\nkind: Job\nmetadata: {name: a}", OWN_DOCUMENT).unwrap(), @"
    kind: Service
    metadata: {name: a}
    ---
    kind: Job
    metadata: {name: a}
    ---
    # ours
    kind: Job
    metadata:
      name: verify
    spec: {}
    ");
    let other = "kind: Job\nmetadata:\n  name: verify\nspec: {a: 1}\n";
    assert_snapshot!(put(&form, other, OWN_DOCUMENT).unwrap_err(), @"line 1: `verify` is there with other content");
    // The same job without comments, in another style.
    let bare = "kind: Job\nmetadata: {name: verify}\nspec: {}\n";
    assert_eq!(put(&form, bare, OWN_DOCUMENT).unwrap(), bare);
}

#[test]
fn members_of_json_keep_comments_and_trailing_commas() {
    let form = jsonc();
    let mut shown = String::new();
    for source in [
        "{\n  // image\n  \"image\": \"x\" // last\n}\n",
        "{\n\t\"image\": \"x\",\n\t\"containerEnv\": {\n\t\t\"B\": \"2\", // b, c\n\t},\n}\n",
        "{\n  \"containerEnv\": {},\n  \"post\": { \"u\": \"1\" }\n}",
        "{ /* none */ }",
        "{}",
        "{\n  \"post\": {\n    // \"t\": \"off\"\n  }\n}\n",
    ] {
        shown += &format!("{}\n====\n", put(&form, source, OWN_JSON).unwrap());
    }
    assert_snapshot!(shown, @r#"
    {
      // image
      "image": "x", // last
      "containerEnv": {
        "A": "1"
      },
      "post": {
        "t": "run"
      }
    }

    ====
    {
    	"image": "x",
    	"containerEnv": {
    		"B": "2", // b, c
    		"A": "1",
    	},
    	"post": {
    		"t": "run"
    	},
    }

    ====
    {
      "containerEnv": {
        "A": "1"
      },
      "post": { "u": "1", "t": "run" }
    }
    ====
    { /* none */
        "containerEnv": {
            "A": "1"
        },
        "post": {
            "t": "run"
        } }
    ====
    {
        "containerEnv": {
            "A": "1"
        },
        "post": {
            "t": "run"
        }
    }
    ====
    {
      "post": {
        // "t": "off"
        "t": "run"
      },
      "containerEnv": {
        "A": "1"
      }
    }

    ====
    "#);
    let mut refused = String::new();
    for source in [
        "{\"post\": \"make\"}",
        "{\"containerEnv\": {\n\"A\": \"2\"}}",
        "{\"a\": 1, \"a\": 2}",
        "[]",
        "{\"a\": /* open\n}",
        "{a: 1}",
    ] {
        refused += &format!(
            "{source:?}: {}\n",
            put(&form, source, OWN_JSON).unwrap_err()
        );
    }
    assert_snapshot!(refused, @r#"
    "{\"post\": \"make\"}": line 1: `post` is not an object
    "{\"containerEnv\": {\n\"A\": \"2\"}}": line 2: `A` is there with other content
    "{\"a\": 1, \"a\": 2}": line 1: `a` appears twice, and programs disagree about which one counts
    "[]": line 1: it is not an object
    "{\"a\": /* open\n}": line 1: a comment does not end
    "{a: 1}": line 1: it is not JSON
    "#);
}

#[test]
fn stage_goes_before_the_last_one_and_its_files_into_it() {
    let form = docker();
    let source = "# syntax=docker/dockerfile:1\nARG BASE=debian:12\nFROM golang:1 AS build\nRUN <<EOF\nFROM nothing\nEOF\nCOPY . .\n\n# The image.\nFROM --platform=linux/amd64 ${BASE}\nCOPY --from=0 /app /app\n";
    assert_snapshot!(put(&form, source, OWN_DOCKERFILE).unwrap(), @r"
    # syntax=docker/dockerfile:1
    ARG BASE=debian:12
    FROM golang:1 AS build
    RUN <<EOF
    FROM nothing
    EOF
    COPY . .

    FROM debian:12 AS taos-setup
    RUN apt-get update \
        && true

    # The image.
    FROM --platform=linux/amd64 ${BASE}
    COPY --from=taos-setup /opt/taos /opt/taos
    ENV LD_LIBRARY_PATH=/opt/taos/lib
    COPY --from=0 /app /app
    ");
    let mut shown = String::new();
    for source in [
        "FROM scratch\n",
        "FROM alpine:3 AS base\nFROM base\n",
        "FROM mcr.microsoft.com/windows/servercore\n",
        "RUN true\n",
        "FROM debian AS Taos-Setup\nRUN true\n",
        "FROM debian\nENV LD_LIBRARY_PATH /usr/lib\n",
        "FROM debian\nRUN <<EOF\necho\n",
    ] {
        shown += &format!(
            "{source:?}: {}\n",
            put(&form, source, OWN_DOCKERFILE).unwrap_err()
        );
    }
    assert_snapshot!(shown, @r#"
    "FROM scratch\n": line 1: the client needs glibc, and scratch has none
    "FROM alpine:3 AS base\nFROM base\n": line 1: the client needs glibc, and alpine:3 has none
    "FROM mcr.microsoft.com/windows/servercore\n": line 1: mcr.microsoft.com/windows/servercore is an image of Windows
    "RUN true\n": line 1: no FROM
    "FROM debian AS Taos-Setup\nRUN true\n": line 1: `taos-setup` is there with other content
    "FROM debian\nENV LD_LIBRARY_PATH /usr/lib\n": line 2: `LD_LIBRARY_PATH` is there with other content
    "FROM debian\nRUN <<EOF\necho\n": line 2: the here-document EOF does not end
    "#);
    // A backtick continues lines only if the file says so.
    let source = "# escape=`\r\nFROM debian `\r\n  AS a\r\nRUN a`\r\n# comment\r\nb\r\n";
    let new = put(&form, source, OWN_DOCKERFILE);
    assert!(new.is_err(), "our continuation is not the file's: {new:?}");
}

#[test]
fn stage_is_the_first_of_a_declarative_pipeline() {
    let form = jenkins();
    let source = "#!groovy\n// pipeline { stages { } }\ndef x = 'pipeline {'\npipeline {\n\tagent { label \"a${b ? '{' : '}'}\" }\n\tstages { // ours\n\t\tstage('Build') {\n\t\t\twhen { branch pattern: /re{2}/, comparator: 'REGEXP' }\n\t\t\tsteps { sh '''\n\t\t\t\tstages {\n\t\t\t''' }\n\t\t}\n\t}\n}\n";
    assert_snapshot!(put(&form, source, OWN_JENKINSFILE).unwrap(), @r#"
    #!groovy
    // pipeline { stages { } }
    def x = 'pipeline {'
    pipeline {
    	agent { label "a${b ? '{' : '}'}" }
    	stages { // ours
    		stage('tdengine') {
    			steps {
    				sh 'a { b'
    			}
    		}
    		stage('Build') {
    			when { branch pattern: /re{2}/, comparator: 'REGEXP' }
    			steps { sh '''
    				stages {
    			''' }
    		}
    	}
    }
    "#);
    let mut shown = String::new();
    for source in [
        "node {\n  stage('x') { sh 'y' }\n}\n",
        "pipeline {\n  agent any\n}\n",
        "pipeline {\n  stages { stage('a') { steps { sh 'b' } } }\n}\n",
        "pipeline {\n  stages {\n    stage(\"tdengine\") { steps { sh 'other' } }\n  }\n}\n",
        "pipeline {\n  stages {\n",
        "pipeline }\n",
        "x = 'open\n",
        "/* open\n",
    ] {
        shown += &format!(
            "{source:?}: {}\n",
            put(&form, source, OWN_JENKINSFILE).unwrap_err()
        );
    }
    assert_snapshot!(shown, @r#"
    "node {\n  stage('x') { sh 'y' }\n}\n": line 1: it is not a declarative pipeline (`pipeline { … }`)
    "pipeline {\n  agent any\n}\n": line 1: the pipeline does not have exactly one block `stages`
    "pipeline {\n  stages { stage('a') { steps { sh 'b' } } }\n}\n": line 2: something follows `stages {` in its line
    "pipeline {\n  stages {\n    stage(\"tdengine\") { steps { sh 'other' } }\n  }\n}\n": line 3: `tdengine` is there with other content
    "pipeline {\n  stages {\n": line 2: a brace has no counterpart
    "pipeline }\n": line 1: a brace has no counterpart
    "x = 'open\n": line 1: a string does not end
    "/* open\n": line 1: a comment does not end
    "#);
}

/// Lines that files of all forms have, and some that none should.
const LINES: &[&str] = &[
    "services:",
    "  web:",
    "    image: x",
    "  tdengine:",
    "volumes:",
    "volumes: {}",
    "  # comment",
    "# comment",
    "",
    "  ",
    "\t",
    "a: &x 1",
    "b: *x",
    "c: |+",
    "  text",
    "---",
    "...",
    "- item",
    "stages: [test]",
    "{",
    "}",
    "  \"containerEnv\": {",
    "    \"A\": \"2\",",
    "  },",
    "  \"post\": { }",
    "FROM debian AS a",
    "FROM a",
    "ARG X=1",
    "RUN <<EOF",
    "EOF",
    "RUN a \\",
    "# escape=`",
    "COPY --from=taos-setup /opt/taos /opt/taos",
    "pipeline {",
    "stages {",
    "stage('a') {",
    "stage('tdengine') {",
    "sh 'x'",
    "/*",
    "*/",
    "'''",
    "密: 码",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn pieces_take_nothing_away_and_are_put_in_once(
        picked in prop::collection::vec((0..LINES.len(), 0..6_usize), 0..14),
        windows in any::<bool>(),
        mark in any::<bool>(),
        open in any::<bool>(),
    ) {
        let ending = if windows { "\r\n" } else { "\n" };
        let mut source = String::from(if mark { "\u{feff}" } else { "" });
        for (line, _) in &picked {
            source += LINES[*line];
            source += ending;
        }
        if open {
            source.truncate(source.trim_end().len());
        }
        for (form, own) in forms() {
            if let Ok(new) = put(&form, &source, own) {
                let is_mixed = new.replace("\r\n", "").contains('\n');
                prop_assert!(!(windows && is_mixed && source.contains('\n')), "{new:?}");
            }
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(source in "[\\PC\n\t\r{}:#'\"/\\\\-]{0,80}") {
        for (form, own) in forms() {
            let _ = put(&form, &source, own);
        }
    }
}

#[test]
fn fragments_are_what_a_person_would_add() {
    let mut shown = String::new();
    for (form, own) in forms() {
        shown += &format!("{}====\n", fragment(&form, own));
    }
    assert_snapshot!(shown, @r#"
    services:
      tdengine:
        image: t:1
        # why
        command: |
          a

          b
    volumes:
      data: {}
    ====
    test-go:
      script:
        - go test
    test-c:
      script: [make]
    ====
    # ours
    kind: Job
    metadata:
      name: verify
    spec: {}
    ====
    {"name": "x", "containerEnv": {"A": "1"}, "post": {"t": "run"}}====
    FROM debian:12 AS taos-setup
    RUN apt-get update \
        && true

    COPY --from=taos-setup /opt/taos /opt/taos
    ENV LD_LIBRARY_PATH=/opt/taos/lib
    ====
    stage('tdengine') {
        steps {
            sh 'a { b'
        }
    }
    ====
    "#);
}
