#!/bin/sh
# Makes the app registration with which callers of a deployed app sign in, or brings an existing one up to date, and prints its client id:
#
#   azd env set ENTRA_CLIENT_ID "$(infra/entra-app.sh)"
#
# It needs the Azure CLI, signed in (az login) with a role that may register applications, such as Application Developer. It can be run
# as often as you like: it only adds what is missing. entra-app.ps1 does the same in PowerShell.
set -eu

usage() {
  cat <<'END'
Usage: infra/entra-app.sh [options]

  --name NAME              the name of the registration; BackupFunctions if it is left out
  --client-id ID           the registration itself, where several have the name or it has another
  --app-url URL            the app's address, so that people can sign in to its status page (azd env get-value FUNCTION_APP_URL)
  --add-role ROLE          adds a role for one connection or a vendor of your own, such as Token.Read.veeam.berlin; repeatable
  --assign ROLE=OBJECT-ID  gives the role to a managed identity, service principal, user or group by its object id; repeatable

The client id goes to standard output, everything else to standard error.
END
}

say() { printf '%s\n' "$*" >&2; }
stop() { say "entra-app: $*"; exit 1; }
matches() { printf '%s\n' "$1" | grep -Eq "^$2\$"; }

uuid='[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46
azure_powershell=1950a258-227b-4e31-a9cf-717495945fc2
new_scope=7d1c1a52-9d8f-4b60-8f0e-5c6f0c0a9b1e
scope_texts='"adminConsentDisplayName":"Call BackupFunctions",
  "adminConsentDescription":"Calls BackupFunctions as the signed-in user, within the app roles of that user.",
  "userConsentDisplayName":"Call BackupFunctions",
  "userConsentDescription":"Calls BackupFunctions as you, within your app roles."'
attempts=30
# Entra ID needs a few seconds until all its servers know what one of them has made.
wait=${ENTRA_APP_WAIT:-2}

name=BackupFunctions client_id='' app_url='' callback='' new_roles='' assignments=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --name | --client-id | --app-url | --add-role | --assign)
      [ $# -gt 1 ] || stop "$1 needs a value. --help shows what it means." ;;
    *) stop "there is no option $1. --help lists the options." ;;
  esac
  case $1 in
    --name)
      name=$2
      matches "$2" '[A-Za-z0-9][A-Za-z0-9 ._()-]{0,119}' \
        || stop '--name takes letters, digits, spaces and ._()- alone. Give --client-id for a registration that has another name.' ;;
    --client-id)
      client_id=$2
      matches "$2" "$uuid" || stop "--client-id takes a UUID: the Application (client) ID on the registration's overview page." ;;
    --app-url)
      app_url=${2%/}
      matches "$app_url" 'https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+' \
        || stop "--app-url takes the app's address, such as https://func-abc.azurewebsites.net, and not '$2'." \
          'azd env get-value FUNCTION_APP_URL prints it.'
      callback=$app_url/.auth/login/aad/callback ;;
    --add-role)
      new_roles="$new_roles $2"
      matches "$2" '(Token\.Read|Call|Call\.Read)\.[A-Za-z0-9-]+(\.[A-Za-z0-9]+)?' \
        || stop "--add-role takes a role for a vendor or a connection, such as Token.Read.veeam.berlin or Call.Read.acronis, and not '$2'." ;;
    --assign)
      assignments="$assignments $2"
      matches "$2" "[A-Za-z0-9.-]+=$uuid" \
        || stop "--assign takes ROLE=OBJECT-ID, such as Token.Read.All=00000000-0000-0000-0000-000000000000, and not '$2'." ;;
  esac
  shift 2
done

roles_file=$(dirname "$0")/app-roles.json
[ -r "$roles_file" ] || stop "$roles_file is missing. Run the script from a clone of the repository."
command -v az > /dev/null || stop 'the Azure CLI (az) is not installed, or not in PATH. Install it, run az login, and start again.'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

az account show --query tenantId --output tsv > "$work/tenant" 2> "$work/error" \
  || { cat "$work/error" >&2; stop 'the Azure CLI is not signed in. Run az login --tenant <tenant id>, and start again.'; }
say "Tenant $(cat "$work/tenant")"
graph_url=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv | tr -d '\r')

# graph METHOD PATH [OPTION of az rest]...: what Microsoft Graph replies. It asks again while Graph does not know yet what was just made.
graph() {
  method=$1 path=$2 attempt=1
  shift 2
  until az rest --only-show-errors --method "$method" --url "${graph_url%/}/v1.0/$path" "$@" > "$work/reply" 2> "$work/error"; do
    grep -Eq 'ResourceNotFound|NoBackingApplicationObject|was not found on application|Not a valid reference update' "$work/error" \
      && [ "$attempt" -lt "$attempts" ] || return 1
    [ "$attempt" -gt 1 ] || say "Entra ID does not know $path yet; asking again"
    attempt=$((attempt + 1))
    sleep "$wait"
  done
  tr -d '\r' < "$work/reply"
}

# must WHAT METHOD PATH [OPTION]...: the same, and the end if it fails.
must() {
  what=$1
  shift
  graph "$@" && return
  cat "$work/error" >&2
  if grep -q 'Authorization_RequestDenied\|Insufficient privileges' "$work/error"; then
    stop "$what failed: whoever is signed in may not do that. The role Cloud Application Administrator may, and the registration's owners" \
      'may change it.'
  fi
  stop "$what failed, for the reason above. Mend it and start again: what is done already stays done."
}

# joined ARRAY OBJECTS: a JSON array with more in it. JSON is text of one line here, so that neither jq nor Python is needed.
joined() {
  inner=${1#\[}
  inner=${inner%\]}
  printf '[%s]' "$inner${inner:+,}$2"
}

has() { case " $1 " in *" $2 "*) return 0 ;; *) return 1 ;; esac }

# 1. The registration.
if [ -n "$client_id" ]; then filter="appId eq '$client_id'"; else filter="displayName eq '$name'"; fi
found=$(must 'Looking for the registration' get applications --url-parameters "\$filter=$filter" --query 'value[].[id, appId]' --output tsv)
case $(printf '%s' "$found" | grep -c .) in
  0)
    [ -z "$client_id" ] || stop "this tenant has no registration with the client id $client_id. Sign in to its tenant (az login --tenant)," \
      'or leave --client-id out.'
    printf '{"displayName":"%s","signInAudience":"AzureADMyOrg"}' "$name" > "$work/body"
    found=$(must 'Making the registration' post applications --body "@$work/body" --query '[[id, appId]]' --output tsv)
    say "Made the registration $name" ;;
  1) ;;
  *) stop "several registrations have the name $name. Say which one with --client-id: $(printf '%s' "$found" | cut -f2 | tr '\n' ' ')" ;;
esac
object_id=$(printf '%s' "$found" | cut -f1)
client_id=$(printf '%s' "$found" | cut -f2)

# 2. What it has. Fields are named because Graph tells one more, origin, that it does not take back.
fields() { for field in "$@"; do printf '%s:%s,' "$field" "$field"; done; }
role_fields=$(fields allowedMemberTypes description displayName id isEnabled value)
scope_fields=$(fields adminConsentDescription adminConsentDisplayName id isEnabled type userConsentDescription userConsentDisplayName value)
must 'Reading the registration' get "applications/$object_id" --output tsv --query "[
  to_string(identifierUris), join(' ', identifierUris), to_string(api.requestedAccessTokenVersion),
  to_string(appRoles[].{${role_fields%,}}), join(' ', appRoles[].id), join(' ', appRoles[?value].join('=', [value, id])),
  to_string(api.oauth2PermissionScopes[].{${scope_fields%,}}), join(' ', api.oauth2PermissionScopes[?value=='user_impersonation'].id),
  to_string(api.preAuthorizedApplications[?appId!='$azure_cli' && appId!='$azure_powershell']),
  join(' ', api.preAuthorizedApplications[?appId=='$azure_cli'].delegatedPermissionIds[]),
  join(' ', api.preAuthorizedApplications[?appId=='$azure_powershell'].delegatedPermissionIds[]),
  to_string(web.redirectUris), join(' ', web.redirectUris), to_string(web.implicitGrantSettings.enableIdTokenIssuance)]" > "$work/state"
{
  read -r uris && read -r uri_list && read -r version && read -r roles && read -r role_ids && read -r role_pairs && read -r scopes \
    && read -r scope && read -r others && read -r cli_scopes && read -r powershell_scopes && read -r redirects && read -r redirect_list \
    && read -r id_tokens
} < "$work/state" || stop 'az printed something else than expected. Update the Azure CLI (az upgrade), and start again.'

# 3. The roles that are missing, each a JSON object on a line: those of app-roles.json, then those that were asked for.
missing=$(awk -v pairs=" $role_pairs " -v ids=" $role_ids " '
  /^  \{/ { role = "" }
  { line = $0; sub(/^ */, "", line); role = role line }
  /^    "id":/ { id = $2; gsub(/[",]/, "", id) }
  /^    "value":/ { value = $2; gsub(/[",]/, "", value) }
  /^  \}/ {
    sub(/,$/, "", role)
    if (!index(pairs, " " value "=") && !index(ids, " " id " ")) print role
  }' "$roles_file")
for role in $new_roles; do
  case " $role_pairs $missing" in *" $role="* | *"\"value\": \"$role\""*) continue ;; esac
  id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-4\3-8\4-\5/')
  texts="\"displayName\": \"$role\",\"description\": \"$role: see docs/access.md.\""
  missing="$missing
{\"id\": \"$id\",\"value\": \"$role\",$texts,\"allowedMemberTypes\": [\"Application\",\"User\"],\"isEnabled\": true}"
done
missing=$(printf '%s\n' "$missing" | grep .) || missing=''
role_pairs="$role_pairs $(printf '%s\n' "$missing" | sed -nE 's/.*"id": "([^"]+)".*"value": "([^"]+)".*/\2=\1/p' | tr '\n' ' ')"

# 4. Everything that is missing, in one request.
change='' web='' api=''
add() { change="$change${change:+,}$1"; say "$2"; }
has "$uri_list" "api://$client_id" \
  || add "\"identifierUris\":$(joined "$uris" "\"api://$client_id\"")" "Adding the identifier URI api://$client_id"
if [ -n "$missing" ]; then
  add "\"appRoles\":$(joined "$roles" "$(printf '%s\n' "$missing" | paste -s -d ',' -)")" \
    "Adding $(printf '%s\n' "$missing" | grep -c .) app roles"
fi
# Tokens of version 2 have the issuer that the app's authentication accepts.
[ "$version" = 2 ] || api='"requestedAccessTokenVersion":2'
if [ -z "$scope" ]; then
  scope=$new_scope
  added="{\"id\":\"$scope\",\"value\":\"user_impersonation\",\"type\":\"User\",\"isEnabled\":true,$scope_texts}"
  api="$api${api:+,}\"oauth2PermissionScopes\":$(joined "$scopes" "$added")"
fi
[ -z "$api" ] || add "\"api\":{$api}" 'Setting the token version 2 and the scope user_impersonation'
if [ -n "$callback" ]; then
  has "$redirect_list" "$callback" || web="\"redirectUris\":$(joined "$redirects" "\"$callback\"")"
  [ "$id_tokens" = true ] || web="$web${web:+,}\"implicitGrantSettings\":{\"enableIdTokenIssuance\":true}"
  [ -z "$web" ] || add "\"web\":{$web}" "Letting people sign in to $app_url"
fi
if [ -n "$change" ]; then
  printf '{%s}' "$change" > "$work/body"
  must 'Changing the registration' patch "applications/$object_id" --body "@$work/body" --output none
fi

# 5. Who gets tokens for it without a question. Graph takes this only once it has the scope.
client() { # client ID SCOPES
  scopes_of_client=$2
  has "$2" "$scope" || scopes_of_client="$2${2:+ }$scope"
  printf '{"appId":"%s","delegatedPermissionIds":["%s"]}' "$1" "$(printf '%s' "$scopes_of_client" | sed 's/ /","/g')"
}
if ! has "$cli_scopes" "$scope" || ! has "$powershell_scopes" "$scope"; then
  clients="$(client "$azure_cli" "$cli_scopes"),$(client "$azure_powershell" "$powershell_scopes")"
  printf '{"api":{"preAuthorizedApplications":%s}}' "$(joined "$others" "$clients")" > "$work/body"
  say 'Letting the Azure CLI and Azure PowerShell get tokens without a consent prompt'
  must 'Authorizing the Azure CLI and Azure PowerShell' patch "applications/$object_id" --body "@$work/body" --output none
fi

# 6. The service principal, which role assignments belong to. Its appRoleAssignmentRequired stays as it is, off at first: the app itself
# refuses who lacks a role, and says which one, while Entra ID would refuse the sign-in, and ask an administrator for consent.
principal=$(must 'Looking for the service principal' get servicePrincipals --url-parameters "\$filter=appId eq '$client_id'" \
  --query 'value[].id' --output tsv)
if [ -z "$principal" ]; then
  printf '{"appId":"%s","tags":["WindowsAzureActiveDirectoryIntegratedApp"]}' "$client_id" > "$work/body"
  principal=$(must 'Making the service principal' post servicePrincipals --body "@$work/body" --query id --output tsv)
  say 'Made its service principal, which the portal has among the enterprise applications'
fi

# 7. Who has which role.
for assignment in $assignments; do
  role=${assignment%%=*} holder=${assignment#*=}
  case " $role_pairs" in
    *" $role="*) role_id=" $role_pairs" && role_id=${role_id##*" $role="} ;;
    *) stop "the registration has no role $role. If it is meant to be one, give --add-role $role as well." ;;
  esac
  printf '{"principalId":"%s","resourceId":"%s","appRoleId":"%s"}' "$holder" "$principal" "${role_id%% *}" > "$work/body"
  if graph post "servicePrincipals/$principal/appRoleAssignedTo" --body "@$work/body" --output none; then
    say "Gave $role to $holder"
  elif grep -q 'already exists' "$work/error"; then
    say "$holder has $role already"
  else
    cat "$work/error" >&2
    stop "giving $role to $holder failed, for the reason above. It takes the object id, and no client id, of a user, a group or a service" \
      'principal (a managed identity has one); and whoever is signed in needs a role such as Cloud Application Administrator.'
  fi
done

[ -n "$change" ] || say 'The registration was up to date'
printf '%s\n' "$client_id"
