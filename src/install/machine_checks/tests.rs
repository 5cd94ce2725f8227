use super::*;
use crate::store::Store;
use crate::tdengine::version::Edition;

#[test]
fn old_glibc_is_rejected() {
    let store = Store::at("/nowhere".into());
    let (version, platform) = ("3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
    let client = Client::new(&store, Edition::Oss, version, platform);
    let judge = |needed, host: Option<Glibc>| {
        let host = host.map(|host| (host, "/lib/libc.so.6".into()));
        check_glibc(&client, needed, "lib/libtaos.so", host)
    };
    assert_eq!(judge(Glibc(2, 17), Some(Glibc(2, 17))), Ok(()));
    assert_eq!(judge(Glibc(2, 17), None), Ok(()));
    let error = judge(Glibc(2, 28), Some(Glibc(2, 17))).unwrap_err();
    assert_eq!(
        (error.id.as_str(), error.exit()),
        ("platform-unsupported", 3)
    );
}
