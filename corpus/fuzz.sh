#!/usr/bin/env bash
# Runs every fuzz target of the module, each for the given time.
set -euo pipefail
time=${1:-20s}
n=0
while read -r pkg; do
	dir=$(go list -f '{{.Dir}}' "$pkg")
	for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go 2>/dev/null | sed 's/func //'); do
		echo "== $pkg $target"
		# Minimising an interesting input may take a minute by default and finds
		# nothing new; the time is for inputs.
		go test "$pkg" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x
		n=$((n + 1))
	done
done < <(go list ./...)
echo "$n fuzz targets ran for $time each"
