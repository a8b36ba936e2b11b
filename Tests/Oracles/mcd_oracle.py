# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of mel-cepstral distortion: Harvest and CheapTrick by pyworld, sp2mc of order 24 by pysptk, frame by frame."""

import numpy
import pysptk
import pyworld

import oracle
import vocoder


def cepstra(samples, rate):
    """Shape [frame, 25]."""
    f0, times = vocoder.track(samples, rate)
    power = pyworld.cheaptrick(samples, f0, times, rate)
    return pysptk.sp2mc(power, order=24, alpha=pysptk.util.mcepalpha(rate))


def mcd(pair):
    reference, synthesis = (cepstra(samples, pair.rate) for samples in pair.whole)
    frames = vocoder.speech(pair.whole[0], pair.rate, [len(reference), len(synthesis)])
    difference = (reference[frames] - synthesis[frames])[:, 1:]
    return (10 * numpy.sqrt(2) / numpy.log(10) * numpy.linalg.norm(difference, axis=1)).mean()


cases = [pair.case(mcd(pair)) for pair in vocoder.pairs()]
oracle.write("mcd", 1, "pyworld, pysptk", "0.3.5, 1.0.1", 1e-6, cases)
