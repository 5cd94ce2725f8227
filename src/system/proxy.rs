//! Which variable sends a request to a proxy, by the rules of the HTTP client itself.

/// The variable that makes the client ask a proxy for `url`; `None` where it goes there directly.
pub fn variable_for(url: &str) -> Option<&'static str> {
    let url: url::Url = url.parse().ok()?;
    let target = url.as_str().parse().ok()?;
    hyper_util::client::proxy::matcher::Matcher::from_system().intercept(&target)?;
    let of_scheme = match url.scheme() {
        "https" => ["https_proxy", "HTTPS_PROXY"],
        _ => ["http_proxy", "HTTP_PROXY"],
    };
    of_scheme
        .into_iter()
        .chain(["all_proxy", "ALL_PROXY"])
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        .or(Some("the system's proxy setting"))
}

/// Host and port of the proxy that `variable` names, without its user and password; `None` if it holds no URL.
pub fn address_in(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok()?;
    let url: url::Url = match value.contains("://") {
        true => value.parse().ok()?,
        false => format!("http://{value}").parse().ok()?,
    };
    let host = url.host_str()?;
    Some(match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}
