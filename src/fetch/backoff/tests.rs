use super::*;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn waits_double_up_to_a_bound() {
    let waits: Vec<u64> = (0..8)
        .map(|retry| wait(retry, SECOND, 0.0, None).as_secs())
        .collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    assert_eq!(wait(0, SECOND, 1.0, None), SECOND / 2);
    assert_eq!(wait(0, SECOND, 1.0, Some(SECOND * 9)), SECOND * 9);
}

proptest! {
    #[test]
    fn waits_are_bounded(retry in any::<u32>(), millis in 1_u64..86_400_000, jitter in 0.0..=1.0) {
        let first = Duration::from_millis(millis);
        let wait = wait(retry, first, jitter, None);
        prop_assert!(wait >= first.min(LONGEST) / 2 && wait <= first.max(LONGEST));
    }

    #[test]
    fn retry_after_never_panics(text in "\\PC{0,40}") {
        let _ = retry_after(&text, Timestamp::UNIX_EPOCH);
    }
}

#[test]
fn chance_is_between_nothing_and_all() {
    assert!((0..1000).all(|_| (0.0..1.0).contains(&jitter())));
    assert!((0..10).any(|_| jitter() != jitter()));
}

#[test]
fn servers_ask_in_seconds_or_with_a_date() {
    let now: Timestamp = "2025-09-23T08:51:00Z".parse().unwrap();
    assert_eq!(retry_after(" 120 ", now), Some(SECOND * 120));
    assert_eq!(
        retry_after("Tue, 23 Sep 2025 08:51:07 GMT", now),
        Some(SECOND * 7)
    );
    assert_eq!(
        retry_after("Tue, 23 Sep 2025 08:50:07 GMT", now),
        Some(Duration::ZERO)
    );
    assert_eq!(retry_after("soon", now), None);
    assert_eq!(retry_after("-1", now), None);
}

#[test]
fn last_error_of_each_address_is_reported() {
    let error =
        |observed: &str| Error::new(ErrorId::DownloadFailed, "download A", observed, "try again");
    let mut tally = Tally::default();
    assert_eq!(tally.failed("A", error("it was refused")), 1);
    assert_eq!(tally.failed("A", error("it was interrupted")), 2);
    let alone = {
        let mut tally = Tally::default();
        tally.failed("A", error("it was interrupted"));
        tally.into_error().unwrap()
    };
    assert_eq!(alone, error("it was interrupted"));
    tally.failed("B", error("it was refused"));
    let both = tally.into_error().unwrap();
    assert_eq!(both.tried, "download the package");
    assert_eq!(
        both.observed,
        "A: it was tried 2 times; the last time it was interrupted; B: it was refused"
    );
    assert_eq!(Tally::default().into_error(), None);
}
