use super::*;

fn id(needed: Needs, host: Option<Glibc>, musl: bool) -> Option<Id> {
    needs("/x".as_ref(), needed, host, musl)?
        .cause
        .map(|cause| cause.id)
}

#[test]
fn missing_needs_of_this_machine_are_named() {
    let glibc = |glibc| Needs {
        glibc: Some(glibc),
        executable_stack: None,
    };
    let stack = Needs {
        glibc: Some(Glibc(2, 17)),
        executable_stack: Some((0, [0; 4])),
    };
    assert_eq!(
        id(glibc(Glibc(2, 28)), Some(Glibc(2, 17)), false),
        Some(Id::GlibcTooOld)
    );
    assert_eq!(id(glibc(Glibc(2, 17)), Some(Glibc(2, 17)), false), None);
    assert_eq!(
        id(glibc(Glibc(2, 17)), None, true),
        Some(Id::MuslUnsupported)
    );
    assert_eq!(id(glibc(Glibc(2, 17)), None, false), None);
    assert_eq!(
        id(stack, Some(Glibc(2, 41)), false),
        Some(Id::ExecutableStack)
    );
    assert_eq!(id(stack, Some(Glibc(2, 36)), false), None);
}

#[test]
fn words_of_loaders_are_recognized() {
    for (words, id) in [
        (
            "/lib64/libc.so.6: version `GLIBC_2.38' not found (required by /x/libtaosws.so)",
            Id::GlibcTooOld,
        ),
        (
            "libtaos.so: cannot enable executable stack as shared object requires: Invalid argument",
            Id::ExecutableStack,
        ),
        (
            "/x/libtaos.so: cannot open shared object file: Permission denied",
            Id::LibraryUnreadable,
        ),
        (
            "/x/libtaos.so: wrong ELF class: ELFCLASS32",
            Id::LibraryWrongArch,
        ),
        (
            "dlopen(x): tried: 'x' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))",
            Id::LibraryWrongArch,
        ),
        (
            "Error relocating /x/libtaos.so: __strdup: symbol not found",
            Id::MuslUnsupported,
        ),
        (
            "libz.so.1: cannot open shared object file: No such file or directory",
            Id::LibraryUnloadable,
        ),
    ] {
        assert_eq!(refusal(words), id, "{words}");
    }
    assert_eq!(wanted_glibc("version `GLIBC_2.38' not found"), "2.38");
}

#[test]
fn library_in_quarantine_is_named() {
    let words = "dlopen(x): tried: 'x' (code signature in <1E97> 'x' not valid for use in process: library load disallowed by system policy)";
    assert_eq!(refusal(words), Id::LibraryUnloadable);
    assert!(is_forbidden(words));
    assert!(!is_forbidden("dlopen(x): tried: 'x' (no such file)"));
}

#[test]
fn static_build_skips_native_unless_it_is_named() {
    assert_eq!(musl(true, false, false), None);
    assert!(musl(false, true, false).unwrap().cause.is_none());
    for (musl_system, kind) in [(false, Some(CauseKind::Static)), (true, None)] {
        let cause = musl(true, true, musl_system).unwrap().cause.unwrap();
        assert_eq!((cause.id, cause.kind), (Id::MuslUnsupported, kind));
    }
}

#[test]
fn silence_is_no_noise() {
    assert_eq!(noise("/x".as_ref(), " \n\n", &[]), None);
    assert_eq!(
        noise("/x".as_ref(), "\nhello\n", &[]).unwrap().observed,
        "it printed: hello"
    );
}
