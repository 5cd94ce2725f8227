use super::*;

#[test]
fn relative_target_of_a_link() {
    assert_eq!(relative("lib/a", "lib/b"), "b");
    assert_eq!(relative("lib/x/a", "lib/b"), "../b");
    assert_eq!(relative("lib/a", "include/x/b"), "../include/x/b");
    assert_eq!(relative("lib/lib", "lib"), "../lib");
}
