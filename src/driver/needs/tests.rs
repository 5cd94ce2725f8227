use super::*;
use proptest::prelude::*;

fn driver() -> &'static [u8] {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| std::fs::read(taos_sandbox::driver::built().unwrap()).unwrap())
}

#[test]
fn names_of_versions_are_read() {
    assert_eq!(Glibc::named(b"GLIBC_2.2.5"), Some(Glibc(2, 2)));
    assert!(Glibc::named(b"GLIBC_2.17") > Glibc::named(b"GLIBC_2.9"));
    assert_eq!(Glibc::named(b"GLIBC_PRIVATE"), None);
    assert_eq!(Glibc::named(b"GLIBCXX_3.4"), None);
}

#[test]
fn library_built_here_runs_here() {
    let needs = read(driver());
    let (host, file) = host_glibc().unwrap();
    assert!(file.ends_with(LIBC));
    assert!(needs.glibc.unwrap() >= Glibc(2, 2));
    assert!(needs.glibc.unwrap() <= host);
    assert_eq!(needs.executable_stack, None);
}

#[test]
fn wish_for_an_executable_stack_can_be_taken_back() {
    let bytes = wishing(driver());
    let (place, cleared) = read(bytes.as_slice()).executable_stack.unwrap();
    let mut bytes = bytes;
    bytes[place as usize..][..4].copy_from_slice(&cleared);
    assert!(bytes == driver());
}

/// `library` with an executable `PT_GNU_STACK`.
fn wishing(library: &[u8]) -> Vec<u8> {
    let mut bytes = library.to_vec();
    let header = Header::parse(library).unwrap();
    let endian = header.endian().unwrap();
    let segments = header.program_headers(endian, library).unwrap();
    let index = segments
        .iter()
        .position(|segment| segment.p_type(endian) == elf::PT_GNU_STACK)
        .unwrap();
    let place = header.e_phoff(endian) as usize + index * usize::from(header.e_phentsize(endian));
    bytes[place + 4] |= 1;
    bytes
}

proptest! {
    #[test]
    fn damaged_libraries_are_read(at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = driver().to_vec();
        let length = bytes.len();
        for (place, value) in at {
            // Headers and tables stand at both ends.
            let place = place.index(8192);
            let place = if value % 2 == 0 { place } else { length - 1 - place };
            bytes[place] = value;
        }
        let _ = read(bytes.as_slice());
        let _ = defined(bytes.as_slice());
    }
}
