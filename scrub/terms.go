package scrub

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/dumpscrub/dumpscrub/detect/known"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/scrub/reel"
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

// The bounds of terms, in characters, and their number. What is longer is left to
// the sweep of its pieces.
const (
	minTerm  = 8
	maxTerm  = 4 << 10
	maxTerms = 1 << 12
	// sweptTerm is from what length on the sweep finds every encoding of a term that
	// needs no escapes: its decoder wants so many digits of base64.
	sweptTerm = 24
	// minLooseTerm is from what length on a term need not stand alone.
	minLooseTerm = 12
	// minPlainTerm is from what length on words without digits are a term: pass
	// phrases, but no names.
	minPlainTerm = 16
)

// textual reports whether the redacted text of m is the secret itself, not an
// encoding of it.
func textual(m *probe.Match) bool {
	return m.Text && (m.Encoding == probe.ASCII || m.Encoding == probe.UTF16LE)
}

// structured reports whether the text of m is of a form that all secrets of its
// kind share: the lines of PEM and its relatives begin alike.
func structured(m *probe.Match) bool {
	switch m.Encoding {
	case probe.PEM, probe.OpenSSH, probe.PuTTY, probe.PGP, probe.JWK:
		return true
	}
	return strings.HasSuffix(m.Kind, "private-key") || strings.HasPrefix(m.Kind, "pgp-")
}

// texts returns the private texts of f, one byte a character, in memory of their
// own. What lies encoded is represented by its identity.
func texts(f search.Found, data []byte) [][]byte {
	if !textual(&f.Match) || len(f.Remote) > 0 {
		if len(f.Identity) > 0 && printable(f.Identity) {
			return append(unescaped(f.Identity), bytes.Clone(f.Identity))
		}
		return nil
	}
	var out [][]byte
	for _, r := range f.Redact {
		p := data[r.Start:r.End]
		if !f.Wide {
			out = append(out, bytes.Clone(p))
			continue
		}
		out = append(out, narrow(p))
	}
	// Words that lie one to a line are written in one line elsewhere.
	if len(out) == 1 && len(f.Identity) > 0 && !bytes.Equal(out[0], f.Identity) && printable(f.Identity) {
		out = append(out, bytes.Clone(f.Identity))
	}
	for _, p := range out {
		out = append(out, unescaped(p)...)
	}
	return out
}

// passWords is how many words of a pass phrase in a row are hunted for, where there are
// more than twice as many: of the 2,048 words of a wallet's list they tell 44 bits.
const passWords = 4

// passages returns every passWords words in a row of a pass phrase, which is of small
// letters and single blanks, for none of its words is rare.
func passages(text []byte) [][]byte {
	words := bytes.Split(text, []byte(" "))
	if len(words) <= 2*passWords {
		return nil
	}
	for _, w := range words {
		if len(w) == 0 || len(bytes.Trim(w, "abcdefghijklmnopqrstuvwxyz")) > 0 {
			return nil
		}
	}
	var out [][]byte
	for i := range len(words) - passWords + 1 {
		out = append(out, bytes.Join(words[i:i+passWords], []byte(" ")))
	}
	return out
}

// narrow returns the lower bytes of UTF-16LE text.
func narrow(p []byte) []byte {
	n := make([]byte, 0, len(p)/2)
	for i := 0; i < len(p); i += 2 {
		n = append(n, p[i])
	}
	return n
}

func printable(p []byte) bool {
	for _, c := range p {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// worthTerm reports whether text may be searched for as a whole: it is no word that
// programs use for other things too.
func worthTerm(text []byte) bool {
	if len(text) < minTerm || len(text) > maxTerm || !printable(text) || known.Check(text) != nil {
		return false
	}
	var lower, upper, digits, others bool
	letters := 0
	for i, c := range text {
		switch {
		case c >= 'a' && c <= 'z':
			lower = true
			letters++
		case c >= 'A' && c <= 'Z':
			upper = upper || i > 0 // a capital in front makes no other word
			letters++
		case c >= '0' && c <= '9':
			digits = true
		default:
			others = true
		}
	}
	if len(text) >= minPlainTerm {
		return letters > 0 || len(text) >= 2*minPlainTerm
	}
	return letters > 0 && (digits || others || lower && upper)
}

// note keeps a text as a term of a secret.
func (c *collector) note(id sweep.ID, text []byte) {
	if !worthTerm(text) || swept(text) {
		return
	}
	order := xxhash.Sum64(text)
	if order > c.lastTerm {
		clear(text)
		return
	}
	key := c.set.ID(text)
	t := c.terms[key]
	if t == nil {
		t = &term{text: text, order: order}
		c.terms[key] = t
	}
	if !slices.Contains(t.owners, id) {
		t.owners = append(t.owners, id)
	}
	if len(c.terms) > 2*maxNoted {
		c.pruneTerms()
	}
}

// maxNoted bounds the terms that are remembered until it is known which of their
// secrets are to go.
const maxNoted = 4 * maxTerms

// pruneTerms forgets terms when there are more than maxNoted. Which ones stay is a
// function of the set of terms, whatever order they were found in: those whose
// digests are lowest.
func (c *collector) pruneTerms() {
	if len(c.terms) <= maxNoted {
		return
	}
	orders := make([]uint64, 0, len(c.terms))
	for _, t := range c.terms {
		orders = append(orders, t.order)
	}
	slices.Sort(orders)
	c.lastTerm = orders[maxNoted-1]
	for key, t := range c.terms {
		if t.order > c.lastTerm {
			clear(t.text)
			delete(c.terms, key)
		}
	}
	c.full = true
}

// mergeTerms takes over the terms of o.
func (c *collector) mergeTerms(o *collector) {
	for key, t := range o.terms {
		if have := c.terms[key]; have != nil {
			for _, id := range t.owners {
				if !slices.Contains(have.owners, id) {
					have.owners = append(have.owners, id)
				}
			}
			continue
		}
		c.terms[key] = t
	}
	c.pruneTerms()
}

// wholes searches for whole terms. The zero wholes finds nothing.
type wholes struct {
	s     *search.Searcher
	ranks map[sweep.ID]int // of the secret that a term belongs to, by the ID of its text
	set   *sweep.Set
	terms []known.Value
	cut   bool // there were too many
}

// newWholes returns a search for the terms of the secrets that rank knows. Where
// secrets share a term the lowest rank is named. In the name of another secret only what
// looks random is searched for, or stands alone: of a text another detector took less for a secret,
// which may be a word.
func newWholes(set *sweep.Set, terms map[sweep.ID]*term, rank func(sweep.ID) (int, bool), other stands) (*wholes, error) {
	w := &wholes{ranks: make(map[sweep.ID]int), set: set}
	type ranked struct {
		key  sweep.ID
		text []byte
		rank int
	}
	var all []ranked
	for key, t := range terms {
		best := -1
		for _, id := range t.owners {
			if len(t.text) >= minLooseTerm && other.has(id) && !sweep.Rare(t.text) {
				continue
			}
			if r, ok := rank(id); ok && (best < 0 || r < best) {
				best = r
			}
		}
		if best >= 0 {
			all = append(all, ranked{key, t.text, best})
		}
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.rank, b.rank), bytes.Compare(a.text, b.text)) })
	if w.cut = len(all) > maxTerms; w.cut {
		all = all[:maxTerms]
	}
	for _, r := range all {
		w.ranks[r.key] = r.rank
		whole := len(r.text) < minLooseTerm || !sweep.Rare(r.text)
		w.terms = append(w.terms, known.Value{Bytes: r.text, Whole: whole, Common: true})
	}
	if len(w.terms) == 0 {
		return w, nil
	}
	var err error
	if w.s, err = search.New(known.New(w.terms)); err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	return w, nil
}

// swept reports whether the sweep of its pieces finds all that a search for text as
// a whole would.
func swept(text []byte) bool {
	if len(text) < sweptTerm || !sweep.Rare(text[:sweptTerm/2]) || !sweep.Rare(text[len(text)-sweptTerm/2:]) {
		return false
	}
	for _, c := range text {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// reach returns how much context a window needs, in bytes.
func (w *wholes) reach() (before, after int) {
	if w == nil || w.s == nil {
		return 0, 0
	}
	return w.s.Reach()
}

// search appends the whole terms in w to dst.
func (ws *wholes) search(dst []place, w reel.Window) []place {
	if ws == nil || ws.s == nil {
		return dst
	}
	sw := w.Search()
	sw.Breaks = nil
	ws.s.Search(sw, func(f search.Found) {
		dst = append(dst, place{w.Spans(f.Redact...), sweep.Hit{
			Start: f.Start, End: f.End, Secret: ws.ranks[ws.set.ID(f.Identity)], Encoding: f.Encoding, Text: f.Text, Wide: f.Text && f.Wide,
		}})
	})
	return dst
}

// close wipes the terms.
func (w *wholes) close() {
	if w == nil {
		return
	}
	for _, t := range w.terms {
		clear(t.Bytes)
	}
}
