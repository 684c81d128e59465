"""Writes metrics.json: accuracy, F1, Matthews, AUC, correlations by scikit-learn and scipy, calibration by numpy.

Run: python3 tests/Fixtures/metrics/make_metrics.py
"""
import json
import pathlib
import platform
import warnings

import numpy
import scipy
import sklearn
from scipy import stats
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, recall_score, roc_auc_score

warnings.filterwarnings("ignore")  # of classes that never occur, which are a case here


def classes(gold, predicted, k):
    labels = list(range(k))
    return {
        "classes": k,
        "gold": gold,
        "predicted": predicted,
        "accuracy": float(accuracy_score(gold, predicted)),
        "recall": recall_score(gold, predicted, labels=labels, average=None, zero_division=0).tolist(),
        "f1": f1_score(gold, predicted, labels=labels, average=None, zero_division=0).tolist(),
        "f1_weighted": float(f1_score(gold, predicted, labels=labels, average="weighted", zero_division=0)),
        "matthews": float(matthews_corrcoef(gold, predicted)),
    }


def correlation(x, y):
    return {"x": x, "y": y, "pearson": float(stats.pearsonr(x, y)[0]), "spearman": float(stats.spearmanr(x, y)[0])}


def auc(scores, gold):
    return {"scores": scores, "gold": gold, "roc_auc": float(roc_auc_score(gold, scores))}


def calibration(logits, gold, merge):
    """ECE over 15 bins, open below and closed above, of the classes that merge makes of the model's."""
    z = numpy.array(logits, dtype=numpy.float64)
    p = numpy.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    merged = numpy.stack([p[:, [m == c for m in merge]].sum(axis=1) for c in range(max(merge) + 1)], axis=1)
    confidence, right = merged.max(axis=1), merged.argmax(axis=1) == numpy.array(gold)
    bins = numpy.digitize(confidence, numpy.arange(1, 15) / 15, right=True)
    ece = sum((bins == b).mean() * abs(right[bins == b].mean() - confidence[bins == b].mean()) for b in set(bins))
    return {"merge": merge, "logits": logits, "gold": gold, "ece": float(ece)}


rows = range(120)
gold3 = [(i * i + 1) % 7 % 3 for i in rows]
logits3 = [[((i * 37 + c * 61) % 101 - 50) / 16 + (1.5 if gold3[i] == c else 0) for c in range(3)] for i in rows]
predicted3 = numpy.argmax(numpy.array(logits3), axis=1).tolist()
gold2 = [1 if i % 5 in (0, 3) else 0 for i in rows]
predicted2 = [gold2[i] if i % 4 else i % 3 % 2 for i in rows]
out = {
    "provenance": {
        "script": "tests/Fixtures/metrics/make_metrics.py",
        "reference": "sklearn.metrics, scipy.stats; ece by numpy",
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "tolerance": 1e-12,
    },
    "classification": [
        classes(gold3, predicted3, 3),
        classes(gold2, predicted2, 2),
        classes(gold2, [0] * len(gold2), 2),
        classes(gold2, [1 - g for g in gold2], 2),
        classes([0, 1, 1, 0], [0, 2, 1, 2], 3),
    ],
    "correlation": [
        correlation([float(i * 29 % 31) for i in range(40)], [i * 29 % 31 * 0.4 + (i * 17 % 13) for i in range(40)]),
        correlation([1.0, 2.0, 2.0, 2.0, 5.0, 5.0, 0.5], [3.0, 3.0, 1.0, 4.0, 4.5, 4.5, -2.0]),
        correlation([1e9 + i for i in range(9)], [float(-i * i) for i in range(9)]),
    ],
    "roc_auc": [
        auc([i * 37 % 101 / 101 + (0.3 if gold2[i] else 0) for i in rows], gold2),
        auc([float(i * 37 % 5 - gold2[i]) for i in rows], gold2),
        auc([0.5] * 7 + [0.25], [1, 0, 0, 1, 0, 0, 1, 0]),
    ],
    "calibration": [calibration(logits3, gold3, [0, 1, 2]), calibration(logits3, [1 if g == 1 else 0 for g in gold3], [0, 1, 0])],
}
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(out) + "\n", encoding="utf-8")
