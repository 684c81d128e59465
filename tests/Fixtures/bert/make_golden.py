"""Golden numbers for a tiny BERT classifier, from torch.nn.TransformerEncoderLayer (an implementation independent of ours).

Run with Debian's python3-torch:  /usr/bin/python3 tests/Fixtures/bert/make_golden.py
Writes model.safetensors, config.json and expected.json beside this file.
"""
import json
import os
import struct

import torch

torch.manual_seed(20)
HERE = os.path.dirname(os.path.abspath(__file__))
LAYERS, D, HEADS, FFN, VOCAB, POSITIONS, CLASSES = 2, 16, 2, 32, 24, 12, 3
EPS = 1e-12


def normal(*shape):
    return torch.randn(*shape) * 0.3


weights = {
    "bert.embeddings.word_embeddings.weight": normal(VOCAB, D),
    "bert.embeddings.position_embeddings.weight": normal(POSITIONS, D),
    "bert.embeddings.token_type_embeddings.weight": normal(2, D),
    "bert.embeddings.LayerNorm.weight": 1 + normal(D),
    "bert.embeddings.LayerNorm.bias": normal(D),
    "bert.pooler.dense.weight": normal(D, D),
    "bert.pooler.dense.bias": normal(D),
    "classifier.weight": normal(CLASSES, D),
    "classifier.bias": normal(CLASSES),
}
layers = []
for i in range(LAYERS):
    layer = torch.nn.TransformerEncoderLayer(D, HEADS, FFN, dropout=0.0, activation="gelu", layer_norm_eps=EPS, batch_first=True)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(normal(*parameter.shape))
        layer.norm1.weight.add_(1)
        layer.norm2.weight.add_(1)
    prefix = f"bert.encoder.layer.{i}."
    for j, name in enumerate(["query", "key", "value"]):
        weights[f"{prefix}attention.self.{name}.weight"] = layer.self_attn.in_proj_weight[j * D:(j + 1) * D]
        weights[f"{prefix}attention.self.{name}.bias"] = layer.self_attn.in_proj_bias[j * D:(j + 1) * D]
    for ours, theirs in [("attention.output.dense", layer.self_attn.out_proj), ("attention.output.LayerNorm", layer.norm1),
                         ("intermediate.dense", layer.linear1), ("output.dense", layer.linear2), ("output.LayerNorm", layer.norm2)]:
        weights[f"{prefix}{ours}.weight"] = theirs.weight
        weights[f"{prefix}{ours}.bias"] = theirs.bias
    layers.append(layer)

ids = torch.tensor([[2, 5, 6, 3, 7, 8, 9, 3], [2, 10, 3, 11, 3, 0, 0, 0]])
types = torch.tensor([[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0, 0]])
mask = torch.tensor([[1] * 8, [1] * 5 + [0] * 3])

# train() keeps torch off its fused inference path; dropout is 0.
w = weights
x = w["bert.embeddings.word_embeddings.weight"][ids] + w["bert.embeddings.position_embeddings.weight"][: ids.shape[1]] + w["bert.embeddings.token_type_embeddings.weight"][types]
x = torch.nn.functional.layer_norm(x, (D,), w["bert.embeddings.LayerNorm.weight"], w["bert.embeddings.LayerNorm.bias"], EPS)
for layer in layers:
    x = layer.train()(x, src_key_padding_mask=mask == 0)
pooled = torch.tanh(torch.nn.functional.linear(x[:, 0], w["bert.pooler.dense.weight"], w["bert.pooler.dense.bias"]))
logits = torch.nn.functional.linear(pooled, w["classifier.weight"], w["classifier.bias"])

header, blobs, offset = {}, [], 0
for name in sorted(weights):
    data = weights[name].detach().contiguous().numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(weights[name].shape), "data_offsets": [offset, offset + len(data)]}
    blobs.append(data)
    offset += len(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(HERE, "model.safetensors"), "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))

labels = ["contradiction", "entailment", "neutral"]
with open(os.path.join(HERE, "config.json"), "w") as f:
    json.dump({"model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": VOCAB, "num_hidden_layers": LAYERS, "hidden_size": D,
               "num_attention_heads": HEADS, "intermediate_size": FFN, "max_position_embeddings": POSITIONS, "type_vocab_size": 2, "hidden_dropout_prob": 0.1,
               "attention_probs_dropout_prob": 0.1, "initializer_range": 0.02, "layer_norm_eps": EPS, "hidden_act": "gelu",
               "id2label": {str(i): n for i, n in enumerate(labels)}, "label2id": {n: i for i, n in enumerate(labels)}}, f, indent=2)
    f.write("\n")
with open(os.path.join(HERE, "expected.json"), "w") as f:
    json.dump({"provenance": f"make_golden.py, torch {torch.__version__}", "tolerance": 1e-5, "ids": ids.flatten().tolist(), "token_types": types.flatten().tolist(),
               "mask": mask.flatten().tolist(), "shape": list(ids.shape), "logits": logits.flatten().tolist()}, f, indent=2)
    f.write("\n")
