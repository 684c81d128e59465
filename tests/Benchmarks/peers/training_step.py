#!/usr/bin/env python3
"""Times training steps of BERT in Python's PyTorch: the peer of `sparserobust bench`. Prints one JSON object.

Same shapes, dropout, optimiser and clipping as our trainer; random tokens, weights and labels. Nothing but torch is needed:
  apt-get install python3-torch      (Debian 12: 1.13.1, the LibTorch that we link to), run with /usr/bin/python3
or any PyTorch 2.x from a wheel.
"""
import argparse
import json
import math
import os
import re
import sys
import time

try:
    import torch
except ImportError:
    sys.exit("training_step.py: PyTorch is missing for " + sys.executable
             + ". On Debian: apt-get install --no-install-recommends python3-torch, and run it with /usr/bin/python3.")

import torch.nn.functional as F
from torch import nn

CLASSES = 3
SPARSITY = 0.7
THRESHOLD, SCALE = 0.01, 2.0


class StraightThrough(torch.autograd.Function):
    """1[score > threshold] forwards; the identity backwards."""

    @staticmethod
    def forward(context, scores, threshold):
        return (scores > threshold).to(scores.dtype)

    @staticmethod
    def backward(context, gradient):
        return gradient, None


class MaskedLinear(nn.Linear):
    """A linear layer over frozen weights with a trained score for each of them."""

    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs)
        self.register_parameter("scores", None)

    def train_mask(self):
        magnitude = self.weight.detach().abs()
        rank = magnitude.flatten().kthvalue(max(1, int(magnitude.numel() * SPARSITY))).values
        self.scores = nn.Parameter((magnitude > rank).to(magnitude.dtype) * (SCALE * THRESHOLD))

    def forward(self, x):
        weight = self.weight if self.scores is None else self.weight * StraightThrough.apply(self.scores, THRESHOLD)
        return F.linear(x, weight, self.bias)


class Layer(nn.Module):
    def __init__(self, hidden, heads, dropout, fused_attention):
        super().__init__()
        self.heads, self.dropout, self.fused_attention = heads, dropout, fused_attention
        self.query, self.key, self.value, self.attended = (MaskedLinear(hidden, hidden) for _ in range(4))
        self.intermediate, self.output = MaskedLinear(hidden, 4 * hidden), MaskedLinear(4 * hidden, hidden)
        self.norm1, self.norm2 = nn.LayerNorm(hidden, eps=1e-12), nn.LayerNorm(hidden, eps=1e-12)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def attention(self, x, bias):
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        dropout = self.dropout if self.training else 0.0
        if self.fused_attention:
            context = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype), dropout_p=dropout)
        else:
            scores = torch.matmul(query, key.transpose(-1, -2)) / math.sqrt(query.shape[-1]) + bias
            context = torch.matmul(F.dropout(F.softmax(scores, dim=-1), dropout, self.training), value)
        return context.transpose(1, 2).reshape(x.shape)

    def forward(self, x, bias):
        x = self.norm1(F.dropout(self.attended(self.attention(x, bias)), self.dropout, self.training) + x)
        y = self.output(F.gelu(self.intermediate(x)))
        return self.norm2(F.dropout(y, self.dropout, self.training) + x)


class Bert(nn.Module):
    def __init__(self, options):
        super().__init__()
        hidden = options.hidden
        self.dropout = options.dropout
        self.words = nn.Embedding(options.vocabulary, hidden)
        self.positions = nn.Embedding(max(128, options.length), hidden)
        self.types = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        fused = options.variant == "best" and hasattr(F, "scaled_dot_product_attention")
        self.layers = nn.ModuleList(Layer(hidden, max(1, hidden // 64), options.dropout, fused) for _ in range(options.layers))
        self.pooler = MaskedLinear(hidden, hidden)
        self.classifier = MaskedLinear(hidden, CLASSES)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, 0, 0.02)

    def forward(self, ids, types, mask):
        bias = ((1.0 - mask) * -1e9)[:, None, None, :]
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.types(types)
        x = F.dropout(self.norm(x), self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, bias)
        pooled = torch.tanh(self.pooler(x[:, 0]))
        return self.classifier(F.dropout(pooled, self.dropout, self.training))

    def train_masks(self):
        self.requires_grad_(False)
        for module in list(self.modules()):
            if isinstance(module, MaskedLinear):
                module.train_mask()


def batches(options):
    """Random batches as lists of rows, made before the clock starts; with a spread, of changing length as our own random rows."""
    generator = torch.Generator().manual_seed(1)
    for _ in range(options.warmup + options.steps):
        length = options.length
        if options.spread > 0:
            longest = torch.rand(1, generator=generator).item() ** (16 / options.batch)
            length -= int((options.length - 5) * options.spread * (1 - longest))
        ids = torch.randint(5, options.vocabulary, (options.batch, length), generator=generator)
        types = (torch.arange(length) >= length // 2).long().repeat(options.batch, 1)
        labels = torch.randint(0, CLASSES, (options.batch,), generator=generator)
        yield ids, types, torch.ones(options.batch, length), labels


def optimizer_of(parameters, options):
    settings = {}
    if options.variant == "best":
        cuda = options.device.startswith("cuda")
        settings = {"fused": True} if cuda and not torch.__version__.startswith("1.") else {"foreach": True}
    return torch.optim.AdamW(parameters, lr=1e-4, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, **settings)


def status_bytes(key):
    with open("/proc/self/status", encoding="ascii") as status:
        return 1024 * int(re.search(key + r":\s*(\d+) kB", status.read()).group(1))


def blas():
    if "BLAS_INFO=mkl" in torch.__config__.show():
        return "mkl"
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        text = maps.read()
    for name in ("openblas-openmp", "openblas-pthread", "openblas-serial", "blis"):
        if name in text:
            return name
    return "reference" if "/blas/libblas" in text else "unknown"


def run(options):
    torch.manual_seed(1)
    device = torch.device(options.device)
    model = Bert(options).train().to(device)
    if options.training == "mask":
        model.train_masks()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimizer_of(trained, options)
    forward = torch.compile(model) if options.compile else model
    clear = {"set_to_none": True} if options.variant == "best" else {}
    seconds, losses, resident = [], [], []
    for batch in list(batches(options)):
        start = time.perf_counter()
        ids, types, mask, labels = (tensor.to(device) for tensor in batch)
        with torch.autocast(device.type, torch.bfloat16, enabled=options.precision == "bf16"):
            logits = forward(ids, types, mask)
        loss = F.cross_entropy(logits.float(), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(**clear)
        losses.append(loss.item())
        if device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
        resident.append(status_bytes("VmRSS"))
    return seconds, losses, resident


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("layers", 4), ("hidden", 256), ("batch", 32), ("length", 128), ("steps", 20), ("warmup", 5), ("vocabulary", 30522)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--spread", type=float, default=0.0)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--training", choices=("dense", "mask"), default="dense")
    parser.add_argument("--variant", choices=("as-is", "best"), default="as-is",
                        help="best: AdamW over tensor lists (fused on a GPU), gradients set to none, fused attention where there is one")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compile", action="store_true", help="torch.compile (2.x)")
    return parser.parse_args()


def main():
    options = parse()
    torch.set_num_threads(options.threads)
    seconds, losses, resident = run(options)
    timed = sorted(seconds[options.warmup:])
    median = timed[len(timed) // 2]
    cuda = options.device.startswith("cuda")
    print(json.dumps({
        "name": "Python torch, " + options.variant + (", compiled" if options.compile else ""),
        **vars(options),
        "torch_version": torch.__version__,
        "blas": blas(),
        "core_type": os.environ.get("OPENBLAS_CORETYPE"),
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.get_device_name() if cuda else None,
        "median_seconds": median,
        "examples_per_second": options.batch / median,
        "tokens_per_second": options.batch * options.length / median if options.spread == 0 else None,
        "peak_bytes": status_bytes("VmHWM"),
        "peak_device_bytes": torch.cuda.max_memory_allocated() if cuda else None,
        "step_seconds": seconds,
        "losses": losses,
        "resident_bytes": resident,
    }))


if __name__ == "__main__":
    main()
