"""Writes mnli_features.json: the overlap features that need no word vectors, of the first 1,000 labelled rows of MNLI's matched dev set, by NLTK's
Treebank tokenizer. Then prints what scikit-learn's logistic regression on such features scores, to be held against `sparserobust bias`.

Run: python3 tests/Fixtures/bias/make_mnli_features.py DATA   (Debian: apt-get install python3-nltk python3-sklearn)
DATA has mnli/dev_matched.jsonl.gz, mnli/train_subset.jsonl.gz and hans/heuristics_evaluation_set.regen.txt.gz. Numbers only are written, no text.
Sentences are found by our rule (BiasTokenizer), written once more here: NLTK's Punkt model is not part of Debian's package.
"""
import csv
import gzip
import json
import math
import pathlib
import platform
import sys
import unicodedata

import nltk
import numpy
import sklearn
from nltk.tokenize import TreebankWordTokenizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

ROWS = 1000
CLASSES = ("Pd", "Po", "Ps", "Pe", "Pc", "Sm", "Sc", "Sk", "So")
ABBREVIATIONS = set(
    "mr mrs ms dr prof st sr jr gen col capt lt sgt rep sen gov rev hon pres vs etc inc ltd co corp dept fig ed vol pp al approx mt "
    "jan feb mar apr aug sept oct nov dec".split())
tokenizer = TreebankWordTokenizer()


def abbreviated(before):
    word = before[max(before.rfind(mark) for mark in " \t\n(\"") + 1:]
    return "." in word or (len(word) == 1 and word.isalpha()) or word.lower() in ABBREVIATIONS


def sentences(text):
    start, i = 0, 1
    while i < len(text):
        if text[i] == ".":
            end = i + 1
            while end < len(text) and text[end] in "\"')]}\u201d\u2019":
                end += 1
            following = end
            while following < len(text) and text[following].isspace():
                following += 1
            if end < following < len(text) and not text[following].islower() and not abbreviated(text[start:i]):
                yield text[start:following].strip()
                start = i = following
        i += 1
    if text[start:].strip():
        yield text[start:].strip()


def split(word):
    if word in ("``", "''"):
        return [word]
    parts, part = [], ""
    for character in word:
        if character not in "'.," and unicodedata.category(character) in CLASSES:
            parts += ([part] if part else []) + [character]
            part = ""
        else:
            part += character
    return parts + ([part] if part else [])


def words(text):
    return [part.lower() for sentence in sentences(text) for word in tokenizer.tokenize(sentence) for part in split(word)]


def counts(premise, hypothesis):
    """Whether h is a run of p, whether all of h is in p, how many words of h are in p, len(h), len(p)."""
    p, h = words(premise), words(hypothesis)
    shared = sum(word in set(p) for word in h)
    is_run = any(p[i:i + len(h)] == h for i in range(len(p) - len(h) + 1))
    return [int(bool(h) and is_run), int(bool(h) and shared == len(h)), shared, len(h), len(p)]


def features(rows):
    table = (counts(premise, hypothesis) for premise, hypothesis, _ in rows)
    return numpy.array([[run, everything, shared / max(h, 1), math.log(max(p - h, 1))] for run, everything, shared, h, p in table])


def mnli(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(row["sentence1"], row["sentence2"], row["gold_label"]) for row in rows if row["gold_label"] != "-"]


def hans(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(row["sentence1"], row["sentence2"], row["gold_label"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


data = pathlib.Path(sys.argv[1])
train, dev = mnli(data / "mnli/train_subset.jsonl.gz"), mnli(data / "mnli/dev_matched.jsonl.gz")
out = {
    "provenance": {
        "script": "tests/Fixtures/bias/make_mnli_features.py",
        "reference": "nltk.tokenize.TreebankWordTokenizer, sentences by our rule",
        "nltk": nltk.__version__,
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "data": f"MNLI dev matched, first {ROWS} labelled rows in the official order; numbers only",
        "columns": ["h-is-subseq", "all-in-p", "words of h in p", "words of h", "words of p"],
        "tolerance": "exact",
    },
    "rows": [counts(premise, hypothesis) for premise, hypothesis, _ in dev[:ROWS]],
}
head = json.dumps({"provenance": out["provenance"]}, indent=1)[:-2]
body = ",\n".join("  " + json.dumps(row) for row in out["rows"])
pathlib.Path(__file__).with_name("mnli_features.json").write_text(f'{head},\n "rows": [\n{body}\n ]\n}}\n', encoding="utf-8")

x, y = features(train), numpy.array([label == "entailment" for _, _, label in train])
for balanced in (True, False):
    model = LogisticRegression(solver="liblinear", C=100, class_weight="balanced" if balanced else None, tol=1e-10, max_iter=100000).fit(x, y)
    print(f"scikit-learn {sklearn.__version__}, {len(train)} training rows, balanced {balanced}: coefficients {model.coef_[0].tolist()}, intercept {model.intercept_[0]}")
    for name, rows in (("mnli dev_matched", dev), ("hans evaluation", hans(data / "hans/heuristics_evaluation_set.regen.txt.gz"))):
        gold, p = numpy.array([label == "entailment" for _, _, label in rows]), model.predict_proba(features(rows))[:, 1]
        right = (p > 0.5) == gold
        print(f"  {name}, n {len(rows)}: two-class {right.mean():.6f}, balanced {balanced_accuracy_score(gold, p > 0.5):.6f}, AUC {roc_auc_score(gold, p):.6f}, "
              f"right on entailment {right[gold].mean():.6f}, on the rest {right[~gold].mean():.6f}")
