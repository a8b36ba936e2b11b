# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the Statistics module.

    python3 Tests/Oracles/statistics_oracle.py goldens    writes Tests/StatisticsTests/Goldens/reference-*.json
    python3 Tests/Oracles/statistics_oracle.py coverage   prints how often each interval holds the true mean

Needs numpy and scipy. Two oracles stand behind the bootstrap: a replay in numpy of the very same resamples, which pins
our arithmetic to rounding, and scipy.stats.bootstrap with its own generator, which vouches for the method and can agree
only to within the Monte-Carlo error of both; that error is measured, by running scipy many times.
"""

import json
import math
import pathlib
import platform
import statistics
import sys
from fractions import Fraction

import numpy
import scipy
from scipy import special, stats

GOLDENS = pathlib.Path(__file__).resolve().parent.parent / "StatisticsTests" / "Goldens"
RESAMPLES = 10_000
SEED = int.from_bytes(b"ttseval", "big")
SCIPY_RUNS = 25


def cases():
    """Lists of values as a speech evaluation meets them, and some that break careless sums."""
    rng = numpy.random.default_rng(20240229)
    bounded = lambda n: (1 + 3.644 * rng.beta(8, 2, n)).round(6).tolist()
    named = {
        "two": [1.25, 3.5],
        "three": [0.1, 0.1, 0.7],
        "mos-5": [4.0, 3.0, 5.0, 4.0, 2.0],
        "normal-9": rng.normal(0, 1, 9).tolist(),
        "pesq-10": bounded(10),
        "stoi-11": rng.beta(30, 2, 11).tolist(),
        "cents-20": (50 * rng.lognormal(0, 1, 20)).tolist(),
        "decibels-20": rng.normal(-0.3, 2.0, 20).tolist(),
        "mos-24": [float(v) for v in rng.integers(1, 6, 24)],
        "outlier-30": [0.0] * 29 + [1.0],
        "tenths-40": [0.1] * 39 + [0.2],
        "pesq-50": bounded(50),
        "two-points-50": [0.95] * 45 + [0.2] * 5,
        "offset-60": (1e9 + rng.normal(0, 1e-2, 60)).tolist(),
        "tiny-60": (1e-12 * rng.exponential(1, 60)).tolist(),
        "mixed-magnitudes-70": (10.0 ** rng.uniform(-8, 8, 70)).tolist(),
        "stoi-137": rng.beta(20, 2, 137).tolist(),
        "pesq-1000": bounded(1000),
        "pesq-1001": bounded(1001),
    }
    return named


def splitmix64(count):
    """Numbers 1…count of SplitMix64, from its closed form."""
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(SEED) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return z ^ (z >> numpy.uint64(31))


def indices(n):
    """The resamples of a sample of n: floor(r n / 2^64), one row a resample."""
    r = splitmix64(RESAMPLES * n)
    low, high = r & numpy.uint64(0xFFFFFFFF), r >> numpy.uint64(32)
    size = numpy.uint64(n)
    return ((high * size + ((low * size) >> numpy.uint64(32))) >> numpy.uint64(32)).reshape(RESAMPLES, n).astype(int)


def exact_mean(values):
    return sum(map(Fraction, values)) / len(values)


def bca(values, confidence):
    """Efron & Tibshirani 1993, eq. 14.9-14.15, with the jackknife done and not simplified."""
    ordered = sorted(values)
    n = len(ordered)
    mean = exact_mean(ordered)
    deviations = numpy.array([float(Fraction(v) - mean) for v in ordered])
    shifts = numpy.array([math.fsum(row) / n for row in deviations[indices(n)]])
    tie = numpy.abs(deviations).max() * n * 2.0**-52 + abs(float(mean)) * 2.0**-52
    share = ((shifts < -tie).mean() + (shifts <= tie).mean()) / 2
    z0 = special.ndtri(share)
    jackknifed = [(mean * n - Fraction(v)) / (n - 1) for v in ordered]
    centre = sum(jackknifed) / n
    differences = [centre - j for j in jackknifed]
    a = float(sum(d**3 for d in differences)) / (6 * float(sum(d**2 for d in differences)) ** 1.5)
    limits = []
    for probability in ((1 - confidence) / 2, (1 + confidence) / 2):
        z = z0 + special.ndtri(probability)
        limits.append(float(mean) + numpy.quantile(shifts, special.ndtr(z0 + z / (1 - a * z))))
    return limits


def scipy_bca(values):
    """Mean and standard deviation of both limits over many runs of scipy's bootstrap."""
    limits = []
    for run in range(SCIPY_RUNS):
        interval = stats.bootstrap(
            (values,), numpy.mean, n_resamples=RESAMPLES, method="BCa", confidence_level=0.95, vectorized=True,
            batch=1000, rng=numpy.random.default_rng([run, len(values)])).confidence_interval
        limits.append([interval.low, interval.high])
    return numpy.mean(limits, axis=0), numpy.std(limits, axis=0, ddof=1)


def write(name, tool, version, tolerance, body, command="statistics_oracle.py goldens"):
    document = {
        "tool": tool, "version": version, "command": f"python3 Tests/Oracles/{command}", "tolerance": tolerance, **body,
    }
    (GOLDENS / name).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def goldens():
    GOLDENS.mkdir(parents=True, exist_ok=True)
    summaries, seconds = [], []
    for name, values in cases().items():
        n = len(values)
        deviation = statistics.stdev(map(Fraction, values))
        row = {
            "name": name, "values": values, "mean": float(exact_mean(values)), "standardDeviation": float(deviation),
            "median": float(numpy.median(values)),
        }
        for label, confidence in (("95", 0.95), ("90", 0.90)):
            half = stats.t.ppf((1 + confidence) / 2, n - 1) * float(deviation) / math.sqrt(n)
            low, high = stats.t.interval(confidence, n - 1, loc=0, scale=float(deviation) / math.sqrt(n))
            assert math.isclose(high, half, rel_tol=1e-13) and math.isclose(-low, half, rel_tol=1e-13)
            row["t" + label] = [float(exact_mean(values) - Fraction(half)), float(exact_mean(values) + Fraction(half))]
            row["bca" + label] = bca(values, confidence)
        summaries.append(row)
        if n >= 9 and name != "offset-60":  # where scipy sums without care
            mean, spread = scipy_bca(values)
            # Ours is one more draw of the same variable: 5 standard errors of a difference.
            tolerance = 5 * spread * math.sqrt(1 + 1 / SCIPY_RUNS)
            seconds.append({"name": name, "bca95": mean.tolist(), "tolerance": tolerance.tolist()})
    write(
        "reference-summary.json", "Python statistics, numpy, scipy.stats.t; numpy replay of our resamples",
        f"Python {platform.python_version()}, numpy {numpy.__version__}, scipy {scipy.__version__}",
        "mean, median: 1 ulp; standard deviation: 1e-12 of itself; limits: 1e-12 of the interval's width + 4 ulp",
        {"cases": summaries})
    write(
        "reference-bca-scipy.json", "scipy.stats.bootstrap(method='BCa', n_resamples=10000)", f"scipy {scipy.__version__}",
        f"per limit: 5 standard errors of the difference between one run and the mean of {SCIPY_RUNS}",
        {"cases": seconds})


def coverage(trials=4000, resamples=2000):
    """Share of samples whose 95 % interval holds the true mean, with the share lying below and above it, and mean width of BCa against t."""
    rng = numpy.random.default_rng(1)
    populations = {
        "normal": (lambda s: rng.normal(0, 1, s), 0.0),
        "PESQ-like, 1+3.64 beta(8,2)": (lambda s: 1 + 3.64 * rng.beta(8, 2, s), 1 + 3.64 * 0.8),
        "STOI-like, beta(30,1)": (lambda s: rng.beta(30, 1, s), 30 / 31),
        "cents-like, lognormal(0,1)": (lambda s: rng.lognormal(0, 1, s), math.exp(0.5)),
        "one in ten broken": (lambda s: numpy.where(rng.random(s) < 0.1, 0.2, 0.9) + rng.normal(0, 0.03, s), 0.83),
    }
    print(f"{'population':30s} {'n':>5s}  t cover (too low/too high)   BCa cover (too low/too high)   width BCa/t")
    for name, (draw, truth) in populations.items():
        for n in (5, 8, 10, 15, 20, 50, 200):
            x = draw((trials, n))
            d = x - x.mean(axis=1, keepdims=True)
            half = stats.t.ppf(0.975, n - 1) * x.std(axis=1, ddof=1) / math.sqrt(n)
            low_t, high_t = x.mean(axis=1) - half, x.mean(axis=1) + half
            a = (d**3).sum(axis=1) / (6 * (d**2).sum(axis=1) ** 1.5)
            low_b, high_b = numpy.empty(trials), numpy.empty(trials)
            for i in range(trials):
                m = numpy.sort(d[i][rng.integers(0, n, (resamples, n))].mean(axis=1))
                z0 = special.ndtri((m < 0).mean())
                z = z0 + special.ndtri(numpy.array([0.025, 0.975]))
                low_b[i], high_b[i] = x[i].mean() + numpy.quantile(m, special.ndtr(z0 + z / (1 - a[i] * z)))
            row = []
            for low, high in ((low_t, high_t), (low_b, high_b)):
                above, below = (low > truth).mean(), (high < truth).mean()
                row.append(f"{100 * (1 - above - below):5.1f} % ({100 * below:4.1f}/{100 * above:4.1f})")
            print(f"{name:30s} {n:5d}  {row[0]:24s}  {row[1]:24s}    {((high_b - low_b) / (2 * half)).mean():.3f}",
                  flush=True)


if __name__ == "__main__":
    {"goldens": goldens, "coverage": coverage}[sys.argv[1] if len(sys.argv) == 2 else "goldens"]()
