# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the log-spectral distance: 32 ms frames every 16 ms, floor 50 dB below the reference's loudest bin."""

import numpy
import scipy
from scipy import signal

import oracle


def decibels(samples, rate):
    """20 log10 |X|, shape [frame, bin]; zeros become -inf."""
    length, hop = (int(numpy.floor(seconds * rate + 0.5)) for seconds in (0.032, 0.016))
    spectrum = scipy.fft.rfft(oracle.frames(samples, length, hop) * signal.get_window("hann", length), axis=1)
    with numpy.errstate(divide="ignore"):
        return 20 * numpy.log10(numpy.abs(spectrum))


def lsd(pair):
    reference, synthesis = decibels(pair.reference, pair.rate), decibels(pair.synthesis, pair.rate)
    floor = reference.max() - 50
    difference = numpy.maximum(reference, floor) - numpy.maximum(synthesis, floor)
    return numpy.sqrt((difference**2).mean(axis=1)).mean()


pairs = [oracle.Pair(clip, degradation) for clip in oracle.HANDFUL for degradation in oracle.DEGRADATIONS]
cases = [pair.case(lsd(pair)) for pair in pairs]
oracle.write("lsd", 1, "Tests/Oracles/lsd_oracle.py", f"scipy {scipy.__version__}", 1e-9, cases)
