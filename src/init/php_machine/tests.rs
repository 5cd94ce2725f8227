use super::*;

/// What a PHP prints for `-i`, among lines that do not count.
fn printed(interface: &str, directory: &str, loaded: &str, scanned: &str) -> String {
    format!(
        "phpinfo()\nPHP Version => 8.2.36\n\nSystem => Linux\nServer API => {interface}\n\
         Configuration File (php.ini) Path => {directory}\nLoaded Configuration File => {loaded}\n\
         Scan this dir for additional .ini files => {scanned}\nAdditional .ini files parsed => a,\n\n\
         PHP Version => 8.2.36\nDirective => Local Value => Master Value\n\
         extension_dir => /usr/lib/php/20220829 => /usr/lib/php/20220829\n"
    )
}

fn read(text: &str) -> Option<(PhpKind, Option<String>, Vec<String>)> {
    let runtime = PhpInfo::read(text)?.runtime()?;
    assert_eq!(runtime.version, "8.2");
    assert_eq!(runtime.extensions, Some("/usr/lib/php/20220829".into()));
    let text = |path: PathBuf| path.display().to_string();
    let directories = runtime.directories.into_iter().map(text).collect();
    Some((runtime.kind, runtime.main.map(text), directories))
}

#[test]
fn files_of_each_layout_are_read() {
    let (cli, fpm) = ("Command Line Interface", "FPM/FastCGI");
    for (interface, directory, loaded, scanned, kind, main, directories) in [
        (
            cli,
            "/etc/php/8.2/cli",
            "/etc/php/8.2/cli/php.ini",
            "/etc/php/8.2/cli/conf.d",
            PhpKind::Cli,
            "/etc/php/8.2/cli/php.ini",
            &["/etc/php/8.2/cli/conf.d"][..],
        ),
        (
            fpm,
            "/etc",
            "/etc/php.ini",
            "/etc/php.d",
            PhpKind::Fpm,
            "/etc/php.ini",
            &["/etc/php.d"],
        ),
        (
            cli,
            "/etc/php83",
            "/etc/php83/php.ini",
            "/etc/php83/conf.d",
            PhpKind::Cli,
            "/etc/php83/php.ini",
            &["/etc/php83/conf.d"],
        ),
        // The image has no php.ini.
        (
            cli,
            "/usr/local/etc/php",
            "(none)",
            "/usr/local/etc/php/conf.d",
            PhpKind::Cli,
            "/usr/local/etc/php/php.ini",
            &["/usr/local/etc/php/conf.d"],
        ),
        (
            cli,
            "/opt/php/lib",
            "(none)",
            "(none)",
            PhpKind::Cli,
            "/opt/php/lib/php.ini",
            &[],
        ),
        // PHP_INI_SCAN_DIR.
        (
            cli,
            "/etc",
            "/home/u/my.ini",
            ":/a:/b",
            PhpKind::Cli,
            "/home/u/my.ini",
            &["/a", "/b"],
        ),
    ] {
        let found = read(&printed(interface, directory, loaded, scanned)).unwrap();
        let expected = directories.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(
            found,
            (kind, Some(main.to_owned()), expected),
            "{directory}"
        );
    }
    for text in [
        "",
        "PHP 8.2.36 (cli)\n",
        "PHP Version => 8.2.36\n",
        "PHP Version => x\nServer API => Command Line Interface\n",
        "PHP Version => ../../etc.1\nServer API => Command Line Interface\n",
    ] {
        assert_eq!(
            PhpInfo::read(text).and_then(|it| it.runtime()),
            None,
            "{text}"
        );
    }
    let other = printed("CGI/FastCGI", "/etc", "/etc/php.ini", "(none)");
    assert_eq!(read(&other), None);
}

#[test]
fn names_of_fpm_are_known() {
    for name in ["php-fpm", "php-fpm8.2", "php-fpm83"] {
        assert!(is_fpm(name), "{name}");
    }
    for name in ["php", "php-fpm.conf", "php-fpm-healthcheck", "php8.2-fpm"] {
        assert!(!is_fpm(name), "{name}");
    }
}
