use std::time::Duration;

use super::*;

fn budget() -> AnswerBudget {
    AnswerBudget::new(Duration::from_secs(60))
}

#[test]
fn separators_inside_texts_are_not_counted() {
    assert_eq!(count_json(br#"{"a,b\"[": [1, 2]}"#), 5);
    let prose = format!("[\"{}\"]", ",".repeat(900_000));
    assert!(matches!(
        parse(prose.as_bytes(), &mut budget()),
        Ok(Some(_))
    ));
}

#[test]
fn many_small_values_exceed_memory() {
    let zeros = format!("[{}0]", "0,".repeat(500_000));
    assert_eq!(
        parse(zeros.as_bytes(), &mut budget()),
        Err(OverBudget::Memory)
    );
    let objects = format!("[{}{{}}]", "{},".repeat(300_000));
    assert_eq!(
        parse(objects.as_bytes(), &mut budget()),
        Err(OverBudget::Memory)
    );
}

#[test]
fn late_answer_exceeds_time() {
    let mut late = AnswerBudget::new(Duration::ZERO);
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(parse(b"{}", &mut late), Err(OverBudget::Time));
}
