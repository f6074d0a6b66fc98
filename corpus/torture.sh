#!/usr/bin/env bash
# Attacks the tool in every way that is known, each for a bounded time; less than
# half an hour in all on two cores. An argument is the time for each long attack.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-4m}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go test -c -o "$work/torture.test" ./scrub/torture

step() { echo "== $((SECONDS / 60)):$(printf %02d $((SECONDS % 60))) $*"; }

# attack NAME [VARIABLE=VALUE...] runs the tests of that name, for so long.
attack() {
	local name=$1
	shift
	(cd scrub/torture && env DUMPSCRUB_TORTURE="$each" "$@" "$work/torture.test" -test.run "$name" -test.timeout 20m -test.v)
}

# Two attacks at once; both must fail to break it.
both() { wait "$first" && wait "$second"; }

step "the protocol, in every state"
if command -v spin >/dev/null; then ./scrub/model/run.sh; else echo "spin is not installed; left out"; fi

step "writers that race with the run, in this process and in another"
attack 'TestRace$' & first=$!
attack 'TestRaceProcess$' DUMPSCRUB_SEED=1000000000 & second=$!
both

step "an end at every system call"
attack 'TestCrash$'
attack TestCrashEverywhere DUMPSCRUB_COMPLETE=1

step "a hundred thousand dumps with wrong headers, from two sides"
attack TestMutants DUMPSCRUB_TORTURE="${1:-8m}" DUMPSCRUB_TRIALS=50000 & first=$!
attack TestMutants DUMPSCRUB_TORTURE="${1:-8m}" DUMPSCRUB_TRIALS=50000 DUMPSCRUB_SEED=1000000000 & second=$!
both

step "decoys"
attack TestDecoys DUMPSCRUB_DECOYS=1000000

step "odd places, full disks, refused folders, bombs"
attack 'Disks|Folders|Bomb|Evasion|Hidden|Secret'

step "other processors, workers and folders"
attack TestMachines

step "kills, the sandbox, the gate, the tool's own leaks"
go test -count=1 -timeout 10m ./cmd/dumpscrub ./scrub/publish ./scrub/receipt ./scrub/source

step "done"
