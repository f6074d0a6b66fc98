#!/usr/bin/env bash
# Takes one safeguard after the other out of a copy of the last commit, and shows
# that the attack which is to notice does. Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive HEAD | tar x -C "$work"
cd "$work"
failures=0

# without WHAT FILE SED PACKAGE TEST
without() {
	cp "$2" "$work/saved"
	sed -i "$3" "$2"
	if cmp -s "$2" "$work/saved"; then
		echo "$1: $2 is not as it was, mend this script"
		failures=1
	elif ! go test -c -o "$work/mutant.test" "$4" >"$work/log" 2>&1; then
		echo "$1: the mutant does not build"
		head -n 5 "$work/log"
		failures=1
	elif (cd "$4" && DUMPSCRUB_TORTURE=${EACH:-40s} "$work/mutant.test" -test.run "$5" -test.timeout 10m) >"$work/log" 2>&1; then
		echo "$1: $5 does not notice"
		failures=1
	else
		echo "$1: $5 fails, as it must: $(grep -m1 -E '_test.go:|^panic|^fatal|SIG' "$work/log" | cut -c1-150 | sed 's/^ *//')"
	fi
	cp "$work/saved" "$2"
}

same='s/if t.digests\[i\] != sum {/if false {/'
without "no comparison with the examined bytes" scrub/tile/tiles.go "$same" ./scrub/torture 'TestRace$'
without "no comparison, another process" scrub/tile/tiles.go "$same" ./scrub/torture 'TestRaceProcess$'
without "a mapping that is cut off ends the process" scrub/source/window.go 's/SetPanicOnFault(true)/SetPanicOnFault(false)/' ./scrub/torture 'TestRaceProcess$'
without "no second look at the size" scrub/source/file.go 's/if st.Size() != s.size {/if false \&\& st.Size() != s.size {/' ./scrub/source .
without "the output's folder is looked up again" scrub/publish/unnamed.go 's/int(u.dir.Fd()), name, unix.AT_SYMLINK/unix.AT_FDCWD, filepath.Join(filepath.Dir(u.path), name), unix.AT_SYMLINK/' ./scrub/torture 'TestRace$'
without "a refused name leaves the other" scrub/publish/unnamed.go 's/return errors.Join(u.failed(err), unix.Unlinkat(fd, tmp, 0))/return u.failed(err)/' ./scrub/torture TestRefusedFolders
without "no limit on what containers hold" scrub/source/open.go 's/case err == nil \&\& s.size > limit:/case false:/' ./scrub/torture TestBombs
export DUMPSCRUB_FAULT="a lost write"
without "the copy is not compared with the source" scrub/mirror/mirror.go 's/if !m.Out.Same(m.In, i) {/if false {/; s/return false, compareTile(m.Plan, spare, back, off, cuts)/return false, nil/' ./scrub/torture TestCrash
without "errors quote an allowlist" scrub/allow/allow.go 's/ErrInvalid, plain(err))/ErrInvalid, err.Error())/' ./cmd/dumpscrub TestNothingLeaks
exit $failures
