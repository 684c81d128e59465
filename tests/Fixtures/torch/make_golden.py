"""Writes golden.json: what PyTorch computes, for SparseRobust.Torch.Tests.

Run with Debian 12's python3-torch: /usr/bin/python3 make_golden.py
"""
import json
import pathlib
import platform
import re

import torch
import torch.nn.functional as F

torch.manual_seed(20240229)
torch.set_num_threads(1)


def values(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def adamw(**options):
    torch.manual_seed(7)
    parameters = [torch.randn(3, 4, requires_grad=True), torch.randn(5, requires_grad=True), torch.randn(2, requires_grad=True)]
    optimizer = torch.optim.AdamW(parameters, foreach=False, **options)
    record = {"options": options, "start": [values(p) for p in parameters], "grads": [], "end": []}
    for step in range(4):
        grads = [torch.randn(3, 4), torch.randn(5)]
        for parameter, grad in zip(parameters, grads):
            parameter.grad = grad
        record["grads"].append([values(g) for g in grads])
        optimizer.step()
        record["end"].append([values(p) for p in parameters])
    state = optimizer.state[parameters[0]]
    record["exp_avg"] = values(state["exp_avg"])
    record["exp_avg_sq"] = values(state["exp_avg_sq"])
    return record


def functions():
    x = torch.randn(4, 6)
    target = torch.tensor([0, 3, -100, 5])
    weight, bias = torch.randn(6), torch.randn(6)
    probabilities = torch.softmax(torch.randn(4, 6), 1)
    q, k, v = (torch.randn(2, 3, 5, 4) for _ in range(3))
    mask = torch.zeros(2, 1, 1, 5)
    mask[1, ..., 3:] = -10000.0
    scores = q @ k.transpose(-2, -1) / 2 + mask
    return {
        "x": values(x), "target": target.tolist(), "weight": values(weight), "bias": values(bias),
        "probabilities": values(probabilities), "q": values(q), "k": values(k), "v": values(v), "mask": values(mask),
        "cross_entropy": F.cross_entropy(x, target).item(),
        "cross_entropy_smoothed": F.cross_entropy(x, target, label_smoothing=0.1).item(),
        "cross_entropy_soft": F.cross_entropy(x, probabilities).item(),
        "layer_norm": values(F.layer_norm(x, (6,), weight, bias, 1e-12)),
        "gelu": values(F.gelu(x)), "gelu_tanh": values(F.gelu(x, approximate="tanh")),
        "kl_div": F.kl_div(F.log_softmax(x, 1), probabilities, reduction="sum").item(),
        "bce": F.binary_cross_entropy_with_logits(x, probabilities).item(),
        "logsumexp": values(torch.logsumexp(x, 1)),
        "attention": values(torch.softmax(scores, -1) @ v),
    }


def clipped():
    parameters = [torch.zeros(7, requires_grad=True), torch.zeros(3, 3, requires_grad=True)]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    before = [values(p.grad) for p in parameters]
    norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0).item()
    return {"before": before, "norm": norm, "after": [values(p.grad) for p in parameters]}


golden = {
    "provenance": {"script": "make_golden.py", "torch": torch.__version__, "python": platform.python_version()},
    "adamw": [
        adamw(lr=0.01, weight_decay=0.1),
        adamw(lr=0.003, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.0, amsgrad=True),
        adamw(lr=0.02, weight_decay=0.01, maximize=True),
    ],
    "functions": functions(),
    "clip": clipped(),
}
text = re.sub(r"\[\s+([-\d.e,\s]+?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", json.dumps(golden, indent=1))
pathlib.Path(__file__).with_name("golden.json").write_text(text + "\n")
