use super::*;

fn with_token(token: &str) -> Credentials {
    Credentials {
        user: "root".into(),
        password: Secret::new("taosdata"),
        token: Some(Secret::new(token)),
        bearer: None,
    }
}

#[test]
fn cloud_token_is_only_in_query() {
    let who = with_token("a b&c=/+");
    assert_eq!(who.query(), "?token=a%20b%26c%3D%2F%2B");
    assert_eq!(who.authorization(), None);
    assert!(!format!("{who:?}").contains("a b"));
}

#[test]
fn bearer_token_replaces_user_and_password() {
    let who = Credentials {
        token: None,
        bearer: Some(Secret::new("abc")),
        ..with_token("")
    };
    assert_eq!(who.query(), "");
    assert_eq!(who.authorization(), Some(Secret::new("Bearer abc")));
}

#[test]
fn both_spellings_are_secret() {
    let said = "token a b&c=/+ or a%20b%26c%3D%2F%2B";
    let secrets = with_token("a b&c=/+").secrets(false);
    let shown = secrets
        .iter()
        .fold(said.to_owned(), |text, secret| secret.cut_from(&text));
    assert_eq!(shown, "token *** or ***");
}
