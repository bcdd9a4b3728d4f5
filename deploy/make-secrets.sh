#!/bin/sh
# Makes what docker-compose.yml needs to know and nobody else may: run once, again it keeps what is there.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
make() {
  [ -e "secrets/$1" ] && return
  od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$1"
  # The folder keeps others on this machine out; in a container a user of its own has to read the file.
  chmod 444 "secrets/$1"
  echo "made deploy/secrets/$1"
}
make eventstoredb-admin
make eventstoredb-ops
make rolebook
make signing-key
