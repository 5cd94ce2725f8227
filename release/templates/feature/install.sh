#!/bin/sh
# The dev container feature: installs taos-setup for every user of the container, and on request a client into /opt/taos.
# Options arrive as variables: FROM, CLIENT, MIRROR.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
set -- --to /usr/local/bin
if [ -n "${FROM:-}" ]; then set -- "$@" --from "$FROM"; fi
sh "$here/taos-setup-install.sh" "$@"

if [ "${CLIENT:-none}" != none ]; then
    set -- install "$CLIENT" --prefix /opt/taos --no-input
    if [ -n "${MIRROR:-}" ]; then set -- "$@" --mirror "$MIRROR"; fi
    /usr/local/bin/taos-setup "$@"
    # For login shells; containerEnv cannot depend on an option.
    cat >/etc/profile.d/taos-setup.sh <<'LINES'
export LD_LIBRARY_PATH=/opt/taos/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} TAOS_CONFIG_DIR=/opt/taos/etc
LINES
fi
