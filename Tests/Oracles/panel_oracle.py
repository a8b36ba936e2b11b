# SPDX-License-Identifier: GPL-3.0-or-later
"""Goldens of the statistics of listening panels.

    python3 Tests/Oracles/panel_oracle.py                  writes Tests/StatisticsTests/Goldens/reference-panel-*.json
    python3 Tests/Oracles/panel_oracle.py pack FOLDER      writes the ratings-*.json there from the tables in FOLDER

Needs numpy, scipy, statsmodels, krippendorff and sureal. The ratings stand in the repository, so FOLDER is not needed: it
held `golden.csv` (system,utt,listener,score), sureal's sample as 79 rows of 26, and the votes on quality by VCC 2020's English
listeners (listener,state,system,sample,score). README.md names their origin.

Printed numbers of the specification are checked here too: a package that disagrees with one stops the script. The one that none
agrees with is the two-way half width of ±.310: statsmodels gives ±.333 (7 degrees of freedom, not 11).
"""

import base64
import contextlib
import csv
import io
import itertools
import json
import math
import pathlib
import platform
import sys
import types

import krippendorff
import numpy
import scipy
import statsmodels
import statsmodels.api
from scipy import optimize, stats

from statistics_oracle import GOLDENS, write

COMMAND = "panel_oracle.py"
SUREAL = "0.9.0"
KRIPPENDORFF = "0.9.0"
VERSION = (
    f"statsmodels {statsmodels.__version__}, krippendorff {KRIPPENDORFF}, sureal {SUREAL}, scipy {scipy.__version__}, "
    f"numpy {numpy.__version__}, Python {platform.python_version()}")


# Ratings: systems, and of each rating the system, utterance, listener and score.


def pack(folder):
    """The three sets of ratings as they are committed."""
    folder = pathlib.Path(folder)
    table = numpy.zeros((3, 8, 12), int)
    for row in csv.DictReader(open(folder / "golden.csv")):
        table[int(row["system"]), int(row["utt"]), int(row["listener"])] = int(row["score"])
    store("ratings-golden.json", {
        "about": "3 systems × 8 utterances × 12 listeners, fully crossed: scores[system][utterance][listener]",
        "scores": table.tolist()})
    rows = [[None if v in ("", "nan") else int(float(v)) for v in row] for row in csv.reader(open(folder / "sureal-sample-79x26.csv"))]
    store("ratings-sureal-sample.json", {
        "about": "the sample data set of sureal 0.9.0 (Netflix, Apache 2.0): scores[clip][viewer], null where missing",
        "scores": rows})
    rows = list(csv.DictReader(open(folder / "vcc2020-en-quality.csv")))
    number = lambda names: {name: index for index, name in enumerate(sorted(set(names)))}
    systems = number(r["system"] for r in rows)
    utterances = number(r["sample"].removeprefix(r["system"] + "-") for r in rows)
    listeners = number(r["listener"] for r in rows)
    codes = [
        (listeners[r["listener"]], systems[r["system"]], utterances[r["sample"].removeprefix(r["system"] + "-")],
         int(r["score"])) for r in rows]
    code = lambda l, s, u, score: struct24(((l * len(systems) + s) * len(utterances) + u) * 5 + score - 1)
    store("ratings-vcc2020.json", {
        "about": "Votes on quality by the English listeners of the Voice Conversion Challenge 2020 (Zhao et al., CC BY 4.0), with "
                 "listeners' codes replaced by numbers. Each vote is 24 bits, most significant byte first, in base64: "
                 "((listener · systems + system) · utterances + utterance) · 5 + score − 1",
        "systems": list(systems), "utterances": list(utterances), "listeners": len(listeners), "count": len(codes),
        "votes": base64.b64encode(b"".join(code(*c) for c in codes)).decode()})


def struct24(value):
    return value.to_bytes(3, "big")


def store(name, body):
    (GOLDENS / name).write_text(json.dumps(body, ensure_ascii=False) + "\n")


def golden_votes():
    scores = numpy.array(json.loads((GOLDENS / "ratings-golden.json").read_text())["scores"], float)
    return [(s, u, l, scores[s, u, l]) for s, u, l in numpy.ndindex(scores.shape)], scores


def vcc_votes():
    body = json.loads((GOLDENS / "ratings-vcc2020.json").read_text())
    data = base64.b64decode(body["votes"])
    votes = []
    for k in range(body["count"]):
        rest, score = divmod(int.from_bytes(data[3 * k:3 * k + 3], "big"), 5)
        rest, utterance = divmod(rest, len(body["utterances"]))
        listener, system = divmod(rest, len(body["systems"]))
        votes.append((system, utterance, listener, score + 1.0))
    return votes, body


# Packages.


def clustered(votes):
    """Mean, deviation, errors and the two-way interval of one system's votes, by statsmodels."""
    y = numpy.array([v[3] for v in votes])
    groups = numpy.array([[v[2], v[1]] for v in votes])
    model = statsmodels.api.OLS(y, numpy.ones(len(y)))
    fit = lambda groups: model.fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False, "df_correction": True}, use_t=True)
    two = fit(groups)
    degrees = min(len(set(groups[:, 0])), len(set(groups[:, 1]))) - 1
    assert two.df_resid_inference == degrees
    half = stats.t.ppf(0.975, degrees) * two.bse[0]
    assert numpy.allclose(two.conf_int(), [[y.mean() - half, y.mean() + half]], rtol=1e-12)
    return {
        "n": len(y), "mos": float(y.mean()), "sd": float(y.std(ddof=1)), "tHalfWidth": float(numpy.diff(model.fit().conf_int())[0, 0] / 2),
        "iid": float(model.fit().bse[0]), "listener": float(fit(groups[:, 0]).bse[0]),
        "utterance": float(fit(groups[:, 1]).bse[0]), "twoWay": float(two.bse[0]), "degreesOfFreedom": int(degrees),
        "low": float(y.mean() - half), "high": float(y.mean() + half)}


def alphas(votes):
    """By krippendorff, from how often each value was given to each item."""
    items = {key: k for k, key in enumerate(sorted({(v[0], v[1]) for v in votes}))}
    values = sorted({v[3] for v in votes})
    counts = numpy.zeros((len(items), len(values)), int)
    for s, u, _, score in votes:
        counts[items[s, u], values.index(score)] += 1
    return {
        level: float(krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=level))
        for level in ("interval", "ordinal", "nominal")}


def sureal_fit(votes):
    """ψ, b and σ by sureal's solver, in ascending order of (system, utterance) and of listeners."""
    from sureal.dataset_reader import RawDatasetReader
    from sureal.subjective_model import SubjectMLEModelProjectionSolver

    opinions = {}
    for s, u, l, score in votes:
        opinions.setdefault((s, u), {}).setdefault(f"{l:04d}", []).append(score)
    subjects = sorted({f"{v[2]:04d}" for v in votes})
    clips = [
        {"content_id": 0, "asset_id": k, "path": str(k), "os": opinions[key]} for k, key in enumerate(sorted(opinions))]
    dataset = types.SimpleNamespace(
        dataset_name="panel", ref_videos=[{"content_id": 0, "content_name": "0", "path": "0"}], dis_videos=clips)
    reader = RawDatasetReader(dataset)
    assert list(reader.observers if hasattr(reader, "observers") else subjects) == subjects
    with contextlib.redirect_stdout(io.StringIO()):
        result = SubjectMLEModelProjectionSolver(reader).run_modeling()
    return {
        "quality": [float(x) for x in result["quality_scores"]], "bias": [float(x) for x in result["observer_bias"]],
        "inconsistency": [float(x) for x in result["observer_inconsistency"]], "iterations": int(result["num_iter"]),
        "qualityError": [float(x) for x in result["quality_scores_std"]]}


def rejection(rows, ddof):
    """P and Q of BT.500 by viewer; an item on which all agree counts nobody."""
    high = numpy.zeros(rows.shape[1], int)
    low = high.copy()
    for row in rows:
        votes = row[~numpy.isnan(row)]
        if votes.std() == 0:
            continue
        width = (2 if 2 <= stats.kurtosis(votes, fisher=False) <= 4 else math.sqrt(20)) * votes.std(ddof=ddof)
        with numpy.errstate(invalid="ignore"):
            high += row >= votes.mean() + width
            low += row <= votes.mean() - width
    return high.tolist(), low.tolist()


def anova(table):
    """ICC(2,1), ICC(2,k) and Cronbach's α of items × listeners, by a regression on dummies and by the definition of α."""
    n, k = table.shape
    item, listener = numpy.indices(table.shape)
    dummies = lambda index, count: (index.ravel()[:, None] == numpy.arange(1, count)).astype(float)
    constant = numpy.ones((n * k, 1))
    full = numpy.hstack([constant, dummies(item, n), dummies(listener, k)])
    ssr = lambda x: statsmodels.api.OLS(table.ravel(), x).fit().ssr
    rest = ssr(full)
    mse = rest / ((n - 1) * (k - 1))
    msr = (ssr(full[:, [0, *range(n, n + k - 1)]]) - rest) / (n - 1)
    msc = (ssr(full[:, :n]) - rest) / (k - 1)
    cronbach = k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1))
    return {
        "icc21": (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
        "icc2k": (msr - mse) / (msr + (msc - mse) / n), "cronbach": cronbach}


def words(seed):
    """Numbers of SplitMix64, one by one."""
    mask, state = 2**64 - 1, seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
        yield z ^ z >> 31


SEED = int.from_bytes(b"ttseval", "big")


def pigeonhole(scores, resamples=10_000):
    """Limits of each system's mean and of each difference; scores[system][utterance][listener]."""
    systems, utterances, listeners = scores.shape
    numbers = words(SEED)
    draw = lambda n: numpy.bincount([next(numbers) * n >> 64 for _ in range(n)], minlength=n)
    means = numpy.empty((systems, resamples))
    for b in range(resamples):
        l, u = draw(listeners), draw(utterances)
        means[:, b] = numpy.einsum("sul,u,l->s", scores, u, l) / (u.sum() * l.sum())
    limits = lambda x: [float(q) for q in numpy.quantile(x, [0.025, 0.975])]
    pairs = itertools.combinations(range(systems), 2)
    return [limits(m) for m in means], [limits(means[b] - means[a]) for a, b in pairs]


# Goldens.


def close(value, printed, digits=6):
    assert abs(value - printed) <= 0.5000001 * 10.0**-digits, (value, printed)


def golden():
    votes, scores = golden_votes()
    systems = [clustered([v for v in votes if v[0] == s]) for s in range(3)]
    first = systems[0]
    for key, printed in (("mos", 2.791667), ("sd", 0.832456), ("tHalfWidth", 0.168671), ("iid", 0.084962),
                         ("listener", 0.150472), ("utterance", 0.065881), ("twoWay", 0.140850)):
        close(first[key], printed)
    alpha = alphas(votes)
    for key, printed in (("interval", 0.072417), ("ordinal", 0.062019), ("nominal", 0.008736)):
        close(alpha[key], printed)
    agreement = {k: float(v) for k, v in anova(scores.reshape(24, 12)).items()}
    for key, printed in (("icc21", 0.096829), ("icc2k", 0.562654), ("cronbach", 0.651670)):
        close(agreement[key], printed)
    fit = sureal_fit(votes)
    for key, printed in (("quality", (2.850204, 2.755959, 2.827417, 2.886399)), ("bias", (0.399306, -1.059028, -0.517361, 0.107639)),
                         ("inconsistency", (0.675658, 0.475686, 0.708077, 0.589085))):
        for value, number in zip(fit[key], printed):
            close(value, number)
    limits, differences = pigeonhole(scores)
    for value, printed in zip(limits[0], (2.448, 3.135)):
        assert abs(value - printed) < 0.01, (value, printed)
    write(
        "reference-panel-golden.json", "statsmodels OLS, krippendorff, sureal, numpy; numpy replay of our resamples", VERSION,
        "1e-10; ψ, b and σ 1e-7",
        {"systems": systems, "alpha": alpha, "agreement": agreement, "projection": fit, "bootstrap": limits,
         "bootstrapDifferences": differences}, COMMAND)


def sureal_sample():
    from sureal import subjective_model  # noqa: F401, fails early where sureal is missing

    rows = json.loads((GOLDENS / "ratings-sureal-sample.json").read_text())["scores"]
    votes = [(0, u, l, float(v)) for u, row in enumerate(rows) for l, v in enumerate(row) if v is not None]
    table = numpy.array([[numpy.nan if v is None else v for v in row] for row in rows], float)
    high, low = rejection(table, 1)
    write(
        "reference-panel-sureal.json", "sureal, krippendorff, statsmodels; BT.500 in numpy", VERSION, "1e-10; ψ, b and σ 1e-7",
        {"system": clustered(votes), "alpha": alphas(votes), "projection": sureal_fit(votes), "high": high, "low": low},
        COMMAND)


def vcc():
    votes, body = vcc_votes()
    systems = [clustered([v for v in votes if v[0] == s]) for s in range(len(body["systems"]))]
    # Five votes a clip are too few for the model: sureal's σ fall to 4e-8 and it stops unsettled at 1,000 rounds. So the
    # items are systems here, of which every listener rated every one, some of them several times.
    fit = sureal_fit([(s, 0, l, score) for s, _, l, score in votes])
    write(
        "reference-panel-vcc2020.json", "statsmodels OLS, krippendorff, sureal", VERSION, "1e-10; ψ, b and σ of systems 1e-7",
        {"systems": systems, "alpha": alphas(votes), "projection": fit}, COMMAND)


def preferences():
    rows = []
    for wins, trials in ((60, 100), (17, 24), (0, 5), (5, 5), (5, 10), (1, 1), (501, 1000), (13, 40), (4000, 7500)):
        test = stats.binomtest(wins, trials)
        interval = test.proportion_ci(method="wilson")
        rows.append({"wins": wins, "trials": trials, "p": test.pvalue, "low": interval.low, "high": interval.high})
    close(rows[0]["p"], 0.056888), close(rows[1]["p"], 0.063915)
    close(rows[0]["low"], 0.502003), close(rows[0]["high"], 0.690599)
    return rows


def clustered_tests():
    """Two-way t tests of a mean, and intervals clustered by listener with the factor L/(L − 1), by statsmodels: of scores about
    0, and of votes of 0 and 1 of which listeners gave unequally many."""
    rng = numpy.random.default_rng(29)
    rows = []
    for listeners, utterances, share, binary in ((10, 8, 1.0, False), (6, 20, 0.6, False), (15, 9, 0.5, True), (24, 6, 0.8, True)):
        own, line = rng.normal(0.3, 0.5, listeners), rng.normal(0, 0.4, utterances)
        votes = [(l, u) for l in range(listeners) for u in range(utterances) if rng.random() < share]
        y = numpy.array([own[l] + line[u] + rng.normal(0, 0.7) for l, u in votes]).round(2)
        y = (y > 0).astype(float) if binary else y
        groups, null = numpy.array(votes), 0.5 if binary else 0.0
        fit = lambda groups, corrected: statsmodels.api.OLS(y - null, numpy.ones(len(y))).fit(
            cov_type="cluster", cov_kwds={"groups": groups, "use_correction": corrected, "df_correction": True}, use_t=True)
        low, high = fit(groups[:, 0], True).conf_int()[0] + null
        rows.append({
            "scores": y.tolist(), "listeners": groups[:, 0].tolist(), "items": groups[:, 1].tolist(), "null": null,
            "p": float(fit(groups, False).pvalues[0]), "low": float(low), "high": float(high)})
    return rows


def bradley_terry():
    rows = []
    rng = numpy.random.default_rng(3)
    tables = [
        numpy.array([[0, 7, 8], [3, 0, 6], [2, 4, 0]]), numpy.array([[0, 1], [3, 0]]),
        numpy.array([[0, 5, 0, 0], [0, 0, 5, 0], [0, 0, 0, 5], [1, 0, 0, 0]]), rng.integers(1, 30, (7, 7)),
        numpy.array([[0, 0.5, 12], [1.5, 0, 3], [1, 2, 0]])]
    for wins in tables:
        wins = wins.astype(float)
        numpy.fill_diagonal(wins, 0)
        negative = lambda t: (wins * numpy.log1p(numpy.exp(t[None, :] - t[:, None]))).sum()
        gradient = lambda t: ((wins + wins.T) / (1 + numpy.exp(t[None, :] - t[:, None]))).sum(axis=1) - wins.sum(axis=1)
        theta = optimize.root(lambda t: gradient(t - t.mean()) + t.mean(), numpy.zeros(len(wins)), tol=1e-14).x
        theta -= theta.mean()
        assert negative(theta) <= optimize.minimize(negative, numpy.zeros(len(wins))).fun + 1e-9
        p = 1 / (1 + numpy.exp(theta[None, :] - theta[:, None]))
        weight = (wins + wins.T) * p * (1 - p)
        information = numpy.diag(weight.sum(axis=1)) - weight
        rows.append({
            "wins": wins.tolist(), "abilities": theta.tolist(),
            "errors": numpy.sqrt(numpy.diag(numpy.linalg.pinv(information))).tolist()})
    for value, printed in zip(rows[0]["abilities"], (0.74057, -0.149102, -0.591468)):
        assert abs(value - printed) < 6e-7 * 10, (value, printed)
    return rows


def powers():
    rows = []
    for sl, su, e, l, u, r, d in ((0.25, 0.2, 0.6, 10, 20, 1, 0.3), (0.25, 0.2, 0.6, 24, 8, 1, 0.3), (0, 0, 1, 33, 33, 2, 0.1),
                                  (0.4, 0.1, 0.7, 6, 40, 2, -0.5), (0.1, 0.1, 0.6, 40, 30, 1, 0.0)):
        variance = 2 * (sl**2 / l + su**2 / u + e**2 / (l * u * r))
        degrees, shift = min(l, u) - 1, d / math.sqrt(variance)
        critical = stats.t.isf(0.025, degrees)
        power = stats.nct.sf(critical, degrees, shift) + stats.nct.cdf(-critical, degrees, shift)
        rows.append({
            "systemListener": sl, "systemUtterance": su, "residual": e, "listeners": l, "utterances": u, "repeats": r,
            "difference": d, "variance": variance, "power": float(power)})
    return rows


def correlations():
    rng = numpy.random.default_rng(17)
    rows = []
    for n, rounding in ((2, 3), (5, 1), (12, 0), (40, 1), (300, 1)):
        x = rng.normal(3, 1, n).round(rounding)
        y = (x + rng.normal(0, 0.7, n)).round(rounding)
        rows.append({
            "x": x.tolist(), "y": y.tolist(), "pearson": float(stats.pearsonr(x, y).statistic),
            "spearman": float(stats.spearmanr(x, y).statistic), "kendall": float(stats.kendalltau(x, y).statistic)})
    return rows


def mappings():
    """Least squares with p′ = (a + bt)² + c²(1 − t²), which is every parabola that is nowhere below 0 on −1…1 (Lukács)."""
    rng = numpy.random.default_rng(19)
    rows = []
    shapes = {
        "free": lambda t: 3 + t + 0.3 * t**3, "flat in the middle": lambda t: 3 + 1.5 * (t - 0.1) ** 3,
        "bent left": lambda t: 2 + (t + 0.5) ** 2, "bent right": lambda t: 4 - (t - 0.4) ** 2, "falls": lambda t: 3 - 0.5 * t,
        "turns": lambda t: 3 + numpy.sin(4 * t), "dips": lambda t: 3 + 4 * t * (t - 0.5) * (t + 0.5)}
    for (name, shape), noise in itertools.product(shapes.items(), (0.01, 0.3)):
        x = numpy.sort(rng.uniform(-2, 6, 30))
        t = 2 * (x - x.min()) / numpy.ptp(x) - 1
        y = shape(t) + rng.normal(0, noise, 30)
        curve = lambda p: p[0] + p[1]**2 * t + p[1] * p[2] * t**2 + p[2]**2 * t**3 / 3 + p[3]**2 * (t - t**3 / 3)
        fits = [
            optimize.least_squares(lambda p: y - curve(p), [y.mean(), *start], xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=20_000)
            for start in itertools.product((0.1, 1), (-1, 0.1, 1), (0.1, 1))]
        found = min(fits, key=lambda fit: fit.cost)
        rows.append({
            "name": f"{name}, {noise}", "x": x.tolist(), "y": y.tolist(), "squaredError": float(2 * found.cost),
            "predicted": curve(found.x).tolist()})
    return rows


def errors():
    rng = numpy.random.default_rng(23)
    mos = rng.uniform(1, 5, 25)
    predicted, halves = mos + rng.normal(0, 0.4, 25), rng.uniform(0.1, 0.5, 25)
    beyond = numpy.maximum(0, abs(mos - predicted) - halves)
    return {
        "mos": mos.tolist(), "predicted": predicted.tolist(), "halfWidths": halves.tolist(),
        "rmse": float(numpy.sqrt(((mos - predicted) ** 2).sum() / 21)), "rmseStar": float(numpy.sqrt((beyond**2).sum() / 21)),
        "outlierRatio": float((beyond > 0).mean())}


def ceiling(splits=200):
    """Split halves of the golden panel's listeners over its 24 clips, with our draws replayed."""
    _, scores = golden_votes()
    table = scores.reshape(24, 12)
    numbers, found = words(SEED), []
    for _ in range(splits):
        order = list(range(12))
        for last in range(11, 0, -1):
            other = next(numbers) * (last + 1) >> 64
            order[last], order[other] = order[other], order[last]
        found.append(numpy.corrcoef(table[:, order[:6]].mean(axis=1), table[:, order[6:]].mean(axis=1))[0, 1])
    r = float(numpy.mean(found))
    return {"halves": r, "reliability": 2 * r / (1 + r), "ceiling": math.sqrt(2 * r / (1 + r)), "splits": splits}


def cases():
    write(
        "reference-panel-cases.json", "statsmodels OLS; scipy binomtest, root, nct, pearsonr, spearmanr, kendalltau, least_squares; numpy", VERSION,
        "1e-10; Bradley–Terry 1e-9; mapping: squared error 1e-6 of itself, predictions 1e-3",
        {"preferences": preferences(), "clusteredTests": clustered_tests(), "bradleyTerry": bradley_terry(), "powers": powers(), "correlations": correlations(),
         "mappings": mappings(), "errors": errors(), "ceiling": ceiling()}, COMMAND)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "pack":
        pack(sys.argv[2])
    else:
        golden()
        sureal_sample()
        cases()
        vcc()
