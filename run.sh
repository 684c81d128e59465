#!/usr/bin/env bash
# Runs SparseRobust: with no arguments the quickstart, else the command line with these arguments (./run.sh run --help).
# Until the server exists this is the command line; ./run.sh will then start the server in the foreground instead.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$root/build/setup.sh"

# Standard output belongs to the command.
dotnet build "$root/src/SparseRobust.Cli" -c Release --nologo -v quiet </dev/null >&2
[ $# -gt 0 ] || set -- run quickstart/shortcut-nli --out "$root/data/quickstart"
exec dotnet "$root/artifacts/bin/SparseRobust.Cli/release/sparserobust.dll" "$@"
