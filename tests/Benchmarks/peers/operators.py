#!/usr/bin/env python3
"""Times forward and backward of single operators in Python's PyTorch; one JSON line each. Names as in Engine/OperatorTable.cs."""
import argparse
import json
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("operators.py: PyTorch is missing for " + sys.executable
             + ". On Debian: apt-get install --no-install-recommends python3-torch, and run it with /usr/bin/python3.")

import torch.nn.functional as F

SECONDS_PER_SAMPLE = 0.2


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(context, scores):
        return (scores > 0.01).to(scores.dtype)

    @staticmethod
    def backward(context, gradient):
        return gradient


def attention(query, key, value):
    scores = torch.matmul(query * 0.125, key.transpose(-1, -2)) + torch.zeros(query.shape[0], 1, 1, query.shape[2], dtype=query.dtype)
    return torch.matmul(F.dropout(F.softmax(scores, dim=-1), 0.1), value)


def table(options):
    b, l, d, heads = options.batch, options.length, options.hidden, max(1, options.hidden // 64)
    hidden, split = (b, l, d), (b, heads, l, 64)
    return [
        ("dropout, hidden", [hidden], lambda x: F.dropout(x, 0.1)),
        ("dropout, attention", [(b, heads, l, l)], lambda x: F.dropout(x, 0.1)),
        ("bias, gelu", [(b, l, 4 * d), (4 * d,)], lambda x, bias: F.gelu(x + bias)),
        ("layer_norm", [hidden, (d,), (d,)], lambda x, scale, shift: F.layer_norm(x, (d,), scale, shift, 1e-12)),
        ("dropout, add, layer_norm", [hidden, hidden, (d,), (d,)],
         lambda x, y, scale, shift: F.layer_norm(F.dropout(x, 0.1) + y, (d,), scale, shift, 1e-12)),
        ("attention", [split] * 3, attention),
        ("masked linear", [hidden, (4 * d, d), (4 * d,)],
         lambda x, scores, bias: F.linear(x, scores.detach() * StraightThrough.apply(scores), bias)),
        ("cross_entropy, 32 x 3", [(b, 3)], lambda x: F.cross_entropy(x, torch.zeros(b, dtype=torch.long))),
        ("cross_entropy, 614 of vocabulary", [(614, options.vocabulary)], lambda x: F.cross_entropy(x, torch.zeros(614, dtype=torch.long))),
    ]


def differentiated(shapes, function, dtype):
    inputs = [torch.randn(shape).to(dtype).requires_grad_() for shape in shapes]
    gradient = torch.ones_like(function(*inputs))
    return lambda: torch.autograd.grad(function(*inputs), inputs, gradient)


def adamw(options):
    d = options.hidden
    shapes = ([(d, d)] * 4 + [(4 * d, d), (d, 4 * d)]) * options.layers + [(options.vocabulary, d)]
    parameters = [torch.nn.Parameter(torch.randn(shape)) for shape in shapes]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    return torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.0, foreach=True).step


def milliseconds(action, count):
    start = time.perf_counter()
    for _ in range(count):
        action()
    return 1000 * (time.perf_counter() - start) / count


def report(name, action, options):
    action()
    count = max(1, int(1000 * SECONDS_PER_SAMPLE / milliseconds(action, 2)))
    samples = [milliseconds(action, count) for _ in range(options.samples)]
    print(json.dumps({"operator": name, "precision": options.precision, "milliseconds": samples}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("layers", 4), ("hidden", 256), ("batch", 32), ("length", 128), ("vocabulary", 30522), ("threads", 1), ("samples", 7)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    dtype = torch.bfloat16 if options.precision == "bf16" else torch.float32
    for name, shapes, function in table(options):
        try:
            report(name, differentiated(shapes, function, dtype), options)
        except RuntimeError as error:
            print(f"{name}: {error}", file=sys.stderr)
    if options.precision == "fp32":
        report("adamw", adamw(options), options)


if __name__ == "__main__":
    main()
