# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the log-mel distance with BigVGAN's spectrogram, in double precision; the mel filters are librosa's."""

import librosa
import numpy
import scipy
from scipy import signal

import oracle

N_FFT, HOP, BANDS = 1024, 256, 80


def log_mel(samples, rate):
    """Shape [frame, band]."""
    padded = numpy.pad(samples, (N_FFT - HOP) // 2, mode="reflect")
    spectrum = scipy.fft.rfft(oracle.frames(padded, N_FFT, HOP) * signal.get_window("hann", N_FFT), axis=1)
    magnitude = numpy.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-9)
    filters = librosa.filters.mel(sr=rate, n_fft=N_FFT, n_mels=BANDS, fmin=0, fmax=None, dtype=numpy.float64)
    return numpy.log(numpy.maximum(magnitude @ filters.T, 1e-5))


def distance(pair):
    return numpy.abs(log_mel(pair.reference, pair.rate) - log_mel(pair.synthesis, pair.rate)).mean()


pairs = [oracle.Pair(clip, degradation) for clip in oracle.HANDFUL for degradation in oracle.DEGRADATIONS]
cases = [pair.case(distance(pair)) for pair in pairs]
versions = f"librosa {librosa.__version__}, scipy {scipy.__version__}"
oracle.write("log-mel-l1", 1, "Tests/Oracles/log_mel_l1_oracle.py", versions, 1e-9, cases)
