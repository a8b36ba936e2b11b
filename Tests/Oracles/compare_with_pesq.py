# SPDX-License-Identifier: GPL-3.0-or-later
"""How far `ttseval compare` lies from the packages pesq and pesqc2, on real pairs and on random stress.

    .build-oracles/bin/python Tests/Oracles/compare_with_pesq.py [COLLECTION]... [--stress 300] [--pairs N] [--ttseval PROGRAM]

COLLECTION is one of those that `speech.py` describes; without one, `reference_audio`. Three tables:

1. every aligned pair, resampled to 16 and 8 kHz by soxr VHQ, with the same samples for both sides;
2. random cuts, gaps and delays of both signs (`pesq_oracle.stress_case`), likewise;
3. end to end: pairs that were resampled to 22.05, 24, 44.1 and 48 kHz, brought to 16 kHz by ttseval on one side and
   by soxr VHQ on the other.

Samples are written as double-precision WAV. What a package cannot do (an error, a crash) is counted and named. Fails if
a difference exceeds 1e-5 in tables 1 and 2, if more than 1 % exceed 0.001 in table 3, or if only the package has a score.
"""

import argparse
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
import soundfile

import speech
from pesq_oracle import MODES, package_scores, signal, stress_case

METRICS = {"nb8": "pesq-nb", "nb16": "pesq-nb", "wb": "pesq-wb", "c2": "pesq-wb-c2"}
END_TO_END = [22050, 24000, 44100, 48000]

arguments = argparse.ArgumentParser()
arguments.add_argument("collections", type=pathlib.Path, nargs="*", default=[pathlib.Path("reference_audio")])
arguments.add_argument("--ttseval", default=".build/release/ttseval")
arguments.add_argument("--stress", type=int, default=300)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--pairs", type=int, help="so many pairs of each collection, drawn at random; default: all")
arguments.add_argument("--end-to-end", type=int, default=60, help="so many pairs at each rate")
options = arguments.parse_args()


class Comparison:
    """Pairs to be scored by both sides."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.cases = []  # name, mode, rate of our files, index
        self.lines = []

    def add(self, name, modes, rate, ours, theirs=None):
        """`ours` are the two sides' samples at `rate`; `theirs`, what the package gets, the same unless given."""
        index = len(self.cases)
        paths = []
        for side, x, y in zip(("reference", "synthesis"), ours, theirs or ours):
            folder = self.folder / "-".join([str(rate), *modes]) / side
            folder.mkdir(parents=True, exist_ok=True)
            soundfile.write(folder / f"{index}.wav", x, rate, subtype="DOUBLE")
            paths.append(self.folder / f"{index}.{side}")
            y.astype("<f8").tofile(paths[-1])
        for mode in modes:
            self.cases.append((name, mode, "-".join([str(rate), *modes]), str(index)))
            self.lines.append(f"{MODES[mode][0]} {MODES[mode][1]} {paths[0]} {paths[1]}")

    def run(self, title, groups):
        """Prints the table; how many pairs are scored by one side only, and all differences."""
        theirs = package_scores(self.lines)
        scores = {}
        for group in sorted({case[2] for case in self.cases}):
            metrics = ",".join(sorted({METRICS[mode] for mode in group.split("-")[1:]}))
            base = self.folder / group
            command = [options.ttseval, "compare", base / "reference", base / "synthesis", "--align", "none"]
            command += ["--metrics", metrics, "--format", "json", "--quiet", "--db", base / "store.sqlite"]
            run = subprocess.run(command, capture_output=True, text=True)
            if not run.stdout:
                sys.exit(f"ttseval exited with {run.returncode}: {run.stderr}")
            for utterance in json.loads(run.stdout)["systems"][0]["utterances"]:
                for metric, score in utterance["scores"].items():
                    scores[group, utterance["id"], metric] = score.get("value", math.nan)
        print(f"\n{title}\n{'':10} {'n':>5} {'max':>8} {'p99':>8} {'p95':>8}  no score: both, only ours, only theirs")
        differences, onesided = {}, 0
        for label, belongs in groups.items():
            both, lost, delta = 0, ([], []), []
            for (name, mode, group, index), package in zip(self.cases, theirs):
                if not belongs(mode, group):
                    continue
                own = scores.get((group, index, METRICS[mode]), math.nan)
                if math.isnan(own) and math.isnan(package):
                    both += 1
                elif math.isnan(own) or math.isnan(package):
                    lost[math.isnan(package)].append(name)
                else:
                    delta.append((abs(own - package), name))
            values = numpy.array([d for d, _ in delta] or [0.0])
            p99, p95 = numpy.percentile(values, [99, 95])
            print(f"{label:10} {len(delta):5} {values.max():8.1e} {p99:8.1e} {p95:8.1e}  {both}, {len(lost[0])}, {len(lost[1])}")
            for side, names in zip(("ttseval", "the package"), lost):
                if names:
                    print(f"{'':11}{side} has no score: {', '.join(names)}")
            onesided += len(lost[0])
            differences[label] = values
        return onesided, differences


def by_mode(mode):
    return lambda m, _: m == mode


MODE_GROUPS = {mode: by_mode(mode) for mode in MODES}
failures = []


def judge(what, onesided, differences, limit, share):
    """Every difference, or all but a share of them, must be within the limit."""
    if onesided:
        failures.append(f"{what}: {onesided} pairs that only the package scores")
    for label, values in differences.items():
        if numpy.mean(values > limit) > share:
            failures.append(f"{what}, {label}: {numpy.sum(values > limit)} of {len(values)} differ by more than {limit}")


rng = random.Random(options.seed)
for root in options.collections:
    chosen = list(speech.aligned_pairs(root))
    if options.pairs is not None:
        chosen = rng.sample(chosen, min(options.pairs, len(chosen)))
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(folder)
        for name, *paths in chosen:
            comparison.add(name, ["nb8"], 8000, [speech.resampled(*speech.read(path), 8000) for path in paths])
            comparison.add(name, ["nb16", "wb", "c2"], 16000, [speech.resampled(*speech.read(path), 16000) for path in paths])
        judge(root.name, *comparison.run(f"{root.name}: {len(chosen)} pairs, the same samples", MODE_GROUPS), 1e-5, 0)
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(folder)
        for rate in END_TO_END:
            for name, *paths in rng.sample(chosen, min(options.end_to_end, len(chosen))):
                ours = [speech.resampled(*speech.read(path), rate) for path in paths]
                theirs = [speech.resampled(x, rate, 16000) for x in ours]
                comparison.add(name, ["nb16", "wb", "c2"], rate, ours, theirs)
        groups = {
            f"{mode} {rate / 1000:g}": lambda m, group, mode=mode, rate=rate: m == mode and group.startswith(f"{rate}-")
            for rate in END_TO_END for mode in ("nb16", "wb", "c2")
        }
        if comparison.cases:
            judge("end to end", *comparison.run(f"{root.name}: end to end from 22.05 to 48 kHz", groups), 1e-3, 0.01)

if options.stress:
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(folder)
        for i in range(options.stress):
            mode = list(MODES)[i % 4]
            case = stress_case(rng, mode)
            samples = [signal(case[side]) / 32768 for side in ("reference", "degraded")]
            comparison.add(f"stress {i}", [mode], case["rate"], samples)
        judge("stress", *comparison.run(f"{options.stress} random cuts, gaps and delays", MODE_GROUPS), 1e-5, 0)

print()
for failure in failures:
    print(failure)
sys.exit(1 if failures else 0)
