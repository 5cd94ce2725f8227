use super::*;
use crate::diagnose::Status;

#[test]
fn errors_of_the_system_are_no_refused_logins() {
    let refused = |code| DriverReply::Refused {
        code,
        message: "no".into(),
    };
    let who = Credentials {
        user: "root".into(),
        password: crate::safety::secret::Secret::new("p"),
        token: None,
        bearer: None,
    };
    let id = |code| {
        connect(&who, &refused(code), true)
            .cause
            .map(|cause| cause.id)
    };
    assert_eq!(id(LOG_DENIED), Some(Id::LogDirUnwritable));
    assert_eq!(id(0x80FF_0057), Some(Id::LibraryUnloadable));
    assert_eq!(verdict(&refused(0x80FF_0057)), Verdict::Undecided);
    assert_eq!(id(UNRESOLVED), Some(Id::DnodeUnresolved));
    assert_eq!(verdict(&refused(0x8000_0015)), Verdict::Undecided);
    assert_eq!(id(0x8000_0357), Some(Id::AuthFailed));
    assert_eq!(verdict(&refused(0x8000_0357)), Verdict::Rejected);
}

#[test]
fn driver_without_version_is_reported() {
    let seen = client_version("/x".as_ref(), "", &[], Some("3.3.7.5"));
    assert_eq!(seen.observed, "the driver gives no version, server 3.3.7.5");
}

#[test]
fn log_folder_that_only_programs_without_the_variable_miss_is_a_warning() {
    let seen = usual_log_dir(
        "/var/log/taos".as_ref(),
        &Message::quoted("permission denied"),
    );
    assert_eq!(seen.status, Status::Warning);
    assert!(
        seen.observed
            .to_string()
            .contains("/var/log/taos: permission denied")
    );
}
