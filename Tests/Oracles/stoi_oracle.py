# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of STOI and ESTOI by pystoi: every clip under every degradation, and a few at other rates.

The other rates cost no resampler that both sides would have to share: the same integers are declared to have been
recorded at 8 to 48 kHz. That is no natural speech any more, but it takes every path of STOI's own resampler.

pystoi warns and returns 1e-5 where too little speech is left; here that ends the script. Its ESTOI adds unseeded noise
of 2^-52, so that a second run differs in the last digits.
"""

import warnings

import pystoi

import oracle

RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000]
AT_ALL_RATES = ["en-librivox-0870", "en-allison-queue-periodic-announce", "it-carlo-ss-noservice", "ru-ivrvoice-status"]
DEGRADATIONS_AT_ALL_RATES = ["noise-0db", "clipping", "packet-loss"]

warnings.simplefilter("error")
cases = {False: [], True: []}
for clip in oracle.clip_ids():
    for degradation in oracle.DEGRADATIONS:
        pair = oracle.Pair(clip, degradation)
        everywhere = clip in AT_ALL_RATES and degradation in DEGRADATIONS_AT_ALL_RATES
        for rate in [pair.rate] + [rate for rate in RATES if everywhere and rate != pair.rate]:
            for extended, golden in cases.items():
                value = pystoi.stoi(pair.reference, pair.synthesis, rate, extended=extended)
                golden.append(pair.case(value, rate))

for extended, golden in cases.items():
    oracle.write("estoi" if extended else "stoi", 1, "pystoi", "0.4.1", 1e-9, golden)
