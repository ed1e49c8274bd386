#!/bin/sh
# Writes the customers of backup.net to standard output, as the JSON that its API answers.
set -eu

. "$(dirname "$0")/backup-token.sh"

call_api backupnet "${1:-default}" /v1/customers
