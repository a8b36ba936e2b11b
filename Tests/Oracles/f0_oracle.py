# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the F0 metrics: Harvest by pyworld, the figures by numpy."""

import numpy

import oracle
import vocoder


def figures(pair):
    tracks = [vocoder.track(samples, pair.rate)[0] for samples in pair.whole]
    frames = vocoder.speech(pair.whole[0], pair.rate, [len(f0) for f0 in tracks])
    reference, synthesis = (f0[frames] for f0 in tracks)
    voiced = [f0 > 0 for f0 in (reference, synthesis)]
    both = voiced[0] & voiced[1]
    f, g = reference[both], synthesis[both]
    assert len(f) >= 10, pair.clip
    cents = 1200 * numpy.log2(g / f)
    gross = numpy.count_nonzero(numpy.abs(g / f - 1) > 0.2)
    wrong = numpy.count_nonzero(voiced[0] != voiced[1])
    precision, recall = len(f) / voiced[1].sum(), len(f) / voiced[0].sum()
    return {
        "f0-rmse-cents": numpy.sqrt((cents**2).mean()),
        "f0-rmse-hz": numpy.sqrt(((g - f) ** 2).mean()),
        "f0-corr": numpy.corrcoef(numpy.log(f), numpy.log(g))[0, 1],
        "gpe": gross / len(f),
        "vde": wrong / len(reference),
        "ffe": (gross + wrong) / len(reference),
        "vuv-f1": 2 * precision * recall / (precision + recall),
        "f0-mean-diff-cents": cents.mean(),
        "f0-range-ratio": numpy.log(synthesis[voiced[1]]).std() / numpy.log(reference[voiced[0]]).std(),
    }


cases = {}
for pair in vocoder.pairs():
    for name, value in figures(pair).items():
        cases.setdefault(name, []).append(pair.case(value))
for name, golden in cases.items():
    oracle.write(name, 1, "pyworld", "0.3.5", 1e-6, golden)
