package terms

import (
	"math"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// term is a text that was found to be secret, or a private part of one. Whole
// terms are searched for in every encoding that package known can find, beside the
// sweep, which finds their pieces.
type term struct {
	text   []byte
	order  uint64     // which terms go first when there are too many: those where it is high
	owners []sweep.ID // the secrets that it is, or is a part of
}

// Book is a bounded set of terms with the secrets that they belong to.
type Book struct {
	set   *sweep.Set // names texts
	terms map[sweep.ID]*term
	last  uint64 // the highest term.order that is still taken, see prune
	cut   bool   // there were too many
}

// NewBook returns an empty book in which texts have the names of set.
func NewBook(set *sweep.Set) *Book {
	return &Book{set: set, terms: make(map[sweep.ID]*term), last: math.MaxUint64}
}

// Note keeps text, which is the book's from then on, as a term of the secret id if it is worth it, and
// wipes it otherwise.
func (b *Book) Note(id sweep.ID, text []byte) {
	order := xxhash.Sum64(text)
	if !worthTerm(text) || swept(text) || order > b.last {
		clear(text)
		return
	}
	key := b.set.ID(text)
	t := b.terms[key]
	if t == nil {
		t = &term{text: text, order: order}
		b.terms[key] = t
	} else {
		clear(text)
	}
	if !slices.Contains(t.owners, id) {
		t.owners = append(t.owners, id)
	}
	if len(b.terms) > 2*maxNoted {
		b.prune()
	}
}

// maxNoted bounds the terms that are remembered until it is known which of their
// secrets are to go.
const maxNoted = 4 * maxTerms

// prune forgets terms when there are more than maxNoted. Which ones stay is a
// function of the set of terms, whatever order they were found in: those whose
// digests are lowest.
func (b *Book) prune() {
	if len(b.terms) <= maxNoted {
		return
	}
	orders := make([]uint64, 0, len(b.terms))
	for _, t := range b.terms {
		orders = append(orders, t.order)
	}
	slices.Sort(orders)
	b.last = orders[maxNoted-1]
	for key, t := range b.terms {
		if t.order > b.last {
			clear(t.text)
			delete(b.terms, key)
		}
	}
	b.cut = true
}

// Merge takes over the terms of o, which is not to be used any more.
func (b *Book) Merge(o *Book) {
	for key, t := range o.terms {
		if have := b.terms[key]; have != nil {
			clear(t.text)
			for _, id := range t.owners {
				if !slices.Contains(have.owners, id) {
					have.owners = append(have.owners, id)
				}
			}
			continue
		}
		b.terms[key] = t
	}
	b.cut = b.cut || o.cut
	b.prune()
}

// Cut reports whether there were more terms than a book holds.
func (b *Book) Cut() bool { return b.cut }

// Owners calls yield with the secrets of which b has terms, with some of them several times.
func (b *Book) Owners(yield func(sweep.ID)) {
	for _, t := range b.terms {
		for _, id := range t.owners {
			yield(id)
		}
	}
}
