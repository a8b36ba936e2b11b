# SPDX-License-Identifier: GPL-3.0-or-later
# Pages in a real browser: nothing is fetched, nothing goes wrong, numbers are those of the JSON, sound plays, tables sort, and axe finds
# nothing. Sourced by run. With SCREENSHOTS=folder it leaves pictures to look at there.

# axe-core (Deque) comes in a package of PyPI's; nothing of it is Python.
axe() {
  local wheel=$work/axe_playwright_python-0.1.8-py3-none-any.whl
  python3 -m pip download -q --no-deps --dest "$work" axe-playwright-python==0.1.8 >/dev/null
  sha256sum -c - >/dev/null <<<"fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8  $wheel"
  unzip -p "$wheel" axe_playwright_python/axe.min.js
}
axe >"$work/axe.js"

# WebDriver (https://www.w3.org/TR/webdriver2/) by curl; the port is the one the driver says it has.
chromedriver --port=0 >"$work/driver.log" 2>&1 & driver=$!
for _ in $(seq 100); do
  port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$work/driver.log")
  [ -n "$port" ] && break
  sleep 0.1
done
[ -n "$port" ] || { echo "chromedriver did not start:" >&2; cat "$work/driver.log" >&2; exit 1; }
session=
driver() { # driver METHOD PATH: the body comes on stdin; prints the answer's value
  curl -s -X "$1" -H 'Content-Type: application/json' --data-binary @- "http://127.0.0.1:$port/session$session$2" >"$work/answer"
  if jq -e '.value | type == "object" and has("error")' "$work/answer" >/dev/null; then
    echo "  WebDriver: $(jq -r '.value.message' "$work/answer" | head -1)" >&2
    return 1
  fi
  jq '.value' "$work/answer"
}
devtools() { jq -n --arg cmd "$1" --argjson params "$2" '{$cmd, $params}' | driver POST /goog/cdp/execute >/dev/null; }
script() { # script FILE JSON: what the script returns; the JSON is its list of arguments, from a file
  jq -n --rawfile script "$1" --slurpfile args "$2" '{$script, args: $args[0]}' | driver POST "/execute/${3:-sync}"
}
echo '[]' >"$work/no-arguments"
evaluate() { printf '%s' "$1" >"$work/script.js"; script "$work/script.js" "$work/no-arguments" "${2:-sync}"; }

id=$(driver POST "" <<'JSON' | jq -r .sessionId
{"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
  "goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio", "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required"]}}}}
JSON
)
session=/$id
end_browser() { driver DELETE "" </dev/null >/dev/null 2>&1 || true; kill $driver 2>/dev/null || true; wait $driver 2>/dev/null || true; }
trap 'end_browser; umount "$work"/disk 2>/dev/null || true; rm -rf "$work"' EXIT

holds() { jq -e "$@" >/dev/null; }
console() { # what the console says that is an error or a warning
  echo '{"type": "browser"}' | driver POST /se/log | jq -c '[.[] | select(.level == "SEVERE" or .level == "WARNING") | .message]'
}
strangers() { # strangers PAGE: URLs asked for that are neither the page nor within it
  echo '{"type": "performance"}' | driver POST /se/log |
    jq -c --arg page "file://$1" '[.[].message | fromjson.message | select(.method == "Network.requestWillBeSent").params.request.url |
      select((test("^(data:|about:)") or . == $page) | not) | .[0:200]]'
}
size() { devtools Emulation.setDeviceMetricsOverride "{\"width\": $1, \"height\": 900, \"deviceScaleFactor\": 1, \"mobile\": false}"; }
theme() { devtools Emulation.setEmulatedMedia "{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"$1\"}]}"; }
picture() { # the whole page, where pictures are wanted
  [ -n "${SCREENSHOTS:-}" ] || return 0
  mkdir -p "$SCREENSHOTS"
  jq -n '{cmd: "Page.captureScreenshot", params: {captureBeyondViewport: true}}' | driver POST /goog/cdp/execute |
    jq -r .data | base64 -d >"$SCREENSHOTS/$1.png"
}

visit() { # visit PAGE
  console >/dev/null; strangers "$1" >/dev/null
  jq -n --arg url "file://$1" '{$url}' | driver POST /url >/dev/null
}
look() { # look NAME PAGE ARGUMENTS: everything a run's page is asked
  local name=$1 page=$2 arguments=$3
  visit "$page"
  script "$root/Tests/System/page.js" "$arguments" >"$work/read.json"
  check "$name: $(jq .compared "$work/read.json") numbers and coordinates are the JSON's" \
    holds '.compared > 20 and (.problems | length == 0)' "$work/read.json"
  jq -r '.problems[:5][] | "  \(.)"' "$work/read.json"
  look_sorted "$name"
  check "$name: each player plays" [ "$(evaluate '
    const done = arguments[0], players = [...document.querySelectorAll("audio")];
    Promise.all(players.map(async player => {
      await player.play();
      for (let i = 0; i < 100 && !(player.currentTime > 0.05); i++) await new Promise(next => setTimeout(next, 50));
      player.pause();
      return player.currentTime > 0.05 && player.duration > 0.5;
    })).then(all => done(players.length > 0 && all.every(Boolean)), error => done(String(error)))' async)" = true ]
  look_around "$name" "$page"
}
look_sorted() { # look_sorted NAME
  check "$1: every heading sorts, up and down" [ "$(evaluate '
    const bad = [];
    for (const button of document.querySelectorAll("th > button")) {
      const column = [...button.closest("tr").children].indexOf(button.parentElement);
      for (const sign of [1, -1]) {
        button.click();
        const cells = [...button.closest("table").tBodies[0].rows].map(row => row.children[column]);
        const keys = cells.map(c => c.dataset.text ?? (c.dataset.mean === undefined ? null : Number(c.dataset.mean)));
        const known = keys.filter(k => k !== null);
        const fits = (a, b) => sign * (typeof a === "string" ? a.localeCompare(b) : a - b) <= 0;
        if (!known.every((k, i) => i === 0 || fits(known[i - 1], k)) || keys.indexOf(null) >= 0 && keys.indexOf(null) < known.length)
          bad.push(button.textContent);
        const state = button.parentElement.getAttribute("aria-sort");
        if (state !== (sign > 0 ? "ascending" : "descending")) bad.push(state);
      }
    }
    return bad.length === 0 && document.querySelectorAll("th > button").length > 1')" = true ]
}
look_around() { # look_around NAME PAGE: widths, themes, access, requests, console
  local name=$1 page=$2 width theme
  for theme in light dark; do
    theme $theme
    for width in 1280 768 360; do
      size $width
      picture "$name-$width-$theme"
      check "$name: $width px, $theme: nothing sticks out" [ "$(evaluate '
        return document.documentElement.scrollWidth <= innerWidth')" = true ]
    done
    # Without its source axe is not there for a second page; each theme has colours of its own.
    { cat "$work/axe.js"; echo '
      const done = arguments[arguments.length - 1];
      axe.run(document, {resultTypes: ["violations"]}).then(
        found => done(found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.help}: ${v.nodes[0].html.slice(0, 150)}`)),
        error => done([String(error)]))'; } >"$work/with-axe.js"
    script "$work/with-axe.js" "$work/no-arguments" async >"$work/axe.json"
    check "$name: axe finds nothing, $theme" holds 'length == 0' "$work/axe.json"
    jq -r '.[:5][] | "  \(.)"' "$work/axe.json"
  done
  check "$name: nothing leaves the page" [ "$(strangers "$page")" = "[]" ]
  check "$name: no error on the console" [ "$(console | tee "$work/console")" = "[]" ]
  [ "$(cat "$work/console")" = "[]" ] || { echo "  $(head -c 400 "$work/console")"; }
}

# The demo's first systems; once more, worse, on another machine.
page_run() { "$ttseval" compare "$ref" "$@" --db "$work/pages.sqlite" --label pages --format json --quiet; }
mp3=$root/reference_audio/systems
page_run --system "codec=$mp3/mp3-32k" --system "late=$mp3/delay-37ms" --host-name laptop >"$work/first.json"
page_run --system "codec=$mp3/noise-10db" --system "late=$mp3/delay-37ms" --host-name "server <b>" \
  --baseline pages --report "$work/pages/diff.html" >"$work/second.json"
"$ttseval" hardware --label pages --db "$work/pages.sqlite" --format json >"$work/machines.json"
jq -n --slurpfile a "$work/first.json" --slurpfile b "$work/second.json" --slurpfile m "$work/machines.json" \
  '[$b[0], [$a[0], $b[0]], $m[0]]' >"$work/arguments.json"
look diff "$work/pages/diff.html" "$work/arguments.json"

# A TTS of its own, timed and scored.
"$root/reference_audio/texts" | head -12 >"$work/texts.txt"
"$ttseval" synthesize --command 'espeak-ng -w {out} -f {textfile}' "$work/texts.txt" "$work/spoken" --reference "$ref" \
  --label spoken --db "$work/spoken.sqlite" >/dev/null 2>&1
"$ttseval" report spoken --db "$work/spoken.sqlite" --report "$work/pages/speed.html,$work/spoken.json" 2>/dev/null
jq -n --slurpfile a "$work/spoken.json" '[$a[0], [$a[0]], null]' >"$work/arguments.json"
look speed "$work/pages/speed.html" "$work/arguments.json"

# Names that want to be markup.
hostile=$work/$'=cmd() "\'&amp; \u202e\U1F600'
mkdir -p "$work/natural" "$hostile"
for clip in $(find "$ref" -type f | sort | head -2); do
  name=$(basename "$clip"); name=${name%.*}; ending=${clip##*.}
  cp "$clip" "$work/natural/<img src=x onerror=alert(1)> $name.$ending"
  cp "$(find "$mp3/noise-10db" -name "$name.*" | head -1)" "$hostile/<img src=x onerror=alert(1)> $name.${clip##*.}"
done
"$ttseval" compare "$work/natural" "$hostile" --system "<script>alert(1)</script> \"'&amp;=$hostile" "${metrics[@]}" --db "$work/hostile.sqlite" --label '<i>&"' --format json --quiet \
  --report "$work/pages/hostile.html" >"$work/hostile.json"
jq -n --slurpfile a "$work/hostile.json" '[$a[0], [$a[0]], null]' >"$work/arguments.json"
look hostile "$work/pages/hostile.html" "$work/arguments.json"
check "hostile names are text" [ "$(evaluate '
  return document.querySelectorAll("main script, [onerror], i").length === 0
    && [...document.querySelectorAll("table.systems tbody th")].some(head => head.textContent === "<script>alert(1)</script> \"\u0027&amp;")
    && document.querySelector("article.clip h3").textContent.includes("<img src=x onerror=alert(1)>")')" = true ]

# What listeners said: four of them, of two systems, one with a name that wants to be markup.
{ echo 'listener,system,stimulus,score'
  for listener in a b c d; do for clip in 1 2 3; do
    echo "$listener,<b>new</b>,clip $clip,$(((clip + ${#listener}) % 3 + 3))"
    echo "$listener,old,clip $clip,$((clip % 2 + 2 + ($(printf %d "'$listener") + clip) % 2))"
  done; done; } >"$work/ratings.csv"
"$ttseval" panel import "$work/ratings.csv" --db "$work/heard.sqlite" 2>/dev/null
"$ttseval" panel analyse ratings --db "$work/heard.sqlite" --report "$work/pages/panel.html,$work/panel.json" >/dev/null 2>&1
visit "$work/pages/panel.html"
jq '[.]' "$work/panel.json" >"$work/arguments.json"
cat >"$work/script.js" <<'JS'
  const systems = arguments[0].systems, rows = [...document.querySelector("table.systems").tBodies[0].rows];
  const wrong = rows.flatMap(row => {
    const system = systems.find(one => one.name === row.cells[0].textContent);
    if (!system) return [row.cells[0].textContent];
    const wanted = [system.n, system.mos, system.low, system.bootstrap.low, system.sd, system.tHalfWidth, system.quality];
    return wanted.map((value, i) => [value, row.cells[i + 1]]).filter(([value, cell]) => Number(cell.dataset.mean) !== value
      || !cell.textContent.startsWith(value.toFixed(Number.isInteger(value) && value > 5 ? 0 : 2))).map(([value, cell]) => `${value}: ${cell.textContent}`);
  });
  return rows.length === systems.length && rows.length === 2 ? wrong : ["rows: " + rows.length];
JS
script "$work/script.js" "$work/arguments.json" >"$work/read.json"
check "panel: the page's numbers are the JSON's" holds 'length == 0' "$work/read.json"
jq -r '.[:5][] | "  \(.)"' "$work/read.json"
look_sorted panel
look_around panel "$work/pages/panel.html"
check "panel: names are text" [ "$(evaluate '
  return document.querySelectorAll("main script, main b").length === 0 && document.body.textContent.includes("<b>new</b>")')" = true ]
end_browser
trap 'umount "$work"/disk 2>/dev/null || true; rm -rf "$work"' EXIT
