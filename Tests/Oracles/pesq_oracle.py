# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference scores for the PESQ tests, from the packages pesq and pesqc2.

    python pesq_oracle.py

writes reference-pesq.json into the fixtures of the Swift tests. Every case is a recipe: which fixture
file to start from and which integer operations to apply, so that the tests make the same samples.
The packages run in a process of their own, because more than 50 utterances crash them.
"""

import json
import math
import random
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import soundfile

FIXTURES = Path(__file__).resolve().parent.parent / "SpeechMetricsTests/PESQ/Fixtures"
PAIRS = ["pair1_delay120ms_noise20dB", "pair2_cut50ms_noise25dB", "pair3_stretch1percent"]
MODES = {"nb8": ("nb", 8000), "nb16": ("nb", 16000), "wb": ("wb", 16000), "c2": ("c2", 16000)}


# --- recipes ---------------------------------------------------------------------------------------

def lcg(count, peak, seed):
    """Integers of uniform distribution in -peak ... peak."""
    out = np.empty(count, np.int64)
    state = seed
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out[i] = (state >> 16) % (2 * peak + 1) - peak
    return out


def apply(x, op):
    """One operation on an array of integers; positions and counts are limited to the array."""
    name, *a = op
    if name == "file":  # append a fixture
        y, _ = soundfile.read(FIXTURES / a[0], dtype="int16")
        return np.concatenate([x, y.astype(np.int64)])
    if name == "silence":  # insert zeros: at, count
        at = min(a[0], len(x))
        return np.concatenate([x[:at], np.zeros(a[1], np.int64), x[at:]])
    at, end = min(a[0], len(x)), min(a[0] + a[1], len(x))
    if name == "cut":  # remove: at, count
        return np.concatenate([x[:at], x[end:]])
    x = x.copy()
    if name == "mute":  # zero: at, count
        x[at:end] = 0
    elif name == "noise":  # add: at, count, peak, seed
        x[at:end] += lcg(end - at, a[2], a[3])
    elif name == "square":  # add a square wave: at, count, peak, samples of half a period
        x[at:end] += np.where(np.arange(end - at) // a[3] % 2 == 0, a[2], -a[2])
    elif name == "gain":  # multiply and divide, truncating: at, count, numerator, denominator
        y = x[at:end] * a[2]
        x[at:end] = np.sign(y) * (np.abs(y) // a[3])
    else:
        raise ValueError(name)
    return x


def signal(recipe):
    x = np.zeros(0, np.int64)
    for op in recipe:
        x = apply(x, op)
    return x.astype(np.float64)


# --- cases -----------------------------------------------------------------------------------------

def name_of(pair, side, rate):
    return f"{PAIRS[pair]}.{side}.{rate // 1000}k.wav"


def stress_case(rng, mode):
    """Random cuts, gaps and delays of both signs, some noise."""
    rate = MODES[mode][1]
    pair = rng.randrange(3)
    ms = rate // 1000
    side = rng.choice(["ref", "deg"])
    reference = [["file", name_of(pair, "ref", rate)]]
    degraded = [["file", name_of(pair, side, rate)]]
    if rng.random() < 0.3:
        other, pause = rng.randrange(3), rng.randrange(100, 1200) * ms
        length = rng.choice([10**9])
        reference += [["silence", length, pause], ["file", name_of(other, "ref", rate)]]
        degraded += [["silence", length, pause], ["file", name_of(other, side, rate)]]
    for _ in range(rng.randrange(0, 5)):
        at = rng.randrange(0, 4000) * ms + rng.randrange(ms)
        count = rng.randrange(1, rng.choice([60, 200, 800])) * ms + rng.randrange(ms)
        degraded.append([rng.choice(["cut", "silence", "mute"]), at, count])
    shift = rng.randrange(-500, 500) * ms + rng.randrange(ms)
    if rng.random() < 0.6:
        degraded.append(["silence", 0, shift] if shift > 0 else ["cut", 0, -shift])
    if rng.random() < 0.3:
        reference.append(["silence", 0, rng.randrange(1, 500) * ms])
    if rng.random() < 0.5:
        peak = rng.choice([3, 30, 300])
        degraded.append(["noise", 0, 10**9, peak, rng.randrange(2**32)])
    return {"mode": mode, "rate": rate, "reference": reference, "degraded": degraded}


def branch_cases():
    """Signals that reach the branches which the stage fixtures do not."""
    long = 10**9
    cases = []

    def add(what, modes, reference, degraded):
        for mode in modes:
            rate = MODES[mode][1]
            k = rate // 8000

            def recipe(ops):
                out = []
                for op in ops:
                    if op[0] == "file":
                        out.append(["file", name_of(op[1], op[2], rate)])
                    elif op[0] in ("noise", "gain", "square"):
                        out.append([op[0], *(v if v == long else v * k for v in op[1:3]), *op[3:]])
                    else:
                        out.append([op[0], *(v if v == long else v * k for v in op[1:])])
                return out

            cases.append({"branch": what, "mode": mode, "rate": rate,
                          "reference": recipe(reference), "degraded": recipe(degraded)})

    every = list(MODES)
    r1, r2, r3 = (["file", i, "ref"] for i in range(3))
    pause = ["silence", long, 8000]
    # Positions and counts below are in samples at 8 kHz.
    # Loud noise, and 1 s later some that is 34 dB weaker; the degraded's comes 0.1 s late.
    loud = [["silence", 0, 60000], ["noise", 8000, 16000, 8000, 1], ["noise", 40000, 6000, 170, 2]]
    add("weak run after loud sound in digital silence", every, loud,
        [*loud, ["silence", 30000, 900], ["noise", 8000, 16000, 800, 5]])
    add("degraded begins late, search starts before it", every, [r1], [r1, ["cut", 0, 3600], ["noise", 0, long, 30, 3]])
    add("degraded ends early, search cut at its end", every, [r2], [["file", 1, "deg"], ["cut", 20000, long]])
    add("an utterance missing in the degraded", every, [r1, pause, r2], [r1, pause, r2, ["mute", 31920, long]])
    add("utterances beyond the degraded's end rejected", every, [r1, pause, r2, pause, r3],
        [r1, pause, r2, ["cut", 30000, long], ["noise", 0, long, 20, 7]])
    add("utterances before the degraded's start rejected", every, [r3, pause, r2], [r2, ["noise", 0, long, 20, 8]])
    add("first boundary moved", every, [r3], [["file", 2, "ref"], ["cut", 0, 4400], ["noise", 0, long, 40, 9]])
    add("pause shortened so that utterances overlap", every, [r1, pause, r2],
        [r1, pause, r2, ["cut", 24400, 7000], ["noise", 0, long, 20, 10]])
    add("split near an early end", every, [r3], [["file", 2, "ref"], ["silence", 16000, 800], ["cut", 30500, long]])
    add("split at an early start", every, [r3], [["file", 2, "ref"], ["cut", 16000, 800], ["cut", 0, 3000]])
    add("frames before the first utterance, audible late", every,
        [["silence", 0, 4000], r2], [["silence", 0, 1600], ["file", 1, "deg"]])
    add("degraded much longer", every, [r1], [["silence", 0, 14000], ["file", 0, "ref"], ["silence", long, 9000]])
    add("degraded dropout: bad interval that correlates weakly", every, [r2], [r2, ["mute", 9000, 3600]])
    add("degraded replaced by noise: bad intervals", every, [r2],
        [r2, ["mute", 6000, 3000], ["noise", 6000, 3000, 6000, 11], ["noise", 16000, 3000, 9000, 12]])
    add("more than 1000 frames", every, [r1, pause, r2, pause, r3, pause, r1, pause, r2],
        [r1, pause, ["file", 1, "deg"], pause, ["file", 2, "ref"], pause, r1, pause, r2, ["noise", 0, long, 60, 13]])
    add("many utterances, some of them split", ["nb8", "wb"],
        [op for i in range(6) for op in (["file", i % 3, "ref"], ["silence", long, 4000])],
        [op for i in range(6) for op in (["file", i % 3, "deg"], ["silence", long, 4000 + 160 * i])])
    add("constant level", ["nb8", "wb"], [r1], [r1, ["gain", 0, long, 1, 16]])
    noise = [["silence", 0, 12000], ["noise", 0, long, 3000, 14]]
    add("stationary noise: every frame counts", every, noise, [*noise, ["noise", 0, long, 600, 15]])
    wave = [["silence", 0, 12000], ["square", 0, long, 4000, 4]]
    add("steady tone", every, wave, [*wave, ["noise", 0, long, 300, 16]])
    # Power that grows evenly with time lets the threshold creep up beyond all of it.
    stairs = [["silence", 0, 64400]]
    stairs += [["square", 800 * k, 800, int(8000 * math.sqrt((k + 1) / 80)), 4] for k in range(80)]
    add("growing tone: no frame above the threshold", every, stairs, [*stairs, ["noise", 0, long, 100, 3]])
    add("degraded is another sound: frames beyond its end", every, [r1], stairs)
    add("pause put in, end cut: last frame of the search from the end moved back", every, [r1],
        [r1, ["silence", 12000, 3200], ["cut", 23142, long], ["noise", 0, long, 30, 1]])
    add("identical", every, [r2], [r2])
    return cases


# --- the packages ----------------------------------------------------------------------------------

WORKER = """
import sys, numpy as np, warnings
warnings.simplefilter('ignore')
import pesq, pesqc2
for line in sys.stdin:
    mode, rate, r, d = line.split()
    r, d = np.fromfile(r, '<f8'), np.fromfile(d, '<f8')
    package = pesqc2 if mode == 'c2' else pesq
    on_error = package.PesqError.RETURN_VALUES
    print('start', flush=True)
    print(float(package.pesq(int(rate), r, d, 'nb' if mode == 'nb' else 'wb', on_error=on_error)), flush=True)
"""


def package_scores(lines):
    """Scores for lines `mode rate reference degraded`; nan for errors and crashes."""
    scores = []
    while len(scores) < len(lines):
        text = "".join(line + "\n" for line in lines[len(scores):])
        worker = subprocess.run([sys.executable, "-c", WORKER], input=text, text=True, capture_output=True)
        values = [v for v in worker.stdout.split("\n") if v and v != "start"]
        scores += [float(v) for v in values]
        if worker.returncode != 0:
            if not worker.stdout.rstrip().endswith("start"):
                raise RuntimeError(worker.stderr)
            scores.append(math.nan)  # the case at hand crashed
    return [s if s > 0 else math.nan for s in scores]


def write_lines(cases, directory):
    """Samples of the cases as raw float64 files; the lines that name them."""
    lines = []
    for i, case in enumerate(cases):
        paths = []
        for side in ("reference", "degraded"):
            path = Path(directory) / f"{i}.{side}"
            signal(case[side]).astype("<f8").tofile(path)
            paths.append(str(path))
        lines.append(f"{MODES[case['mode']][0]} {case['rate']} {paths[0]} {paths[1]}")
    return lines


def main():
    import tempfile

    rng = random.Random(862)
    stress = [stress_case(rng, mode) for _ in range(9) for mode in MODES]
    cases = [{"branch": None, **c} for c in stress] + branch_cases()
    with tempfile.TemporaryDirectory() as directory:
        scores = package_scores(write_lines(cases, directory))
    for case, score in zip(cases, scores):
        case["mosLQO"] = None if math.isnan(score) else score
    result = {
        "tool": "pesq (nb8, nb16, wb), pesqc2 (c2)",
        "version": {"pesq": version("pesq"), "pesqc2": version("pesqc2")},
        "command": "python pesq_oracle.py",
        "tolerance": 1e-5,
        "note": "operations: see apply() in pesq_oracle.py; null: the package raises an error",
        "cases": cases,
    }
    text = json.dumps(result)
    text = text.replace('{"branch"', '\n{"branch"')
    (FIXTURES / "reference-pesq.json").write_text(text + "\n")
    print(len(cases), "cases,", sum(c["mosLQO"] is None for c in cases), "without a score")


if __name__ == "__main__":
    main()
