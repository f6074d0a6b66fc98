package scrub

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// maxSealed bounds the encrypted keys whose password is looked for: candidates are tried with each, and
// the keys of a store mostly have one password.
const maxSealed = 4

// sealedKeys collects encrypted keys that tell their password. When there are too many, those that lie
// first in the file stay, whatever order they were found in.
type sealedKeys struct {
	list []sealedKey
	cut  bool // there are others
}

type sealedKey struct {
	probe.Sealed
	off int64 // in the file, of the first sight
}

func (s *sealedKeys) add(x probe.Sealed, off int64) {
	s.list = append(s.list, sealedKey{x, off})
	if len(s.list) >= 8*maxSealed {
		s.prune()
	}
}

func (s *sealedKeys) merge(o *sealedKeys) {
	s.list = append(s.list, o.list...)
	s.cut = s.cut || o.cut
	s.prune()
}

// prune leaves the first sight of each of the first keys.
func (s *sealedKeys) prune() {
	same := func(a, b sealedKey) int {
		return cmp.Or(bytes.Compare(a.Salt[:], b.Salt[:]), bytes.Compare(a.Head[:], b.Head[:]), cmp.Compare(a.Len, b.Len))
	}
	slices.SortFunc(s.list, func(a, b sealedKey) int { return cmp.Or(same(a, b), cmp.Compare(a.off, b.off)) })
	s.list = slices.CompactFunc(s.list, func(a, b sealedKey) bool { return a.Sealed == b.Sealed })
	slices.SortFunc(s.list, func(a, b sealedKey) int { return cmp.Or(cmp.Compare(a.off, b.off), same(a, b)) })
	if len(s.list) > maxSealed {
		s.list, s.cut = s.list[:maxSealed], true
	}
}

// chosen returns the keys to try.
func (s *sealedKeys) chosen() (out []probe.Sealed) {
	s.prune()
	for _, x := range s.list {
		out = append(out, x.Sealed)
	}
	return out
}
