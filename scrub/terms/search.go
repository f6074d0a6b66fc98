package terms

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/known"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// Search searches for whole terms. A nil Search finds nothing.
type Search struct {
	Cut bool // there were too many terms

	s     *search.Searcher
	ranks map[sweep.ID]int // of the secret that a term belongs to, by the ID of its text
	set   *sweep.Set
	terms []known.Value
}

// Search returns a search for the terms of the secrets that rank knows, and empties the book. Where
// secrets share a term the lowest rank is named. In the name of another secret, which other tells, only
// what looks random is searched for, or stands alone: of a text another detector took less for a secret,
// which may be a word.
func (b *Book) Search(rank func(sweep.ID) (int, bool), other func(sweep.ID) bool) (*Search, error) {
	w := &Search{ranks: make(map[sweep.ID]int), set: b.set}
	type ranked struct {
		key  sweep.ID
		text []byte
		rank int
	}
	var all []ranked
	for key, t := range b.terms {
		best := -1
		for _, id := range t.owners {
			if len(t.text) >= minLooseTerm && other(id) && !sweep.Rare(t.text) {
				continue
			}
			if r, ok := rank(id); ok && (best < 0 || r < best) {
				best = r
			}
		}
		if best < 0 {
			clear(t.text)
			continue
		}
		all = append(all, ranked{key, t.text, best})
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.rank, b.rank), bytes.Compare(a.text, b.text)) })
	if w.Cut = len(all) > maxTerms; w.Cut {
		for _, r := range all[maxTerms:] {
			clear(r.text)
		}
		all = all[:maxTerms]
	}
	for _, r := range all {
		w.ranks[r.key] = r.rank
		whole := len(r.text) < minLooseTerm || !sweep.Rare(r.text)
		w.terms = append(w.terms, known.Value{Bytes: r.text, Whole: whole, Common: true})
	}
	clear(b.terms)
	if len(w.terms) == 0 {
		return w, nil
	}
	var err error
	if w.s, err = search.New(known.New(w.terms)); err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	return w, nil
}

// Empty reports whether there is nothing to search for.
func (w *Search) Empty() bool { return w == nil || w.s == nil }

// Reach returns how much context a window needs, in bytes.
func (w *Search) Reach() (before, after int) {
	if w.Empty() {
		return 0, 0
	}
	return w.s.Reach()
}

// Find calls yield with the whole terms in win, and the rank of the secret of each. Terms are
// found across breaks too.
func (w *Search) Find(win search.Window, yield func(rank int, f search.Found)) {
	if w.Empty() {
		return
	}
	win.Breaks = nil
	w.s.Search(win, func(f search.Found) { yield(w.ranks[w.set.ID(f.Identity)], f) })
}

// Close wipes the terms.
func (w *Search) Close() {
	if w == nil {
		return
	}
	for _, t := range w.terms {
		clear(t.Bytes)
	}
}
