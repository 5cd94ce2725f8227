#![no_main]

use taos_setup::fuzzing::edit::apply_splices;
use taos_setup::fuzzing::pipeline_file::{PieceForm, splice};

const YAML: &str =
    "services:\n  tdengine:\n    image: t:1\n    command: |\n      a\n\nvolumes:\n  data: {}\n";
const DOCUMENT: &str = "kind: Job\nmetadata:\n  name: verify\nspec: {}\n";
const JSON: &str = r#"{"containerEnv": {"A": "1"}, "post": {"t": "run"}}"#;
const DOCKERFILE: &str =
    "FROM a AS taos-setup\nRUN b \\\n  c\nFROM d\nCOPY --from=taos-setup /e /e\nENV F=g\n";
const JENKINSFILE: &str = "pipeline {\n    stages {\n        stage('tdengine') {\n            steps { sh 'a' }\n        }\n    }\n}\n";

// Any bytes are read without a panic; a piece takes nothing away, and is put in once.
libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((choice, source)) = input.split_first() else {
        return;
    };
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let (form, own) = match choice % 6 {
        0 => {
            let tables = words(&["services", "volumes"]);
            let required = None;
            (PieceForm::Yaml { tables, required }, YAML)
        }
        1 => {
            let tables = words(&[""]);
            let required = Some(("stages".to_owned(), "test".to_owned()));
            (PieceForm::Yaml { tables, required }, YAML)
        }
        2 => (PieceForm::YamlDocuments, DOCUMENT),
        3 => {
            let objects = words(&["containerEnv", "post"]);
            (PieceForm::Jsonc { objects }, JSON)
        }
        4 => {
            let stage = "taos-setup".to_owned();
            (PieceForm::Dockerfile { stage }, DOCKERFILE)
        }
        _ => {
            let stage = "tdengine".to_owned();
            (PieceForm::Jenkinsfile { stage }, JENKINSFILE)
        }
    };
    let Ok(splices) = splice(&form, source, own) else {
        return;
    };
    assert!(splices.iter().all(|splice| splice.removes == 0));
    let new = apply_splices(source, splices.iter().collect());
    let again = splice(&form, &new, own);
    assert_eq!(again.map(|splices| splices.len()), Ok(0));
});
