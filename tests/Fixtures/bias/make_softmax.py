"""Writes softmax.json: scikit-learn's multinomial logistic regression on data that a formula makes.

Run: python3 tests/Fixtures/bias/make_softmax.py   (Debian: apt-get install python3-sklearn)
Row i of 240, in doubles that are float32 numbers: x = [(i % 7) / 8, 1 if i % 3 == 0 else 0, ((i * 37) % 101) / 128, (i % 11) / 4 - 1];
class of the residue r = (i * i + 3 * i) % 17: 0 when r < 5 + 4 * x[1], else 1 when i % 5 < 3, else 2. "words" are the 0/1 features of the same rows:
1 where i % (j + 2) == 0, for j = 0 .. 11.
The solver is newton-cg, which minimises the objective of lbfgs: lbfgs itself stops where the value changes by less than 2e-9 of itself, whatever tol
says, up to 1e-4 from the minimum in these probabilities ("lbfgs_off_by").
"""
import json
import pathlib
import platform
import warnings

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

x = numpy.array([[(i % 7) / 8, 1.0 if i % 3 == 0 else 0.0, ((i * 37) % 101) / 128, (i % 11) / 4 - 1] for i in range(240)])
words = numpy.array([[1.0 if i % (j + 2) == 0 else 0.0 for j in range(12)] for i in range(240)])
y = numpy.array([0 if (i * i + 3 * i) % 17 < 5 + 4 * x[i, 1] else 1 if i % 5 < 3 else 2 for i in range(240)])


def fit(features, solver, c, balanced):
    model = LogisticRegression(
        solver=solver, multi_class="multinomial", C=c, class_weight="balanced" if balanced else None, tol=1e-12, max_iter=100000)
    return model.fit(features, y).predict_proba(features)


fits = []
for features, name in [(x, "dense"), (words, "words")]:
    for c, balanced in [(100, True), (100, False), (0.01, True), (1, False)]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newton-cg warns where rounding allows no further step
            probabilities = fit(features, "newton-cg", c, balanced)
        fits.append({
            "features": name,
            "c": c,
            "balanced": balanced,
            "lbfgs_off_by": float(abs(fit(features, "lbfgs", c, balanced) - probabilities).max()),
            "probabilities": probabilities[:30].tolist(),
        })
out = {
    "provenance": {
        "script": "tests/Fixtures/bias/make_softmax.py",
        "reference": "sklearn.linear_model.LogisticRegression(solver='newton-cg', multi_class='multinomial', tol=1e-12)",
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "tolerance": 1e-6,
    },
    "counts": numpy.bincount(y).tolist(),
    "fits": fits,
}
pathlib.Path(__file__).with_name("softmax.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
