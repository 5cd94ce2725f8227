use super::*;

/// How many of `count` pieces of work that take `each` are under way at most, by a clock that stands still while
/// nothing waits for it; and how long all take.
async fn concurrency(count: usize, each: Duration) -> (usize, Duration) {
    let slots = Slots::new(count);
    let under_way = std::cell::Cell::new(0);
    let most = std::cell::Cell::new(0);
    let begun = tokio::time::Instant::now();
    let work = (0..count).map(|_| {
        slots.run(async {
            under_way.set(under_way.get() + 1);
            most.set(most.get().max(under_way.get()));
            tokio::time::sleep(each).await;
            under_way.set(under_way.get() - 1);
        })
    });
    futures_util::future::join_all(work).await;
    (most.get(), begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn those_that_answer_are_asked_a_few_at_a_time() {
    let (most, _) = concurrency(300, Duration::from_millis(20)).await;
    assert_eq!(most, AT_ONCE);
}

#[tokio::test(start_paused = true)]
async fn those_that_are_silent_hold_nobody_up() {
    let (most, took) = concurrency(1000, Duration::from_secs(3)).await;
    assert!(
        most > 4 * AT_ONCE && took < Duration::from_secs(8),
        "{most} {took:?}"
    );
}
