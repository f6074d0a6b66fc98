#!/usr/bin/env bash
# Attacks the tool in every way that is known, each for a bounded time; less than
# half an hour in all on two cores (BENCHMARKS.md: a quarter). An argument is the time for each attack that
# could go on for ever. A step that fails does not keep the others from running.
set -uo pipefail
cd "$(dirname "$0")/.."
each=${1:-150s}
mutants=${MUTANTS:-50000} # of each of the two sides
decoys=${DECOYS:-1000000}

TIMEFORMAT='%1U+%1S s'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go test -c -o "$work/torture.test" ./scrub/torture || exit 1
failed=() steps=0

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# step WHAT COMMAND... runs one attack and prints what it took, whether it passed,
# and the figures that its tests log; all that it said when it failed.
step() {
	local what=$1 begin=$SECONDS result=passed
	shift
	steps=$((steps + 1))
	{ time "$@" >"$work/log" 2>&1; } 2>"$work/time" || { result=FAILED failed+=("$what"); }
	# Tests that are the other process of a test say so, and have run.
	[ "$(grep -ac -- '^--- SKIP' "$work/log")" -gt "$(grep -ac 'runs only in a process of its own' "$work/log")" ] && result="$result, but not all could run"
	echo "== $what: $(clock $((SECONDS - begin))), $(cat "$work/time") of processors, $result"
	if [ "${result%%,*}" = FAILED ]; then
		cat "$work/log"
	else
		grep -ahE '^ +[a-z_]+_test\.go:[0-9]+: |^holds in|: broken after|is not installed' "$work/log" | grep -av 'in a process of its own' | sed -E 's/^ +[a-z_]+_test\.go:[0-9]+: /   /' | cut -c1-400 | head -n 40
	fi
}

# attack NAME [VARIABLE=VALUE...] runs the tests of that name.
attack() {
	local name=$1
	shift
	(cd scrub/torture && env DUMPSCRUB_TORTURE="$each" "$@" "$work/torture.test" -test.run "$name" -test.timeout 20m -test.v)
}

# Two attacks at once; both must fail to break it.
both() {
	local first second result=0
	"$1" & first=$!
	"$2" & second=$!
	wait "$first" || result=1
	wait "$second" || result=1
	return $result
}

model() {
	if command -v spin >/dev/null; then ./scrub/model/run.sh; else echo "spin is not installed"; fi
}
race_inside() { attack 'TestRace$'; }
race_outside() { attack 'TestRaceProcess$' DUMPSCRUB_SEED=1000000000; }
# Garbage is not collected for every mutant anew, which is half of the work.
mutants_one() { attack TestMutants GOGC=1000 DUMPSCRUB_TORTURE=9m DUMPSCRUB_TRIALS="$mutants"; }
mutants_two() { attack TestMutants GOGC=1000 DUMPSCRUB_TORTURE=9m DUMPSCRUB_TRIALS="$mutants" DUMPSCRUB_SEED=1000000000; }

step "the protocol, in every state" model
step "writers that race with the run, in this process and in another" both race_inside race_outside
step "calls that fail or lie, in runs with two workers" attack 'TestCrash$'
step "an end at every system call" attack TestEveryCall DUMPSCRUB_COMPLETE=1
step "a hundred thousand dumps with wrong headers" both mutants_one mutants_two
step "decoys, a million tokens and a million keys" attack 'Decoys|Schedule' DUMPSCRUB_DECOYS="$decoys"
step "odd places, full disks, refused folders, bombs" attack 'Disks|Folders|Bomb|Evasion|Hidden|Secret|Cost'
step "other processors, workers and folders" attack TestMachines
step "kills, the sandbox, the gate, the tool's own leaks" \
	go test -count=1 -v -timeout 10m ./cmd/dumpscrub ./scrub/publish ./scrub/receipt ./scrub/source

if [ ${#failed[@]} -gt 0 ]; then
	echo "torture: $(clock $SECONDS), ${#failed[@]} of $steps attacks broke it: $(printf '%s; ' "${failed[@]}")"
	exit 1
fi
echo "torture: $(clock $SECONDS), none of $steps attacks broke it"
