"""Writes torch_files.json: state dicts as PyTorch saves them, in base64, with the numbers they hold.

Run with Debian's python3-torch:  /usr/bin/python3 tests/Fixtures/checkpoints/make_torch_files.py
With a folder as argument it writes there, and each case as a file NAME.bin too.
"""
import base64
import collections
import io
import json
import os
import sys
import zipfile

import torch


def half(x):
    return x.to(torch.float16)


torch.manual_seed(7)
base = torch.randn(4, 3)
shared = torch.arange(10, dtype=torch.float32)
plain = collections.OrderedDict([("a.weight", base), ("a.bias", torch.tensor([1.5, -2.0, 3.25, 0.0])), ("scalar", torch.tensor(2.5)), ("none", torch.zeros(0, 3))])
STATES = {
    "plain": plain,
    "half": collections.OrderedDict((name, half(tensor)) for name, tensor in plain.items()),
    "bfloat16": collections.OrderedDict((name, tensor.to(torch.bfloat16)) for name, tensor in plain.items()),
    "float64": collections.OrderedDict((name, tensor.to(torch.float64)) for name, tensor in plain.items()),
    "whole numbers": {"i64": torch.tensor([[1, -2, 3]]), "i32": torch.tensor([4, -5], dtype=torch.int32), "u8": torch.tensor([200, 7], dtype=torch.uint8),
                      "i16": torch.tensor([-300], dtype=torch.int16), "i8": torch.tensor([-3, 3], dtype=torch.int8), "bool": torch.tensor([True, False])},
    "shared storage": {"all": shared, "tail": shared[6:], "again": shared, "matrix": shared[:6].view(2, 3)},
    "views": {"transposed": base.t(), "column": base[:, 1], "steps": shared[1::3], "repeated": torch.tensor([1.0, 2.0]).unsqueeze(1).expand(2, 3),
              "permuted": torch.arange(24.0).view(2, 3, 4).permute(2, 0, 1)},
    "parameters": {"w": torch.nn.Parameter(base), "b": torch.nn.Parameter(base[0])},
    "module": torch.nn.Linear(3, 2).state_dict(),
    "empty": {},
}


def saved(state, legacy):
    file = io.BytesIO()
    torch.save(state, file, _use_new_zipfile_serialization=not legacy)
    return file.getvalue()


def big_endian(data):
    """The same archive with its numbers turned round, as a big-endian machine writes it since PyTorch 2.1."""
    source, file = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target:
        for entry in source.namelist():
            content = source.read(entry)
            if "/data/" in entry:
                content = b"".join(content[i:i + 4][::-1] for i in range(0, len(content), 4))
            target.writestr(entry, content)
        target.writestr("archive/byteorder", "big")
    return file.getvalue()


def cases():
    for name, state in STATES.items():
        yield name, saved(state, False), state
        yield name + ", before 1.6", saved(state, True), state
    yield "big-endian", big_endian(saved(STATES["shared storage"], False)), STATES["shared storage"]


folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
content = []
for name, data, state in cases():
    content.append({"name": name, "bytes": base64.b64encode(data).decode("ascii"), "tensors": {
        key: {"dtype": str(tensor.dtype)[len("torch."):], "shape": list(tensor.shape), "values": tensor.detach().to(torch.float64).flatten().tolist()} for key, tensor in state.items()}})
    if len(sys.argv) > 1:
        with open(os.path.join(folder, name + ".bin"), "wb") as target:
            target.write(data)
with open(os.path.join(folder, "torch_files.json"), "w") as target:
    target.write(f'{{"provenance": "make_torch_files.py, torch {torch.__version__}", "cases": [\n' + ",\n".join(json.dumps(case) for case in content) + "\n]}\n")
