use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    GzipReader::new(bytes).read_to_end(&mut contents)?;
    Ok(contents)
}

fn fault(bytes: &[u8]) -> Option<CompressionFault> {
    let error = read(bytes).unwrap_err();
    error.get_ref()?.downcast_ref().copied()
}

#[test]
fn members_are_concatenated() {
    let bytes = [gzip(b"one"), gzip(b""), gzip(b"two")].concat();
    assert_eq!(read(&bytes).unwrap(), b"onetwo");
}

#[test]
fn other_bytes_are_named() {
    assert_eq!(fault(b"no gzip at all"), Some(CompressionFault::NotGzip));
    let followed = [gzip(b"one"), b"more".to_vec()].concat();
    assert_eq!(fault(&followed), Some(CompressionFault::DataAfterEnd));
}

#[test]
fn truncated_file_is_no_fault_of_form() {
    let whole = gzip(b"contents");
    for length in [1, 8, whole.len() - 1] {
        let error = read(&whole[..length]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{length}");
    }
}

#[test]
fn members_are_limited() {
    let empty = gzip(b"");
    let most = empty.repeat(MEMBERS as usize);
    assert_eq!(read(&most).unwrap(), b"");
    let over = [most, empty].concat();
    assert_eq!(fault(&over), Some(CompressionFault::TooManyMembers));
}
