# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the Swift PESQ with the packages pesq and pesqc2 on random and on real pairs.

    python pesq_stress.py SCORER [-n 300] [--seed 1] [--pairs REFERENCE_DIR DEGRADED_DIR]...

SCORER is a program that reads lines `mode rate reference degraded` (mode nb, wb or c2; raw float64
files) and prints `raw mos` or `error ...` for each. Pairs are files of the same name in the two
directories; they are resampled to 16 and 8 kHz first, and both sides get the same samples.
"""

import argparse
import math
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

from pesq_oracle import MODES, package_scores, stress_case, write_lines


def real_lines(pairs, directory):
    lines, modes = [], []
    for n, (references, degradeds) in enumerate(pairs):
        for degraded in sorted(Path(degradeds).glob("*.wav")):
            reference = Path(references) / degraded.name
            if not reference.exists():
                continue
            for rate in (8000, 16000):
                paths = []
                for side, path in (("ref", reference), ("deg", degraded)):
                    x, fs = soundfile.read(path, always_2d=True)
                    x = x[:, 0] if fs == rate else soxr.resample(x[:, 0], fs, rate, "VHQ")
                    target = Path(directory) / f"real{n}.{degraded.stem}.{rate}.{side}"
                    x.astype("<f8").tofile(target)
                    paths.append(str(target))
                for name, (mode, wanted) in MODES.items():
                    if wanted == rate:
                        lines.append(f"{mode} {rate} {paths[0]} {paths[1]}")
                        modes.append(name)
    return lines, modes


def report(title, modes, ours, theirs, lines, quiet=False):
    print(title)
    print(f"{'mode':6} {'n':>5} {'max':>10} {'p99':>10} {'p95':>10}  no score: both, only ours, only theirs")
    for mode in MODES:
        index = [i for i, m in enumerate(modes) if m == mode]
        both = [i for i in index if not math.isnan(ours[i]) and not math.isnan(theirs[i])]
        if not index:
            continue
        delta = np.array([abs(ours[i] - theirs[i]) for i in both] or [0])
        neither = sum(math.isnan(ours[i]) and math.isnan(theirs[i]) for i in index)
        only_ours = sum(math.isnan(ours[i]) and not math.isnan(theirs[i]) for i in index)
        only_theirs = sum(not math.isnan(ours[i]) and math.isnan(theirs[i]) for i in index)
        print(f"{mode:6} {len(both):5} {delta.max():10.2e} {np.percentile(delta, 99):10.2e}"
              f" {np.percentile(delta, 95):10.2e}  {neither}, {only_ours}, {only_theirs}")
        for i in both:
            if abs(ours[i] - theirs[i]) > 1e-5 and not quiet:
                print("   ", abs(ours[i] - theirs[i]), ours[i], theirs[i], lines[i])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scorer")
    parser.add_argument("-n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", nargs=2, action="append", default=[])
    parser.add_argument("--keep", help="directory to leave the samples in")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as temporary:
        directory = args.keep or temporary

        def run(title, lines, modes, details):
            result = subprocess.run([args.scorer], input="".join(line + "\n" for line in lines), text=True,
                                    capture_output=True, check=True)
            words = [line.split() for line in result.stdout.splitlines()]
            ours = [math.nan if w[0] == "error" else float(w[1]) for w in words]
            report(title, modes, ours, package_scores(lines), details)

        if args.n:
            rng = random.Random(args.seed)
            modes = [list(MODES)[i % 4] for i in range(args.n)]
            cases = [stress_case(rng, mode) for mode in modes]
            run("random cuts, gaps and delays", write_lines(cases, directory), modes, cases)
        if args.pairs:
            lines, modes = real_lines(args.pairs, directory)
            run("real pairs", lines, modes, lines)


if __name__ == "__main__":
    main()
