#!/usr/bin/env python3
"""Reads what gpu.sh collected: `compare A B TOLERANCE` two runs' losses; `table FOLDER` prints the comparison and writes results.json and results.md."""
import collections
import glob
import json
import os
import statistics
import sys

# Dense bf16 TFLOP/s with fp32 accumulation, by the makers' data sheets; the first name that occurs counts.
PEAKS = (("B200", 2250), ("H200", 989), ("H100 PCIe", 756), ("H100", 989), ("A100", 312), ("A30", 165), ("L40S", 362), ("L40", 181),
         ("L4", 121), ("A10G", 70), ("A10", 125), ("A40", 150), ("RTX 4090", 165), ("RTX 3090", 71))


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.loads([line for line in file if line.startswith("{")][-1])


def compare(first, second, tolerance):
    pairs = list(zip(read(first)["losses"], read(second)["losses"]))
    worst = max(abs(a - b) / max(abs(a), 1e-6) for a, b in pairs)
    print(f"{len(pairs)} losses, greatest relative difference {worst:.2e}, allowed {tolerance:g}")
    if not worst <= tolerance:
        sys.exit("Error: the losses differ by more than is allowed")


def matmul_flops(run):
    """Exact floating-point operations of the matrix products of one step: linear layers, Q K^T and attention times V; backwards counts twice."""
    model = run.get("model", {})
    layers, hidden = run.get("layers") or model["num_hidden_layers"], run.get("hidden") or model["hidden_size"]
    tokens = run["batch"] * run["length"]
    layer = 2 * tokens * 12 * hidden ** 2 + 4 * tokens * run["length"] * hidden
    return 3 * (layers * layer + 2 * run["batch"] * hidden * (hidden + 3))


def peak_flops(card):
    if os.environ.get("PEAK_TFLOPS"):
        return 1e12 * float(os.environ["PEAK_TFLOPS"])
    return next((1e12 * tera for name, tera in PEAKS if name in card), None)


def collect(folder):
    groups = collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(folder, "run-*.json"))):
        training, batch, who, _ = os.path.basename(path)[len("run-"):-len(".json")].split("-")
        groups[training, int(batch), who].append(read(path))
    return groups


def rows(groups, peak):
    for (training, batch, who), runs in sorted(groups.items()):
        seconds = statistics.median(run["median_seconds"] for run in runs)
        memory = [run.get("peak_device_bytes") for run in runs]
        yield {
            "training": training, "batch": batch, "program": who, "processes": len(runs), "milliseconds": 1000 * seconds,
            "examples_per_second": batch / seconds,
            "peak_device_mebibytes": max(memory) / 2 ** 20 if all(memory) else None,
            "share_of_peak": matmul_flops(runs[0]) / seconds / peak if peak else None,
        }


def table(folder):
    groups = collect(folder)
    everything = [run for runs in groups.values() for run in runs]
    card = next((run["gpu"] for run in everything if run.get("gpu")), "unknown card")
    version = next((run["torch_version"] for run in everything if run.get("torch_version")), "unknown")
    peak = peak_flops(card)
    measured = list(rows(groups, peak))
    failures = []
    if os.path.exists(os.path.join(folder, "failures")):
        with open(os.path.join(folder, "failures"), encoding="utf-8") as file:
            failures = file.read().splitlines()
    head = (f"BERT-base, bf16, 128 tokens a row, {card}, PyTorch {version}. Share of peak: exact matrix-product operations "
            f"(mask training counts as a dense step) over {peak / 1e12:g} TFLOP/s." if peak else f"BERT-base, bf16, {card}, PyTorch {version}; its peak is unknown, set PEAK_TFLOPS.")
    lines = [head, "", "| training | batch | program | ms a step | examples/s | share of peak | peak MiB on the card |", "|---|---|---|---|---|---|---|"]
    for row in measured:
        share = "-" if row["share_of_peak"] is None else f"{100 * row['share_of_peak']:.1f} %"
        memory = "-" if row["peak_device_mebibytes"] is None else f"{row['peak_device_mebibytes']:.0f}"
        lines.append(f"| {row['training']} | {row['batch']} | {row['program']} | {row['milliseconds']:.2f} | {row['examples_per_second']:.0f} | {share} | {memory} |")
    lines += [""] + [f"- {failure}" for failure in failures]
    text = "\n".join(lines).rstrip() + "\n"
    print(text, end="")
    with open(os.path.join(folder, "results.md"), "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as file:
        json.dump({"card": card, "torch_version": version, "peak_flops": peak, "rows": measured, "failures": failures, "runs": everything}, file)


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "compare":
        compare(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    elif len(sys.argv) == 3 and sys.argv[1] == "table":
        table(sys.argv[2])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
