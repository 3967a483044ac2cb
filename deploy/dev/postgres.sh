# shellcheck shell=bash
# A private PostgreSQL: loopback only, never as root, never a system's own.

readonly POSTGRES_BIN=/usr/lib/postgresql/15/bin

as_postgres() {
  if ((EUID == 0)); then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
  else
    "$@"
  fi
}

# The database's folder as its user can reach it, wherever .ax2/postgres points.
postgres_home() { readlink -f "$STATE/postgres"; }

server() { as_postgres "$POSTGRES_BIN/pg_ctl" -D "$(postgres_home)/data" "$@"; }

postgres_runs() { [[ -e "$STATE/postgres/data" ]] && server status >/dev/null 2>&1; }

start_postgres() {
  [[ -e "$STATE/postgres/data/PG_VERSION" ]] || create_postgres
  if ! postgres_runs; then
    say "Starting PostgreSQL on port $POSTGRES_PORT."
    server -l "$(postgres_home)/postgres.log" -w -t 60 \
      -o "-p $POSTGRES_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=" start >/dev/null 9>&- ||
      fail "PostgreSQL did not start; see $STATE/postgres/postgres.log."
  fi
  create_database
}

stop_postgres() {
  postgres_runs || return 0
  server -m fast -w stop >/dev/null
  say "Stopped PostgreSQL."
}

create_postgres() {
  say "Creating a private PostgreSQL database in .ax2/postgres."
  place_postgres
  local home
  home=$(postgres_home)
  install -m 600 /dev/null "$home/password"
  printf '%s\n' "$POSTGRES_PASSWORD" >"$home/password"
  ((EUID != 0)) || chown postgres:postgres "$home" "$home/password"
  rm -rf "$home/data.new"
  quietly "Creating the database" as_postgres "$POSTGRES_BIN/initdb" -D "$home/data.new" -U postgres -E UTF8 --locale=C.UTF-8 \
    --auth=scram-sha-256 --pwfile="$home/password"
  rm -f "$home/password"
  mv "$home/data.new" "$home/data"
}

# PostgreSQL does not run as root, and its user cannot pass through a folder such as /root.
place_postgres() {
  [[ ! -e "$STATE/postgres" ]] || return 0
  if as_postgres test -x "$STATE"; then
    mkdir "$STATE/postgres"
  else
    local outside
    outside="/var/lib/ax2caption/$(printf '%s' "$ROOT" | sha256sum | head -c 12)/postgres"
    say "PostgreSQL's user cannot reach $ROOT: the database goes to $outside, .ax2/postgres points there."
    mkdir -p "$outside"
    ln -s "$outside" "$STATE/postgres"
  fi
}

sql() { PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -p "$POSTGRES_PORT" -U postgres -v ON_ERROR_STOP=1 -qtAX "$@"; }

create_database() {
  if [[ -z "$(sql -c "select 1 from pg_roles where rolname = 'ax2_owner'")" ]]; then
    OWNER_PASSWORD=$OWNER_PASSWORD sql <<'SQL'
\getenv password OWNER_PASSWORD
create role ax2_owner login createrole password :'password';
SQL
  fi
  if [[ -z "$(sql -c "select 1 from pg_database where datname = 'ax2caption'")" ]]; then
    sql -c 'create database ax2caption owner ax2_owner'
  fi
}

connection_string() { printf 'Host=127.0.0.1;Port=%s;Database=ax2caption;Username=%s;Password=%s' "$POSTGRES_PORT" "$1" "$2"; }

migrate() {
  ConnectionStrings__Owner=$(connection_string ax2_owner "$OWNER_PASSWORD") \
    quietly "Migrating the database" dotnet "$STATE/app/silo/AX2Caption.Silo.dll" migrate
  SILO_PASSWORD=$SILO_PASSWORD API_PASSWORD=$API_PASSWORD sql -d ax2caption <<'SQL'
\getenv silo_password SILO_PASSWORD
\getenv api_password API_PASSWORD
select format('create role silo login in role ax2_silo') where not exists (select from pg_roles where rolname = 'silo') \gexec
select format('create role api login in role ax2_api') where not exists (select from pg_roles where rolname = 'api') \gexec
alter role silo password :'silo_password';
alter role api password :'api_password';
SQL
}
