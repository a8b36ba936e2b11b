# SPDX-License-Identifier: GPL-3.0-or-later
"""What the oracles of the presets share: the frames that ESPnet, pymcd and VERSA compute of a recording, by the same packages
that they call, exact dynamic time warping in numpy, and the pairs to score."""

import numpy
import pysptk
import pyworld
import scipy.signal
import scipy.spatial

import oracle

K = 10 * numpy.sqrt(2) / numpy.log(10)

# ESPnet's order and all-pass constant by sample rate.
ESPNET = {16000: (23, 0.42), 22050: (34, 0.45), 24000: (34, 0.46), 44100: (39, 0.53), 48000: (39, 0.55)}
PYMCD_RATE = 22050


def espnet_cepstra(samples, rate):
    """ESPnet's frames for MCD, shape [frame, order + 1]."""
    order, alpha = ESPNET[rate]
    windowed = oracle.frames(samples * 32768, 1024, 256) * pysptk.sptk.hamming(1024)
    return numpy.array([pysptk.mcep(frame, order, alpha, etype=1, eps=1e-6) for frame in windowed])


def espnet_world(samples, rate):
    """ESPnet's frames for F0: mel-cepstra, and F0 in Hz."""
    samples = samples * 32768
    f0, times = pyworld.harvest(samples, rate, f0_floor=40, f0_ceil=800, frame_period=256 / rate * 1000)
    power = pyworld.cheaptrick(samples, f0, times, rate, fft_size=1024)
    return pysptk.sp2mc(power, *ESPNET[rate]), f0


def pymcd_cepstra(samples):
    """pymcd's frames of a recording at 22 050 Hz, shape [frame, 14]."""
    _, power, _ = pyworld.wav2world(samples, PYMCD_RATE, fft_size=512, frame_period=5.0)
    # Power is handed over as amplitude; no Newton step is taken.
    options = {"maxiter": 0, "etype": 1, "eps": 1e-8, "min_det": 0.0, "itype": 3}
    return numpy.array([pysptk.mcep(frame, order=13, alpha=0.65, **options) for frame in power])


def versa_frames(samples, rate):
    """VERSA's frames: mel-cepstra, F0 in Hz, and whether a frame's power counts as sound."""
    high_pass = scipy.signal.firwin(255, 70 / (rate // 2), pass_zero=False)
    samples = scipy.signal.lfilter(high_pass, 1, samples * 32767)
    f0, times = pyworld.harvest(samples, rate, f0_floor=40, f0_ceil=800, frame_period=5)
    power = pyworld.cheaptrick(samples, f0, times, rate, fft_size=1024)
    total = 2 * power.sum(axis=1) - power[:, 0] - power[:, -1]
    return pysptk.sp2mc(power, 39, 0.466), f0, 10 * numpy.log10(total / total.mean()) > -20


def warp(a, b):
    """The cheapest path through two sequences of frames, shape [step, 2]: Euclidean, steps (1,0) (0,1) (1,1) of equal
    weight; of equal costs the diagonal wins, then (1,0)."""
    n, m = len(a), len(b)
    distance = scipy.spatial.distance.cdist(a, b)
    cost = numpy.full((n + 1, m + 1), numpy.inf)
    cost[0, 0] = 0
    move = numpy.zeros((n + 1, m + 1), dtype=numpy.int8)
    # All cells with i + j = d at once: each needs only those of d − 1 and d − 2.
    for d in range(2, n + m + 1):
        i = numpy.arange(max(1, d - m), min(n, d - 1) + 1)
        j = d - i
        choices = numpy.stack([cost[i - 1, j - 1], cost[i - 1, j], cost[i, j - 1]])
        move[i, j] = choices.argmin(axis=0)
        cost[i, j] = choices.min(axis=0) + distance[i - 1, j - 1]
    path, i, j = [], n, m
    while i > 0:
        path.append((i - 1, j - 1))
        di, dj = [(1, 1), (1, 0), (0, 1)][move[i, j]]
        i, j = i - di, j - dj
    return numpy.array(path[::-1])


def mean_distance(a, b):
    """dB between frames one by one, c0 with them."""
    return K * numpy.linalg.norm(a - b, axis=1).mean()


DEGRADATIONS = ["noise-20db", "clipping", "packet-loss"]

# Two sentences that have nothing to do with each other stand for synthesis that runs freely.
STRANGERS = [
    ("en-librivox-0880", "fr-june-conf-onlyperson"),
    ("fr-june-conf-onlyperson", "en-librivox-0880"),
    ("en-librivox-0880", "en-cards-005"),
    ("en-allison-status", "it-carlo-priv-introsaved"),
    ("en-alsa-front-center", "en-alsa-side-left"),
]


class Strangers(oracle.Pair):
    """A clip and another one, which the golden names `instead:<clip>`."""

    def __init__(self, clip, other):
        super().__init__(clip, oracle.DEGRADATIONS[0])
        stranger = oracle.Pair(other, oracle.DEGRADATIONS[0])
        if stranger.rate != self.rate:
            raise SystemExit(f"{clip} and {other} have different rates")
        self.degradation = f"instead:{other}"
        self.digests[1] = stranger.digests[0]
        self.whole[1] = stranger.whole[0]


def pairs():
    degraded = [oracle.Pair(clip, name) for clip in oracle.HANDFUL for name in DEGRADATIONS]
    return degraded + [Strangers(*names) for names in STRANGERS]


def with_rates(rates):
    """All pairs at their own rate, and two pairs declared to have been recorded at each of `rates`."""
    everything = pairs()
    own = [(pair, pair.rate) for pair in everything]
    stranger = next(pair for pair in everything if isinstance(pair, Strangers))
    return own + [(pair, rate) for rate in rates for pair in (everything[0], stranger)]
