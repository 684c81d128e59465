"""Writes pickles.json: bias predictions as Python programs pickle them, in base64, with the numbers they hold.

Run: python3 tests/Fixtures/bias/make_pickles.py   (Debian: apt-get install python3-numpy)
"python2" is written by hand: protocol 2 with byte strings, as Python 2 writes it.
"""
import base64
import json
import pathlib
import pickle
import platform

import numpy

rows = {"a1": [0.5, 0.25, 0.25], 7: [0.125, 0.5, 0.375], "c": [0.25, 0.125, 0.625]}
cases = []


def add(name, data, **more):
    cases.append({"name": name, "bytes": base64.b64encode(data).decode("ascii"), **more})


for protocol in range(6):
    add(f"dict float32 protocol {protocol}", pickle.dumps({key: numpy.array(row, dtype=numpy.float32) for key, row in rows.items()}, protocol))
add("dict float64", pickle.dumps({key: numpy.array(row) for key, row in rows.items()}))
add("dict big-endian", pickle.dumps({key: numpy.array(row, dtype=">f8") for key, row in rows.items()}))
add("dict of lists", pickle.dumps(rows))
add("dict of tuples protocol 0", pickle.dumps({key: tuple(row) for key, row in rows.items()}, 0))
add("dict of numpy numbers", pickle.dumps({key: [numpy.float64(x) for x in row] for key, row in rows.items()}))
array = numpy.array(list(rows.values()), dtype=numpy.float32)
add("array", pickle.dumps(array))
add("array fortran", pickle.dumps(numpy.asfortranarray(array)))
add("array protocol 5", pickle.dumps(array, 5))


def text(value):
    return b"U" + bytes([len(value)]) + value


python2 = b"\x80\x02}"
for key, row in rows.items():
    contents = numpy.array(row, dtype="<f4").tobytes()
    python2 += text(key.encode()) if isinstance(key, str) else b"K" + bytes([key])
    python2 += b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text(b"b") + b"\x87R(K\x01K\x03\x85cnumpy\ndtype\n" + text(b"f4") + b"K\x00K\x01\x87R"
    python2 += b"(K\x03" + text(b"<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + text(contents) + b"tbs"
python2 += b"."
assert {k.decode() if isinstance(k, bytes) else k: v.tolist() for k, v in pickle.loads(python2, encoding="bytes").items()} == rows
add("python2", python2)

out = {
    "provenance": {"script": "tests/Fixtures/bias/make_pickles.py", "numpy": numpy.__version__, "python": platform.python_version(), "tolerance": "exact"},
    "ids": [str(key) for key in rows],
    "values": list(rows.values()),
    "cases": cases,
}
pathlib.Path(__file__).with_name("pickles.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
