//! The libraries of a version: copies of one built stand-in driver, each stamped with the version and the role it plays.

use std::io;

use super::package::at_least;

/// The start of the marker in the built driver (`sandbox/libtaos/src/marker.rs` lays it out).
const MAGIC: &[u8] = b"taos-sandbox-driver-mark";
/// Room for the version behind the magic.
const VERSION_LEN: usize = 24;
/// Room for the role behind the version.
const ROLE_LEN: usize = 16;

/// Which of the vendor's libraries a copy of the stand-in driver plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LibraryRole {
    /// The single `libtaos` of versions before 3.3.6.
    Whole,
    /// `libtaos` from 3.3.6 on, which loads one of the other two.
    Thin,
    /// `libtaosnative`.
    Native,
    /// `libtaosws`.
    WebSocket,
}

impl LibraryRole {
    /// The word for the role in the marker.
    fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Thin => "thin",
            Self::Native => "native",
            Self::WebSocket => "ws",
        }
    }
}

/// A copy of the built driver that says it is `version` and plays `role`.
///
/// Fails if `driver` does not hold the marker exactly once, or the version does not fit its 24 bytes. On macOS a stamped copy
/// has to be signed again (`codesign --force --sign -`) before it loads; this does not do it.
pub fn stamp(driver: &[u8], version: &str, role: LibraryRole) -> io::Result<Vec<u8>> {
    let mut places = memchr::memmem::find_iter(driver, MAGIC);
    let start = match (places.next(), places.next()) {
        (Some(start), None) => start + MAGIC.len(),
        _ => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the driver does not hold its marker exactly once",
            ));
        }
    };
    let mut stamped = driver.to_vec();
    let (version_field, role_field) = stamped
        .get_mut(start..start + VERSION_LEN + ROLE_LEN)
        .and_then(|marker| marker.split_at_mut_checked(VERSION_LEN))
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "the driver ends inside its marker",
            )
        })?;
    write_padded(version_field, version)?;
    write_padded(role_field, role.word())?;
    Ok(stamped)
}

/// The libraries that the client package of `version` holds, as (unversioned Linux name, bytes): one before 3.3.6, three
/// from it on.
pub fn libraries(driver: &[u8], version: &str) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    if at_least(version, [3, 3, 6]) {
        Ok(vec![
            ("libtaos.so", stamp(driver, version, LibraryRole::Thin)?),
            (
                "libtaosnative.so",
                stamp(driver, version, LibraryRole::Native)?,
            ),
            (
                "libtaosws.so",
                stamp(driver, version, LibraryRole::WebSocket)?,
            ),
        ])
    } else {
        Ok(vec![(
            "libtaos.so",
            stamp(driver, version, LibraryRole::Whole)?,
        )])
    }
}

/// Writes `text` to the start of `field` and NUL to the rest; at least one NUL has to fit.
fn write_padded(field: &mut [u8], text: &str) -> io::Result<()> {
    if text.len() >= field.len() {
        let message = format!("\"{text}\" does not fit into {} bytes", field.len());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    for (index, byte) in field.iter_mut().enumerate() {
        *byte = text.as_bytes().get(index).copied().unwrap_or(0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank() -> Vec<u8> {
        [
            b"before".as_slice(),
            MAGIC,
            &[b'x'; VERSION_LEN + ROLE_LEN],
            b"after",
        ]
        .concat()
    }

    #[test]
    fn stamp_changes_the_marker_alone() {
        let stamped = stamp(&blank(), "3.2.2.2", LibraryRole::Native).unwrap();
        let expected = [
            b"before".as_slice(),
            MAGIC,
            b"3.2.2.2",
            &[0; 17],
            b"native",
            &[0; 10],
            b"after",
        ]
        .concat();
        assert_eq!(stamped, expected);
    }

    #[test]
    fn file_without_one_marker_or_a_version_without_end_is_refused() {
        assert!(stamp(b"no marker here", "3.2.2.2", LibraryRole::Whole).is_err());
        assert!(stamp(&[blank(), blank()].concat(), "3.2.2.2", LibraryRole::Whole).is_err());
        assert!(stamp(&blank(), &"9".repeat(24), LibraryRole::Whole).is_err());
        assert!(stamp(MAGIC, "3.2.2.2", LibraryRole::Whole).is_err());
    }
}
