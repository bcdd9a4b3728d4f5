#!/bin/sh
# Certificates for nodes of EventStoreDB and KurrentDB: a CA, and for each node a certificate that the CA signs.
#
#   make-certificates.sh FOLDER NODE...
#
# FOLDER/ca/ca.key      signs; belongs to no container but the one that runs this
# FOLDER/trust/ca.crt   what nodes and clients trust
# FOLDER/NODE/node.crt  and node.key: names NODE, `eventstoredb` (all nodes together) and localhost
#
# Run again it keeps what is there, renews certificates that end within 30 days, and sees to it that the server's user
# can read them.
set -eu
folder=$1
shift
umask 077
mkdir -p "$folder/ca" "$folder/trust"
cd "$folder"

lasts() { openssl x509 -in "$1" -noout -checkend 2592000 >/dev/null 2>&1; }

if ! lasts trust/ca.crt || [ ! -e ca/ca.key ]; then
  cat >ca/request <<END
[req]
distinguished_name=name
prompt=no
x509_extensions=extensions
[name]
O=Rolebook
CN=EventStoreDB CA
[extensions]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
END
  openssl req -x509 -config ca/request -newkey rsa:3072 -nodes -sha256 -days 3650 -keyout ca/ca.key -out trust/ca.crt 2>/dev/null
  rm ca/request
  chmod 755 trust
  chmod 644 trust/ca.crt
  echo 'made the CA'
fi

# The user that the image of KurrentDB runs as; that of EventStoreDB was 1000.
server_user=1001
own() { [ "$(id -u)" -ne 0 ] || chown -R "$server_user:$server_user" "$1"; }

for node in "$@"; do
  mkdir -p "$node"
  if lasts "$node/node.crt" && openssl verify -CAfile trust/ca.crt "$node/node.crt" >/dev/null 2>&1; then
    own "$node"
    continue
  fi
  # Nodes know each other by the common name, which has to be the same; clients know them by the others.
  openssl req -newkey rsa:2048 -nodes -subj '/CN=eventstoredb-node' -keyout "$node/node.key" -out "$node/node.csr" 2>/dev/null
  cat >"$node/extensions" <<END
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:$node,DNS:eventstoredb,DNS:localhost,IP:127.0.0.1
END
  openssl x509 -req -sha256 -days 730 -in "$node/node.csr" -CA trust/ca.crt -CAkey ca/ca.key -CAcreateserial \
    -CAserial ca/serial -extfile "$node/extensions" -out "$node/node.crt" 2>/dev/null
  rm "$node/node.csr" "$node/extensions"
  own "$node"
  echo "made the certificate of $node"
done
