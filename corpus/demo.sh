#!/usr/bin/env bash
# Makes a real crash dump on the spot and takes it through the door: a TLS server
# with a fresh key runs and crashes, and its dump is scrubbed, gated and searched.
set -euo pipefail
bin=$(realpath "${1:-bin/dumpscrub}")
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$dir"' EXIT

(cd "$(dirname "$0")/.." && go build -o "$dir/server" ./corpus/cmd/demoserver)
cd "$dir"

# The kernel writes the core here when core_pattern names a file and the limit
# allows; where it does not, gcore takes one of the living server.
ulimit -c unlimited 2>/dev/null || true
echo "1. A server runs and crashes."
{ ./server key.pem crash || true; } 2>/dev/null
core=$(find . -maxdepth 1 -name 'core*' -type f | head -n 1)
if [ -z "$core" ]; then
	if ! command -v gcore >/dev/null; then
		if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			{ apt-get update && apt-get install -y --no-install-recommends gdb; } >/dev/null 2>&1
		else
			echo "The kernel hands cores to another program ($(cat /proc/sys/kernel/core_pattern)), and gcore (package gdb) is missing." >&2
			exit 1
		fi
	fi
	./server key.pem wait 2>/dev/null >ready &
	pid=$!
	until [ -s ready ]; do sleep 0.1; done
	gcore -o core "$pid" >/dev/null 2>&1
	kill "$pid"
	pid=
	core=$(find . -maxdepth 1 -name 'core*' -type f | head -n 1)
fi
mv "$core" crash.core
ls -l crash.core | awk '{print "   its dump: crash.core,", $5, "bytes"}'

echo
echo "2. What is in it?"
"$bin" scan crash.core --quiet | head -n 12 || true

echo
echo "3. Scrub it."
"$bin" scrub crash.core --no-progress 2>&1

echo
echo "4. May it leave?"
"$bin" gate crash.scrubbed.core 2>&1
code=0
"$bin" gate crash.core 2>&1 || code=$?
echo "exit code $code for the original"
[ "$code" = 3 ]

echo
echo "5. Is the key gone? Lines that hold the first line of its base64:"
body=$(sed -n 2p key.pem)
before=$(grep -c -a -F -e "$body" crash.core || true)
after=$(grep -c -a -F -e "$body" crash.scrubbed.core || true)
echo "   in the original $before, in the copy $after"
[ "$before" -gt 0 ] && [ "$after" = 0 ]
