# SPDX-License-Identifier: GPL-3.0-or-later
# A listening session as a listener has it: a terminal (tmux), a sound server (PulseAudio with a null sink), keys; what was heard is held
# against the recordings, what is stored against the keys. Then sudden death, a second window, a swapped file. Sourced by run.

panels=$work/panels
mkdir -p "$panels/pulse"; chmod 700 "$panels/pulse"
export XDG_RUNTIME_DIR=$panels/pulse PULSE_SERVER=unix:$panels/pulse/pulse.sock
# What is played goes into a pipe and no further, sample by sample: the monitor of a null sink loses pieces now and then.
mkfifo "$panels/pipe"
pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --disable-shm=true --realtime=no --high-priority=no \
  --log-level=error -L "module-native-protocol-unix socket=$panels/pulse/pulse.sock auth-anonymous=1" \
  -L "module-pipe-sink sink_name=cap file=$panels/pipe rate=48000 channels=2 format=s16le use_system_clock_for_timing=yes" >"$panels/pulse.log" 2>&1 & pulse=$!
tmux() { command tmux -S "$panels/tmux" "$@"; }
end_panels() { tmux kill-server 2>/dev/null || true; kill ${monitor:-} $pulse 2>/dev/null || true; wait ${monitor:-} $pulse 2>/dev/null || true; }
trap 'end_panels; umount "$work"/disk 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do pactl info >/dev/null 2>&1 && break; sleep 0.1; done
cat "$panels/pipe" >>"$panels/heard.raw" & monitor=$!

# Recordings of 48 kHz and 16 bit, untouched: what is heard has to be them, bit for bit.
cat >"$panels/voices.yaml" <<YAML
method: acr
systems: {secret: $root/reference_audio/reference}
utterances: [en-alsa-front-center, en-alsa-front-left, en-alsa-front-right, en-alsa-rear-center]
training: 3
listeners: 200
level: as-is
replays: 4
YAML
check "a plan is frozen" status 0 "$ttseval" panel plan "$panels/voices.yaml"
plan=$panels/voices.plan.json
trials=$(jq '.plan.listeners[0].trials | length' "$plan") practice=3 missed=0
query() { sqlite3 -cmd ".timeout 5000" "$db" "$1" 2>/dev/null || echo 0; }
count() { query "SELECT count(*) FROM panelEvents WHERE kind = '$1'"; }
until_events() { # until_events KIND N: waits until so many are stored
  for _ in $(seq 300); do [ "$(count "$1")" -ge "$2" ] 2>/dev/null && return 0; sleep 0.05; done
  echo "  no $2 events $1; the screen:"; tmux capture-pane -p | head -12; missed=$((missed + 1))
}
until_screen() { for _ in $(seq 200); do tmux capture-pane -p | tee -a "$panels/screens" | grep -qF -- "$1" && return 0; sleep 0.05; done
  echo "  «$1» is not on the screen:"; tmux capture-pane -p | head -12; missed=$((missed + 1)); }
type() { tmux send-keys -l -- "$1"; }
enter() { tmux send-keys Enter; }
# A screen comes up a moment before keys count: those typed ahead are thrown away.
play() { for _ in 1 2 3 4 5; do sleep 0.3; type " "; sleep 0.3; tmux capture-pane -p | grep -qF "Playing" && return 0; done; return 1; }
answer() { type "$1"; enter; }
# Where the device runs dry, as a busy machine's may at any time, the trial begins anew and the sound is heard again. Once it is made to:
# the sound server is held in mid-sound.
broke() { [ "$(query "SELECT $broken FROM panelPlaybacks WHERE listener = 'a7' ORDER BY number DESC LIMIT 1")" = 1 ]; }
broken="json_extract(report, '\$.underruns') <> 0 OR json_extract(report, '\$.frames') <> json_extract(report, '\$.framesPlanned')"
hear() { # hear TRIAL TIMES: waits for the trial, and hears it whole so many times
  local whole played
  for _ in 1 2 3; do
    until_events trialStarted $(($1 + breaks))
    for whole in $(seq $2); do
      played=$(count playbackEnded); play || true
      if [ $breaks = 0 ] && [ $1 -gt 1 ]; then kill -STOP $pulse; sleep 0.6; kill -CONT $pulse; fi
      until_events playbackEnded $((played + 1))
      if broke; then breaks=$((breaks + 1)); continue 2; fi
    done
    return
  done
  echo "  trial $1 broke thrice"; missed=$((missed + 1))
}
sit() { tmux new-session -d -x 80 -y 24 "env LC_ALL=C.UTF-8 '$ttseval' panel run '$plan' --listener a7 --db '$db'; echo ended with \$?; sleep 600"; }

session() { # from the consent to the last trial
  sit
  until_screen "Do you agree"; answer 1; until_events intakeAnswered 1
  answer 1; until_events intakeAnswered 2
  type German; enter; until_events intakeAnswered 3
  answer 1; until_events intakeAnswered 4
  answer 1; until_events deviceChosen 1
  until_screen "Loudness"; play || true; sleep 1; enter; until_events levelSet 1
  # On which side it is, only ears can tell.
  until_screen "which side"
  for side in 1 2; do
    play || true; until_events playbackEnded $((side + 1)); sleep 0.3
    answer "$(tail -c 400000 "$panels/heard.raw" | perl -e 'binmode STDIN; local $/; my @s = unpack "s<*", <STDIN>;
      my ($l, $r) = (0, 0); for (my $i = 0; $i + 1 < @s; $i += 2) { $l += abs $s[$i]; $r += abs $s[$i + 1] }
      print $l > 2 * $r ? 1 : $r > 2 * $l ? 2 : 3')"
    until_events sideAnswered $side
  done
  enter; until_events instructionsRead 1
  for trial in $(seq $trials); do
    if [ $trial = $((practice + 1)) ]; then sleep 0.3; enter; until_events practiceEnded 1; fi
    until_events trialStarted $((trial + breaks))
    # Keys before the first sound rate nothing.
    answer 5
    hear $trial $((trial == practice + 1 ? 2 : 1))
    if [ $trial = $practice ]; then ps -eo args | grep -F "$ttseval" | grep -v grep >"$panels/ps"; fi
    sleep 0.3; answer $((trial % 5 + 1)); until_events ratingConfirmed $trial
  done
  until_screen "That was the last one"; enter; until_events finished 1
}
# What was heard: the planned recordings, in the planned order, bit for bit but for the fades (5 ms at both ends).
expect() {
  sqlite3 "$db" "SELECT json_extract(document, '\$.plan.stimuli[' || json_extract(e.body, '\$._0.clips[0]') || '].path')
    FROM panelEvents e JOIN panelSessions s ON s.id = e.session JOIN panels p ON p.id = s.panel
    JOIN panelPlaybacks o ON o.plan = p.hash AND o.number = e.number
    WHERE e.kind = 'playbackEnded' AND o.purpose = 'trial' AND NOT ($broken) ORDER BY e.number" >"$panels/planned"
  local path place=0
  rm -f "$panels"/expected*
  while read -r path; do
    place=$((place + 1))
    sox -D "$path" -t raw -e signed -b 16 -L "$panels/expected$(printf %02d $place)" remix 1 1
  done <"$panels/planned"
}
heard() { sounds=$((trials + 1)) perl -e 'local $/; binmode STDIN; my $heard = <STDIN>; my $at = 0;
  for my $name (@ARGV) { open my $file, "<:raw", $name or die $name; my $clip = <$file>; my $fade = 240 * 4;
    my $core = substr $clip, $fade, length($clip) - 2 * $fade;
    my $found = index $heard, $core, $at; while ($found >= 0 && $found % 4) { $found = index $heard, $core, $found + 1 }
    if ($found < 0) { print "  $name is not heard after byte $at\n"; exit 1 }
    $at = $found + length $core }
  exit(@ARGV >= $ENV{sounds} ? 0 : 1)' "$panels"/expected* <"$panels/heard.raw"; }

# A break that is so short that the program does not see it lacks a piece: on a busy machine, once more, with a store of its own. What plays
# wrongly does so twice.
for attempt in 1 2; do
  db=$panels/store$attempt.sqlite breaks=0
  : >"$panels/heard.raw"
  session
  sleep 0.3; enter; until_screen "ended with 0"
  tmux kill-server
  sleep 0.5
  expect
  if heard || [ $missed != 0 ]; then break; fi
done
check "a session runs from consent to end, and ends with 0" [ $missed = 0 ]

expected() { local list= trial; for trial in $(seq $trials); do list+=${list:+,}$(($1)); done; echo "$list"; }
check "each answer is the key that was typed" [ "$(query "SELECT group_concat(value) FROM (SELECT value FROM panelRatings ORDER BY number)")" = "$(expected 'trial % 5 + 1')" ]
check "each trial's playings were counted" [ "$(query "SELECT group_concat(plays) FROM (SELECT plays FROM panelRatings ORDER BY number)")" = "$(expected 'trial == practice + 1 ? 2 : 1')" ]
check "no answer is older than its sound" [ "$(query "SELECT count(*) FROM panelRatings WHERE firstKey < playbackEnd OR monotonic < firstKey")" = 0 ]
check "a sound that breaks is heard again (it did so $breaks times)" [ $breaks -gt 0 ]
check "every answer is to a whole sound" [ "$(query "SELECT count(*) FROM panelRatings r WHERE
  (SELECT NOT ($broken) FROM panelPlaybacks p WHERE p.trial = r.trial AND p.number < r.number ORDER BY p.number DESC LIMIT 1)")" = $trials ]
check "no screen names a system or a file" bash -c "! grep -qE 'secret|alsa|\.wav' '$panels/screens'"
check "no argument does, but the plan's" bash -c "! grep -qE 'secret|alsa' '$panels/ps'"

check "what was heard is what was planned, bit for bit" heard

# Killed at random moments, a session loses nothing that was confirmed, and goes on where it was.
printf 'ratings: [5, 4, 3, 2, 1]\nundo: [5]\n' >"$panels/script.yaml"
script() { "$ttseval" panel run "$plan" --listener "$1" --script "$panels/script.yaml" --player none --db "$db"; }
span=999
for time in 1 2 3; do
  start=$(date +%s%N); script timed$time >/dev/null 2>&1; took=$((($(date +%s%N) - start) / 1000000))
  span=$((took < span ? took : span))
done
lost=0 sound=0 complete=0 killed=0 listener=0 enough=$((kills * 2 > 90 ? 90 : kills * 2))
# Some end before their time has come: on, until enough were killed.
while [ $listener -lt $enough ] || { [ $killed -lt $enough ] && [ $listener -lt $((enough * 2)) ]; }; do
  listener=$((listener + 1))
  for _ in first second; do
    # Itself, and no function: what is killed would be a shell.
    "$ttseval" panel run "$plan" --listener "k$listener" --script "$panels/script.yaml" --player none --db "$db" >/dev/null 2>&1 &
    pid=$!
    sleep "$(printf '0.%03d' $(((RANDOM * 32768 + RANDOM) % span)))"
    of_listener="SELECT count(*) FROM panelRatings WHERE listener = 'k$listener'"
    before=$(query "$of_listener")
    kill -9 $pid 2>/dev/null && killed=$((killed + 1)) || true
    wait $pid 2>/dev/null || true
    [ "$(query "$of_listener")" -ge "$before" ] || lost=$((lost + 1))
  done
  script "k$listener" >/dev/null 2>&1 || true
  [ "$(query "SELECT count(DISTINCT trial) || ' ' || (SELECT count(*) FROM panelEvents e JOIN panelSessions s ON s.id = e.session
    WHERE s.listener = 'k$listener' AND kind = 'finished') FROM panelRatings WHERE listener = 'k$listener'")" = "$trials 1" ] && complete=$((complete + 1))
done
[ "$(query 'PRAGMA integrity_check')" = ok ] && sound=1
check "$killed of $((listener * 2)) sittings were killed, no confirmed answer is lost" [ $lost = 0 -a $killed -ge $enough ]
check "$listener sessions killed twice are finished by the same command" [ $complete = $listener ]
check "the store of killed sessions is sound" [ $sound = 1 ]

# Begun at once, sessions have places of their own; a place that is taken or not there is refused.
sed 's/listeners: 200/listeners: 6/' "$panels/voices.yaml" >"$panels/few.yaml"
"$ttseval" panel plan "$panels/few.yaml" >/dev/null 2>&1
few() { "$ttseval" panel run "$panels/few.plan.json" --script "$panels/script.yaml" --player none --db "$panels/few.sqlite" "$@"; }
starts=()
for listener in a b c d e; do few --listener $listener >/dev/null 2>&1 & starts+=($!); done
wait "${starts[@]}"
check "sessions begun at once have places of their own" [ "$(sqlite3 "$panels/few.sqlite" "SELECT group_concat(slot) FROM (SELECT slot FROM panelSessions ORDER BY slot)")" = 0,1,2,3,4 ]
check "a place that is taken is refused" status 3 few --listener f --slot 2
check "and its holder named" said "listener 2 of this plan is"
check "a place that is not in the plan is refused" status 3 few --listener f --slot 99
check "another place than one's own is refused" status 3 few --listener a --slot 6
check "a refused start stores nothing" [ "$(sqlite3 "$panels/few.sqlite" 'SELECT count(*) FROM panelSessions')" = 5 ]

# A disk that fills up in mid-session, sooner and later: what was confirmed is kept, and the session goes on when there is room again.
mkdir -p "$work/disk"; mountpoint -q "$work/disk" || mount -t tmpfs -o size=64m tmpfs "$work/disk"
calm=$db db=$work/disk/panel.sqlite midway=0 told=0 kept=0
script first >/dev/null 2>&1
for room in 100 125 150 175 200; do
  head -c $(($(stat -f -c '%a * %S' "$work/disk") - room * 1024)) /dev/zero >"$work/disk/filler"
  answers="SELECT group_concat(value) FROM (SELECT value FROM panelRatings WHERE listener = 'full$room' ORDER BY number)"
  status 3 script "full$room" && said "no space left" && told=$((told + 1))
  before=$(query "$answers")
  [ -n "$before" ] && midway=$((midway + 1))
  rm "$work/disk/filler"
  script "full$room" >/dev/null 2>&1 || true
  [[ "$(query "$answers")" = "$before"?* ]] && [ "$(query "SELECT count(DISTINCT trial) FROM panelRatings WHERE listener = 'full$room'")" = "$trials" ] &&
    kept=$((kept + 1))
done
check "a full disk is told of, $midway of 5 times in mid-session" [ $told = 5 -a $midway -gt 0 ]
check "with room again, each session goes on with all its answers" [ $kept = 5 -a "$(query 'PRAGMA integrity_check')" = ok ]
rm -f "$work"/disk/panel.sqlite*; db=$calm

# A second window; signals; no terminal; a recording that was swapped under its name and time.
tmux new-session -d -x 80 -y 24 "env LC_ALL=C.UTF-8 '$ttseval' panel run '$plan' --listener window --db '$db'; stty -a >'$panels/stty'; echo ended with \$?; sleep 600"
until_screen "Do you agree"
check "a second window is refused" status 3 "$ttseval" panel run "$plan" --listener window --script "$panels/script.yaml" --player none --db "$db"
check "the refusal says why" said "open in another window"
# The shell's only child is the session.
kill -TERM "$(pgrep -P "$(tmux list-panes -F '#{pane_pid}')")"
until_screen "ended with"
check "TERM ends it" [ $missed = 0 ]
check "and gives the terminal back" grep -qE '(^| )echo( |;|$)' "$panels/stty"
tmux kill-server
check "without a terminal it is refused" status 3 "$ttseval" panel run "$plan" --listener none --db "$db"
check "no sound device is told of" status 3 env -u PULSE_SERVER XDG_RUNTIME_DIR=/nonexistent HOME=/nonexistent SSH_CONNECTION="1 2 3 4" \
  "$ttseval" panel run "$plan" --listener deaf --script "$panels/script.yaml" --db "$db"
check "with what helps over ssh" said "listener's own machine"
cp -r "$root/reference_audio/reference" "$panels/copy"
sed "s#systems:.*#systems: {secret: $panels/copy}#" "$panels/voices.yaml" >"$panels/swapped.yaml"
"$ttseval" panel plan "$panels/swapped.yaml" >/dev/null 2>&1
for clip in "$panels"/copy/en-alsa-*; do touch -r "$clip" "$panels/stamp"; printf '\1' | dd of="$clip" bs=1 seek=2000 conv=notrunc status=none; touch -r "$panels/stamp" "$clip"; done
"$ttseval" panel run "$panels/swapped.plan.json" --listener swap --script "$panels/script.yaml" --player none --db "$db" >"$work/out" 2>"$work/err" || true
check "a swapped recording is not played" [ "$(query "SELECT count(*) FROM panelRatings WHERE listener = 'swap'")" = 0 ]
end_panels; unset XDG_RUNTIME_DIR PULSE_SERVER
trap 'umount "$work"/disk 2>/dev/null || true; rm -rf "$work"' EXIT
