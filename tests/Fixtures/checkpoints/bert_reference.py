"""A BERT classifier in PyTorch's functions, for tests that compare files and logits with it. Needs torch (Debian: python3-torch).

bert_reference.py write FOLDER   writes a small model as older programs did: pytorch_model.bin with gamma and beta and position_ids, a config.json that leaves out the defaults
bert_reference.py read FOLDER    reads model.safetensors by the format's description and prints each tensor's SHA-256
Both print the logits of the same three inputs, as JSON.
Source: Devlin et al. (2019), BERT; the safetensors format: 8 bytes length, JSON header, data.
"""
import collections
import hashlib
import json
import math
import os
import struct
import sys

import torch
from torch.nn.functional import gelu, layer_norm, linear

IDS = torch.tensor([[2, 5, 6, 3, 7, 8, 9, 3], [2, 10, 3, 11, 3, 0, 0, 0], [2, 3, 3, 0, 0, 0, 0, 0]])
TYPES = torch.tensor([[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0]])
MASK = (IDS != 0).float()
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def forward(w, heads, eps):
    def dense(name, x):
        return linear(x, w[name + ".weight"], w[name + ".bias"])

    def norm(name, x):
        return layer_norm(x, x.shape[-1:], w[name + ".LayerNorm.weight"], w[name + ".LayerNorm.bias"], eps)

    def split(x):
        return x.view(*x.shape[:2], heads, -1).transpose(1, 2)

    e = "bert.embeddings."
    x = w[e + "word_embeddings.weight"][IDS] + w[e + "position_embeddings.weight"][: IDS.shape[1]] + w[e + "token_type_embeddings.weight"][TYPES]
    x = norm("bert.embeddings", x)
    layer = 0
    while f"bert.encoder.layer.{layer}.output.dense.weight" in w:
        p = f"bert.encoder.layer.{layer}."
        q, k, v = (split(dense(f"{p}attention.self.{name}", x)) for name in ("query", "key", "value"))
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(MASK[:, None, None, :] == 0, float("-inf"))
        context = (torch.softmax(scores, -1) @ v).transpose(1, 2).flatten(2)
        x = norm(p + "attention.output", dense(p + "attention.output.dense", context) + x)
        x = norm(p + "output", dense(p + "output.dense", gelu(dense(p + "intermediate.dense", x))) + x)
        layer += 1
    return dense("classifier", torch.tanh(dense("bert.pooler.dense", x[:, 0])))


def write(folder):
    torch.manual_seed(11)
    layers, d, ffn, vocabulary, positions = 3, 24, 40, 30, 512
    w = collections.OrderedDict()

    def add(name, *shape, centre=0.0):
        w[name] = centre + 0.3 * torch.randn(*shape)

    def add_dense(name, rows, columns):
        add(name + ".weight", rows, columns)
        add(name + ".bias", rows)

    def add_norm(name):
        add(name + ".LayerNorm.weight", d, centre=1.0)
        add(name + ".LayerNorm.bias", d)

    add("bert.embeddings.word_embeddings.weight", vocabulary, d)
    add("bert.embeddings.position_embeddings.weight", positions, d)
    add("bert.embeddings.token_type_embeddings.weight", 2, d)
    add_norm("bert.embeddings")
    for i in range(layers):
        p = f"bert.encoder.layer.{i}."
        for name in ("query", "key", "value"):
            add_dense(f"{p}attention.self.{name}", d, d)
        add_dense(p + "attention.output.dense", d, d)
        add_norm(p + "attention.output")
        add_dense(p + "intermediate.dense", ffn, d)
        add_dense(p + "output.dense", d, ffn)
        add_norm(p + "output")
    add_dense("bert.pooler.dense", d, d)
    add_dense("classifier", 3, d)
    old = collections.OrderedDict((name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"), tensor) for name, tensor in w.items())
    old["bert.embeddings.position_ids"] = torch.arange(positions).unsqueeze(0)
    torch.save(old, os.path.join(folder, "pytorch_model.bin"))
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump({"model_type": "bert", "hidden_size": d, "num_hidden_layers": layers, "num_attention_heads": 3, "intermediate_size": ffn, "vocab_size": vocabulary,
                   "id2label": {"0": "contradiction", "1": "entailment", "2": "neutral"}}, file)
    return {"logits": forward(w, 3, 1e-12).tolist()}


def read(folder):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    w, hashes = {}, {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        w[name] = torch.frombuffer(data[begin:end], dtype=DTYPES[entry["dtype"]]).view(entry["shape"]).float()
        hashes[name] = hashlib.sha256(data[begin:end]).hexdigest()
    return {"logits": forward(w, config["num_attention_heads"], config["layer_norm_eps"]).tolist(), "sha256": hashes, "dtype": config["torch_dtype"]}


print(json.dumps({"write": write, "read": read}[sys.argv[1]](sys.argv[2])))
