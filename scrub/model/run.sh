#!/usr/bin/env bash
# Checks the model of the protocol with spin: it must hold as it is, and must
# break when any one safeguard is taken out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command -v spin >/dev/null || { echo "spin is not installed (Debian: spin)"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# errors [DEFINE] prints how many violations the exhaustive search finds (it stops
# at the first).
errors() {
	rm -f pan* ./*.trail
	spin -a ${1:+-D"$1"} "$here/protocol.pml" >spin.log
	gcc -O2 -w -DSAFETY -o pan pan.c
	./pan -m200000 -E >pan.log
	if grep -q 'max search depth too small' pan.log; then
		echo "the search was cut off" >&2
		exit 1
	fi
	sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.log
}

n=$(errors)
states=$(sed -n 's/ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
if [ "$n" != 0 ]; then
	echo "the protocol is broken:"
	spin -t -p -g "$here/protocol.pml"
	exit 1
fi
echo "holds in all $states states"
for fault in NO_DIGEST SHARED NO_VERIFY EARLY_NAME NO_SYNC RECEIPT_1ST REACHABLE; do
	if [ "$(errors $fault)" = 0 ]; then
		echo "$fault breaks nothing: the model proves nothing about it"
		exit 1
	fi
	echo "$fault: broken after $(sed -n "s/.*depth reached \([0-9]*\),.*/\1/p" pan.log) steps at most, as it must be"
done
