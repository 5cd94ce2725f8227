use super::*;

fn found(phrases: &[&str], text: &str) -> Vec<usize> {
    let mut all = Phrases::default();
    for phrase in phrases {
        all.add(phrase);
    }
    all.build()
        .unwrap()
        .found(&normal(text))
        .into_iter()
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn whole_words_and_open_ones() {
    let phrases = ["libtaos", "libtaos*", "*taos", "glibc_* + not found"];
    assert_eq!(found(&phrases, "LIBTAOS.so"), [0, 1, 2]);
    assert_eq!(found(&phrases, "libtaosws.so"), [1]);
    assert_eq!(found(&phrases, "version `GLIBC_2.25' not found"), [3]);
    assert_eq!(found(&phrases, "glibc_2.25 was found"), [0_usize; 0]);
}
