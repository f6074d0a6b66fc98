package scrub

import (
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
	"github.com/dumpscrub/dumpscrub/scrub/terms"
)

// stands says of secrets whose findings were left out, because those of other secrets have
// the same bytes, which secret was reported in their place: they are hunted for in its name.
// Of one password two detectors may know two values, with its encoding and without. A
// secret of which nothing was left out stands for itself. A nil stands notes nothing.
type stands map[sweep.ID]sweep.ID

// newStands returns stands for the secrets that can be hunted for.
func newStands(set *sweep.Set, book *terms.Book) stands {
	s := stands{}
	owners(set, book, func(id sweep.ID) { s[id] = id })
	return s
}

// owners calls yield with the secrets of which set knows values or book has texts, some of them
// several times.
func owners(set *sweep.Set, book *terms.Book, yield func(sweep.ID)) {
	set.Owners(yield)
	book.Owners(yield)
}

// note notes that the finding lost was left out in favour of won.
func (s stands) note(lost, won *Finding) {
	if id, ok := s[lost.id]; ok && id == lost.id && lost.Redacted && lost.id != won.id {
		s[lost.id] = won.id
		if _, ok := s[won.id]; !ok {
			s[won.id] = won.id // and what may be left out in its turn
		}
	}
}

// has reports whether the secret is hunted for in the name of another one.
func (s stands) has(id sweep.ID) bool {
	other, ok := s[id]
	return ok && other != id
}

// fill gives the secrets of which index has no ordinal that of what was reported in their
// place.
func (s stands) fill(index map[sweep.ID]int) {
	const nested = 8 // what was left out in favour of what was left out
	for id := range s {
		if k, ok := index[id]; ok && k >= 0 {
			s[id] = id // it was reported elsewhere
		}
	}
	for id, winner := range s {
		if k, ok := index[id]; !ok || k >= 0 {
			continue
		}
		for range nested {
			if k, ok := index[winner]; ok && k >= 0 {
				index[id] = k
				break
			}
			winner = s[winner]
		}
	}
}
