//! Reads who a certificate is for and who issued it, from its DER form (RFC 5280, 4.1).

/// The most characters of a name.
const MOST: usize = 120;

/// Tags of DER (X.690, 8.1.2).
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT_ID: u8 = 0x06;
const VERSION: u8 = 0xa0;
const BMP_STRING: u8 = 0x1e;
/// UTF8String, PrintableString, T61String, IA5String.
const STRINGS: [u8; 4] = [0x0c, 0x13, 0x14, 0x16];
/// commonName and organizationName (RFC 5280, appendix A.1).
const COMMON_NAME: [u8; 3] = [0x55, 4, 3];
const ORGANIZATION: [u8; 3] = [0x55, 4, 10];

/// The two names of a certificate. They come from the server: escape them before they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateNames {
    /// Who it is for.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
}

/// The names of `certificate`; `None` if it is not a certificate.
pub fn certificate_names(certificate: &[u8]) -> Option<CertificateNames> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (mut fields, _) = element(certificate, SEQUENCE)?;
    if fields.first() == Some(&VERSION) {
        (_, fields) = element(fields, VERSION)?;
    }
    let (_, fields) = element(fields, INTEGER)?;
    let (_, fields) = element(fields, SEQUENCE)?;
    let (issuer, fields) = element(fields, SEQUENCE)?;
    let (_, fields) = element(fields, SEQUENCE)?;
    let (subject, _) = element(fields, SEQUENCE)?;
    Some(CertificateNames {
        subject: distinguished_name(subject),
        issuer: distinguished_name(issuer),
    })
}

/// `common name (organization)`, or the one of them that there is.
fn distinguished_name(mut parts: &[u8]) -> String {
    let (mut common, mut organization) = (String::new(), String::new());
    while let Some((part, rest)) = element(parts, SET) {
        parts = rest;
        let pair = element(part, SEQUENCE).and_then(|(pair, _)| {
            let (id, value) = element(pair, OBJECT_ID)?;
            Some((id, string(value)?))
        });
        match pair {
            Some((id, text)) if id == COMMON_NAME && common.is_empty() => common = text,
            Some((id, text)) if id == ORGANIZATION && organization.is_empty() => {
                organization = text;
            }
            _ => {}
        }
    }
    match (common.is_empty(), organization.is_empty()) {
        (false, false) => format!("{common} ({organization})"),
        (false, true) => common,
        (true, _) => organization,
    }
}

/// A string of any of the types that names have.
fn string(bytes: &[u8]) -> Option<String> {
    let tag = *bytes.first()?;
    let (content, _) = element(bytes, tag)?;
    let text = if tag == BMP_STRING {
        let (units, _) = content.as_chunks::<2>();
        let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
        String::from_utf16_lossy(&units)
    } else if STRINGS.contains(&tag) {
        String::from_utf8_lossy(content).into_owned()
    } else {
        return None;
    };
    Some(text.chars().take(MOST).collect())
}

/// The content of the element of this tag that `bytes` begins with, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    if *first != tag {
        return None;
    }
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length = digits
                .iter()
                .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests;
