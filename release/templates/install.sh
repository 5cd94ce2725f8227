#!/bin/sh
# Installs taos-setup @VERSION@ for this user: downloads one archive, verifies its SHA-256, and moves the program into a directory.
# The digests of all archives are in this file. It runs in any POSIX shell with curl or wget.
#
#   sh install.sh [--to DIR] [--from DIR|URL] [--target TARGET] [--dry-run]
#   sh install.sh --uninstall [--to DIR]
#
# https_proxy, http_proxy, all_proxy, and no_proxy are used by curl and wget.

set -eu

VERSION='@VERSION@'
DOWNLOADS='@DOWNLOADS@'
# For `taos-setup self update`: where releases are, and the minisign key that signs them, if there is one.
RELEASES='@RELEASES@'
KEY='@KEY@'
# TARGET SHA256 SIZE FILE
ARCHIVES='@ARCHIVES@'

say() { printf '%s\n' "$*"; }

fail() { # a summary, then lines
    printf 'error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '%s\n' "$line" >&2; done
    exit 1
}

usage() {
    cat <<USAGE
Install taos-setup $VERSION

  --to DIR         the directory of the program [default: \${XDG_BIN_HOME:-~/.local/bin}]
  --from DIR|URL   take the archive from a directory or from another server; its digest is the same
  --target TARGET  install the program for TARGET instead of this machine's
  --dry-run        show what would be downloaded and written
  --uninstall      delete what was installed into the directory
USAGE
}

has() { command -v "$1" >/dev/null 2>&1; }

# glibc of this machine, as MAJOR MINOR; nothing on musl.
glibc() {
    text=$(getconf GNU_LIBC_VERSION 2>/dev/null) || text=$(ldd --version 2>/dev/null | head -n 1) || return 0
    case $text in
        *musl*) ;;
        *) say "$text" | sed -n 's/.*[^0-9.]\([0-9][0-9]*\)\.\([0-9][0-9]*\)[^0-9]*.*$/\1 \2/p' ;;
    esac
}

# The targets that run on this machine, the best one first.
targets() {
    system=$(uname -s)
    machine=$(uname -m)
    case $machine in
        x86_64 | amd64) cpu=x86_64 ;;
        aarch64 | arm64) cpu=aarch64 ;;
        *) fail "no program is published for the processor $machine" 'expected x86_64 or aarch64' ;;
    esac
    case $system in
        Linux)
            # A 32-bit system on a 64-bit kernel runs static programs only.
            found=$(glibc)
            if [ -n "$found" ] && [ "$(getconf LONG_BIT 2>/dev/null || say 64)" = 64 ]; then
                major=${found% *} minor=${found#* }
                if [ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 17 ]; }; then
                    say "$cpu-unknown-linux-gnu"
                fi
            fi
            say "$cpu-unknown-linux-musl"
            ;;
        Darwin)
            # A shell that runs under Rosetta reports an Intel processor.
            if [ "$cpu" = x86_64 ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ]; then cpu=aarch64; fi
            say "$cpu-apple-darwin"
            ;;
        *) fail "no program is published for $system" 'next: on Windows, run install.ps1 in PowerShell' ;;
    esac
}

# Sets target, digest, size, and file for the first of the given targets that has an archive.
choose() {
    for candidate in "$@"; do
        while read -r target digest size file; do
            if [ "$target" = "$candidate" ]; then return 0; fi
        done <<LIST
$ARCHIVES
LIST
    done
    fail "no archive is published for $*" 'published:' "$ARCHIVES"
}

sha256() {
    if has sha256sum; then
        sha256sum <"$1"
    elif has shasum; then
        shasum -a 256 <"$1"
    else
        openssl dgst -sha256 -r <"$1"
    fi | cut -d ' ' -f 1
}

require_sha256() {
    has sha256sum || has shasum || has openssl ||
        fail 'no program for SHA-256 was found' 'expected sha256sum, shasum, or openssl' 'nothing was changed'
}

# One byte more than expected is enough to know that a file is wrong.
download() { # a URL and a file
    most=$((size + 1))
    case $1 in
        https://*) schemes='=https' ;;
        http://127.0.0.1:* | http://localhost:*) schemes='=http' ;;
        http://*) fail "will not download over plain HTTP: $1" 'next: pass an address that begins with https://, or download the archive and pass its directory: --from DIR' ;;
        *) fail "invalid address: $1" 'expected https://' ;;
    esac
    if has curl; then
        curl --fail --silent --show-error --location --max-redirs 5 --proto "$schemes" --proto-redir "$schemes" \
            --connect-timeout 15 --retry 3 --max-filesize "$most" --output "$2" "$1" ||
            fail "could not download $1" 'next: set https_proxy if this network needs a proxy' "next: download $file elsewhere, and pass its directory: --from DIR"
    elif has wget; then
        wget -q -O - "$1" | head -c "$most" >"$2"
        [ -s "$2" ] || fail "could not download $1" 'next: set https_proxy if this network needs a proxy' "next: download $file elsewhere, and pass its directory: --from DIR"
    else
        fail 'neither curl nor wget was found' "next: download $1 elsewhere, and pass its directory: --from DIR"
    fi
}

install_program() {
    wanted=${asked:-$(targets)}
    # shellcheck disable=SC2086 # one word each
    choose $wanted
    if [ -n "$dry" ]; then
        say "would download $from/$file ($size bytes, SHA-256 $digest)"
        say "would write    $to/taos-setup"
        return 0
    fi
    mkdir -p "$to" || fail "could not create $to" 'next: pass a directory that you may write: --to DIR'
    # In the same directory as the program, so that the last step is one rename.
    work=$(mktemp -d "$to/.taos-setup.XXXXXX") || fail "could not write into $to" 'next: pass a directory that you may write: --to DIR'
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    case $from in
        *://*)
            say "downloading $file"
            download "$from/$file" "$work/archive"
            ;;
        *)
            [ -f "$from/$file" ] || fail "$from has no file $file"
            cp "$from/$file" "$work/archive"
            ;;
    esac
    found=$(sha256 "$work/archive")
    if [ "$found" != "$digest" ]; then
        fail "wrong digest of $file" "observed: $found" "expected: $digest" 'nothing was installed'
    fi
    (cd "$work" && gzip -dc archive | tar -xf - "taos-setup-$VERSION-$target/taos-setup") ||
        fail "could not unpack $file" 'expected gzip and tar on the PATH'
    program=$work/taos-setup-$VERSION-$target/taos-setup
    chmod 755 "$program"
    "$program" --version >/dev/null 2>&1 || [ -n "$asked" ] || fail "the program for $target does not run on this machine" 'nothing was installed'
    installed=$(sha256 "$program")
    receipt_lines "$installed" >"$work/receipt"
    mv -f "$work/receipt" "$to/.taos-setup-receipt"
    mv -f "$program" "$to/taos-setup"
    say "ok installed taos-setup $VERSION: $to/taos-setup"
    case :$PATH: in
        *:"$to":*) ;;
        *) say "next: add it to the PATH: export PATH=\"$to:\$PATH\"" ;;
    esac
}

# What `taos-setup self` and --uninstall read; its form is in docs/update.md.
receipt_lines() { # the digest of the program
    printf 'version %s\nsha256 %s\nreleases %s\n' "$VERSION" "$1" "$RELEASES"
    # Another server that serves this release serves the next one, too. A password is not written down.
    case $from in
        "$DOWNLOADS" | *@*) ;;
        *://*) printf 'mirror %s\n' "$from" ;;
    esac
    if [ -n "$KEY" ]; then printf 'key %s\n' "$KEY"; fi
}

uninstall_program() {
    receipt=$to/.taos-setup-receipt
    [ -f "$receipt" ] || fail "taos-setup was not installed into $to by this script" 'next: pass the directory that it was installed into: --to DIR'
    if [ -f "$to/taos-setup" ]; then
        # An update that was killed leaves both digests.
        grep -qx "\(next-\)\{0,1\}sha256 $(sha256 "$to/taos-setup")" "$receipt" ||
            fail "$to/taos-setup is not the program that this script installed" 'next: delete it yourself if you do not need it'
    fi
    if [ -n "$dry" ]; then
        say "would delete $to/taos-setup and $receipt"
        return 0
    fi
    rm -f "$to/taos-setup" "$receipt"
    say "ok deleted $to/taos-setup; installed clients are kept"
}

main() {
    to=${XDG_BIN_HOME:-${HOME:-}/.local/bin}
    from=$DOWNLOADS asked='' dry='' action=install_program
    while [ $# -gt 0 ]; do
        case $1 in
            --to | --from | --target)
                if [ $# -lt 2 ] || [ -z "$2" ]; then fail "$1 needs a value"; fi
                case $1 in
                    --to) to=$2 ;;
                    --from) from=${2%/} ;;
                    --target) asked=$2 ;;
                esac
                shift
                ;;
            --dry-run) dry=yes ;;
            --uninstall) action=uninstall_program ;;
            --help | -h)
                usage
                return 0
                ;;
            *) fail "unknown option: $1" 'next: sh install.sh --help' ;;
        esac
        shift
    done
    case $to in
        /*) ;;
        *) to=$PWD/$to ;;
    esac
    to=${to%/}
    require_sha256
    $action
}

# The last line: a script that was cut off during the download does nothing.
main "$@"
