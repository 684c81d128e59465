#!/usr/bin/env bash
# Builds everything once and runs every test project, one after another: each loads LibTorch, which takes all cores.
# Further arguments go to dotnet test: ./test.sh --filter "Category!=Slow". The last line counts the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck disable=SC2034 # read by setup.sh
setup_for=tests
source build/setup.sh

results=$PWD/artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
now() { date +%s%3N; }
seconds() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }
sum() { # counters...: their sum over every result file
  local names
  names=$(IFS='|'; echo "$*")
  { grep -ohE '<Counters [^>]*' "$results"/*.trx 2>/dev/null || true; } |
    { grep -oE " ($names)=\"[0-9]+" || true; } | awk -F '"' '{ total += $2 } END { print total + 0 }'
}

started=$(now)
dotnet build SparseRobustWeb.sln -c Release --nologo -v quiet </dev/null
echo "Built in $(seconds $(($(now) - started)))"

aborted=0
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  started=$(now) failed_before=$(sum failed error timeout aborted) code=0
  dotnet test "$project" -c Release --no-build --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" "$@" </dev/null || code=$?
  echo "$name took $(seconds $(($(now) - started)))"
  # A test host that crashes may leave no failed test behind; it counts as one.
  if [ $code -ne 0 ] && [ "$(sum failed error timeout aborted)" = "$failed_before" ]; then
    echo "$name ended with exit code $code without naming a failed test"
    aborted=$((aborted + 1))
  fi
done

passed=$(sum passed)
failed=$(($(sum failed error timeout aborted) + aborted))
skipped=$(($(sum total) - $(sum executed)))

if [ "$skipped" -gt 0 ]; then
  echo "Skipped, by reason:"
  awk -v RS='<UnitTestResult ' '/^[^>]*outcome="NotExecuted"/ {
      reason = match($0, /<Message>[^<]*/) ? substr($0, RSTART + 9, RLENGTH - 9) : "no reason given"
      gsub(/[[:space:]]+/, " ", reason); gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&amp;/, "\\&", reason)
      print reason }' "$results"/*.trx | sort | uniq -c | sort -rn
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
