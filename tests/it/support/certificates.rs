//! Certificates for a test, made and thrown away: an authority, and servers' certificates that are right or wrong in one way.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use taos_sandbox::tls::TlsIdentity;

/// An authority that is trusted only if it is named.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, in PEM.
    pub pem: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "an authority for tests");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// Its certificate as a file in `folder`.
    pub fn file(&self, folder: &Path) -> PathBuf {
        let file = folder.join("authority.pem");
        std::fs::write(&file, &self.pem).unwrap();
        file
    }

    /// A certificate for `names`, changed by `change`.
    pub fn signs(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> TlsIdentity {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        TlsIdentity {
            certificates: params.signed_by(&key, &self.issuer).unwrap().pem(),
            key: key.serialize_pem(),
            clients: None,
        }
    }
}

/// A certificate for `names` that is signed by itself, as by `openssl req -x509`: also an authority.
#[cfg(target_os = "linux")]
pub fn self_signed(names: &[&str]) -> TlsIdentity {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    TlsIdentity {
        certificates: params.self_signed(&key).unwrap().pem(),
        key: key.serialize_pem(),
        clients: None,
    }
}

/// Makes a certificate that was good until 2001.
#[cfg(target_os = "linux")]
pub fn expired(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
}

/// Makes a certificate that is good from 2090 on.
#[cfg(target_os = "linux")]
pub fn not_yet_valid(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2090, 1, 1);
    params.not_after = rcgen::date_time_ymd(2091, 1, 1);
}
