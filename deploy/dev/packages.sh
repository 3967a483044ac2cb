# shellcheck shell=bash disable=SC2034  # read by the other parts
# Debian packages and the tools that must be there already.

RUN_PACKAGES=(postgresql-15 ffmpeg pocketsphinx pocketsphinx-en-us pocketsphinx-testdata bubblewrap curl jq libicu72)
# For the tests alone: a browser for the pages, a mail server, an S3 server, a proxy, and clocks that are wrong.
TEST_PACKAGES=(chromium python3-aiosmtpd radosgw ceph-mon ceph-osd ceph-common nginx libfaketime)
readonly RUN_PACKAGES TEST_PACKAGES
readonly NEEDED_DISK_MIB=2048

install_packages() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  if ((EUID != 0)); then
    fail "These Debian packages are missing: ${missing[*]}. Install them with: sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "Installing Debian packages: ${missing[*]}."
  quietly "Reading the package lists" apt-get update
  without_system_cluster without_services quietly "Installing packages" \
    env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# Debian's PostgreSQL makes and starts a server of its own when it is installed; nobody asked for one.
without_system_cluster() {
  local folder=/etc/postgresql-common/createcluster.d marker
  marker="$folder/ax2caption.conf"
  if [[ -e /usr/bin/pg_createcluster ]]; then
    "$@"
    return
  fi
  mkdir -p "$folder"
  echo 'create_main_cluster = false' >"$marker"
  (
    trap 'rm -f "$marker"' EXIT
    "$@"
  )
}

# Debian's servers are started when they are installed, and again at every boot; nobody asked for one.
without_services() {
  local policy=/usr/sbin/policy-rc.d had_nginx=1
  [[ -e /usr/sbin/nginx ]] || had_nginx=0
  if [[ -e "$policy" ]]; then
    "$@"
  else
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    (
      trap 'rm -f "$policy"' EXIT
      "$@"
    )
  fi
  if ((!had_nginx)) && [[ -e /usr/sbin/nginx ]] && command -v systemctl >/dev/null; then
    systemctl --quiet disable nginx || true
  fi
}

require_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: install it and put 'dotnet' on the PATH."
  dotnet --list-sdks | grep -q '^10\.' || fail "The .NET 10 SDK is missing: 'dotnet --list-sdks' shows no 10.x version."
}

require_free_disk() {
  local free
  free=$(df -Pm "$ROOT" | awk 'NR == 2 { print $4 }')
  ((free >= NEEDED_DISK_MIB)) ||
    fail "The disk is nearly full: $free MiB are free below $ROOT, $NEEDED_DISK_MIB MiB are needed. Make room and run this again."
}
