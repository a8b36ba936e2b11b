#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far our praat and pyin trackers lie from parselmouth and librosa on real speech, and how much faster they are.

    .build-oracles/bin/python Tests/Oracles/compare_pitch.py [COLLECTION]... [--clips N] [--rates 8000,16000,22050,44100]

Clips, rates and times as in `compare_with_world.py`, with the calls and the parameters of `praat_pitch_oracle.py` and
`pyin_pitch_oracle.py`. A frame is off where the F0 of frames voiced in both differs by more than 0.1 % (praat) or a bin (pyin).
`dc` adds 0.4 to every sample: an offset is no sound, but trackers take it differently. Fails where voicing is equal on less
than 99 % of the frames, or more than 1 % are off.
"""

import argparse
import os
import pathlib
import sys
import tempfile

os.environ["OMP_NUM_THREADS"] = "1"

import numpy

import praat_pitch_oracle
import pyin_pitch_oracle
import speech
from analyse import Ours, timed

LIMITS = {"praat": 1e-3, "pyin": 2 ** (1 / 120) - 1 + 1e-9}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("collections", type=pathlib.Path, nargs="*", default=[pathlib.Path("reference_audio")])
    parser.add_argument("--analyse", default=".build/release/analyse")
    parser.add_argument("--clips", type=int, default=10**6, help="of each collection, evenly spread")
    parser.add_argument("--rates", default="8000,16000,22050,44100")
    parser.add_argument("--dc", action="store_true", help="with an offset of 0.4")
    options = parser.parse_args()
    theirs = {
        "praat": lambda x, rate: praat_pitch_oracle.praat(x, rate)[1],
        "pyin": lambda x, rate: pyin_pitch_oracle.pyin(x, rate),
    }
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options.analyse, pathlib.Path(folder))
        print(f"{'rate':>6} {'tracker':8} {'clips':>5} {'frames':>7} {'same V/UV':>10} {'off':>5} {'maximum':>9} {'times':>6}")
        for rate in [int(rate) for rate in options.rates.split(",")]:
            for tracker, call in theirs.items():
                clips, frames, same, off, maximum, spent = 0, 0, 0, 0, 0.0, numpy.zeros(2)
                for root in options.collections:
                    every = speech.natural_clips(root)
                    for path in every[:: max(1, len(every) // options.clips)][: options.clips]:
                        samples, own = speech.read(path)
                        if own < rate:
                            continue
                        x = numpy.ascontiguousarray(speech.resampled(samples, own, rate)) + 0.4 * options.dc
                        f0, took = timed(lambda: call(x, rate), 1)
                        mine, least = ours(tracker, rate, x)
                        mine = mine.reshape(-1, 2)[:, 1]
                        if len(mine) != len(f0):
                            sys.exit(f"{path}: {len(mine)} frames against {len(f0)}")
                        both = (mine > 0) & (f0 > 0)
                        difference = numpy.abs(mine[both] / f0[both] - 1)
                        clips, frames, same = clips + 1, frames + len(f0), same + int(((mine > 0) == (f0 > 0)).sum())
                        off, maximum = off + int((difference > LIMITS[tracker]).sum()), max(maximum, difference.max(initial=0))
                        spent += took, least
                if clips == 0:
                    continue
                print(f"{rate:6} {tracker:8} {clips:5} {frames:7} {same / frames:10.6f} {off:5} {maximum:9.1e} "
                      f"{spent[0] / spent[1]:6.1f}", flush=True)
                failed = failed or same < 0.99 * frames or off > 0.01 * frames
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
