use super::*;

#[test]
fn the_way_from_a_link_to_its_target() {
    assert_eq!(relative("lib/a", "lib/b"), "b");
    assert_eq!(relative("lib/x/a", "lib/b"), "../b");
    assert_eq!(relative("lib/a", "include/x/b"), "../include/x/b");
    assert_eq!(relative("lib/lib", "lib"), "../lib");
}
