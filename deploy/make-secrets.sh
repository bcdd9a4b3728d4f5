#!/bin/sh
# Makes what docker-compose.yml needs to know and nobody else may: run once, again it keeps what is there.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
make() {
  [ -e "secrets/$1" ] && return
  case $1 in
  # A line as `rolebook keys new-master` makes it.
  master-keys) printf 'm%s %s\n' "$(random 6)" "$(random 32)" ;;
  *) random 32 ;;
  esac >"secrets/$1.new"
  # The folder keeps others on this machine out; in a container a user of its own has to read the file.
  chmod 444 "secrets/$1.new"
  mv "secrets/$1.new" "secrets/$1"
  echo "made deploy/secrets/$1"
}
make eventstoredb-admin
make eventstoredb-ops
make rolebook
make signing-key
make master-keys
make metrics-token
make people
make service-client
