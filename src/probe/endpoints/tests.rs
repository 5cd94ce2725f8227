use super::*;

#[tokio::test]
async fn each_once_and_not_without_end() {
    let named = |endpoint: String| Dnode {
        endpoint,
        offline: false,
    };
    let odd = ["", "h", "::", "h:x", "h:0", "[]:1"].map(|text| named(text.to_owned()));
    let seen = look(&[odd.clone(), odd].concat(), None, Duration::from_secs(5)).await;
    assert_eq!(seen.len(), 6);
    assert!(
        seen.iter()
            .all(|endpoint| endpoint.port == 0 && endpoint.tcp.is_none())
    );
    let many: Vec<Dnode> = (0..1000)
        .map(|count| named(format!("name-{count}:x")))
        .collect();
    assert_eq!(look(&many, None, Duration::from_secs(5)).await.len(), MOST);
}
