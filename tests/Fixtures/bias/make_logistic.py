"""Writes logistic.json: scikit-learn's liblinear logistic regression on data that a formula makes.

Run: python3 tests/Fixtures/bias/make_logistic.py
Row i of 200, in doubles: x = [(i % 7) / 6, 1 if i % 3 == 0 else 0, ((i * 37) % 101) / 100, 0.5 (constant), ln(1 + i % 11)];
positive when (i * i + 3 * i) % 17 < 5 + 4 * x[1] (so that the classes are unbalanced and overlap).
"""
import json
import math
import pathlib
import platform

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

x = numpy.array([[(i % 7) / 6, 1.0 if i % 3 == 0 else 0.0, ((i * 37) % 101) / 100, 0.5, math.log(1 + i % 11)] for i in range(200)])
y = numpy.array([1 if (i * i + 3 * i) % 17 < 5 + 4 * x[i, 1] else 0 for i in range(200)])
fits = []
for c, balanced in [(100, True), (100, False), (0.01, True), (1, False)]:
    model = LogisticRegression(solver="liblinear", C=c, class_weight="balanced" if balanced else None, tol=1e-14, max_iter=100000)
    model.fit(x, y)
    fits.append({
        "c": c,
        "balanced": balanced,
        "coefficients": model.coef_[0].tolist(),
        "intercept": float(model.intercept_[0]),
        "probabilities": model.predict_proba(x)[:40, 1].tolist(),
    })
out = {
    "provenance": {
        "script": "tests/Fixtures/bias/make_logistic.py",
        "reference": "sklearn.linear_model.LogisticRegression(solver='liblinear', tol=1e-14)",
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "tolerance": 1e-6,
    },
    "positives": int(y.sum()),
    "fits": fits,
}
pathlib.Path(__file__).with_name("logistic.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
