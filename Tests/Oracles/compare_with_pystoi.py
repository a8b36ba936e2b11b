# SPDX-License-Identifier: GPL-3.0-or-later
"""How far `ttseval compare` lies from pystoi on a collection of aligned pairs, at eight sample rates.

    python3 Tests/Oracles/compare_with_pystoi.py COLLECTION [--ttseval PROGRAM] [--rates 8000,48000] [--limit 1e-6]

COLLECTION is one of those that `speech.py` describes. Every pair is scored at its own rate and at 8, 16, 22.05, 24, 32,
44.1 and 48 kHz, made by soxr VHQ and written as double-precision WAV, so that both sides have the same samples.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pystoi
import soundfile

import speech

RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000]

arguments = argparse.ArgumentParser()
arguments.add_argument("collection", type=pathlib.Path)
arguments.add_argument("--ttseval", default=".build/release/ttseval")
arguments.add_argument("--rates", type=lambda text: [int(rate) for rate in text.split(",")], default=RATES)
arguments.add_argument("--limit", type=float, default=1e-6)
options = arguments.parse_args()


worst = {}
with tempfile.TemporaryDirectory() as folder:
    for rate in [None] + options.rates:
        expected = {}
        # One run of ttseval has one analysis rate: pairs at their own rates are grouped by it.
        groups = {}
        for name, *paths in speech.aligned_pairs(options.collection):
            (reference, own), (synthesis, other) = map(speech.read, paths)
            # Opus comes back at 48 kHz, whatever went in.
            target = rate or min(own, other)
            reference = speech.resampled(reference, own, target)
            synthesis = speech.resampled(synthesis, other, target)
            count = min(len(reference), len(synthesis))
            reference, synthesis = reference[:count], synthesis[:count]
            base = pathlib.Path(folder) / f"{rate}-{target}"
            identifier = str(len(expected))
            for side, samples in (("reference", reference), ("synthesis", synthesis)):
                (base / side).mkdir(parents=True, exist_ok=True)
                soundfile.write(base / side / f"{identifier}.wav", samples, target, subtype="DOUBLE")
            groups[target] = base
            expected[identifier] = (
                name,
                pystoi.stoi(reference, synthesis, target),
                pystoi.stoi(reference, synthesis, target, extended=True),
            )
        for target, base in groups.items():
            command = [options.ttseval, "compare", base / "reference", base / "synthesis", "--align", "none"]
            command += ["--metrics", "stoi,estoi", "--format", "json", "--quiet", "--db", base / "store.sqlite"]
            run = subprocess.run(command, capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"ttseval exited with {run.returncode}: {run.stderr}")
            for utterance in json.loads(run.stdout)["systems"][0]["utterances"]:
                name, *values = expected.pop(utterance["id"])
                for metric, value in zip(("stoi", "estoi"), values):
                    score = utterance["scores"][metric].get("value", numpy.inf)
                    count, *largest = worst.get((rate or 0, metric), (0, -1.0, ""))
                    largest = max(tuple(largest), (abs(score - value), name))
                    worst[rate or 0, metric] = (count + 1, *largest)
        if expected:
            sys.exit(f"not scored: {[name for name, *_ in expected.values()]}")

for (rate, metric), (count, difference, name) in worst.items():
    print(f"{f'{rate} Hz' if rate else 'own rate':>9} {metric:6} {count:4} pairs, max |Δ| {difference:.1e} ({name})")
largest = max(difference for _, difference, _ in worst.values())
print(f"max |Δ| {largest:.1e}, limit {options.limit:.0e}")
sys.exit(0 if largest <= options.limit else 1)
