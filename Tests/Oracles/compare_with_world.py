#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far our analyses lie from pyworld's and pysptk's on real speech, and how much faster they are.

    .build-oracles/bin/python Tests/Oracles/compare_with_world.py [COLLECTION]... [--clips N] [--rounds 1] \\
        [--rates 16000,22050,24000,48000]

COLLECTION is one of those that `speech.py` describes; without one, `reference_audio`. Every natural clip whose own rate is one of
those at it as it is, and resampled to the others by soxr VHQ; both sides get the same samples. Per rate and analysis:

- `harvest`, `dio` (with StoneMask): share of frames with equal voicing; of the frames voiced in both, those whose F0 is
  off by more than 1e-6, and the largest relative difference;
- `cheaptrick`: the largest difference of the natural log of the power spectrum, under pyworld's F0, and the values (not
  frames) that are off by more than 1e-6: beside a component some 90 dB stronger, the running sum by which both smooth has no
  more digits;
- `sp2mc`: of the mel-cepstra of pyworld's spectra; `mcep`: of those of windows, by `pysptk.mcep` with etype 1, eps 1e-6.

Beside them the CPU time per second of sound of both, one thread, without reading: the least of `--rounds` for each clip on
their side, of three on ours. Fails
where a share is below .999, more than a thousandth of the frames is off, or a difference is above 1e-6 (log spectrum) or
1e-8 (mel-cepstra).
"""

import argparse
import os
import pathlib
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"

import numpy
import pysptk
import pyworld

import speech
from analyse import Ours, timed

LIMITS = {"harvest": 1e-6, "dio": 1e-6, "cheaptrick": 1e-6, "sp2mc": 1e-8, "mcep": 1e-8}
ORDER = 24

parser = argparse.ArgumentParser()
parser.add_argument("collections", type=pathlib.Path, nargs="*", default=[pathlib.Path("reference_audio")])
parser.add_argument("--analyse", default=".build/release/analyse")
parser.add_argument("--clips", type=int, default=10**6, help="of each collection, evenly spread")
parser.add_argument("--rounds", type=int, default=1)
parser.add_argument("--rates", default="16000,22050,24000,48000")


def windows(x):
    frames = numpy.lib.stride_tricks.sliding_window_view(x, 1024)[::256]
    return frames * numpy.hamming(1024)


def contour(ours, f0):
    """Frames, frames of equal voicing, largest relative difference, frames beyond the limit."""
    own = ours.reshape(-1, 2)[:, 1]
    if len(own) != len(f0):
        sys.exit(f"{len(own)} frames against {len(f0)}")
    both = (own > 0) & (f0 > 0)
    difference = numpy.abs(own[both] / f0[both] - 1)
    same = int(((own > 0) == (f0 > 0)).sum())
    return len(f0), same, difference.max(initial=0), int((difference > LIMITS["harvest"]).sum())


def main():
    options = parser.parse_args()
    rates = [int(rate) for rate in options.rates.split(",")]
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options.analyse, pathlib.Path(folder))
        print(f"{'rate':>6} {'analysis':10} {'clips':>5} {'same V/UV':>10} {'off':>5} {'maximum':>9} {'theirs':>8} {'ours':>8}  times")
        for rate in rates:
            rows = {stage: [] for stage in LIMITS}
            seconds = 0
            for root in options.collections:
                every = speech.natural_clips(root)
                step = max(1, len(every) // options.clips)
                for path in every[::step][: options.clips]:
                    samples, own = speech.read(path)
                    if own < rate:
                        continue
                    x = numpy.ascontiguousarray(speech.resampled(samples, own, rate))
                    seconds += len(x) / rate
                    (f0, times), harvest = timed(lambda: pyworld.harvest(x, rate), options.rounds)
                    mine, spent = ours("harvest", rate, x)
                    rows["harvest"].append(contour(mine, f0) + (harvest, spent))

                    def dio():
                        raw, at = pyworld.dio(x, rate)
                        return pyworld.stonemask(x, raw, at, rate)

                    stone, took = timed(dio, options.rounds)
                    mine, spent = ours("dio", rate, x)
                    rows["dio"].append(contour(mine, stone) + (took, spent))

                    spectrum, took = timed(lambda: pyworld.cheaptrick(x, f0, times, rate), options.rounds)
                    mine, spent = ours("cheaptrick", rate, x, f0)
                    difference = numpy.abs(mine.reshape(spectrum.shape) - numpy.log(spectrum))
                    off = int((difference > LIMITS["cheaptrick"]).sum())
                    rows["cheaptrick"].append((0, 0, difference.max(), off, took, spent))

                    alpha = float(pysptk.util.mcepalpha(rate))
                    cepstra, took = timed(lambda: pysptk.sp2mc(spectrum, ORDER, alpha), options.rounds)
                    mine, spent = ours("sp2mc", rate, spectrum)
                    rows["sp2mc"].append((0, 0, numpy.abs(mine.reshape(cepstra.shape) - cepstra).max(), 0, took, spent))

                    if len(x) >= 1024:
                        frames = windows(x)
                        cepstra, took = timed(lambda: numpy.array(
                            [pysptk.mcep(frame, ORDER, alpha, etype=1, eps=1e-6) for frame in frames]), options.rounds)
                        mine, spent = ours("mcep", rate, x)
                        difference = numpy.abs(mine.reshape(cepstra.shape) - cepstra).max()
                        rows["mcep"].append((0, 0, difference, 0, took, spent))
            for stage, values in rows.items():
                if not values:
                    continue
                frames, same, differences, off, theirs, own = zip(*values)
                share = sum(same) / sum(frames) if sum(frames) else 1
                print(
                    f"{rate:6} {stage:10} {len(values):5} {share if sum(frames) else '':>10.6} {sum(off):5} "
                    f"{max(differences):9.1e} {1000 * sum(theirs) / seconds:8.3f} {1000 * sum(own) / seconds:8.3f}  "
                    f"{sum(theirs) / sum(own):.1f}", flush=True)
                isOff = sum(off) > 0.001 * sum(frames) if sum(frames) else max(differences) > LIMITS[stage]
                failed = failed or share < 0.999 or isOff
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
