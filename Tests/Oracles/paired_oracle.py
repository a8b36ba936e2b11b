# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the tests of paired differences, of their power, and of ratios.

    python3 Tests/Oracles/paired_oracle.py    writes five of Tests/StatisticsTests/Goldens/reference-*.json

Needs numpy, scipy and statsmodels. Moments are taken in exact arithmetic and handed to scipy's distributions; where the
packages' own sums lose nothing, the packages must agree with that, or the script stops. Drawn sign flips are a replay in
numpy of the very same draws, and must agree with scipy's permutation test, which has its own, to within the Monte-Carlo
error of both.
"""

import itertools
import math
import platform
import statistics
from fractions import Fraction

import numpy
import scipy
import statsmodels
from scipy import integrate, stats
from statsmodels.stats import power
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import ttost_paired

from statistics_oracle import bca, exact_mean, splitmix64, write

DRAWS = 100_000
EXACT = 20
COMMAND = "paired_oracle.py"
VERSION = (
    f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {numpy.__version__}, "
    f"Python {platform.python_version()}")
# Sums of eight votes per listener: three systems, twelve listeners.
PANEL = [
    [26, 14, 19, 22, 23, 21, 23, 23, 21, 30, 28, 18],
    [28, 19, 22, 27, 26, 23, 26, 32, 27, 28, 32, 24],
    [30, 16, 21, 28, 29, 23, 29, 29, 26, 27, 29, 24],
]


def cases():
    """Name → differences, and the steps per unit of those that lie on a grid (nil for others)."""
    rng = numpy.random.default_rng(20240301)
    grid = lambda steps, values: ([int(v) / steps for v in values], steps)
    free = lambda values: ([float(v) for v in values], None)
    named = {
        "two": free([0.25, -0.125]),
        "two-alike": free([0.1, 0.1000001]),
        "three": free([0.02, 0.05, -0.01]),
        "six-one-sided": free([0.11, 0.02, 0.3, 0.07, 0.13, 0.05]),
        "zeros-8": grid(10, [0, 0, 3, -1, 0, 2, 0, 5]),
        "one-differs-9": grid(1, [0] * 8 + [2]),
        "tied-13": grid(10, [1, 1, -1, 2, 2, 3, -3, 3, 1, -2, 7, 3, 1]),
        "tied-14": grid(10, [1, 1, -1, 2, 2, 3, -3, 3, 1, -2, 7, 3, 1, 4]),
        "pesq-12": free(rng.normal(0.06, 0.1, 12).round(6)),
        "normal-20": free(rng.normal(0.3, 1, 20)),
        "normal-21": free(rng.normal(0.4, 1, 21)),
        "thirds-20": grid(3, rng.integers(-3, 6, 20)),
        "tenths-30": grid(10, rng.integers(-4, 7, 30)),
        "mos-zeros-40": grid(8, rng.integers(-2, 4, 40)),
        "cauchy-35": free(stats.cauchy.rvs(0.3, 1, 35, random_state=rng)),
        "offset-25": free(1e6 + rng.normal(0, 1, 25)),
        "tiny-30": free(1e-12 * rng.normal(0.4, 1, 30)),
        "normal-50": free(rng.normal(0.25, 1, 50)),
        "normal-51": free(rng.normal(-0.25, 1, 51)),
        "shift-of-two-spreads-60": free(rng.normal(2, 1, 60)),
        "centred-63": free(rng.normal(0, 1, 63)),
        "centred-64": free(rng.normal(0, 1, 64)),
        "centred-65": free(rng.normal(0.1, 1, 65)),
        "lognormal-100": free(rng.lognormal(0, 1, 100) - 1.4),
        "stoi-128": free(rng.beta(30, 2, 128) - rng.beta(30, 2.3, 128)),
        "mixed-magnitudes-137": free(numpy.where(rng.random(137) < 0.6, 1, -1) * 10.0 ** rng.uniform(-8, 8, 137)),
        "t3-200": free(0.2 + stats.t.rvs(3, size=200, random_state=rng)),
    }
    for first, second in ((0, 1), (0, 2), (1, 2)):
        named[f"panel-{first}{second}"] = grid(8, numpy.subtract(PANEL[second], PANEL[first]))
    named["normal-and-a-zero-31"] = free([0.0, *rng.normal(0.3, 1, 30)])
    return named


def sign_flip(differences, steps):
    """p and how: on the grid in integers, otherwise in doubles with the documented tolerance for ties."""
    exact = steps is not None
    values = [round(d * steps) for d in differences] if exact else differences
    sizes = numpy.array(sorted(abs(v) for v in values if v != 0))
    n = len(sizes)
    least = abs(sum(values)) if exact else abs(math.fsum(values)) - n * 2.0**-52 * math.fsum(sizes)
    if n <= EXACT:
        reached = 0
        for head in itertools.product((-1, 1), repeat=max(0, n - 12)):
            rest = numpy.array(list(itertools.product((-1, 1), repeat=min(n, 12))))
            sums = rest @ sizes[: min(n, 12)] + sum(s * v for s, v in zip(head, sizes[min(n, 12):]))
            reached += int((abs(sums) >= least).sum())
        return reached / 2**n, "exact"
    words = splitmix64(-(-n // 64) * DRAWS).reshape(-1, DRAWS)
    sums = numpy.zeros(DRAWS, dtype=sizes.dtype)
    for i, size in enumerate(sizes):
        sums += numpy.where(words[i // 64] >> numpy.uint64(i % 64) & numpy.uint64(1), size, -size)
    return (int((abs(sums) >= least).sum()) + 1) / (DRAWS + 1), "drawn"


def check_sign_flip(differences, p, method):
    if len(differences) <= 13:
        other = stats.permutation_test(
            (differences,), numpy.mean, permutation_type="samples", n_resamples=numpy.inf, vectorized=True, axis=0)
        assert method == "exact" and math.isclose(other.pvalue, p, rel_tol=1e-12), (other.pvalue, p)
    else:
        # scipy compares sums of doubles with a tolerance of its own, wide enough for these.
        other = stats.permutation_test(
            (differences,), lambda x, axis: numpy.mean(x, axis=axis), permutation_type="samples", n_resamples=DRAWS,
            vectorized=True, batch=2000, rng=numpy.random.default_rng(7))
        assert abs(other.pvalue - p) <= 5 * math.sqrt(2 * (p + 1e-4) / DRAWS), (other.pvalue, p)


def paired():
    rows = []
    for name, (differences, steps) in cases().items():
        n = len(differences)
        mean, deviation = exact_mean(differences), statistics.stdev(map(Fraction, differences))
        error = float(deviation) / math.sqrt(n)
        t = float(mean) / error
        # A margin beyond the mean, within it, or wide, so that p takes all sizes.
        margin = float(abs(mean)) + (-0.5, 0.3, 1.5, 2.5)[len(rows) % 4] * error
        margin = max(margin, 0.1 * error)
        tost = float(stats.t.sf((margin - abs(float(mean))) / error, n - 1))
        half = stats.t.ppf(0.95, n - 1) * error
        wilcoxon = stats.wilcoxon(differences)
        plain = 0 not in differences and len(set(map(abs, differences))) == n
        p, method = sign_flip(differences, steps)
        check_sign_flip(differences, p, method)
        row = {
            "name": name, "differences": differences, "t": t, "pairedT": float(2 * stats.t.sf(abs(t), n - 1)),
            "effectSize": float(mean) / float(deviation), "signFlip": p, "signFlipMethod": method,
            "wilcoxon": float(wilcoxon.pvalue), "wilcoxonStatistic": float(wilcoxon.statistic),
            "wilcoxonMethod": "exact" if n <= (50 if plain else 13) else "normal",
            "margin": margin, "tost": tost, "t90": [float(mean - Fraction(half)), float(mean + Fraction(half))],
        }
        if name not in ("offset-25", "two-alike"):  # where numpy's sums lose digits
            other = stats.ttest_rel(differences, numpy.zeros(n))
            assert math.isclose(other.pvalue, row["pairedT"], rel_tol=1e-9), name
            other = ttost_paired(numpy.array(differences), numpy.zeros(n), -margin, margin)
            assert math.isclose(other[0], tost, rel_tol=1e-8), (name, other[0], tost)
        rows.append(row)
    write(
        "reference-paired.json",
        "scipy.stats.t, ttest_rel, wilcoxon, permutation_test; statsmodels ttost_paired; numpy replay of our draws",
        VERSION,
        "t, effect size, p of t, TOST and Wilcoxon: 1e-12 of itself; sign flip: 1e-15 of itself; limits as in "
        "reference-summary.json. TOST also bears 2 ulp of the mean",
        {"cases": rows}, COMMAND)


def holm():
    rng = numpy.random.default_rng(5)
    lists = [
        [0.03], [0.04, 0.01, 0.03], [0.01, 0.01, 0.01], [1.0, 0.0, 0.5], [0.6, 0.7, 0.9, 0.2],
        [1 / 100_001, 0.012, 0.013, 0.2, 0.0126], [0.001953125, 0.00439453125, 0.765625],
        rng.random(11).tolist(), (rng.random(16) ** 4).tolist(),
    ]
    rows = [{"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in lists]
    write(
        "reference-holm.json", "statsmodels multipletests(method='holm')", VERSION, "1e-14", {"cases": rows}, COMMAND)


def nct_power(effect, n, alpha):
    """1 − F(c) + F(−c), by an integral over the chi distribution that shares nothing with ours but the definition."""
    critical, shift = stats.t.isf(alpha / 2, n - 1), effect * math.sqrt(n)
    reject = lambda s: stats.norm.cdf(shift - critical * s) + stats.norm.cdf(-shift - critical * s)
    return over_chi(reject, n, [shift / critical], critical)


def over_chi(function, n, turns, sharpness):
    """E function(χ/√ν), piece by piece between quantiles of χ and about the turns."""
    scale = math.sqrt(n - 1)
    quantiles = [0, 1e-30, 1e-16, 1e-9, 1e-4, 0.1, 0.5, 0.9, 1 - 1e-4, 1 - 1e-9]
    edges = [float(stats.chi.ppf(q, n - 1)) / scale for q in quantiles]
    edges += [float(stats.chi.isf(q, n - 1)) / scale for q in (1e-16, 1e-30)]
    edges += [turn + step / sharpness for turn in turns for step in (-9, -3, 0, 3, 9)]
    edges = sorted(edge for edge in edges if 0 <= edge <= max(edges[:12]))
    density = lambda s: stats.chi.pdf(s * scale, n - 1) * scale
    total = lambda integrand: math.fsum(
        integrate.quad(integrand, a, b, epsabs=1e-15, epsrel=1e-13, limit=200)[0] for a, b in zip(edges, edges[1:]))
    # scipy's density of many degrees of freedom is off by a constant factor: 3e-11 of it at 100,000.
    return total(lambda s: function(s) * density(s)) / total(density)


def equivalence_power(mean, deviation, margin, n, alpha=0.05):
    critical, scale = stats.t.isf(alpha, n - 1), math.sqrt(n) / deviation
    inside = lambda s: max(
        0, stats.norm.cdf((margin - mean) * scale - critical * s) - stats.norm.cdf(critical * s - (margin + mean) * scale))
    turns = [x * scale / critical for x in (margin - mean, margin + mean, margin)]
    return over_chi(inside, n, turns, critical)


def least(power_of, greatest=20_000):
    """The least n from 2 on whose power is .8."""
    low, high = 1, greatest
    assert power_of(high) >= 0.8
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(middle) >= 0.8 else (middle, high)
    return high


def powers():
    rows, worst = [], 0
    for effect, n, alpha in itertools.product(
            (0, 0.02, 0.1, 0.5, 1, 3), (2, 3, 6, 33, 50, 1000, 100_000), (0.05, 0.05 / 6, 0.001)):
        value = nct_power(effect, n, alpha)
        other = power.TTestPower().power(effect, n, alpha)
        if not math.isnan(other) and effect * math.sqrt(n) < 30:
            worst = max(worst, abs(other - value))
        rows.append({"effectSize": effect, "n": n, "alpha": alpha, "power": value})
    print(f"statsmodels differs by at most {worst:.1e}")
    assert worst < 1e-9
    needed = []
    for effect, alpha in itertools.product((0.05, 0.1, 0.25, 0.5, 0.8, 1.5, 4), (0.05, 0.01, 0.05 / 6)):
        pairs = least(lambda n: nct_power(effect, n, alpha))
        if effect <= 0.8:
            solved = power.TTestPower().solve_power(effect_size=effect, power=0.8, alpha=alpha)
            assert math.ceil(float(numpy.squeeze(solved))) == pairs, (effect, alpha, solved, pairs)
        needed.append({"effectSize": effect, "alpha": alpha, "pairs": pairs})
    write(
        "reference-power-t.json", "scipy.integrate.quad over scipy.stats.chi; statsmodels TTestPower", VERSION,
        "power: 1e-12; pairs: equal", {"cases": rows, "needed": needed}, COMMAND)

    rows, needed = [], []
    for mean, deviation, margin, n in itertools.product((0, 0.01, 0.04, 0.06), (0.05, 0.2), (0.05, 0.1), (2, 5, 20, 50, 300)):
        value = equivalence_power(mean, deviation, margin, n)
        rows.append({"mean": mean, "standardDeviation": deviation, "margin": margin, "n": n, "power": value})
    rng = numpy.random.default_rng(11)
    for row in rows[::7]:  # the definition itself, drawn
        x = rng.normal(row["mean"], row["standardDeviation"], (20_000, row["n"]))
        half = stats.t.isf(0.05, row["n"] - 1) * x.std(axis=1, ddof=1) / math.sqrt(row["n"])
        share = (abs(x.mean(axis=1)) + half <= row["margin"]).mean()
        assert abs(share - row["power"]) <= 4.5 * math.sqrt(row["power"] * (1 - row["power"]) / 20_000) + 1e-4, (row, share)
    for mean, deviation, margin in ((0, 0.2, 0.05), (0.02, 0.2, 0.05), (0.045, 0.1, 0.05), (0, 0.01, 0.05), (3, 20, 5)):
        pairs = least(lambda n: equivalence_power(mean, deviation, margin, n))
        needed.append({"mean": mean, "standardDeviation": deviation, "margin": margin, "pairs": pairs})
    write(
        "reference-power-equivalence.json", "scipy.integrate.quad over scipy.stats.chi, checked by 20,000 draws", VERSION,
        "power: 1e-12; pairs: equal", {"cases": rows, "needed": needed}, COMMAND)


def ratios():
    rng = numpy.random.default_rng(13)
    rows = []
    for name, n, factor, spread in (("two", 2, 1.1, 0.1), ("rtf-12", 12, 0.9, 0.2), ("latency-29", 29, 1.0, 0.5),
                                    ("rtf-40", 40, 1.02, 0.05), ("memory-1001", 1001, 1.5, 0.1)):
        a = rng.lognormal(-1, 0.5, n).tolist()
        b = (numpy.array(a) * factor * rng.lognormal(0, spread, n)).tolist()
        logs = [math.log(y) - math.log(x) for x, y in zip(a, b)]
        if 30 <= n <= 1000:
            low, high = bca(logs, 0.95)
        else:
            half = stats.t.ppf(0.975, n - 1) * statistics.stdev(logs) / math.sqrt(n)
            low, high = math.fsum(logs) / n - half, math.fsum(logs) / n + half
        rows.append({
            "name": name, "a": a, "b": b, "ratio": float(stats.gmean(b) / stats.gmean(a)),
            "limits": [math.exp(low), math.exp(high)],
        })
    write(
        "reference-ratio.json", "scipy.stats.gmean, scipy.stats.t; numpy replay of our resamples", VERSION,
        "1e-12 of itself", {"cases": rows}, COMMAND)


if __name__ == "__main__":
    paired()
    holm()
    powers()
    ratios()
