# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of SI-SDR, Le Roux et al. 2019, as torchmetrics computes it with zero_mean=False.

torchmetrics adds its number format's epsilon to every quotient; so does this, in double precision, which moves
nothing within the tolerance.
"""

import numpy

import oracle

EPSILON = numpy.finfo(numpy.float64).eps


def si_sdr(reference, synthesis):
    scale = (synthesis @ reference + EPSILON) / (reference @ reference + EPSILON)
    target = scale * reference
    residual = target - synthesis
    return 10 * numpy.log10((target @ target + EPSILON) / (residual @ residual + EPSILON))


pairs = [oracle.Pair(clip, degradation) for clip in oracle.HANDFUL for degradation in oracle.DEGRADATIONS]
cases = [pair.case(si_sdr(pair.reference, pair.synthesis)) for pair in pairs]
oracle.write("si-sdr", 1, "Tests/Oracles/si_sdr_oracle.py", "as torchmetrics 1.x, zero_mean=False", 1e-9, cases)
