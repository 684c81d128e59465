"""Writes statistics.json: Student's t quantiles and tails, Wilson and t intervals by scipy. Run: python3 tests/Fixtures/statistics/make_statistics.py

scipy 1.10.1's t.ppf is off by up to 2.4e-9 (p = 1e-6, df = 3), so quantiles are scipy's refined by mpmath at 40 digits.
"""
import json
import pathlib
import platform

import mpmath
import numpy
import scipy
from scipy import stats

mpmath.mp.dps = 40


def quantile(p, df):
    def excess(t):
        upper = mpmath.betainc(mpmath.mpf(df) / 2, mpmath.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
        return (upper if t < 0 else 1 - upper) - mpmath.mpf(p)

    return float(mpmath.findroot(excess, stats.t.ppf(p, df)))


quantiles = [{"p": p, "df": df, "t": quantile(p, df)}
             for p in (1e-6, 0.001, 0.025, 0.3, 0.6, 0.9, 0.975, 0.995, 0.9999) for df in (1, 2, 3, 4, 9, 29, 120, 5000)]
tails = [{"t": t, "df": df, "tail": float(stats.t.sf(t, df))} for t in (-3.5, -0.1, 0.0, 0.7, 2.0, 12.5, 60.0) for df in (1, 2.5, 4, 30, 1000)]


def wilson(k, n):
    interval = stats.binomtest(k, n).proportion_ci(0.95, "wilson")
    return {"k": k, "n": n, "lower": float(interval.low), "upper": float(interval.high)}


values = [0.831, 0.845, 0.8275, 0.84]
others = [0.822, 0.839, 0.8285, 0.826]
low, high = stats.t.interval(0.95, len(values) - 1, numpy.mean(values), stats.sem(values))
paired = stats.ttest_rel(values, others)
out = {
    "provenance": {"script": "tests/Fixtures/statistics/make_statistics.py", "scipy": scipy.__version__, "mpmath": mpmath.__version__, "python": platform.python_version(), "tolerance": 1e-9},
    "quantiles": quantiles,
    "tails": tails,
    "wilson": [wilson(k, n) for k, n in ((0, 10), (10, 10), (7, 10), (612, 1200), (9815, 9815), (8123, 9815))],
    "values": values,
    "others": others,
    "interval": {"mean": float(numpy.mean(values)), "std": float(numpy.std(values, ddof=1)), "lower": float(low), "upper": float(high)},
    "paired": {"t": float(paired.statistic), "p": float(paired.pvalue)},
}
pathlib.Path(__file__).with_name("statistics.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
