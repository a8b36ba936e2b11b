# SPDX-License-Identifier: GPL-3.0-or-later
"""How far `ttseval compare` lies from pystoi on a collection of aligned pairs, at eight sample rates.

    python3 Tests/Oracles/compare_with_pystoi.py COLLECTION [--ttseval .build/release/ttseval] [--limit 1e-6]

COLLECTION holds `<set>/reference/<file>` and `<set>/<system>/<file>` and, if it has one, a `manifest.csv` with columns
set, system, file and time_aligned, of which the rows with "yes" are taken; without it, every file of every system of
`reference_audio/systems` that our own code makes, and COLLECTION is `reference_audio` itself.

Every pair is scored at its own rate and at 8, 16, 22.05, 24, 32, 44.1 and 48 kHz, made by soxr VHQ and written as
double-precision WAV, so that both sides have the same samples.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pystoi
import soundfile
import soxr

import oracle

RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000]

arguments = argparse.ArgumentParser()
arguments.add_argument("collection", type=pathlib.Path)
arguments.add_argument("--ttseval", default=".build/release/ttseval")
arguments.add_argument("--limit", type=float, default=1e-6)
options = arguments.parse_args()


def pairs():
    """Name, reference and synthesis of every pair."""
    manifest = options.collection / "manifest.csv"
    rows = list(csv.DictReader(manifest.open())) if manifest.exists() else []
    for row in rows:
        if row.get("time_aligned") == "yes":
            folder = options.collection / row["set"]
            name = f"{row['set']}-{row['system']}-{row['file']}"
            yield name, folder / "reference" / row["file"], folder / row["system"] / row["file"]
    if rows and "time_aligned" in rows[0]:
        return
    for degradation in oracle.DEGRADATIONS:
        for reference in sorted((options.collection / "reference").glob("*.wav")):
            synthesis = options.collection / "systems" / degradation / reference.name
            yield f"{degradation}-{reference.name}", reference, synthesis


def read(path):
    samples, rate = soundfile.read(path, always_2d=True)
    return samples[:, 0], rate


worst = {}
with tempfile.TemporaryDirectory() as folder:
    for rate in [None] + RATES:
        expected = {}
        # One run of ttseval has one analysis rate: pairs at their own rates are grouped by it.
        groups = {}
        for name, *paths in pairs():
            (reference, own), (synthesis, other) = map(read, paths)
            if own != other:
                sys.exit(f"{name}: {own} Hz against {other} Hz")
            target = rate or own
            if target != own:
                reference, synthesis = (soxr.resample(x, own, target, "VHQ") for x in (reference, synthesis))
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
                    key = (rate or 0, metric)
                    count, difference, _ = worst.get(key, (0, -1, ""))
                    found = abs(score - value)
                    worst[key] = (count + 1, *max((difference, worst.get(key, (0, 0, ""))[2]), (found, name)))
        if expected:
            sys.exit(f"not scored: {[name for name, *_ in expected.values()]}")

for (rate, metric), (count, difference, name) in worst.items():
    print(f"{f'{rate} Hz' if rate else 'own rate':>9} {metric:6} {count:4} pairs, max |Δ| {difference:.1e} ({name})")
largest = max(difference for _, difference, _ in worst.values())
print(f"max |Δ| {largest:.1e}, limit {options.limit:.0e}")
sys.exit(0 if largest <= options.limit else 1)
