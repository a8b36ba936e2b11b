# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the PESQ metrics by the packages pesq and pesqc2: every 16 kHz clip under every degradation, whole files.

The packages give no raw scores; those follow from the mapped ones by undoing the mapping.
"""

import math

import pesq
import pesqc2

import oracle

# The mapping's slope and offset: P.862.1, P.862.2.
MAPPINGS = {"pesq-nb": (1.4945, 4.6607), "pesq-wb": (1.3669, 3.8224)}


def raw(name, lqo):
    """The mapping, solved for the score before it."""
    slope, offset = MAPPINGS[name]
    return (offset - math.log(4 / (lqo - 0.999) - 1)) / slope


scorers = {
    "pesq-wb": lambda x, y: pesq.pesq(16000, x, y, "wb"),
    "pesq-nb": lambda x, y: pesq.pesq(16000, x, y, "nb"),
    "pesq-wb-c2": lambda x, y: pesqc2.pesq(16000, x, y, "wb"),
}
cases = {name: [] for name in [*scorers, *(f"{name}-raw" for name in MAPPINGS)]}
for clip in oracle.clip_ids():
    for degradation in oracle.DEGRADATIONS:
        pair = oracle.Pair(clip, degradation)
        if pair.rate != 16000:
            continue
        for name, score in scorers.items():
            value = score(*pair.whole)
            cases[name].append(pair.case(value))
            if name in MAPPINGS:
                cases[f"{name}-raw"].append(pair.case(raw(name, value)))

for name, golden in cases.items():
    tool = "pesqc2" if name == "pesq-wb-c2" else "pesq"
    oracle.write(name, 1, tool, "0.0.4", 5e-5 if name.endswith("-raw") else 1e-5, golden)
