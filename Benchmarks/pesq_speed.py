# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time of PESQ per second of the reference, ours against the packages pesq and pesqc2, in one run.

    make oracles                                                   once, for the packages
    .build-oracles/bin/python Benchmarks/pesq_speed.py [--rounds 7] [--pairs 40] [--ttseval PROGRAM]

The same pairs of `reference_audio` for both, at one rate, in one thread, user and system time. Ours is `ttseval compare`
on 64-bit float WAV files less the same run with SI-SDR in PESQ's place, which takes out start, reading, alignment,
hashing and storing. The package's is the call alone, on arrays in memory. The three alternate, as a machine's speed
changes by the minute, and the least of all rounds counts for each: what else a machine does can only add.
"""

import argparse
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings

os.environ["OMP_NUM_THREADS"] = "1"

import pesq
import pesqc2
import soundfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Oracles"))
import speech

ROOT = pathlib.Path(__file__).resolve().parents[1] / "reference_audio"
# Our metric, the package, its mode, the rate.
MODES = {
    "nb 8k": ("pesq-nb", pesq, "nb", 8000),
    "nb 16k": ("pesq-nb", pesq, "nb", 16000),
    "wb 16k": ("pesq-wb", pesq, "wb", 16000),
    "wb 16k c2": ("pesq-wb-c2", pesqc2, "wb", 16000),
}

arguments = argparse.ArgumentParser()
arguments.add_argument("--rounds", type=int, default=7)
arguments.add_argument("--pairs", type=int, default=40)
arguments.add_argument("--ttseval", default=".build/release/ttseval")
options = arguments.parse_args()
warnings.simplefilter("ignore")


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def ours(folder, metric):
    """CPU seconds of one run."""
    store = folder / "store.sqlite"
    for path in folder.glob("store.sqlite*"):
        path.unlink()
    command = [options.ttseval, "compare", folder / "reference", folder / "synthesis", "--metrics", metric]
    command += ["--align", "none", "--jobs", "1", "--quiet", "--db", store]
    before = children()
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"ttseval exited with {run.returncode}: {run.stderr}")
    return children() - before


chosen = random.Random(862).sample([paths for _, *paths in speech.aligned_pairs(ROOT)], options.pairs)
with tempfile.TemporaryDirectory() as work:
    samples = {}
    for rate in sorted({mode[3] for mode in MODES.values()}):
        samples[rate] = [[speech.resampled(*speech.read(path), rate) for path in pair] for pair in chosen]
        for index, pair in enumerate(samples[rate]):
            for side, x in zip(("reference", "synthesis"), pair):
                folder = pathlib.Path(work) / str(rate) / side
                folder.mkdir(parents=True, exist_ok=True)
                soundfile.write(folder / f"{index}.wav", x, rate, subtype="DOUBLE")
    seconds = sum(len(reference) for reference, _ in samples[16000]) / 16000
    print(f"{len(chosen)} pairs, {seconds:.0f} s; ms of CPU per second, the least of {options.rounds} rounds")
    print(f"{'':10} {'package':>8} {'ttseval':>8} {'without':>8} {'PESQ':>8}  times as fast")
    results = {name: [] for name in MODES}
    for _ in range(options.rounds):
        for name, (metric, package, mode, rate) in MODES.items():
            folder = pathlib.Path(work) / str(rate)
            start = time.process_time()
            for reference, degraded in samples[rate]:
                package.pesq(rate, reference, degraded, mode, on_error=package.PesqError.RETURN_VALUES)
            results[name].append((time.process_time() - start, ours(folder, metric), ours(folder, "si-sdr")))
    for name, rounds in results.items():
        theirs, whole, without = (1000 * min(column) / seconds for column in zip(*rounds))
        own = whole - without
        print(f"{name:10} {theirs:8.2f} {whole:8.2f} {without:8.2f} {own:8.2f}  {theirs / own:.1f}")
