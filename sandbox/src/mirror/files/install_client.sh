#!/bin/sh
# The sandbox's stand-in for the vendor's installer, which removes folders and kills processes. Nothing should ever run it.
echo "install_client.sh of the taos-setup sandbox: a stand-in that installs nothing." >&2
exit 1
