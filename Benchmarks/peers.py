# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time and memory of the default metrics' stages, ours against the Python packages that are usually taken, in one run.

    Benchmarks/peers [--pairs 40] [--rounds 5] [--rate 24000] [--ttseval PROGRAM]

`Benchmarks/peers` makes the environment and calls this; README.md there has method and results.
"""

import argparse
import os
import pathlib
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
os.environ.update(THREADS)

import numpy
import soundfile
import soxr

BENCHMARKS = pathlib.Path(__file__).resolve().parent
AUDIO = BENCHMARKS.parent / "reference_audio"
sys.path.append(str(BENCHMARKS.parent / "Tests/Oracles"))
import speech

STAGES = ["harvest", "cheaptrick", "sp2mc", "dtw", "pesq", "stoi", "estoi"]
WIDE = 16000


def peers(rate):
    """By stage a function of one pair that gives CPU seconds; what a stage needs of those before it is made outside its time."""
    import librosa
    import pesq
    import pyworld
    import pysptk
    from pystoi import stoi
    from scipy.spatial.distance import cdist

    alpha = pysptk.util.mcepalpha(rate)

    def measure(pair):
        sides, wide, count = pair["sides"], pair["wide"], min(len(x) for x in pair["sides"])
        cut = [x[:count] for x in sides]
        times = {}

        def timed(stage, body):
            start = time.process_time()
            result = body()
            times[stage] = time.process_time() - start
            return result

        tracks = timed("harvest", lambda: [pyworld.harvest(x, rate) for x in sides])
        powers = timed("cheaptrick", lambda: [pyworld.cheaptrick(x, *t, rate) for x, t in zip(sides, tracks)])
        cepstra = timed("sp2mc", lambda: [pysptk.sp2mc(p, 24, alpha)[:, 1:] for p in powers])
        timed("dtw", lambda: librosa.sequence.dtw(C=cdist(*cepstra)))
        timed("pesq", lambda: pesq.pesq(WIDE, *wide, "wb", on_error=pesq.PesqError.RETURN_VALUES))
        timed("stoi", lambda: stoi(*cut, rate))
        timed("estoi", lambda: stoi(*cut, rate, extended=True))
        return times

    return measure


def prepare(folder, count, rate):
    """The pairs in memory, and on disk as `analyse time` and `ttseval` take them."""
    chosen = random.Random(9).sample(list(speech.aligned_pairs(AUDIO)), count)
    pairs, lines = [], []
    for index, (_, *paths) in enumerate(chosen):
        pair, files = {}, []
        for name, to in (("sides", rate), ("wide", WIDE)):
            pair[name] = [speech.resampled(*speech.read(path), to) for path in paths]
            for side, samples in enumerate(pair[name]):
                file = folder / f"{index}.{side}.{to}.{name}"
                samples.astype("<f8").tofile(file)
                files.append(str(file))
        for side, samples in zip(("reference", "synthesis"), pair["sides"]):
            (folder / side).mkdir(exist_ok=True)
            soundfile.write(folder / side / f"{index}.wav", samples, rate, subtype="FLOAT")
        pairs.append(pair)
        lines.append(" ".join(files))
    (folder / "list").write_text("\n".join(lines) + "\n")
    return pairs


def ours(analyse, folder, rate):
    """CPU seconds by stage, all pairs together."""
    command = [analyse, "time", str(rate), ",".join(STAGES), str(folder / "list")]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {stage: float(seconds) for stage, seconds in map(str.split, output.splitlines())}


def child(command, **options):
    """CPU seconds and peak memory in MB of a process."""
    program = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); " \
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    output = subprocess.run([sys.executable, "-c", program, *map(str, command)], check=True, capture_output=True, text=True, **options)
    return tuple(map(float, output.stdout.split()))


def stack(folder, rate):
    """`--stack`: the whole of the peers as one process runs it, from the imports on."""
    measure = peers(rate)
    for line in (folder / "list").read_text().splitlines():
        files = [numpy.fromfile(file) for file in line.split()]
        measure({"sides": files[:2], "wide": files[2:]})


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs", type=int, default=40)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--rate", type=int, default=24000)
    arguments.add_argument("--analyse", default=".build/release/analyse")
    arguments.add_argument("--ttseval", default=".build/release/ttseval")
    arguments.add_argument("--stack", type=pathlib.Path)
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    if options.stack:
        return stack(options.stack, options.rate)
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        pairs = prepare(folder, options.pairs, options.rate)
        seconds = sum(len(pair["sides"][0]) for pair in pairs) / options.rate
        measure = peers(options.rate)
        measure(pairs[0])  # compiles and loads what is compiled and loaded once
        rounds = []
        for _ in range(options.rounds):
            # Pair by pair theirs, then all of ours; a round takes a minute or two, in which a machine changes little.
            theirs = dict.fromkeys(STAGES, 0.0)
            for pair in pairs:
                for stage, value in measure(pair).items():
                    theirs[stage] += value
            own = ours(options.analyse, folder, options.rate)
            theirs["sum"], own["sum"] = (sum(side[stage] for stage in STAGES) for side in (theirs, own))
            rounds.append((theirs, own))
        print(f"{len(pairs)} pairs, {seconds:.0f} s at {options.rate} Hz, {options.rounds} rounds; ms of CPU per second of the reference, one thread\n")
        print("| stage | packages | ttseval | times as fast (least–most) |\n|---|---|---|---|")
        for stage in [*STAGES, "sum"]:
            theirs, own = ([1000 * part[side][stage] / seconds for part in rounds] for side in (0, 1))
            ratios = sorted(a / b for a, b in zip(theirs, own))
            print(f"| {stage} | {statistics.median(theirs):.2f} | {statistics.median(own):.2f} "
                  f"| {statistics.median(ratios):.1f} ({ratios[0]:.1f}–{ratios[-1]:.1f}) |")
        if not pathlib.Path(options.ttseval).exists():
            return
        print("\n| whole process | CPU, s | peak memory, MB |\n|---|---|---|")
        command = [options.ttseval, "compare", folder / "reference", folder / "synthesis", "--align", "none", "--jobs", "1",
                   "--quiet", "--db", folder / "store.sqlite"]
        print("| packages, with imports | {:.2f} | {:.0f} |".format(
            *child([sys.executable, __file__, "--stack", folder, "--rate", options.rate])))
        print("| ttseval compare, with reading and storing | {:.2f} | {:.0f} |".format(*child(command)))


main()
