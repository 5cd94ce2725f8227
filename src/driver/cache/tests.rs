use super::*;
use proptest::prelude::*;

/// A cache of `entries`: flags, name, path.
fn written(entries: &[(u32, &str, &str)]) -> Vec<u8> {
    let mut head = MAGIC.to_vec();
    head.extend(u32::try_from(entries.len()).unwrap().to_ne_bytes());
    head.resize(HEADER, 0);
    let mut strings = Vec::new();
    let base = HEADER + entries.len() * ENTRY;
    for (flags, name, path) in entries {
        let mut place = |text: &str| {
            let at = u32::try_from(base + strings.len()).unwrap();
            strings.extend(text.as_bytes());
            strings.push(0);
            at.to_ne_bytes()
        };
        let (key, value) = (place(name), place(path));
        head.extend(flags.to_ne_bytes());
        head.extend(key);
        head.extend(value);
        head.extend([0; 12]);
    }
    head.extend(strings);
    head
}

#[test]
fn entries_for_this_processor_alone() {
    let bytes = written(&[
        (0x0003, "libtaos.so", "/usr/lib32/libtaos.so"),
        (0x0303, "libtaos.so", "/usr/lib64/libtaos.so"),
        (0x0a03, "libtaos.so", "/usr/lib/libtaos.so"),
    ]);
    let cache = LoaderCache::parse(&bytes).unwrap();
    let paths = |platform: &str| {
        let platform = platform.parse().unwrap();
        let paths = cache.paths("libtaos.so", platform);
        paths.map(Path::to_path_buf).collect::<Vec<_>>()
    };
    assert_eq!(paths("linux-x64"), [PathBuf::from("/usr/lib64/libtaos.so")]);
    assert_eq!(paths("linux-arm64"), [PathBuf::from("/usr/lib/libtaos.so")]);
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn this_system_knows_its_own_libc() {
    if let (Some(cache), Some(platform)) = (LoaderCache::of_this_system(), Platform::host()) {
        assert!(cache.paths("libc.so.6", platform).next().is_some());
    }
}

proptest! {
    #[test]
    fn never_panics(tail in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..120, value in any::<u8>()) {
        let _ = LoaderCache::parse(&[MAGIC, &tail].concat());
        let mut bytes = written(&[(0x0303, "libtaos.so", "/usr/lib64/libtaos.so")]);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        let _ = LoaderCache::parse(&bytes);
    }
}
