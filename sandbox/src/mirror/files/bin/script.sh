#!/bin/sh
echo "${0##*/} of the taos-setup sandbox: a stand-in that does nothing." >&2
exit 1
