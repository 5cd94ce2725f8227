use rcgen::{CertificateParams, DistinguishedName, DnType, Issuer, KeyPair};

use super::*;

#[test]
fn issuer_and_subject_are_read() {
    let name = |common: &str, organization: Option<&str>| {
        let mut name = DistinguishedName::new();
        name.push(DnType::CountryName, "CN");
        if let Some(organization) = organization {
            name.push(DnType::OrganizationName, organization);
        }
        name.push(DnType::CommonName, common);
        name
    };
    let key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.distinguished_name = name("检查网关 CA", Some("Corp, Inc."));
    let issuer = Issuer::new(authority, &key);
    let mut server = CertificateParams::new(vec!["db.example".to_owned()]).unwrap();
    server.distinguished_name = name("db.example", None);
    let certificate = server.signed_by(&key, &issuer).unwrap();
    let der = certificate.der();
    let names = certificate_names(der).unwrap();
    assert_eq!(names.subject, "db.example");
    assert_eq!(names.issuer, "检查网关 CA (Corp, Inc.)");
    for end in 0..der.len() {
        let _ = certificate_names(&der[..end]);
    }
}

#[test]
fn other_bytes_are_no_certificate() {
    for bytes in [
        b"".as_slice(),
        &[0x30],
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        &[0x30, 0x80],
        b"-----BEGIN",
    ] {
        assert_eq!(certificate_names(bytes), None);
    }
}
