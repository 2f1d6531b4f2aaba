#!/usr/bin/env bash
# Certificates for the listener of other systems: an authority of the platform's own, and a broker's key and certificate.
#
#   certificates.sh DIRECTORY NAME...      names and addresses by which other systems reach this broker
#
# DIRECTORY/ca.pem goes to every subscriber and may be shown to anybody; ca.key stays with whoever keeps the authority
# and never lies on a broker; broker.pem (key and certificate) is for the broker, readable by its user alone. Run again
# with the same DIRECTORY, it keeps the authority and makes a new broker.pem: for a second broker, or for the next year.
set -euo pipefail

AUTHORITY_DAYS=3650
BROKER_DAYS=397

[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
directory=$1
shift

umask 077
mkdir -p "$directory"
cd "$directory"

if [ ! -e ca.key ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days "$AUTHORITY_DAYS" \
        -subj "/CN=Jinlin event subscribers" -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.pem 2>/dev/null
    chmod 644 ca.pem
fi

names=""
for name in "$@"; do
    if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then kind=IP; else kind=DNS; fi
    names="$names${names:+,}$kind:$name"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=$1" \
    -keyout "$scratch/key" -out "$scratch/request" 2>/dev/null
printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n' \
    "$names" > "$scratch/extensions"
openssl x509 -req -in "$scratch/request" -CA ca.pem -CAkey ca.key -days "$BROKER_DAYS" \
    -extfile "$scratch/extensions" -out "$scratch/certificate" 2>/dev/null
# Kafka reads a key in PKCS#8 and the chain of its certificate, in this order.
cat "$scratch/key" "$scratch/certificate" ca.pem > broker.pem

echo "$directory: broker.pem for $names, valid for $BROKER_DAYS days; ca.pem for subscribers" >&2
