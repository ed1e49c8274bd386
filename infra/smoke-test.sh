#!/bin/sh
# Asks a deployed app whether it works: its health, its connections, and a check without sign-ins.
#
#   infra/smoke-test.sh --app-url "$(azd env get-value FUNCTION_APP_URL)" --client-id "$(azd env get-value ENTRA_CLIENT_ID)"
#
# It needs curl and the Azure CLI, signed in (az login) as somebody with the app role Connections.Manage.
set -eu

usage() {
  cat <<'END'
Usage: infra/smoke-test.sh --app-url URL [options]

  --app-url URL       the app's address (azd env get-value FUNCTION_APP_URL)
  --client-id ID      the app registration whose app roles callers need (azd env get-value ENTRA_CLIENT_ID)
  --key               instead: take a function key from standard input, for an app with keys alone
  --attempts N        how often health is asked for, 5 s apart, while the app starts; 24 if it is left out

It ends with 0 if all is well or there are warnings alone, with 2 if the check found errors, and with 1 if something did not answer
as it should.
END
}

say() { printf '%s\n' "$*" >&2; }
stop() { say "smoke-test: $*"; exit 1; }

app_url='' client_id='' key='' attempts=24
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --key) IFS= read -r key || [ -n "$key" ] || stop '--key takes a function key from standard input.'; shift; continue ;;
    --app-url | --client-id | --attempts) [ $# -gt 1 ] || stop "$1 needs a value. --help shows what it means." ;;
    *) stop "there is no option $1. --help lists the options." ;;
  esac
  case $1 in
    --app-url) app_url=${2%/} ;;
    --client-id) client_id=$2 ;;
    --attempts) attempts=$2 ;;
  esac
  shift 2
done
[ -n "$app_url" ] || stop 'give --app-url.'
if [ -n "$client_id" ]; then
  [ -z "$key" ] || stop 'give --client-id or --key, not both.'
  token=$(az account get-access-token --resource "api://$client_id" --query accessToken --output tsv) \
    || stop "Entra ID gave no token for api://$client_id. Is the Azure CLI signed in to the right tenant?"
  header="Authorization: Bearer $token"
else
  [ -n "$key" ] || stop 'give --client-id, or --key and a function key on standard input.'
  header="x-functions-key: $key"
fi

# The body and, on a line of its own, the status. The secret goes through standard input, where no list of processes shows it.
ask() {
  printf 'header = "%s"\n' "$header" \
    | curl --silent --show-error --max-time 300 --config - --request "$1" --header 'Content-Length: 0' --write-out '\n%{http_code}' "$app_url/api/$2" \
    || printf '\n000'
}

attempt=1
until [ "$(curl --silent --max-time 60 --output /dev/null --write-out '%{http_code}' "$app_url/api/health" || true)" = 200 ]; do
  [ "$attempt" -lt "$attempts" ] || stop "$app_url/api/health did not answer 200 in $attempts attempts."
  attempt=$((attempt + 1))
  sleep 5
done
say "health: the app serves"

expect() {
  status=${1##*
}
  body=${1%
*}
  case $status in
    200) ;;
    401 | 403) stop "$2 answered $status: the caller needs the app role Connections.Manage, or the right function key. $body" ;;
    *) stop "$2 answered $status. $body" ;;
  esac
}

expect "$(ask GET connections)" connections
say "connections: $body"

# Without sign-ins, so that no deployment counts against an account at a vendor.
expect "$(ask POST 'Check?signIn=false&problemsOnly=true')" Check
exit_status=$(printf '%s' "$body" | sed -n 's/.*"exit_status": *\([0-9][0-9]*\).*/\1/p')
case $exit_status in
  0) say 'check: all is well' ;;
  1) say "check: warnings. $body" ;;
  2) say "check: errors. $body"; exit 2 ;;
  *) stop "the check did not run: $body" ;;
esac
