use proptest::prelude::*;

use super::*;

#[test]
fn percentiles_of_few_values_are_exact() {
    let mut latency = LatencyHistogram::default();
    assert_eq!((latency.percentile(50), latency.max()), (None, None));
    for ms in 1..=20 {
        latency.add(ms);
    }
    assert_eq!(
        (latency.percentile(50), latency.percentile(95)),
        (Some(10), Some(19))
    );
    assert_eq!(latency.max(), Some(20));
}

#[test]
fn million_values_take_no_more_memory_than_one() {
    let mut latency = LatencyHistogram::default();
    for round in 0..1_000_000_u64 {
        latency.add(round % 5000);
    }
    assert_eq!(latency.counts.len(), BUCKETS);
    let p95 = latency.percentile(95).unwrap();
    assert!((4740..=4850).contains(&p95), "{p95}");
    latency.add(u64::MAX);
    assert_eq!(latency.max(), Some(u64::MAX));
}

#[test]
fn histogram_survives_text_and_merges() {
    let mut first = LatencyHistogram::default();
    for value in [3, 3, 900, 70_000] {
        first.add(value);
    }
    let text = serde_json::to_string(&first).unwrap();
    let mut read: LatencyHistogram = serde_json::from_str(&text).unwrap();
    assert_eq!(read, first);
    read.merge(&first);
    assert_eq!((read.count(), read.percentile(50)), (8, Some(3)));
    // Another process may write anything.
    let wild = r#"{"max":9,"counts":[[4000000,1],[2,18446744073709551615],[2,9]]}"#;
    let wild: LatencyHistogram = serde_json::from_str(wild).unwrap();
    assert_eq!(wild.count(), u64::MAX);
}

proptest! {
    #[test]
    fn bucket_is_within_two_percent(ms in 0_u64..40_000_000_000) {
        let highest = highest(bucket(ms));
        prop_assert!(highest >= ms);
        prop_assert!(highest as f64 <= ms as f64 * 1.02, "{ms} {highest}");
    }
}
