# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of MCD by the presets: the frames by pyworld and pysptk as each tool has them made, the path exact."""

import numpy

import oracle
import presets

TOOLS = "pyworld, pysptk, scipy", "0.3.5, 1.0.1, 1.17.1"


def espnet(pair, rate):
    reference, synthesis = (presets.espnet_cepstra(samples, rate) for samples in pair.whole)
    i, j = presets.warp(reference, synthesis).T
    return presets.mean_distance(reference[i], synthesis[j])


def pymcd_plain(pair):
    longest = max(len(samples) for samples in pair.whole)
    padded = (numpy.pad(samples, (0, longest - len(samples))) for samples in pair.whole)
    return presets.mean_distance(*(presets.pymcd_cepstra(samples) for samples in padded))


def pymcd_dtw(pair):
    """dB, and the ratio of lengths, longer to shorter."""
    reference, synthesis = (presets.pymcd_cepstra(samples) for samples in pair.whole)
    i, j = presets.warp(reference[:, 1:], synthesis[:, 1:]).T
    lengths = sorted([len(reference), len(synthesis)])
    return presets.mean_distance(reference[i], synthesis[j]), lengths[1] / lengths[0]


def versa(pair, rate):
    """dB with warping, and without: the latter None for lengths that VERSA refuses."""
    reference, synthesis = (presets.versa_frames(samples, rate) for samples in pair.whole)
    a, b = (cepstra[sound] for cepstra, _, sound in (reference, synthesis))
    i, j = presets.warp(a, b).T
    lengths = sorted([len(reference[0]), len(synthesis[0])])
    alike = (lengths[1] - lengths[0]) / sum(lengths) < 0.1
    plain = presets.mean_distance(*(cepstra[: lengths[0]] for cepstra, _, _ in (reference, synthesis)))
    return presets.mean_distance(a[i], b[j]), plain if alike else None


cases = {name: [] for name in ["espnet", "pymcd-plain", "pymcd-dtw", "pymcd-dtw-sl", "versa", "versa-plain"]}
for pair, rate in presets.with_rates([22050, 24000, 44100]):
    cases["espnet"].append(pair.case(espnet(pair, rate), rate))
for pair in presets.pairs():
    distance, ratio = pymcd_dtw(pair)
    cases["pymcd-plain"].append(pair.case(pymcd_plain(pair), presets.PYMCD_RATE))
    cases["pymcd-dtw"].append(pair.case(distance, presets.PYMCD_RATE))
    cases["pymcd-dtw-sl"].append(pair.case(distance * ratio, presets.PYMCD_RATE))
for pair, rate in presets.with_rates([8000, 22050, 24000]):
    warped, plain = versa(pair, rate)
    cases["versa"].append(pair.case(warped, rate))
    if plain is not None:
        cases["versa-plain"].append(pair.case(plain, rate))
for name, golden in cases.items():
    oracle.write(f"mcd-{name}", 1, *TOOLS, 1e-6, golden)
