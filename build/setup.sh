#!/usr/bin/env bash
# Makes a Debian machine ready to build: the .NET SDK is checked, missing packages are installed, the right BLAS is selected.
# Sourced by test.sh and run.sh, so that its environment stays; may be run alone. Exits 3 when only a person can help.
# setup_for=cli|server|tests: what is to be built; the server needs PostgreSQL and Node.js as well, its tests a browser too. Default: server.
# TORCH_PREFIX=<folder of an unpacked PyTorch 2.x> uses that LibTorch and its own BLAS instead of Debian's.
set -euo pipefail

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # no build process outlives the script; the shared compiler holds half a gigabyte
export NuGetAudit=false          # asks the network, and an unanswered question is a warning, hence an error
[ -w "${HOME:-}" ] || export DOTNET_CLI_HOME="${TMPDIR:-/tmp}/sparserobust-home-$UID"

setup_stop() { # message...
  printf '%s\n' "$@" >&2
  exit 3
}

setup_check_sdk() {
  local sdks=""
  command -v dotnet >/dev/null && sdks=$(dotnet --list-sdks)
  grep -qE '^10\.0\.[1-9][0-9]{2}' <<<"$sdks" ||
    setup_stop "SparseRobust needs the .NET SDK 10.0.100 or later (10.0.x); found: ${sdks:-none}." \
      "Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and put its 'dotnet' on the PATH."
}

setup_as_root() { # shell command, what to look at if it fails: runs it as root, or tells a person to
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || setup_stop "This needs root, and there is no sudo. Run the following as root, then start again:" "  sh -c '$1'"
    sudo -n true 2>/dev/null || setup_stop "This needs root, and sudo would ask for a password. Run the following, then start again:" "  sudo sh -c '$1'"
    sudo=(sudo -n)
  fi
  "${sudo[@]}" sh -c "$1" </dev/null >&2 || setup_stop "Setting this machine up failed with exit code $?; the reason stands above. $2"
}

# Debian's own `main` cluster would take port 5432 and run beside the server's private one. A choice that somebody made stays.
# shellcheck disable=SC2016 # expands in the root shell
setup_no_main_cluster='f=/etc/postgresql-common/createcluster.conf; mkdir -p "${f%/*}"
  grep -qs "^ *create_main_cluster" "$f" || echo "create_main_cluster = false" >>"$f"; export UCF_FORCE_CONFFOLD=1; '

setup_missing_for_server() { # adds to missing and before
  local version major
  { command -v postgres && command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/postgres'; } >/dev/null ||
    { missing+=(postgresql-15) && before=$setup_no_main_cluster; }
  command -v curl >/dev/null || missing+=(curl) # the quickstart ends with a command to try
  command -v npm >/dev/null || missing+=(npm)
  command -v node >/dev/null || { missing+=(nodejs) && return 0; }
  version=$(node --version) && major=${version#v} && major=${major%%.*}
  [ "$major" -ge 18 ] || setup_stop "The pages need Node.js 18 or later; $(command -v node) is $version."
}

setup_missing_packages() { # adds to missing
  local package packages=()
  for package in g++ cmake make; do
    command -v "$package" >/dev/null || missing+=("$package")
  done
  [ -n "${TORCH_PREFIX:-}" ] || packages=(libtorch-dev libopenblas0-openmp)
  for package in "${packages[@]}"; do
    [[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" == *" installed" ]] || missing+=("$package")
  done
}

setup_find_missing() { # sets missing and before
  local wanted=${setup_for:-server}
  missing=() before=""
  setup_missing_packages
  [ "$wanted" = cli ] || setup_missing_for_server
  [ "$wanted" != tests ] || command -v chromium >/dev/null || missing+=(chromium)
}

setup_packages() {
  local missing before
  setup_find_missing
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || setup_stop "Missing: ${missing[*]}, and there is no apt-get here. Install them, or set TORCH_PREFIX to a LibTorch."
  echo "Installing ${missing[*]}" >&2
  setup_as_root "${before}apt-get -q update; DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${missing[*]}" \
    "Usually the network or the package mirror is away: see that 'apt-get update' succeeds, then start again. Missing: ${missing[*]}"
  setup_find_missing
  [ ${#missing[@]} -eq 0 ] || setup_stop "Debian has these packages as installed, but their files are not there: ${missing[*]}. Put them back as root, then start again:" \
    "  apt-get install --reinstall ${missing[*]}"
}

# Debian prefers OpenBLAS's pthread flavour, whose threads fight LibTorch's OpenMP threads: more than twice the time a step.
# libblas, liblapack and the libopenblas that the latter loads are three separate choices.
setup_blas() {
  [ -z "${TORCH_PREFIX:-}" ] || return 0
  local name current wanted commands=()
  while read -r name _ current; do
    wanted="/usr/lib/${name#*-}/openblas-openmp/${name%%-*}"
    [ "$current" = "$wanted" ] || [ ! -e "$wanted" ] || commands+=("update-alternatives --set $name $wanted")
  done < <(update-alternatives --get-selections | grep -E '^(libblas\.so\.3|liblapack\.so\.3|libopenblas\.so\.0)-')
  [ ${#commands[@]} -gt 0 ] || return 0
  echo "Selecting OpenBLAS with OpenMP" >&2
  local joined
  joined=$(printf ' && %s' "${commands[@]}")
  setup_as_root "${joined# && }" "It set the BLAS: see that 'update-alternatives' works, then start again."
}

setup_check_sdk
setup_packages
setup_blas
