#!/bin/sh
# Gets a token and tells of it, without showing it. With FILE it is saved there, for the owner of the file alone, as a
# configuration of curl:
#
#   ./get-token.sh backupnet default token.curl
#   curl --config token.curl https://public-api.backup.net/v1/customers
#
# Ask again instead of keeping the file: a token that is there costs no call of the vendor.
set -eu

if [ $# -lt 1 ] || [ $# -gt 3 ]; then
  echo "usage: $0 VENDOR [CONNECTION [FILE]]" >&2
  exit 2
fi

. "$(dirname "$0")/backup-token.sh"

get_token "$1" "${2:-default}"
if [ $# -eq 3 ]; then
  # A file that is there already keeps its mode when it is written to: so it goes first.
  rm -f "$3"
  (umask 077 && printf '%s\n' "$headers" > "$3")
fi
printf 'vendor: %s\nconnection: %s\nexpires_at: %s\nbase_url: %s\nfingerprint: %s\nrejected_statuses: %s\n' \
  "$1" "${2:-default}" "$expires_at" "$base_url" "$fingerprint" "$rejected_statuses"
