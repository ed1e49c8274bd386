# For other scripts, which read it with ". ./backup-token.sh". It needs curl and sed, and any POSIX shell.
#
#   BACKUP_FUNCTIONS_URL   where the app is, for example https://contoso-backup.azurewebsites.net
#   BACKUP_FUNCTIONS_KEY   a function key of it; LocalHost has none
#
# Keys and tokens reach curl through its standard input: on a command line every user of the machine could see them with ps. With -q curl
# leaves ~/.curlrc alone, which may follow redirects, or tell of headers.

# sh -x would print the token.
{ set +x; } 2> /dev/null

# get_token VENDOR CONNECTION [QUERY]
# Sets $headers, a configuration of curl, $base_url, $rejected_statuses, $fingerprint and $expires_at. Waits where the app says when to ask
# again, three times at most.
get_token() {
  waits_left=3
  while ask_app "$1" "$2" "${3-}"; do
    case $status in
      200)
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
        break ;;
      503)
        # Later than in five minutes is somebody else's night: the script's own schedule asks again.
        if [ "$waits_left" -eq 0 ] || [ "${retry_after:=30}" -gt 300 ]; then break; fi
        waits_left=$((waits_left - 1))
        sleep "$retry_after" ;;
      *) break ;;
    esac
  done
  # A problem (RFC 9457) says what is wrong and never holds a token.
  reason=$(field detail)
  if [ -z "$reason" ]; then reason=$(unexplained); fi
  printf 'No token of %s/%s. The app answered %s: %s\n' "$1" "$2" "${status:-nothing}" "$reason" >&2
  return 1
}

# What it means if the Functions host answers for the app: it says nothing itself.
unexplained() {
  case $status in
    401) echo "the function key is missing, wrong, or another function's." ;;
    404) echo "there is no such function at this address. Check the app's address and the vendor's name." ;;
    *) echo 'it gave no reason.' ;;
  esac
}

# call_api VENDOR CONNECTION PATH
# GETs a path of the vendor's API and writes the body to standard output. A token that the vendor refuses is replaced, once.
call_api() {
  get_token "$1" "$2" || return
  if [ -z "$base_url" ]; then
    printf 'Where the API of %s/%s is, is not known: set ApiUrl of this connection in the app.\n' "$1" "$2" >&2
    return 1
  fi
  ask_vendor "$3" || return
  case ,$rejected_statuses, in
    *,"$status",*)
      get_token "$1" "$2" "rejected=$fingerprint" || return
      ask_vendor "$3" || return ;;
  esac
  printf '%s\n' "$body"
  case $status in
    2??) ;;
    *) printf '%s answered %s.\n' "$base_url$3" "$status" >&2; return 1 ;;
  esac
}

ask_app() {
  : "${BACKUP_FUNCTIONS_URL:?is not set}"
  status='' answer='' encrypted=''
  case $BACKUP_FUNCTIONS_URL in
    *@*) ;;
    https://* | http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | 'http://[::1]' | 'http://[::1]'[:/]*) encrypted=yes ;;
  esac
  if [ -z "$encrypted" ]; then
    printf '%s would carry keys and tokens in the clear: it must be https.\n' "$BACKUP_FUNCTIONS_URL" >&2
    return 1
  fi
  answer=$(printf 'header = "x-functions-key: %s"\n' "${BACKUP_FUNCTIONS_KEY-}" |
    curl -q --silent --show-error --include --suppress-connect-headers --max-time 90 --config - \
      "${BACKUP_FUNCTIONS_URL%/}/api/GetToken/$1/$2${3:+?$3}") || return
  status=$(printf '%s\n' "$answer" | sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p')
  retry_after=$(printf '%s\n' "$answer" | sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,6\}\).*/\1/p')
}

ask_vendor() {
  # The status stands behind the body, in three digits.
  answer=$(printf '%s\n' "$headers" |
    curl -q --silent --show-error --max-time 90 --config - --write-out '%{http_code}' "$base_url$1") || return
  body=${answer%???}
  status=${answer#"$body"}
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
