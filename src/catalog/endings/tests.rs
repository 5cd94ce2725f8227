use super::*;

#[test]
fn six_connections_end() {
    let endings = Endings::built_in();
    let all = endings.connections.values().map(Vec::len);
    assert_eq!(all.sum::<usize>(), 6);
    assert_eq!(endings.of("go", Transport::Rest), Some("2027-01-01"));
    assert_eq!(endings.of("python", Transport::Native), None);
    assert_eq!(endings.of("rust", Transport::Native), None);
    assert_eq!(endings.of("java", Transport::Ws), None);
}
