"""Writes treebank.json: words of our own sentences by NLTK's Treebank tokenizer, and their split at punctuation.

Run: python3 tests/Fixtures/bias/make_treebank.py   (Debian: apt-get install python3-nltk)
"""
import json
import pathlib
import platform
import unicodedata

import nltk
from nltk.tokenize import TreebankWordTokenizer

SENTENCES = [
    "The doctor near the lake saw the lawyer.",
    "The actors didn't thank the judges, and they'll regret it.",
    "I can't go; she won't stay.",
    "We've heard that you're late and he'd said I'm early.",
    "The students' teacher praised the principal's office.",
    "\"I don't know,\" said the baker.",
    "The baker said, \"I don't know.\"",
    "He called it ``odd'' and left.",
    "'Twas a cold night, and 'tis colder now.",
    "You cannot stay, so gimme the keys.",
    "They're gonna leave because they've gotta work.",
    "Lemme see what you wanna buy",
    "It cost $3.88, or 3,360 yen: cheap!",
    "Was it 50% of the total (or more)?",
    "The well-known scientist wrote a state-of-the-art paper.",
    "The train -- if it runs -- leaves at 10:45.",
    "Wait... what happened....",
    "Email me @ noon & bring #2 pencils.",
    "The U.S. team won.",
    "The U.S. team won in the U.S.",
    "(The senator resigned.)",
    "[The senator (and her aide) resigned.]",
    "She shouted: \"Run!\"",
    "She shouted \"run\", and everybody ran.",
    "and/or either/or",
    "snake_case and a+b=c",
    "uh yeah i i don't really know what i'd do you know",
    "THEY'RE LATE AND WE WON'T WAIT. ",
    "O'Neil met D'Angelo at the Rock 'n' Roll cafe.",
    "The dogs' bowls were the cats'.",
    "No way!!! Really?!",
    "A, B, C",
    "a,b,c and 1,2,3 and x:y and 3:4",
    "semi;colon",
    "<b>bold</b>",
    "{curly} [square] (round)",
    "He said 'hello' to us.",
    "He said ''hello'' to us.",
    "The price rose 5%-7% in 2019-2020.",
    "caf\u00e9 na\u00efve \u00fcber \u2013 dash \u2014 long",
    "\u20ac5 and \u00a36 are sums",
    "two  spaces\tand a tab",
    "",
    "   ",
    ".",
    "...",
    "'s",
    "n't",
    "'",
    "\"",
    "\"\"",
    "more'n enough, d'ye think?",
    "We shouldn't've come.",
    "It's John's, isn't it?",
    "end with colon:",
    "end with comma,",
    "dot.in.the.middle and www.example.org today",
    "He left at 5 p.m. sharp.",
    "a -- b --- c - d",
    "the lawyer's 'big' day.'",
    "She said (\"maybe\").",
    "100,000 people, 2,500 dogs, and 1 cat.",
]

KEPT = {"``", "''"}
CLASSES = ("Pd", "Po", "Ps", "Pe", "Pc", "Sm", "Sc", "Sk", "So")


def split(word):
    if word in KEPT:
        return [word]
    parts, part = [], ""
    for character in word:
        if character not in "'.," and unicodedata.category(character) in CLASSES:
            parts += [part] if part else []
            parts.append(character)
            part = ""
        else:
            part += character
    return parts + ([part] if part else [])


tokenizer = TreebankWordTokenizer()
rows = []
for text in SENTENCES:
    words = tokenizer.tokenize(text)
    rows.append({"text": text, "treebank": words, "split": [p for w in words for p in split(w)]})
out = {
    "provenance": {
        "script": "tests/Fixtures/bias/make_treebank.py",
        "reference": "nltk.tokenize.TreebankWordTokenizer",
        "nltk": nltk.__version__,
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "tolerance": "exact",
        "sentences": "written for this project",
    },
    "rows": rows,
}
path = pathlib.Path(__file__).with_name("treebank.json")
head = json.dumps({"provenance": out["provenance"]}, indent=1)[:-2]
lines = ",\n".join("  " + json.dumps(row) for row in rows)
path.write_text(f'{head},\n "rows": [\n{lines}\n ]\n}}\n', encoding="utf-8")
