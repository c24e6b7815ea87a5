#!/bin/sh
# Start of the image: larger UDP buffers, then the region without privileges.
set -eu
# 4 MB is what the region asks for each direction. Where the kernel's settings cannot be changed
# (plain Docker), the region says how much it was granted and runs with that.
sysctl --quiet --write net.core.rmem_max=8388608 net.core.wmem_max=8388608 || true

# On Fly every machine is an instance of its own, named after itself.
if [ -n "${FLY_MACHINE_ID:-}" ]; then
    export MERIDIAN_INSTANCE="${MERIDIAN_INSTANCE:-${FLY_REGION}-${FLY_MACHINE_ID}}"
fi
exec setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs media-region "$@"
