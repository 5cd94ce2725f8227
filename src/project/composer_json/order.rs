//! The order of packages in a list, as Composer's option `sort-packages` has it: PHP, other runtimes, extensions, libraries, packages.

/// Returns the place of `name` among `names`: behind the last that it follows if the list is sorted or `sorts`, else behind all.
pub(super) fn place<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    name: &str,
    sorts: bool,
) -> usize {
    if sorts || names.clone().is_sorted_by_key(key) {
        let smaller = names.enumerate().filter(|(_, it)| key(it) < key(name));
        smaller.last().map_or(0, |(index, _)| index + 1)
    } else {
        names.count()
    }
}

fn key(name: &str) -> (usize, &str) {
    const PLATFORM: [&str; 4] = ["php", "hhvm", "ext-", "lib-"];
    let is_package = name.contains('/');
    let kind = PLATFORM.iter().position(|it| name.starts_with(it));
    let kind = kind.filter(|_| !is_package).unwrap_or(PLATFORM.len());
    (kind, name)
}
