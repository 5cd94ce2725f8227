use super::*;

#[test]
fn proxy_is_named_where_nothing_of_taosadapters_comes_back() {
    let judged = |proxy, reply: Reply<()>| {
        let who = Credentials {
            user: "root".into(),
            password: crate::safety::secret::Secret::new("p"),
            token: None,
            bearer: None,
        };
        let judgement = adapter(&who, None, &reply);
        let judgement = through(proxy, &reply, judgement);
        judgement
            .cause
            .map(|cause| (cause.id, cause.values.get("variable").cloned()))
    };
    let named = |variable: &str| Some((Id::ProxyInTheWay, Some(variable.into())));
    assert_eq!(
        judged(Some("http_proxy"), Reply::Broken("refused".into())),
        named("http_proxy")
    );
    assert_eq!(
        judged(Some("ALL_PROXY"), Reply::Unanswered),
        named("ALL_PROXY")
    );
    let refused = || Reply::Refused {
        code: 0x0357,
        message: String::new(),
    };
    assert_eq!(
        judged(Some("http_proxy"), refused()),
        Some((Id::AuthFailed, None))
    );
    assert_eq!(
        judged(None, Reply::Unanswered),
        Some((Id::AdapterBackendDown, None))
    );
}
