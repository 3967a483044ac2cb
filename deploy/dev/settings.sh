# shellcheck shell=bash disable=SC2034  # read by the other parts
# Ports and passwords, chosen once and kept in .ax2/settings.

# One `up` or `down` at a time.
take_turn() {
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock -n 9 || { say "Another ax2 is at work here; waiting for it."; flock 9; }
}

prepare_state() {
  # The database's user must be able to pass through; files with secrets are readable by their owner only.
  chmod 711 "$STATE"
  mkdir -p "$STATE/logs" "$STATE/objects" "$STATE/scratch" "$STATE/mails"
  chmod 700 "$STATE/logs" "$STATE/objects" "$STATE/scratch" "$STATE/mails"
  [[ -f "$STATE/settings" ]] || write_settings
}

write_settings() {
  (
    umask 077
    cat >"$STATE/settings" <<SETTINGS
API_PORT=${AX2_API_PORT:-8080}
ADMIN_PORT=${AX2_ADMIN_PORT:-8081}
SILO_PORT=${AX2_SILO_PORT:-11111}
GATEWAY_PORT=${AX2_GATEWAY_PORT:-30000}
POSTGRES_PORT=${AX2_POSTGRES_PORT:-54329}
POSTGRES_PASSWORD=$(random_password)
OWNER_PASSWORD=$(random_password)
SILO_PASSWORD=$(random_password)
API_PASSWORD=$(random_password)
OPERATOR_PASSWORD=$(random_password)
SETTINGS
  )
}

random_password() { head -c 24 /dev/urandom | base64 | tr '+/' 'xy'; }

# A port named in the environment wins over the remembered one, and is remembered.
load_settings() {
  local name chosen
  [[ -f "$STATE/settings" ]] || fail "The service was never started here: run ./ax2 up first."
  for name in API_PORT ADMIN_PORT SILO_PORT GATEWAY_PORT POSTGRES_PORT; do
    chosen="AX2_$name"
    if [[ -n "${!chosen:-}" ]]; then
      [[ "${!chosen}" =~ ^[0-9]{1,5}$ ]] || fail "$chosen must be a port number, not '${!chosen}'."
      grep -qx "$name=${!chosen}" "$STATE/settings" || require_stopped "$chosen"
      sed -i "s/^$name=.*/$name=${!chosen}/" "$STATE/settings"
    fi
  done
  # shellcheck source=/dev/null
  source "$STATE/settings"
  API_URL="http://127.0.0.1:$API_PORT"
  ADMIN_URL="http://127.0.0.1:$ADMIN_PORT"
}

require_stopped() {
  if process_runs silo || process_runs api || postgres_runs; then
    fail "$1 can change only while the service is stopped: run ./ax2 down first."
  fi
}

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

require_free_ports() {
  postgres_runs || require_free_port POSTGRES_PORT
  process_runs silo || for name in ADMIN_PORT SILO_PORT GATEWAY_PORT; do require_free_port "$name"; done
  process_runs api || require_free_port API_PORT
}

require_free_port() {
  ! port_is_open "${!1}" ||
    fail "Port ${!1} is in use by another program. Choose another one: AX2_$1=NUMBER ./ax2 up"
}
