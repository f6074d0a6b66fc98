#!/usr/bin/env bash
# Attacks the tool in every way that is known, each for a bounded time; less than
# half an hour in all. An argument is the time for each long attack.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${1:-5m}

step() { echo "== $*"; }

step "the protocol, in every state"
if command -v spin >/dev/null; then ./scrub/model/run.sh; else echo "spin is not installed; left out"; fi

step "a writer that races with the run"
DUMPSCRUB_TORTURE=$each go test -count=1 -timeout 30m -v ./scrub/torture -run Race

step "an end at every system call"
DUMPSCRUB_TORTURE=$each go test -count=1 -timeout 30m -v ./scrub/torture -run Crash

step "dumps with wrong headers, from two sides"
DUMPSCRUB_TORTURE=$each go test -count=1 -timeout 30m -v ./scrub/torture -run Mutants &
first=$!
DUMPSCRUB_SEED=1000000000 DUMPSCRUB_TORTURE=$each go test -count=1 -timeout 30m -v ./scrub/torture -run Mutants
wait "$first"

step "decoys"
DUMPSCRUB_DECOYS=200000 go test -count=1 -timeout 30m -v ./scrub/torture -run Decoys

step "other processors, workers and folders"
DUMPSCRUB_TORTURE=$each go test -count=1 -timeout 30m -v ./scrub/torture -run Machines

step "kills, full disks, the sandbox, the gate, the tool's own leaks"
go test -count=1 -timeout 10m ./cmd/dumpscrub ./scrub/publish ./scrub/receipt ./scrub/source
