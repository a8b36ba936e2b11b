# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the F0 errors by the presets: the frames by pyworld and pysptk as each tool has them made, the path exact."""

import numpy

import oracle
import presets


def rms(values):
    return numpy.sqrt((values**2).mean())


def espnet(pair, rate):
    (a, f), (b, g) = (presets.espnet_world(samples, rate) for samples in pair.whole)
    i, j = presets.warp(a, b).T
    f, g = f[i], g[j]
    both = (f > 0) & (g > 0)
    return rms(numpy.log(g[both]) - numpy.log(f[both]))


def versa(pair, rate):
    """RMSE in Hz and correlation, with warping and without."""
    (a, f, _), (b, g, _) = (presets.versa_frames(samples, rate) for samples in pair.whole)
    i, j = presets.warp(a[f > 0], b[g > 0]).T
    x, y = f[f > 0][i], g[g > 0][j]
    n = min(len(f), len(g))
    f, g = f[:n], g[:n]
    return {
        "f0-rmse-hz-versa": rms(y - x),
        "f0-corr-versa": numpy.corrcoef(x, y)[0, 1],
        "f0-rmse-hz-versa-plain": rms(g - f),
        "f0-corr-versa-plain": numpy.corrcoef(f, g)[0, 1],
    }


cases = {}
for pair, rate in presets.with_rates([22050, 24000, 44100]):
    cases.setdefault("f0-rmse-log-espnet", []).append(pair.case(espnet(pair, rate), rate))
for pair, rate in presets.with_rates([8000, 22050, 24000]):
    for name, value in versa(pair, rate).items():
        cases.setdefault(name, []).append(pair.case(value, rate))
for name, golden in cases.items():
    oracle.write(name, 1, "pyworld, pysptk, scipy", "0.3.5, 1.0.1, 1.17.1", 1e-6, golden)
