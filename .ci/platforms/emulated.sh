# shellcheck shell=bash
# What .ci/windows and .ci/arm64 share, which source it in the repository: WORK, a directory that they remove; TARGET_DIRECTORY; TARGET, which
# they set first; BUILT, where its programs are.
export CARGO_INCREMENTAL=0
TARGET_DIRECTORY="${CARGO_TARGET_DIR:-$PWD/target}"
# A folder of its own, so that it can be compiled while other programs are.
EMULATED="$TARGET_DIRECTORY/emulated"
BUILT="$EMULATED/$TARGET/debug"
WORK=$(mktemp -d)

not_proven() { # a reason
    echo "!!! ${0##*/}: $1; NOT proven" >&2
    [ -z "${CI:-}" ] && exit 0 || exit 1
}

compile() { # the stand-in driver and the named packages for TARGET
    rustup target add "$TARGET" 2>/dev/null
    # Nothing here takes long enough to be worth optimizing what the program is made of.
    cargo build --locked --quiet --target-dir "$EMULATED" --target "$TARGET" --config 'profile.dev.package."*".opt-level=0' \
        --config 'profile.dev.debug=false' --package taos-sandbox-libtaos "$@"
    echo "compiled: $SECONDS s"
}

show_behaviors() { # a platform, its program, its driver, and the names of behaviors
    [ -n "${COMPILED:-}" ] || cargo build --locked --quiet --package taos-sandbox # the stand-in server, for this machine
    PYTHONDONTWRITEBYTECODE=1 python3 .ci/platforms/suite.py "$1" "$2" "$3" "$TARGET_DIRECTORY/debug/taos-sandbox" "${@:4}"
    echo "$1: $SECONDS s"
}
