# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the PESQ metrics by the packages pesq and pesqc2: every 16 kHz clip under every degradation, whole files.

The packages give no raw score; that of P.862 follows from the narrow-band one by undoing P.862.1's mapping.
"""

import math

import pesq
import pesqc2

import oracle


def raw(lqo):
    """P.862.1, solved for P.862's score."""
    return (4.6607 - math.log(4 / (lqo - 0.999) - 1)) / 1.4945


scorers = {
    "pesq-wb": lambda x, y: pesq.pesq(16000, x, y, "wb"),
    "pesq-nb": lambda x, y: pesq.pesq(16000, x, y, "nb"),
    "pesq-wb-c2": lambda x, y: pesqc2.pesq(16000, x, y, "wb"),
}
cases = {name: [] for name in [*scorers, "pesq-nb-raw"]}
for clip in oracle.clip_ids():
    for degradation in oracle.DEGRADATIONS:
        pair = oracle.Pair(clip, degradation)
        if pair.rate != 16000:
            continue
        for name, score in scorers.items():
            value = score(*pair.whole)
            cases[name].append(pair.case(value))
            if name == "pesq-nb":
                cases["pesq-nb-raw"].append(pair.case(raw(value)))

for name, golden in cases.items():
    tool = "pesqc2" if name == "pesq-wb-c2" else "pesq"
    oracle.write(name, 1, tool, "0.0.4", 5e-5 if name == "pesq-nb-raw" else 1e-5, golden)
