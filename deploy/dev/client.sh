# shellcheck shell=bash
# The main job through the public HTTP API, as any client would do it.

readonly SPEECH=/usr/share/pocketsphinx/test/data/librivox

# call METHOD PATH [curl options…]: the answer's body on standard output; an API error ends the script with its sentence.
call() {
  local method=$1 path=$2 body code
  shift 2
  body=$(mktemp)
  code=$(request "$method" "$path" "$body" "$@")
  # An access token lasts for some minutes, a video may take longer.
  if [[ "$code" == 401 && -s "$STATE/guest-session" ]] && refresh_session; then
    code=$(request "$method" "$path" "$body" "$@")
  fi
  if ((code >= 400)); then
    say "$(jq -r '"\(.title // "The Api refused")\(if .detail then ": " + .detail else "" end) (\(.code // "no code"))"' "$body" 2>/dev/null || cat "$body")"
    rm -f "$body"
    exit 1
  fi
  cat "$body"
  rm -f "$body"
}

# request METHOD PATH BODY_FILE [curl options…]: the status on standard output.
request() {
  local method=$1 path=$2 body=$3
  shift 3
  curl -sS -X "$method" -o "$body" -w '%{http_code}' -H "@$STATE/guest-header" "$@" "$API_URL$path" ||
    fail "The Api does not answer at $API_URL. Is the service up? ./ax2 status"
}

# A guest keeps its credits and videos from call to call, as long as its session lasts. Its tokens stay in files that only their
# owner can read: command lines are public.
sign_in_as_guest() {
  [[ -s "$STATE/guest-session" ]] || { new_guest; return; }
  refresh_session && return
  # Only a session that is over is given up: what it owns would be lost with it.
  [[ "$REFRESH_STATUS" == 401 ]] || fail "The Api does not take the session of $STATE/guest-session (status $REFRESH_STATUS). Try again in a moment."
  new_guest
}

new_guest() {
  local answer
  (umask 077 && : >"$STATE/guest-header" && : >"$STATE/guest-session")
  answer=$(call POST /v1/auth/guest)
  keep_session <<<"$answer"
}

refresh_session() {
  local answer
  answer=$(curl -s -w '\n%{http_code}' -X POST -H 'Content-Type: application/json' -d "@$STATE/guest-session" "$API_URL/v1/auth/refresh") || true
  REFRESH_STATUS=${answer##*$'\n'}
  [[ "$REFRESH_STATUS" == 200 ]] || return 1
  keep_session <<<"${answer%$'\n'*}"
}

# Reads a session's tokens and keeps them.
keep_session() {
  local answer
  answer=$(cat)
  (
    umask 077
    jq -c '{refreshToken}' <<<"$answer" >"$STATE/guest-session.new"
    jq -r '"Authorization: Bearer " + .accessToken' <<<"$answer" >"$STATE/guest-header.new"
  )
  mv "$STATE/guest-session.new" "$STATE/guest-session"
  mv "$STATE/guest-header.new" "$STATE/guest-header"
}

credits() { call GET /v1/credits | jq -r '"\(.available) available, \(.reserved) reserved"'; }

# caption_through_api FILE FORMAT: captions on standard output, progress on standard error.
caption_through_api() {
  local file=$1 format=$2 video job
  say "Uploading $(basename "$file")."
  video=$(call POST /v1/videos -F "file=@\"${file//\"/\\\"}\"" | jq -r .id)
  wait_for_probe "$video"
  job=$(call POST /v1/jobs -H 'Content-Type: application/json' -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
    -d "{\"videoId\":\"$video\",\"language\":\"en\"}" | jq -r .id)
  follow_job "$job"
  call GET "/v1/jobs/$job/captions.$format"
}

wait_for_probe() {
  local answer
  while true; do
    answer=$(call GET "/v1/videos/$1")
    case $(jq -r .state <<<"$answer") in
      ready) say "The video is $(jq -r '.durationMs / 1000' <<<"$answer") s long."; return ;;
      rejected) fail "The video was rejected: $(jq -r '"\(.rejection.message) (\(.rejection.code))"' <<<"$answer")" ;;
    esac
    sleep 0.3
  done
}

follow_job() {
  local answer line last=""
  while true; do
    answer=$(call GET "/v1/jobs/$1")
    line=$(jq -r '"\(.progress.percent) %  \(.state), \(.progress.stage)\(if .progress.chunksTotal then ", chunk \(.progress.chunksDone) of \(.progress.chunksTotal)" else "" end)"' <<<"$answer")
    [[ "$line" == "$last" ]] || say "  $line"
    last=$line
    case $(jq -r .state <<<"$answer") in
      succeeded) return ;;
      failed) fail "The job failed: $(jq -r '"\(.failure.message) (\(.failure.code))"' <<<"$answer")" ;;
      canceled) fail "The job was canceled." ;;
    esac
    sleep 0.3
  done
}

caption_sample() {
  local captions
  [[ -s "$STATE/sample.mp4" ]] || make_sample "$STATE/sample.mp4"
  new_guest # with credits enough for the sample, however often this runs
  say "Signed in as a guest. Credits before: $(credits)."
  captions=$(caption_through_api "$STATE/sample.mp4" srt)
  say "Credits after: $(credits). The captions:"
  say ""
  printf '%s\n' "$captions"
}

caption_file() {
  local file="" format=srt out="" captions
  while (($#)); do
    case $1 in
      --format) format=${2:-}; shift 2 || fail "--format needs srt or vtt." ;;
      --out) out=${2:-}; shift 2 || fail "--out needs a path." ;;
      -*) fail "There is no option '$1'. See ./ax2 help" ;;
      *) [[ -z "$file" ]] || fail "One file at a time, please: '$file' or '$1'?"; file=$1; shift ;;
    esac
  done
  [[ -n "$file" ]] || fail "Which file? ./ax2 caption FILE [--format srt|vtt] [--out PATH]"
  [[ -f "$file" && -r "$file" ]] || fail "There is no readable file '$file'."
  [[ "$format" == srt || "$format" == vtt ]] || fail "The format is srt or vtt, not '$format'."
  [[ -z "$out" || -d "$(dirname "$out")" ]] || fail "There is no folder '$(dirname "$out")' to write to."
  load_settings
  process_runs api || fail "The service does not run: start it with ./ax2 up"
  sign_in_as_guest
  captions=$(caption_through_api "$file" "$format")
  if [[ -n "$out" ]]; then
    printf '%s\n' "$captions" >"$out"
    say "Wrote $out. Credits: $(credits)."
  else
    printf '%s\n' "$captions"
    say "Credits: $(credits)."
  fi
}

# A test picture with five sentences that volunteers of LibriVox read, a pause between them.
make_sample() {
  local inputs=() pads="" mix="" number=0 sentence
  say "Making the sample video."
  for sentence in "$SPEECH"/*.wav; do
    inputs+=(-i "$sentence")
    pads+="[$number:a]apad=pad_dur=0.7[s$number];"
    mix+="[s$number]"
    number=$((number + 1))
  done
  quietly "Making the sample video" ffmpeg -nostdin -y "${inputs[@]}" -f lavfi -i testsrc2=size=640x360:rate=25 \
    -filter_complex "$pads${mix}concat=n=$number:v=0:a=1[speech]" -map "$number:v" -map '[speech]' -shortest \
    -c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac -f mp4 "$1.part"
  mv "$1.part" "$1"
}
