# shellcheck shell=bash
# Background processes. A pid file holds the pid and the process's start time: a recycled pid is never taken for ours.

# A little more than the hosts give themselves (60 s).
readonly STOP_SECONDS=70

start_time() { awk '{ sub(/.*\) /, ""); print $20 }' "/proc/$1/stat" 2>/dev/null || true; }

# start_process NAME FOLDER COMMAND…: in the background, in a session of its own, output to .ax2/logs/NAME.out.
start_process() {
  local name=$1 folder=$2 pid
  shift 2
  pid=$(
    cd "$folder" || exit 1
    setsid "$@" >>"$STATE/logs/$name.out" 2>&1 </dev/null 9>&- &
    echo $!
  )
  echo "$pid $(start_time "$pid")" >"$STATE/$name.pid"
}

process_runs() {
  local pid started
  [[ -f "$STATE/$1.pid" ]] || return 1
  read -r pid started <"$STATE/$1.pid"
  [[ -n "$started" && "$(start_time "$pid")" == "$started" ]]
}

stop_process() {
  local name=$1 title=$2 pid waited
  if ! process_runs "$name"; then
    rm -f "$STATE/$name.pid"
    return
  fi
  read -r pid _ <"$STATE/$name.pid"
  kill -TERM "$pid"
  for ((waited = 0; waited < STOP_SECONDS * 10; waited++)); do
    process_runs "$name" || break
    sleep 0.1
  done
  if process_runs "$name"; then
    say "$title did not stop within $STOP_SECONDS s; ending it."
    kill -KILL "$pid"
  fi
  rm -f "$STATE/$name.pid"
  say "Stopped $title."
}
