# shellcheck shell=bash
# The Silo and the Api: published below .ax2/app, so that a build beside them never changes what runs.

readonly READY_SECONDS=120

publish_services() {
  local new="$STATE/app.new" project
  say "Building."
  rm -rf "$new"
  for project in Silo Api; do
    quietly "Building $project" dotnet publish "$ROOT/src/$project/$project.csproj" -c Release -o "$new/${project,,}"
  done
  if [[ -d "$STATE/app" ]] && diff -rq "$new" "$STATE/app" >/dev/null; then
    rm -rf "$new"
    return
  fi
  if process_runs api || process_runs silo; then
    say "The program has changed: restarting."
    stop_process api "the Api"
    stop_process silo "the Silo"
  fi
  rm -rf "$STATE/app"
  mv "$new" "$STATE/app"
}

start_silo() {
  if ! process_runs silo; then
    say "Starting the Silo."
    ConnectionStrings__Silo=$(connection_string silo "$SILO_PASSWORD") \
      Admin__Url=$ADMIN_URL Admin__Password=$OPERATOR_PASSWORD \
      Cluster__SiloPort=$SILO_PORT Cluster__GatewayPort=$GATEWAY_PORT \
      Storage__Root=$STATE/objects Worker__ScratchRoot=$STATE/scratch Logging__Directory=$STATE/logs Logging__ConsoleLevel=Warning \
      Accounts__GuestsPerNetworkAndDay=1000 Mail__Folder=$STATE/mails Mail__PublicUrl=$API_URL \
      start_process silo "$STATE/app/silo" dotnet AX2Caption.Silo.dll
  fi
  wait_ready silo "the Silo" "$ADMIN_URL"
}

start_api() {
  if ! process_runs api; then
    say "Starting the Api."
    quietly "Making the signing key" dotnet "$STATE/app/api/AX2Caption.Api.dll" create-signing-key "$STATE/signing-keys"
    quietly "Making the pepper" dotnet "$STATE/app/api/AX2Caption.Api.dll" create-pepper "$STATE/pepper"
    ConnectionStrings__Api=$(connection_string api "$API_PASSWORD") \
      Api__Url=$API_URL Edge__RequireHttps=false Auth__SigningKeyFolder=$STATE/signing-keys Auth__PepperPath=$STATE/pepper \
      Storage__Root=$STATE/objects Logging__Directory=$STATE/logs Logging__ConsoleLevel=Warning \
      start_process api "$STATE/app/api" dotnet AX2Caption.Api.dll
  fi
  wait_ready api "the Api" "$API_URL"
}

# admin EMAIL: a member with this address may use the API's operator endpoints from now on.
grant_admin() {
  load_settings
  [[ -n "${1:-}" && $# == 1 ]] || fail "Who? ./ax2 admin EMAIL, the address of a member"
  [[ -d "$STATE/app/silo" ]] || fail "The service was never started here: run ./ax2 up first."
  postgres_runs || fail "The service does not run: start it with ./ax2 up"
  ConnectionStrings__Silo=$(connection_string silo "$SILO_PASSWORD") \
    dotnet "$STATE/app/silo/AX2Caption.Silo.dll" admin grant-role "$1" admin
}

# storage verify|copy …: the Silo's command, with the database and the objects of this service. What it copies to is in StorageCopy__Target__*.
run_storage() {
  load_settings
  [[ -d "$STATE/app/silo" ]] || fail "The service was never started here: run ./ax2 up first."
  [[ "${1:-}" != verify ]] || postgres_runs || fail "The service does not run: start it with ./ax2 up"
  ConnectionStrings__Silo=$(connection_string silo "$SILO_PASSWORD") Storage__Root=$STATE/objects \
    dotnet "$STATE/app/silo/AX2Caption.Silo.dll" storage "$@"
}

wait_ready() {
  local name=$1 title=$2 url=$3 waited answer
  answer=$(mktemp)
  for ((waited = 0; waited < READY_SECONDS; waited++)); do
    if curl -sf -m 15 -o "$answer" "$url/health/ready"; then
      rm -f "$answer"
      return
    fi
    process_runs "$name" || break
    sleep 1
  done
  curl -s -m 15 "$url/health/ready" >&2 || true
  say ""
  tail -n 20 "$STATE/logs/$name.out" >&2 || true
  rm -f "$answer"
  fail "$title is not ready; what it checks and the end of its log are above. The whole log is in $STATE/logs."
}

status() {
  load_settings
  local name
  for name in silo api; do
    if process_runs "$name"; then say "$name runs, pid $(cut -d ' ' -f 1 "$STATE/$name.pid")."; else say "$name does not run."; fi
  done
  if postgres_runs; then say "postgres runs on port $POSTGRES_PORT."; else say "postgres does not run."; fi
  say_where
}

say_where() {
  cat >&2 <<TEXT

  Api         $API_URL
  API docs    $API_URL/docs   (OpenAPI: $API_URL/openapi/v1.json)
  Dashboard   $ADMIN_URL/dashboard   user operator, password: OPERATOR_PASSWORD in $STATE/settings
  Mails       $STATE/mails   (nothing is really sent)
  Logs        $STATE/logs
  Stop        ./ax2 down
TEXT
}
