#!/bin/sh
# Calls a vendor's API through the app, which adds the token, and writes the reply to standard output:
#
#   ./call-api.sh backupnet default /v1/customers
#   ./call-api.sh rubrik default /api/graphql -H 'Content-Type: application/json' -d '{"query":"{deploymentVersion}"}'
#
# What follows the path goes to curl. It ends with 0 if the vendor answers with 2xx; otherwise standard error tells who answered what.
set -eu

if [ $# -lt 3 ]; then
  echo "usage: $0 VENDOR CONNECTION PATH [ARGUMENT OF CURL]..." >&2
  exit 2
fi

. "$(dirname "$0")/backup-token.sh"

call_api "$@"
