#!/usr/bin/env bash
# Builds the LibTorch shim once per version of its sources and of LibTorch, and prints the library's path.
# usage: build/native.sh [OUTPUT_DIRECTORY]   (the library is also copied there)
#   TORCH_PREFIX  root of a LibTorch or PyTorch installation (its include/ and lib/); default: the system's
#   CXX           compiler, default g++
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
sources=$root/src/SparseRobust.Torch/native
name=libsparserobust_torch.so

fail() { echo "native.sh: error: $*" >&2; exit 1; }
advice="install them with: apt-get install libtorch-dev g++ cmake"

prefix=${TORCH_PREFIX:-/usr}
header=$prefix/include/torch/version.h
[ -f "$header" ] || header=$prefix/include/torch/csrc/api/include/torch/version.h
[ -f "$header" ] || fail "LibTorch's headers were not found under $prefix; $advice"
cxx=${CXX:-g++}
command -v "$cxx" >/dev/null || fail "no C++ compiler ($cxx); $advice"

key=$( { find "$sources" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat "${BASH_SOURCE[0]}" "$header"; echo "$prefix $cxx ${TORCH_CXX11_ABI:-}"; } \
  | sha256sum | cut -c1-16)
cache=$root/artifacts/native/$key
library=$cache/$name

build_with_cmake() {
  command -v cmake >/dev/null || return 1
  cmake -S "$sources" -B "$work" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_PREFIX_PATH="$prefix" >"$log" 2>&1 \
    && cmake --build "$work" -j "$(nproc)" >>"$log" 2>&1
}

# A Python wheel has no usable CMake package without nvcc; its headers and libraries are enough.
build_with_compiler() {
  local cuda="" abi="" headers="" folder
  [ -e "$prefix/lib/libtorch_cuda.so" ] && cuda="-ltorch_cuda -lc10_cuda"
  # A wheel keeps CUDA's own headers, which only the memory statistics need, in a package beside it.
  for folder in "$prefix"/../nvidia/*/include /usr/local/cuda/include; do
    [ -z "$cuda" ] || [ ! -f "$folder/cuda_runtime_api.h" ] || headers="$headers -I$folder"
  done
  [ -n "${TORCH_CXX11_ABI:-}" ] && abi=-D_GLIBCXX_USE_CXX11_ABI=$TORCH_CXX11_ABI
  local flags=(-std=c++20 -O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -fvisibility=hidden -fopenmp -fPIC)
  # shellcheck disable=SC2086
  (cd "$sources" && find . -type d -exec mkdir -p "$work/objects/{}" \; && find . -name '*.cpp' -print0 | xargs -0 -P "$(nproc)" -I{} \
    "$cxx" "${flags[@]}" $abi $headers -I"$prefix/include" -I"$prefix/include/torch/csrc/api/include" -c {} -o "$work/objects/{}.o") >>"$log" 2>&1 \
    && find "$work/objects" -name '*.o' -print0 | xargs -0 "$cxx" -shared -fopenmp -o "$work/$name" \
      -L"$prefix/lib" -Wl,-rpath,"$prefix/lib" -Wl,--no-as-needed $cuda -ltorch_cpu -ltorch -lc10 >>"$log" 2>&1
}

build() {
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
  [ -f "$library" ] && return
  work=$(mktemp -d "$cache/build.XXXXXX")
  log=$cache/build.log
  : >"$log"
  echo "native.sh: building the LibTorch shim (about half a minute)" >&2
  build_with_cmake || build_with_compiler || { tail -n 30 "$log" >&2; fail "the shim did not build; see $log"; }
  mv "$work/$name" "$library.part"
  mv "$library.part" "$library"
  rm -rf "$work"
}

[ -f "$library" ] || build
if [ $# -gt 0 ]; then
  mkdir -p "$1"
  cmp -s "$library" "$1/$name" || { cp "$library" "$1/$name.part.$$" && mv "$1/$name.part.$$" "$1/$name"; }
fi
echo "$library"
