# For other scripts, which read it with ". ./backup-token.sh". It needs curl and sed, and any POSIX shell.
#
#   BACKUP_FUNCTIONS_URL        where the app is, for example https://contoso-backup.azurewebsites.net
#   BACKUP_FUNCTIONS_AUDIENCE   where it admits callers by Entra ID: api:// and the client id of its registration. The Azure CLI (az login)
#                               gives the token
#   BACKUP_FUNCTIONS_KEY        where it admits them by a function key; LocalHost needs neither
#
# Keys and tokens reach curl through its standard input: on a command line every user of the machine could see them with ps. With -q curl
# leaves ~/.curlrc alone, which may follow redirects, or tell of headers.

# sh -x would print the token.
{ set +x; } 2> /dev/null

# call_api VENDOR CONNECTION PATH [ARGUMENT OF CURL]...
# Calls the vendor's API through the app, which adds the token, and writes the reply's body to standard output. Fails unless the vendor
# answers with 2xx. Waits like get_token, but repeats nothing except GET and HEAD. The arguments cannot make curl read its standard input.
call_api() {
  sign_in || return
  named=$1/$2 url=${BACKUP_FUNCTIONS_URL%/}/api/Call/$1/$2/${3#/}
  shift 3
  work=$(mktemp -d) || return
  called=0
  send_call "$@" || called=$?
  rm -rf "$work"
  return "$called"
}

send_call() {
  waits_left=3
  while :; do
    # Without --path-as-is curl would resolve dot segments, and so call another connection.
    said=$(printf '%s\n' "$app_headers" |
      curl -q --silent --show-error --suppress-connect-headers --max-time 300 --config - --path-as-is --globoff \
        --dump-header "$work/headers" --output "$work/body" --write-out '%{http_code} %{method}' "$@" --url "$url") || {
      status='' answer=''
      explain "No reply of $named." ''
      return 1
    }
    status=${said%% *}
    retry_after=$(header Retry-After '[0-9]\{1,6\}' < "$work/headers")
    if [ "$(header X-Answered-By '[a-z]*' < "$work/headers")" = vendor ]; then
      [ ! -f "$work/body" ] || cat "$work/body"
      case $status in
        2??) return 0 ;;
        *) printf '%s: the vendor answered %s.\n' "$named" "$status" >&2; return 1 ;;
      esac
    fi
    case $said in
      *' GET' | *' HEAD') ! wait_out || continue ;;
    esac
    answer=''
    [ ! -f "$work/body" ] || answer=$(cat "$work/body")
    explain "No reply of $named." "$(header WWW-Authenticate '.*' < "$work/headers")"
    return 1
  done
}

# get_token VENDOR CONNECTION [QUERY]
# Sets $headers, a configuration of curl, $base_url, $rejected_statuses, $fingerprint and $expires_at. Waits where the app says when to ask
# again, three times at most.
get_token() {
  sign_in || return
  waits_left=3
  while ask_app "$1" "$2" "${3-}"; do
    if [ "$status" = 200 ]; then
      authorization=$(field authorization)
      headers=$(printf 'header = "Authorization: %s"\n' "$authorization" && further_headers)
      rejected_statuses=$(printf '%s\n' "$answer" | sed -n 's/.*"rejected_statuses":\[\([0-9,]*\)\].*/\1/p')
      # An app of an older version tells of none.
      rejected_statuses=${rejected_statuses:-401}
      base_url=$(field base_url)
      fingerprint=$(field fingerprint)
      expires_at=$(field expires_at)
      # A page of something in between is no token.
      if [ -n "$authorization" ]; then return 0; fi
    fi
    wait_out || break
  done
  explain "No token of $1/$2." "$(printf '%s\n' "$answer" | header WWW-Authenticate '.*')"
  return 1
}

# Waits if the app says when to ask again. Later than in five minutes is somebody else's night: the script's own schedule asks again.
wait_out() {
  if [ "$status" != 503 ] || [ "$waits_left" -eq 0 ] || [ "${retry_after:=30}" -gt 300 ]; then return 1; fi
  waits_left=$((waits_left - 1))
  sleep "$retry_after"
}

# A problem (RFC 9457) says what is wrong and never holds a token. A challenge names whom to sign in to.
explain() {
  reason=$(field detail)
  if [ -z "$reason" ]; then reason=$(unexplained); fi
  printf '%s The app answered %s: %s\n' "$1" "${status:-nothing}" "$reason" >&2
  audience=$(printf '%s\n' "$2" | sed -n 's/.*resource_id="\(api:[^"]*\)".*/\1/p')
  if [ -n "$audience" ]; then
    printf 'It admits callers by Entra ID: sign in with az login, and set BACKUP_FUNCTIONS_AUDIENCE=%s\n' "$audience" >&2
  fi
}

# What it means if the platform answers for the app: it says nothing itself.
unexplained() {
  case $status in
    401) echo 'it does not admit this caller. Check the audience of the sign-in, or the function key if it takes keys.' ;;
    404) echo "there is no such function at this address. Check the app's address and the vendor's name." ;;
    *) echo 'it gave no reason.' ;;
  esac
}

# Sets $app_headers, a configuration of curl by which the app knows the caller.
sign_in() {
  : "${BACKUP_FUNCTIONS_URL:?is not set}"
  encrypted=''
  case $BACKUP_FUNCTIONS_URL in
    *@*) ;;
    https://* | http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | 'http://[::1]' | 'http://[::1]'[:/]*) encrypted=yes ;;
  esac
  if [ -z "$encrypted" ]; then
    printf '%s would carry keys and tokens in the clear: it must be https.\n' "$BACKUP_FUNCTIONS_URL" >&2
    return 1
  fi
  app_headers=$(printf 'header = "x-functions-key: %s"' "${BACKUP_FUNCTIONS_KEY-}")
  if [ -n "${BACKUP_FUNCTIONS_AUDIENCE-}" ]; then
    bearer=$(az account get-access-token --resource "$BACKUP_FUNCTIONS_AUDIENCE" --query accessToken --output tsv) || {
      printf 'The Azure CLI gives no token for %s. If its error is not clear, sign in again: az login\n' "$BACKUP_FUNCTIONS_AUDIENCE" >&2
      return 1
    }
    app_headers=$(printf '%s\nheader = "Authorization: Bearer %s"' "$app_headers" "$bearer")
  fi
}

ask_app() {
  status='' answer=''
  answer=$(printf '%s\n' "$app_headers" |
    curl -q --silent --show-error --include --suppress-connect-headers --max-time 90 --config - \
      "${BACKUP_FUNCTIONS_URL%/}/api/GetToken/$1/$2${3:+?$3}") || return
  status=$(printf '%s\n' "$answer" | sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p')
  retry_after=$(printf '%s\n' "$answer" | header Retry-After '[0-9]\{1,6\}')
}

# header NAME PATTERN: its last value among the lines of the standard input, in whatever case a server writes the name.
header() {
  tr -d '\r' | grep -i "^$1:" | tail -n 1 | sed -n "s/^[^:]*: *\($2\).*/\1/p"
}

# The app's replies are one line of JSON. A backslash in a value escapes what follows it.
field() {
  printf '%s\n' "$answer" | sed -nE "s/.*\"$1\":\"(([^\"\\\\]|\\\\.)*)\".*/\1/p" | sed "s/\\\\u002B/+/g; s/\\\\u0027/'/g; s/\\\\\(.\)/\1/g"
}

# What else the vendor's API needs, a line for each header: JSON escapes quotation marks and backslashes as curl does.
further_headers() {
  printf '%s\n' "$answer" | sed -nE 's/.*"headers":\{(("([^"\\]|\\.)*"[:,]?)*)\}.*/\1/p' |
    sed -E 's/"(([^"\\]|\\.)*)":"(([^"\\]|\\.)*)",?/header = "\1: \3"\
/g'
}
