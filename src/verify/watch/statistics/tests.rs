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
fn million_rounds_take_no_more_memory_than_one() {
    let mut latency = LatencyHistogram::default();
    for round in 0..1_000_000_u64 {
        latency.add(round % 5000);
    }
    assert_eq!(latency.counts.len(), BUCKETS);
    let p95 = latency.percentile(95).unwrap();
    assert!((4750..=5050).contains(&p95), "{p95}");
    latency.add(u64::MAX);
    assert_eq!(latency.max(), Some(u64::MAX));
}

proptest! {
    #[test]
    fn bucket_is_within_seven_percent(ms in 0_u64..40_000_000) {
        let highest = highest(bucket(ms));
        prop_assert!(highest >= ms);
        prop_assert!(highest as f64 <= ms as f64 * 1.07, "{ms} {highest}");
    }
}
