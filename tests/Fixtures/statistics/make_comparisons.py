"""Writes comparisons.json: McNemar by statsmodels, Holm by statsmodels, chi-square and binomial by scipy, the paired bootstrap's exact distribution.

Run: python3 tests/Fixtures/statistics/make_comparisons.py
The bootstrap's difference of row counts D = A - B, (A, B, rest) multinomial, has its distribution summed up exactly here, and is drawn by scipy.stats.bootstrap too.
"""
import json
import pathlib
import platform

import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests


def discordant(b, c):
    table = [[50, b], [c, 50]]
    exact, corrected = mcnemar(table, exact=True), mcnemar(table, exact=False, correction=True)
    return {"only_first": b, "only_second": c, "exact": float(exact.pvalue), "statistic": float(corrected.statistic), "chi_square": float(corrected.pvalue)}


def holm(p):
    return {"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()}


def bootstrap(n, first, second):
    a = numpy.arange(n + 1)
    mass = numpy.zeros(2 * n + 1)
    for count, chance in zip(a, stats.binom.pmf(a, n, first / n)):
        b = numpy.arange(n - count + 1)
        numpy.add.at(mass, n + count - b, chance * stats.binom.pmf(b, n - count, second / (n - first)))
    below = numpy.cumsum(mass)
    lower, upper = (int(numpy.searchsorted(below, share)) - n for share in (0.025, 0.975))
    rows = numpy.repeat([1.0, -1.0, 0.0], [first, second, n - first - second])
    drawn = stats.bootstrap((rows,), numpy.mean, n_resamples=100000, method="percentile", batch=1000, random_state=7).confidence_interval
    return {
        "n": n, "only_first": first, "only_second": second, "lower": lower / n, "upper": upper / n,
        "at_most_0": float(below[n]), "at_least_0": float(1 - below[n - 1]), "scipy_lower": float(drawn.low), "scipy_upper": float(drawn.high),
    }


out = {
    "provenance": {
        "script": "tests/Fixtures/statistics/make_comparisons.py",
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "tolerance": 1e-10,
    },
    "mcnemar": [discordant(b, c) for b, c in ((1, 0), (0, 6), (5, 12), (10, 14), (12, 13), (40, 25), (121, 59), (900, 1010))],
    "holm": [holm(p) for p in ([0.01, 0.04, 0.03, 0.005], [0.02, 0.02, 0.9, 0.001, 0.6], [0.3])],
    "chi_square": [{"x": x, "df": df, "tail": float(stats.chi2.sf(x, df))} for x in (1e-6, 0.3, 1.0, 3.841, 6.3333, 25.0, 90.0, 400.0) for df in (1, 2, 3, 7, 143)],
    "binomial": [{"k": k, "n": n, "p": p, "tail": float(stats.binom.cdf(k, n, p))} for k, n, p in ((0, 5, 0.5), (2, 5, 0.5), (5, 5, 0.5), (3, 24, 0.5), (11, 24, 0.5), (30, 200, 0.2), (400, 900, 0.5))],
    "bootstrap": [bootstrap(n, a, b) for n, a, b in ((60, 9, 4), (1000, 130, 95), (1000, 60, 60))],
}
pathlib.Path(__file__).with_name("comparisons.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
