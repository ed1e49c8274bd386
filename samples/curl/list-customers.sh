#!/bin/sh
# Writes the customers of backup.net to standard output, as the JSON that its API answers.
set -eu

exec "$(dirname "$0")/call-api.sh" backupnet "${1:-default}" /v1/customers
