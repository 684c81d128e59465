#!/usr/bin/env bash
# Starts the server in the foreground: sets the machine up, builds what changed since the last start, runs. ./run.sh --help says more.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'END'
./run.sh [OPTIONS]        the server with its pages and workers, until Ctrl-C: http://localhost:5080
  --port N                port, default 5080
  --listen ADDRESS        address, default 127.0.0.1; any other needs an administrator key in SPARSEROBUST_ADMIN_KEY
  --data DIR              a folder with datasets; may be repeated
  --storage DIR           where runs, models and the database are kept, default ./data of the checkout
  Further options (--roles, --workers, --connection, --node-name): docs/deploy.md

./run.sh cli ARGUMENTS    the command line: presets, run, check, data, bench (./run.sh cli run --help)
./run.sh --help           this text

Both install what is missing (Debian 12; root or sudo) and build what changed. ./test.sh runs the tests.
END
}

mode=server
if [ "${1:-}" = cli ]; then
  mode=cli && shift
else
  for argument in "$@"; do
    case $argument in -h | --help) usage && exit ;; esac
  done
  case ${1:--} in
    -*) ;;
    *) printf '%s\n' "run.sh: '$1' is not an option of the server. The command line is: ./run.sh cli $*" >&2 && exit 2 ;;
  esac
fi

# shellcheck disable=SC2034 # read by setup.sh
setup_for=$mode
source "$root/build/setup.sh"

# What a build depends on: where the checkout lies (manifests hold absolute paths), the tools, and every source's name, size and time.
sources() {
  echo "$root ${TORCH_PREFIX:-} ${CXX:-} ${TORCH_CXX11_ABI:-} $(dotnet --list-sdks)"
  [ -n "${TORCH_PREFIX:-}" ] || dpkg-query -W -f '${Version}\n' libtorch-dev
  local path paths=()
  for path in src build migrations models wwwroot docs/problems.md Directory.Build.props Directory.Packages.props global.json appsettings{,.*}.json; do
    [ ! -e "$root/$path" ] || paths+=("$root/$path")
  done
  find "${paths[@]}" \( -name node_modules -o -name bin -o -name obj -o -path "$root/wwwroot/dist" \) -prune -o -type f -printf '%P %s %T@\n' | sort
}

# Standard output belongs to the program. Even a build with nothing to do takes longer than the start of the server.
build() { # project, assembly, further outputs...
  local project=$1 stamp="$root/artifacts/stamps/$1" state output outputs=("$root/artifacts/bin/$1/release/$2")
  shift 2
  for output in "$@"; do outputs+=("$root/$output"); done
  state=$(sources | sha256sum)
  if [ "$state" = "$(cat "$stamp" 2>/dev/null)" ] && ls "${outputs[@]}" >/dev/null 2>&1; then return 0; fi
  if [ -e "${outputs[0]}" ]; then echo "Building what changed." >&2; else echo "Building; the first time takes a few minutes." >&2; fi
  mkdir -p "${stamp%/*}" && rm -f "$stamp"
  if ! dotnet build "$root/src/$project" -c Release --nologo -v quiet </dev/null >"$stamp.log" 2>&1; then
    cat "$stamp.log" >&2
    exit 1
  fi
  echo "$state" >"$stamp"
}

if [ "$mode" = cli ]; then
  build SparseRobust.Cli sparserobust.dll
  exec dotnet "$root/artifacts/bin/SparseRobust.Cli/release/sparserobust.dll" "$@"
fi
build SparseRobust.Web SparseRobust.Web.dll wwwroot/dist/islands.js
exec dotnet "$root/artifacts/bin/SparseRobust.Web/release/SparseRobust.Web.dll" --quickstart "$@"
