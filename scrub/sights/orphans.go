package sights

import (
	"bytes"
	"cmp"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// mostOrphans is how many primes without a modulus have theirs looked for. Processes have a key or two.
const mostOrphans = 64

// orphans are primes of which the modulus is not known.
var orphans = bound[probe.Factor]{
	most:    mostOrphans,
	compare: func(a, b *probe.Factor) int { return cmp.Or(bytes.Compare(a.P, b.P), bytes.Compare(a.E, b.E)) },
	forget:  func(f *probe.Factor) bool { clear(f.P); return true },
}
