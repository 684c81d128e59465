"""Writes squad.json: exact match and F1 of made-up answers by SQuAD's own evaluation script.

Run: python3 tests/Fixtures/metrics/make_squad.py PATH/evaluate-v1.1.py (from the SQuAD site; not in this repository)
"""
import importlib.util
import json
import pathlib
import platform
import sys

spec = importlib.util.spec_from_file_location("squad", sys.argv[1])
squad = importlib.util.module_from_spec(spec)
spec.loader.exec_module(squad)

cases = [
    ("The Eiffel Tower", ["Eiffel tower."]),
    ("in the north of Paris", ["north Paris", "the north", "Paris"]),
    ("a a b b b", ["b b a c", "b"]),
    ("", [""]),
    ("the", ["a", "an"]),
    ("", ["something"]),
    ("something", ["", "The"]),
    ("1,000", ["1000", "1 000"]),
    ("well-known", ["wellknown", "well known"]),
    ("well\u2013known", ["well known", "well\u2013known"]),
    ("the\u2013end", ["\u2013end", "end"]),
    ("theatre an apple", ["theatre apple", "atre apple"]),
    ("U.S. Army's", ["us armys", "US Army"]),
    ("$5 & <10>", ["5 10"]),
    ("a_b the_end", ["ab theend", "b end"]),
    ("\u201cThe\u201d answer", ["\u201c \u201d answer", "answer"]),
    ("caf\u00e9 CAF\u00c9", ["CAF\u00c9 caf\u00e9", "cafe"]),
    ("a\u0301 the\u0301 x", ["\u0301 \u0301 x", "a\u0301 the\u0301 x"]),
    ("an\u00b2 a\u2162 the\u0665", ["an\u00b2 a\u2162 the\u0665", "\u00b2"]),
    ("one\u00a0two\u2003three\u001cfour\u0085five", ["one two three four five", "one two"]),
    ("zero\u200bwidth", ["zero width", "zero\u200bwidth"]),
    ("\U0001d49cthe \U0001f600 a", ["\U0001d49cthe \U0001f600", "the"]),
    ("\u5317\u4eac the", ["\u5317\u4eac"]),
    ("\u00c5NGSTR\u00d6M \u0416", ["\u00e5ngstr\u00f6m \u0436"]),
    ("x y z", ["z y x", "x y"]),
]
out = {
    "provenance": {"script": "tests/Fixtures/metrics/make_squad.py", "reference": "f1_score and exact_match_score of evaluate-v1.1.py", "python": platform.python_version(), "tolerance": 1e-12},
    "cases": [
        {
            "prediction": prediction,
            "answers": answers,
            "normalized": squad.normalize_answer(prediction),
            "exact_match": bool(max(squad.exact_match_score(prediction, answer) for answer in answers)),
            "f1": float(max(squad.f1_score(prediction, answer) for answer in answers)),
        }
        for prediction, answers in cases
    ],
}
pathlib.Path(__file__).with_name("squad.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
