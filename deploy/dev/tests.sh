# shellcheck shell=bash
# Tests and benchmarks. Both run beside a running service without touching it.

# A test program that takes longer hangs: it is ended, so that the others have their turn and what it was at is known.
PROGRAM_MINUTES=45
# A test that takes longer is named, again and again.
SLOW_TEST_SECONDS=180
# What `timeout` says of a program that it has ended.
TIMED_OUT=124 KILLED=137

# A fresh folder for everything a run starts; at its end whatever is still running below it is stopped.
prepare_run() {
  install_packages "${RUN_PACKAGES[@]}"
  require_dotnet
  require_free_disk
  AX2_TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ax2-test.XXXXXX")
  export AX2_TEST_DIR
  chmod 755 "$AX2_TEST_DIR"
  trap finish_run EXIT
}

finish_run() {
  local file pid
  while IFS= read -r file; do
    pid=$(head -n 1 "$file")
    if [[ "$pid" =~ ^[0-9]+$ ]] && belongs_to_run "$pid"; then
      kill -INT "$pid" 2>/dev/null || true
      for _ in {1..100}; do
        [[ -d "/proc/$pid" ]] || break
        sleep 0.1
      done
      ! belongs_to_run "$pid" || kill -KILL "$pid" 2>/dev/null || true
    fi
  done < <(find "$AX2_TEST_DIR" -name '*.pid' 2>/dev/null)
  rm -rf "$AX2_TEST_DIR"
}

# A recycled pid is not ours: our processes run below the run's folder or know it by their environment.
belongs_to_run() {
  [[ "$(readlink "/proc/$1/cwd" 2>/dev/null)" == "$AX2_TEST_DIR"/* ]] || grep -qsF "$AX2_TEST_DIR" "/proc/$1/environ" "/proc/$1/cmdline"
}

# A program from npm, outside git, in the versions of its committed lock file. Scripts of packages do not run.
install_from_npm() {
  local title=$1 source=$2 target=$3
  ! cmp -s "$source/package-lock.json" "$target/installed.json" || return 0
  command -v npm >/dev/null || install_packages nodejs npm
  say "Installing $title."
  rm -rf "$target"
  mkdir -p "$target"
  cp "$source/package.json" "$source/package-lock.json" "$target/"
  quietly "Installing $title" npm ci --prefix "$target" --ignore-scripts --no-audit --no-fund
  # What the MDN HTTP Observatory's script would fetch: the browsers' list of HTTPS-only hosts. It insists on it, and no host of a test is on it.
  [[ ! -d "$target/node_modules/@mdn" ]] || echo '{}' >"$target/node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
  cp "$source/package-lock.json" "$target/installed.json"
}

run_tests() {
  local word=$1 project name result code passed=0 failed=0 skipped=0 broken=0
  prepare_run
  install_packages "${TEST_PACKAGES[@]}"
  install_from_npm "the HTTP Observatory" "$ROOT/tests/Api.Tests/Edge/observatory" "$STATE/observatory"
  install_from_npm tus-js-client "$ROOT/tests/Scenarios/Uploads/tus-js-client" "$STATE/tus-js-client"
  say "Building."
  quietly "Building" dotnet build "$ROOT/AX2Caption.sln" -c Release -v quiet
  # Neither a test program nor a host that it starts lives long enough to get back what it costs to count how its code is used.
  export DOTNET_TieredPGO=0
  for project in "$ROOT"/tests/*.Tests "$ROOT"/tests/Scenarios; do
    name=$(basename "$project")
    result="$AX2_TEST_DIR/$name.json"
    say "Running $name${word:+ (*$word*)}."
    code=0
    timeout --foreground --kill-after=30 "${PROGRAM_MINUTES}m" \
      dotnet "$project/bin/Release/net10.0/AX2Caption.$name.dll" ${word:+-class "*$word*"} -noLogo -noColor \
      -longRunning "$SLOW_TEST_SECONDS" -result-ctrf "$result" || code=$?
    ((code == 0)) || broken=$((broken + 1))
    ((code != TIMED_OUT && code != KILLED)) || say "$name was ended: it took longer than $PROGRAM_MINUTES minutes."
    [[ -s "$result" ]] || { say "$name ended without a result."; failed=$((failed + 1)); continue; }
    passed=$((passed + $(jq .results.summary.passed "$result")))
    failed=$((failed + $(jq .results.summary.failed "$result")))
    skipped=$((skipped + $(jq '.results.summary.skipped + .results.summary.pending' "$result")))
  done
  ((failed > 0 || broken == 0 || passed == 0)) || { say "A test program ended with an error although none of its tests failed."; failed=$broken; }
  ((passed + failed + skipped > 0)) || { say "No test matches '$word'."; failed=1; }
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0))
}

run_benchmark() {
  prepare_run
  [[ "${1:-}" != jobs ]] || install_from_npm graphile-worker "$ROOT/tests/Benchmarks/Jobs/graphile-worker" "$STATE/graphile-worker"
  quietly "Building" dotnet build "$ROOT/tests/Benchmarks/Benchmarks.csproj" -c Release -v quiet
  dotnet "$ROOT/tests/Benchmarks/bin/Release/net10.0/AX2Caption.Benchmarks.dll" "${1:-list}"
}
