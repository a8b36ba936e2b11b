# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the multi-resolution STFT distance with the defaults of auraloss, in double precision."""

import numpy
import scipy
from scipy import signal

import oracle

# Transform, hop and window in samples.
RESOLUTIONS = [(1024, 120, 600), (2048, 240, 1200), (512, 50, 240)]


def magnitudes(samples, n_fft, hop, length):
    """What torch.stft makes of the samples, centred and reflected; shape [frame, bin]."""
    window = numpy.zeros(n_fft)
    left = (n_fft - length) // 2
    window[left : left + length] = signal.get_window("hann", length)
    padded = numpy.pad(samples, n_fft // 2, mode="reflect")
    spectrum = scipy.fft.rfft(oracle.frames(padded, n_fft, hop) * window, axis=1)
    return numpy.sqrt(numpy.maximum(spectrum.real**2 + spectrum.imag**2, 1e-8))


def distance(pair):
    terms = []
    for resolution in RESOLUTIONS:
        x, y = magnitudes(pair.synthesis, *resolution), magnitudes(pair.reference, *resolution)
        convergence = numpy.linalg.norm(y - x) / numpy.linalg.norm(y)
        terms.append(convergence + numpy.abs(numpy.log(x) - numpy.log(y)).mean())
    return numpy.mean(terms)


pairs = [oracle.Pair(clip, degradation) for clip in oracle.HANDFUL for degradation in oracle.DEGRADATIONS]
cases = [pair.case(distance(pair)) for pair in pairs]
oracle.write("mr-stft", 1, "Tests/Oracles/mr_stft_oracle.py", f"scipy {scipy.__version__}", 1e-9, cases)
