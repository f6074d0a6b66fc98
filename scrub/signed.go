package scrub

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// maxSigned bounds the tokens that are kept to choose from, mostSigned how many of them
	// candidates for their key are tried with: most processes have one key.
	maxSigned, mostSigned = 256, 8
	// mostHashed bounds their characters together, for hashing them is what a candidate costs.
	mostHashed = 2 << 10
)

// signedTokens collects tokens that an HMAC signs. When there are too many, those that lie first
// in the file stay, whatever order they were found in.
type signedTokens struct {
	list []signedToken
	cut  bool // there are tokens with headers of which none is tried
}

type signedToken struct {
	probe.Signed
	off int64 // in the file, of the first sight
}

// add keeps a copy of text.
func (s *signedTokens) add(bits int, text []byte, off int64) {
	if len(text) > mostHashed {
		s.cut = true
		return
	}
	s.list = append(s.list, signedToken{probe.Signed{Bits: bits, Text: bytes.Clone(text)}, off})
	if len(s.list) >= 2*maxSigned {
		s.prune()
	}
}

func (s *signedTokens) merge(o *signedTokens) {
	s.list = append(s.list, o.list...)
	s.cut = s.cut || o.cut
	s.prune()
}

// prune leaves the first sight of each of the first tokens.
func (s *signedTokens) prune() {
	slices.SortFunc(s.list, func(a, b signedToken) int {
		return cmp.Or(bytes.Compare(a.Text, b.Text), cmp.Compare(a.off, b.off))
	})
	s.list = slices.CompactFunc(s.list, func(a, b signedToken) bool { return bytes.Equal(a.Text, b.Text) })
	slices.SortFunc(s.list, func(a, b signedToken) int {
		return cmp.Or(cmp.Compare(a.off, b.off), bytes.Compare(a.Text, b.Text))
	})
	if len(s.list) > maxSigned {
		clear(s.list[maxSigned:])
		s.list = s.list[:maxSigned]
	}
}

// chosen returns the tokens to try, the first one of each header before the second one of any: a
// header names the key, where there are several.
func (s *signedTokens) chosen() (out []probe.Signed) {
	s.prune()
	seen := make(map[string]int)
	nth, last := make([]int, len(s.list)), 0
	for i, x := range s.list {
		nth[i] = seen[x.header()]
		last = max(last, nth[i])
		seen[x.header()]++
	}
	sum := 0
	for round := 0; round <= last; round++ {
		for i, x := range s.list {
			if nth[i] == round && len(out) < mostSigned && sum+len(x.Text) <= mostHashed {
				out = append(out, x.Signed)
				sum += len(x.Text)
				delete(seen, x.header())
			}
		}
	}
	s.cut = s.cut || len(seen) > 0
	return out
}

func (x *signedToken) header() string {
	header, _, _ := bytes.Cut(x.Text, []byte{'.'})
	return string(header)
}

func signedIn(list []probe.Signed, x probe.Signed) bool {
	return slices.ContainsFunc(list, func(y probe.Signed) bool { return bytes.Equal(x.Text, y.Text) })
}
