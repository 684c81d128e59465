#!/usr/bin/env bash
# Measures BERT-base on a GPU host that has a Python with PyTorch (2.x wheel), g++ and an unpacked runner (build/publish-runner.sh), but neither .NET nor a network:
#   tar -xJf sparserobust-linux-x64.tar.xz && sparserobust/bench/gpu.sh [OUTPUT_FOLDER, default gpu-results]
# 1. builds the shim against that PyTorch; 2. compares losses on processor and GPU; 3. times ours, PyTorch eager and torch.compile in turn.
# What fails is reported and the rest goes on; OUTPUT_FOLDER gets results.json, results.md and a log of each step. About 15 minutes.
#   PYTHON (python3), DEVICE (cuda:0), ROUNDS (2), STEPS (40), PEAK_TFLOPS (by the card's name): settings by environment
#   RUNNER: folder of the unpacked runner; default: the one this script lies in
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
runner=${RUNNER:-$(dirname "$here")} python=${PYTHON:-python3} device=${DEVICE:-cuda:0} rounds=${ROUNDS:-2} steps=${STEPS:-40}
mkdir -p "${1:-gpu-results}" && out=$(cd "${1:-gpu-results}" && pwd) || exit 1
rm -f "$out"/*.json "$out"/*.log "$out"/failures

step() { # name, command...: its standard output to NAME.json, its errors to NAME.log; a failure is noted
  local name=$1 code=0
  shift
  echo "== $name" >&2
  timeout 900 "$@" >"$out/$name.json" 2>"$out/$name.log" || code=$?
  [ $code -ne 0 ] || return 0
  cat "$out/$name.json" >>"$out/$name.log" # our program says there what is wrong
  rm -f "$out/$name.json"
  echo "$name failed (exit code $code): $({ grep -iE 'error|message' "$out/$name.log" || cat "$out/$name.log"; } | tail -n 1 | cut -c1-300)" | tee -a "$out/failures" >&2
  return 1
}

torch_say() { "$python" -c "import os, torch; print($1)"; }
build_shim() {
  local prefix abi
  prefix=$(torch_say 'os.path.dirname(torch.__file__)') && abi=$(torch_say 'int(torch._C._GLIBCXX_USE_CXX11_ABI)') || return 1
  TORCH_PREFIX=$prefix TORCH_CXX11_ABI=$abi "$runner/build/native.sh" "$runner/app" && torch_say 'torch.__version__, torch.version.cuda, torch.cuda.get_device_name()'
}

ours() { "$runner/sparserobust" bench --json "$@" --training "$training"; }
peer() { "$python" "$here/training_step.py" "$@" --training "$training"; }
export -f ours peer build_shim torch_say
export runner python here training=dense

# A small model without dropout must lose the same on both devices, to rounding.
check_pair() { # name, tolerance, arguments of the first, --, arguments of the second
  local name=$1 tolerance=$2 first=() small=(--layers 2 --hidden 128 --vocabulary 1000 --batch 8 --dropout 0 --warmup 1 --steps 19)
  shift 2
  while [ "$1" != -- ]; do first+=("$1") && shift; done
  shift
  step "check-$name-a" bash -c 'ours "$@"' ours "${small[@]}" "${first[@]}" &&
    step "check-$name-b" bash -c 'ours "$@"' ours "${small[@]}" "$@" &&
    step "check-$name" "$python" "$here/gpu_table.py" compare "$out/check-$name-a.json" "$out/check-$name-b.json" "$tolerance" && cat "$out/check-$name.json"
}

step shim bash -c build_shim && cat "$out/shim.json"
check_pair fp32 1e-3 --device cpu -- --device "$device"
training=mask
check_pair mask 1e-3 --device cpu -- --device "$device"
training=dense
check_pair bf16 3e-2 --device "$device" -- --device "$device" --precision bf16

base=(--layers 12 --hidden 768 --length 128 --warmup 10 --steps "$steps" --device "$device" --precision bf16)
for round in $(seq "$rounds"); do
  for batch in 32 256; do
    for training in dense mask; do
      [ "$training" = dense ] || [ "$batch" = 32 ] || continue
      step "run-$training-$batch-ours-$round" bash -c 'ours "$@"' ours "${base[@]}" --batch $batch
      step "run-$training-$batch-eager_as_is-$round" bash -c 'peer "$@"' peer "${base[@]}" --batch $batch --variant as-is
      step "run-$training-$batch-eager_best-$round" bash -c 'peer "$@"' peer "${base[@]}" --batch $batch --variant best
      step "run-$training-$batch-compiled-$round" bash -c 'peer "$@"' peer "${base[@]}" --batch $batch --variant best --compile
    done
  done
done
"$python" "$here/gpu_table.py" table "$out"
