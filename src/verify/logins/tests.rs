use super::*;

fn login(number: u8) -> LoginAttempt {
    LoginAttempt {
        user: "root".into(),
        secret: Secret::new("p"),
        addresses: vec![[127, 0, 0, number].into()],
        port: 6041,
        cluster: usize::from(number),
        target: format!("h{number}"),
    }
}

fn refusal() -> Judgement {
    Judgement::failed(Id::AuthFailed, "no")
}

/// Tries logins `1..=count`, all at once, at servers that give `verdict`; how many were tried, and how many at most at
/// the same time.
async fn concurrency(count: u8, verdict: fn(u8) -> Verdict) -> (usize, usize) {
    let logins = Arc::new(Logins::default());
    let under_way = std::cell::Cell::new(0);
    let (tried, most) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let tries = (1..=count).map(|number| {
        let logins = Arc::clone(&logins);
        let (under_way, tried, most) = (&under_way, &tried, &most);
        async move {
            if let Ok(pass) = logins.enter(login(number)).await {
                under_way.set(under_way.get() + 1);
                tried.set(tried.get() + 1);
                most.set(most.get().max(under_way.get()));
                tokio::task::yield_now().await;
                under_way.set(under_way.get() - 1);
                pass.tell(verdict(number), &refusal());
            }
        }
    });
    futures_util::future::join_all(tries).await;
    (tried.get(), most.get())
}

#[tokio::test]
async fn password_that_is_wrong_everywhere_is_tried_twice() {
    assert_eq!(concurrency(100, |_| Verdict::Rejected).await, (2, 1));
}

#[tokio::test]
async fn one_server_that_refuses_keeps_nobody_from_the_others() {
    let verdict = |number| match number {
        1 => Verdict::Rejected,
        _ => Verdict::Accepted,
    };
    assert_eq!(concurrency(100, verdict).await, (100, 1));
}

#[tokio::test]
async fn password_that_is_right_is_tried_side_by_side() {
    let (tried, most) = concurrency(100, |_| Verdict::Accepted).await;
    assert!(tried == 100 && most > 10, "{tried} {most}");
}

#[tokio::test]
async fn same_server_is_asked_once() {
    let logins = Arc::new(Logins::default());
    let pass = logins.enter(login(1)).await.unwrap();
    pass.tell(Verdict::Rejected, &refusal());
    let again = logins.enter(login(1)).await.unwrap_err();
    assert_eq!(again, refusal());
    // A login without an answer does not stop the others for good.
    drop(logins.enter(login(2)).await.unwrap());
    assert!(logins.enter(login(3)).await.is_ok());
}
