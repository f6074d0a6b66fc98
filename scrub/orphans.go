package scrub

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// mostOrphans is how many primes without a modulus have theirs looked for. Processes have a key or two.
const mostOrphans = 64

// orphans collects primes of which the modulus is not known. When there are too many, those that lie first
// in the file stay, whatever order they were found in.
type orphans struct {
	list []orphan
	cut  bool // some are not looked for
}

type orphan struct {
	probe.Factor
	off int64 // in the file, of the first sight
}

// add keeps a copy of f.
func (s *orphans) add(f *probe.Factor, off int64) {
	s.list = append(s.list, orphan{probe.Factor{P: bytes.Clone(f.P), E: bytes.Clone(f.E)}, off})
	if len(s.list) >= 2*mostOrphans {
		s.prune()
	}
}

func (s *orphans) merge(o *orphans) {
	s.list = append(s.list, o.list...)
	s.cut = s.cut || o.cut
	s.prune()
}

// prune leaves the first sight of each of the first primes.
func (s *orphans) prune() {
	slices.SortFunc(s.list, func(a, b orphan) int {
		return cmp.Or(bytes.Compare(a.P, b.P), bytes.Compare(a.E, b.E), cmp.Compare(a.off, b.off))
	})
	s.list = slices.CompactFunc(s.list, func(a, b orphan) bool { return bytes.Equal(a.P, b.P) && bytes.Equal(a.E, b.E) })
	slices.SortFunc(s.list, func(a, b orphan) int {
		return cmp.Or(cmp.Compare(a.off, b.off), bytes.Compare(a.P, b.P), bytes.Compare(a.E, b.E))
	})
	if len(s.list) > mostOrphans {
		for i := range s.list[mostOrphans:] {
			clear(s.list[mostOrphans+i].P)
		}
		s.list, s.cut = s.list[:mostOrphans], true
	}
}

// chosen returns the primes whose moduli are looked for.
func (s *orphans) chosen() (out []probe.Factor) {
	s.prune()
	for _, x := range s.list {
		out = append(out, x.Factor)
	}
	return out
}
