use super::*;

#[test]
fn code_0_is_not_success() {
    let id = |reply: Reply<Cluster>| cluster(&reply).cause.map(|cause| cause.id);
    assert_eq!(id(Reply::Empty), Some(Id::QueryFailed));
    assert_eq!(id(Reply::Data(Cluster::Databases(2))), None);
    let refused = |code, message: &str| Reply::Refused {
        code,
        message: message.into(),
    };
    assert_eq!(
        id(refused(0x0800, "License expired")),
        Some(Id::LicenceExpired)
    );
    assert_eq!(
        id(refused(11, "Unable to establish connection")),
        Some(Id::AdapterBackendDown)
    );
    assert_eq!(
        id(refused(0xFFFF, "server not connected")),
        Some(Id::AuthFailed)
    );
}
