#!/usr/bin/env bash
# Packs the command line for a host without .NET: build/publish-runner.sh [RID, default linux-x64] -> artifacts/runner/sparserobust-RID.tar.xz
# On that host: unpack, compile the shim against its LibTorch (TORCH_PREFIX=<PyTorch's folder> build/native.sh app; needs g++), run ./sparserobust.
# bench/gpu.sh in the pack does that with the PyTorch of the host's Python and measures BERT-base on its GPU against that PyTorch.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
setup_for=cli # a runner needs neither PostgreSQL nor Node.js
source build/setup.sh
rid=${1:-linux-x64}
limit=$((64 * 1024 * 1024))
command -v xz >/dev/null || setup_stop "Packing needs xz: install xz-utils."

pack=artifacts/runner/sparserobust
archive=artifacts/runner/sparserobust-$rid.tar.xz
rm -rf "$pack" "$archive" && mkdir -p "$pack/build" "$pack/src/SparseRobust.Torch"
publish() { # arguments...: without the parts that nobody reads on that host
  dotnet publish src/SparseRobust.Cli -c Release --nologo -v quiet -o "$pack/app" \
    -p:SatelliteResourceLanguages=en -p:DebugType=none -p:PublishDocumentationFiles=false "$@" </dev/null
}

if dotnet restore src/SparseRobust.Cli -r "$rid" -p:SelfContained=true -v quiet </dev/null; then
  publish -r "$rid" --self-contained --no-restore
  program="\"\$here/app/sparserobust\""
else
  # No runtime pack to be had: the runtime installed here, beside the application, does as well on a host of the same kind.
  dotnet --info | grep -qE "RID: +$rid\$" || setup_stop "The runtime pack for $rid cannot be restored, and this machine's own runtime is of another kind."
  echo "The runtime pack for $rid cannot be restored; packing the installed runtime instead." >&2
  publish --no-self-contained
  runtime=$(dotnet --list-runtimes | grep '^Microsoft\.NETCore\.App 10\.0\.' | tail -1)
  version=$(cut -d' ' -f2 <<<"$runtime")
  home=$(sed -E 's|.*\[(.*)/shared/Microsoft\.NETCore\.App\]|\1|' <<<"$runtime")
  (cd "$home" && tar -c dotnet "host/fxr/$version" "shared/Microsoft.NETCore.App/$version") | { mkdir "$pack/dotnet" && tar -x -C "$pack/dotnet"; }
  program="\"\$here/dotnet/dotnet\" \"\$here/app/sparserobust.dll\""
fi

rm -f "$pack/app/libsparserobust_torch.so" # linked to this machine's LibTorch
cp -r src/SparseRobust.Torch/native "$pack/src/SparseRobust.Torch/"
cp build/native.sh "$pack/build/"
mkdir "$pack/bench" && cp tests/Benchmarks/peers/{gpu.sh,gpu_table.py,training_step.py} "$pack/bench/"
cat >"$pack/sparserobust" <<END
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
exec $program "\$@"
END
chmod +x "$pack/sparserobust"

XZ_OPT=-T0 tar -cJf "$archive" -C artifacts/runner --owner=0 --group=0 sparserobust
size=$(stat -c %s "$archive")
echo "$archive: $((size / 1024)) KiB"
[ "$size" -le $limit ] || { echo "That is more than $((limit / 1024)) KiB." >&2; exit 1; }
