//! `env --shell`: the golden text of each form.
#![cfg(target_os = "linux")]

use crate::support::installed::installed;
use crate::support::program::{Run, TestContext};
use insta::assert_snapshot;

fn env(context: &TestContext, shell: &str) -> Run {
    let run = context
        .program(["env", "--shell", shell])
        .env("PATH", "/usr/bin:/bin")
        .env("CGO_CFLAGS", "-O0 -DNAME=\"a b\"")
        .run();
    assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""), "{run}");
    run
}

#[test]
fn forms_are_printed() {
    let context = installed(&["3.3.7.5"]);
    assert_snapshot!(env(&context, "fish").stdout, @r#"
    # TDengine client 3.3.7.5 (oss, linux-x64)
    # the client: where taos.cfg is
    set -gx TAOS_CONFIG_DIR '[STORE]/clients/oss-3.3.7.5-linux-x64/etc'
    # the client: a log directory that this user may write
    set -gx TAOS_LOG_DIR '[STORE]/log'
    # the shell: taos, taosBenchmark, taosdump
    if test -n "$PATH"; set -gx PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/bin:'"$PATH"; else; set -gx PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/bin'; end
    # the loader: the driver's libraries
    if test -n "$LD_LIBRARY_PATH"; set -gx LD_LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib:'"$LD_LIBRARY_PATH"; else; set -gx LD_LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib'; end
    # gcc and clang: -ltaos
    if test -n "$LIBRARY_PATH"; set -gx LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib:'"$LIBRARY_PATH"; else; set -gx LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib'; end
    # gcc and clang: #include <taos.h>
    if test -n "$C_INCLUDE_PATH"; set -gx C_INCLUDE_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/include:'"$C_INCLUDE_PATH"; else; set -gx C_INCLUDE_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/include'; end
    # g++ and clang++: #include <taos.h>
    if test -n "$CPLUS_INCLUDE_PATH"; set -gx CPLUS_INCLUDE_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/include:'"$CPLUS_INCLUDE_PATH"; else; set -gx CPLUS_INCLUDE_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/include'; end
    # pkg-config: taos.pc
    if test -n "$PKG_CONFIG_PATH"; set -gx PKG_CONFIG_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig:'"$PKG_CONFIG_PATH"; else; set -gx PKG_CONFIG_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig'; end
    # CMake: find_package(taos)
    if test -n "$CMAKE_PREFIX_PATH"; set -gx CMAKE_PREFIX_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64:'"$CMAKE_PREFIX_PATH"; else; set -gx CMAKE_PREFIX_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64'; end
    # Go: building driver-go's native connector
    if test -n "$CGO_CFLAGS"; set -gx CGO_CFLAGS '-I[STORE]/clients/oss-3.3.7.5-linux-x64/include '"$CGO_CFLAGS"; else; set -gx CGO_CFLAGS '-I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O2 -g'; end
    # Go: linking driver-go's native connector
    if test -n "$CGO_LDFLAGS"; set -gx CGO_LDFLAGS '-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib '"$CGO_LDFLAGS"; else; set -gx CGO_LDFLAGS '-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g'; end
    # Java: where JDBC's native connector looks
    if test -n "$TD_LIBRARY_PATH"; set -gx TD_LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib:'"$TD_LIBRARY_PATH"; else; set -gx TD_LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib'; end
    # Rust: the library that the taos crate opens
    set -gx TAOS_LIBRARY_PATH '[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so'
    "#);
    assert_snapshot!(env(&context, "powershell").stdout, @"
    # TDengine client 3.3.7.5 (oss, linux-x64)
    # the client: where taos.cfg is
    $env:TAOS_CONFIG_DIR = '[STORE]/clients/oss-3.3.7.5-linux-x64/etc'
    # the client: a log directory that this user may write
    $env:TAOS_LOG_DIR = '[STORE]/log'
    # the shell: taos, taosBenchmark, taosdump
    $env:PATH = if ($env:PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/bin:' + $env:PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/bin' }
    # the loader: the driver's libraries
    $env:LD_LIBRARY_PATH = if ($env:LD_LIBRARY_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib:' + $env:LD_LIBRARY_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib' }
    # gcc and clang: -ltaos
    $env:LIBRARY_PATH = if ($env:LIBRARY_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib:' + $env:LIBRARY_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib' }
    # gcc and clang: #include <taos.h>
    $env:C_INCLUDE_PATH = if ($env:C_INCLUDE_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/include:' + $env:C_INCLUDE_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/include' }
    # g++ and clang++: #include <taos.h>
    $env:CPLUS_INCLUDE_PATH = if ($env:CPLUS_INCLUDE_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/include:' + $env:CPLUS_INCLUDE_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/include' }
    # pkg-config: taos.pc
    $env:PKG_CONFIG_PATH = if ($env:PKG_CONFIG_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig:' + $env:PKG_CONFIG_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig' }
    # CMake: find_package(taos)
    $env:CMAKE_PREFIX_PATH = if ($env:CMAKE_PREFIX_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64:' + $env:CMAKE_PREFIX_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64' }
    # Go: building driver-go's native connector
    $env:CGO_CFLAGS = if ($env:CGO_CFLAGS) { '-I[STORE]/clients/oss-3.3.7.5-linux-x64/include ' + $env:CGO_CFLAGS } else { '-I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O2 -g' }
    # Go: linking driver-go's native connector
    $env:CGO_LDFLAGS = if ($env:CGO_LDFLAGS) { '-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib ' + $env:CGO_LDFLAGS } else { '-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g' }
    # Java: where JDBC's native connector looks
    $env:TD_LIBRARY_PATH = if ($env:TD_LIBRARY_PATH) { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib:' + $env:TD_LIBRARY_PATH } else { '[STORE]/clients/oss-3.3.7.5-linux-x64/lib' }
    # Rust: the library that the taos crate opens
    $env:TAOS_LIBRARY_PATH = '[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so'
    ");
    assert_snapshot!(env(&context, "cmd").stdout.replace("\r\n", "<CRLF>\n"), @r#"
    @rem TDengine client 3.3.7.5 (oss, linux-x64)<CRLF>
    @rem the client: where taos.cfg is<CRLF>
    @set "TAOS_CONFIG_DIR=[STORE]/clients/oss-3.3.7.5-linux-x64/etc"<CRLF>
    @rem the client: a log directory that this user may write<CRLF>
    @set "TAOS_LOG_DIR=[STORE]/log"<CRLF>
    @rem the shell: taos, taosBenchmark, taosdump<CRLF>
    @if defined PATH set "PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/bin:%PATH%"<CRLF>
    @if not defined PATH set "PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/bin"<CRLF>
    @rem the loader: the driver's libraries<CRLF>
    @if defined LD_LIBRARY_PATH set "LD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib:%LD_LIBRARY_PATH%"<CRLF>
    @if not defined LD_LIBRARY_PATH set "LD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib"<CRLF>
    @rem gcc and clang: -ltaos<CRLF>
    @if defined LIBRARY_PATH set "LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib:%LIBRARY_PATH%"<CRLF>
    @if not defined LIBRARY_PATH set "LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib"<CRLF>
    @rem gcc and clang: #include <taos.h><CRLF>
    @if defined C_INCLUDE_PATH set "C_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include:%C_INCLUDE_PATH%"<CRLF>
    @if not defined C_INCLUDE_PATH set "C_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include"<CRLF>
    @rem g++ and clang++: #include <taos.h><CRLF>
    @if defined CPLUS_INCLUDE_PATH set "CPLUS_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include:%CPLUS_INCLUDE_PATH%"<CRLF>
    @if not defined CPLUS_INCLUDE_PATH set "CPLUS_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include"<CRLF>
    @rem pkg-config: taos.pc<CRLF>
    @if defined PKG_CONFIG_PATH set "PKG_CONFIG_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig:%PKG_CONFIG_PATH%"<CRLF>
    @if not defined PKG_CONFIG_PATH set "PKG_CONFIG_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig"<CRLF>
    @rem CMake: find_package(taos)<CRLF>
    @if defined CMAKE_PREFIX_PATH set "CMAKE_PREFIX_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64:%CMAKE_PREFIX_PATH%"<CRLF>
    @if not defined CMAKE_PREFIX_PATH set "CMAKE_PREFIX_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64"<CRLF>
    @rem Go: building driver-go's native connector<CRLF>
    @if defined CGO_CFLAGS set "CGO_CFLAGS=-I[STORE]/clients/oss-3.3.7.5-linux-x64/include %CGO_CFLAGS%"<CRLF>
    @if not defined CGO_CFLAGS set "CGO_CFLAGS=-I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O2 -g"<CRLF>
    @rem Go: linking driver-go's native connector<CRLF>
    @if defined CGO_LDFLAGS set "CGO_LDFLAGS=-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib %CGO_LDFLAGS%"<CRLF>
    @if not defined CGO_LDFLAGS set "CGO_LDFLAGS=-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g"<CRLF>
    @rem Java: where JDBC's native connector looks<CRLF>
    @if defined TD_LIBRARY_PATH set "TD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib:%TD_LIBRARY_PATH%"<CRLF>
    @if not defined TD_LIBRARY_PATH set "TD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib"<CRLF>
    @rem Rust: the library that the taos crate opens<CRLF>
    @set "TAOS_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so"<CRLF>
    "#);
    assert_snapshot!(env(&context, "github").stdout, @r#"
    TAOS_CONFIG_DIR=[STORE]/clients/oss-3.3.7.5-linux-x64/etc
    TAOS_LOG_DIR=[STORE]/log
    PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/bin:/usr/bin:/bin
    LD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    C_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include
    CPLUS_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include
    PKG_CONFIG_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig
    CMAKE_PREFIX_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64
    CGO_CFLAGS=-I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O0 -DNAME="a b"
    CGO_LDFLAGS=-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g
    TD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    TAOS_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so
    "#);
    assert_snapshot!(env(&context, "dotenv").stdout, @r#"
    # TDengine client 3.3.7.5 (oss, linux-x64)
    TAOS_CONFIG_DIR=[STORE]/clients/oss-3.3.7.5-linux-x64/etc
    TAOS_LOG_DIR=[STORE]/log
    PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/bin:/usr/bin:/bin
    LD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    C_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include
    CPLUS_INCLUDE_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/include
    PKG_CONFIG_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig
    CMAKE_PREFIX_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64
    CGO_CFLAGS='-I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O0 -DNAME="a b"'
    CGO_LDFLAGS='-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g'
    TD_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib
    TAOS_LIBRARY_PATH=[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so
    "#);
    assert_snapshot!(env(&context, "systemd").stdout, @r#"
    # TDengine client 3.3.7.5 (oss, linux-x64)
    TAOS_CONFIG_DIR="[STORE]/clients/oss-3.3.7.5-linux-x64/etc"
    TAOS_LOG_DIR="[STORE]/log"
    PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/bin:/usr/bin:/bin"
    LD_LIBRARY_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/lib"
    LIBRARY_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/lib"
    C_INCLUDE_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/include"
    CPLUS_INCLUDE_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/include"
    PKG_CONFIG_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/lib/pkgconfig"
    CMAKE_PREFIX_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64"
    CGO_CFLAGS="-I[STORE]/clients/oss-3.3.7.5-linux-x64/include -O0 -DNAME=\"a b\""
    CGO_LDFLAGS="-L[STORE]/clients/oss-3.3.7.5-linux-x64/lib -O2 -g"
    TD_LIBRARY_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/lib"
    TAOS_LIBRARY_PATH="[STORE]/clients/oss-3.3.7.5-linux-x64/lib/libtaos.so"
    "#);
}

#[test]
fn unprintable_value_is_rejected() {
    let context = installed(&["3.3.7.5"]);
    let run = context
        .program(["env", "--shell", "dotenv"])
        .env("CGO_CFLAGS", "-DA='\"$x\"'")
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not print the variables
      CGO_CFLAGS contains characters that this format cannot express; the client is in [STORE]/clients/oss-3.3.7.5-linux-x64
      next: taos-setup run -- COMMAND    # sets them for one command
    ");
}

#[test]
fn unknown_shell_is_rejected() {
    let context = TestContext::new();
    let run = context.program(["env", "--shell", "csh"]).run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'csh' for '--shell <SHELL>'
      [possible values: sh, fish, powershell, cmd, github, dotenv, systemd]

      tip: a similar value exists: 'fish'

    For more information, try '--help'.
    ");
}
