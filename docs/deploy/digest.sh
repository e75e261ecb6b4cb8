#!/bin/sh
# `digest` on a server, whoever types it: as its own user, with its configuration, its home and its secrets.
# docs/server.md installs it as /usr/local/bin/digest.
set -eu
if [ "$(id -u)" -eq 0 ]; then exec /usr/sbin/runuser -u digest -- "$0" "$@"; fi
if [ -r /etc/digest/secrets ]; then set -a; . /etc/digest/secrets; set +a; fi
export DIGEST_CONFIG=/etc/digest/config.yaml DIGEST_HOME=/var/lib/digest
exec /opt/digest/.venv/bin/digest "$@"
