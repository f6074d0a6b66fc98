package mnemonic

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// chain is the words around a candidate, which is the one with the index at.
type chain struct {
	t     probe.Text
	words []item
	at    int
	// loose says that the first or the last word is glued to other letters.
	loose bool
}

// newChain returns the chain around w.
func newChain(t probe.Text, w item) chain {
	c := chain{t: t}
	c.words, c.at = chainAround(t, w)
	return c
}

// glued calls yield for the chain, and for each that it becomes with a word at one end
// or both that is glued to other letters.
func (c *chain) glued(yield func(*chain)) {
	yield(c)
	if len(c.words) < minWords-2 || len(c.words) > maxLoose {
		return
	}
	first, last := c.words[0], c.words[len(c.words)-1]
	heads, tails := glued(c.t, skip(c.t, first.start-1, -1), -1), glued(c.t, skip(c.t, last.end, 1), 1)
	for _, h := range heads {
		yield(&chain{c.t, slices.Concat([]item{h}, c.words), c.at + 1, true})
		for _, t := range tails {
			yield(&chain{c.t, slices.Concat([]item{h}, c.words, []item{t}), c.at + 1, true})
		}
	}
	for _, t := range tails {
		yield(&chain{c.t, slices.Concat(c.words, []item{t}), c.at, true})
	}
}

// verdict is a phrase in the characters [start, end).
type verdict struct {
	start, end int
	kind       string
	confidence probe.Confidence
	phrase     []byte
	entropy    []byte
}

// maxLoose is the longest chain in which phrases may begin anywhere: one phrase with
// some words of a sentence. In longer ones the check sums of so many fit by chance
// that only bounded phrases count.
const maxLoose = maxWords + minWords

// judge emits the phrases that hold the candidate, without those inside others that
// are as sure.
func (c *chain) judge(emit func(probe.Match)) {
	var found []verdict
	for _, n := range lengths {
		c.glued(func(c *chain) {
			for start := max(0, c.at-n+1); start <= c.at && start+n <= len(c.words); start++ {
				if v, ok := c.phrase(start, start+n); ok && !covered(found, v) {
					found = append(found, v)
				} else {
					v.wipe()
				}
			}
		})
	}
	for _, v := range found {
		c.emit(v, emit)
		v.wipe()
	}
}

func covered(found []verdict, v verdict) bool {
	for _, f := range found {
		if f.start <= v.start && v.end <= f.end && f.confidence >= v.confidence {
			return true
		}
	}
	return false
}

func (v *verdict) wipe() {
	clear(v.phrase)
	clear(v.entropy)
}

// phrase judges the words [start, end).
func (c *chain) phrase(start, end int) (verdict, bool) {
	v := verdict{start: c.words[start].start, end: c.words[end-1].end, kind: BIP39}
	if c.loose && start > 0 && end < len(c.words) {
		return v, false // the chain without glued words has said so
	}
	bounded := c.bounded(start, end)
	if !bounded && len(c.words) > maxLoose {
		return v, false
	}
	var buf [maxWords]int
	words := buf[:0]
	for _, w := range c.words[start:end] {
		words = append(words, w.index)
	}
	defer clear(words)
	if sorted(words) || !c.uniform(start, end) {
		return v, false
	}
	var valid bool
	v.entropy, valid = entropy(make([]byte, 0, 32), words)
	v.phrase = c.text(start, end)
	switch {
	case repeated(words):
		if !valid || !bounded {
			return v, false
		}
		v.confidence = probe.Possible
	case valid && bounded:
		v.confidence = probe.Confirmed
	case bounded && len(words) == minWords && electrum(v.phrase):
		v.kind, v.confidence = Electrum, probe.Confirmed
	case valid, bounded && !c.loose:
		v.confidence = probe.Likely
	default:
		return v, false
	}
	if !valid || v.confidence == probe.Possible {
		clear(v.entropy)
		v.entropy = nil
	}
	return v, true
}

// uniform reports whether the words [start, end) are divided alike.
func (c *chain) uniform(start, end int) bool {
	for i := start + 1; i+1 < end; i++ {
		if !alike(c.t, c.words[start], c.words[start+1], c.words[i], c.words[i+1]) {
			return false
		}
	}
	return true
}

// bounded reports whether the words [start, end), which are divided alike, are divided
// from those on either side otherwise: by a line end, if by nothing else.
func (c *chain) bounded(start, end int) bool {
	return (start == 0 || c.border(start, start)) && (end == len(c.words) || c.border(end, start))
}

// border reports whether what divides word i from the one before is unlike what divides
// the two words at first.
func (c *chain) border(i, first int) bool {
	ws := c.words
	return !alike(c.t, ws[i-1], ws[i], ws[first], ws[first+1]) ||
		c.lines(ws[i-1].end, ws[i].start) > c.lines(ws[first].end, ws[first+1].start)
}

// lines counts the line ends among the characters [i, j).
func (c *chain) lines(i, j int) int {
	n := 0
	for ; i < j; i++ {
		if c.t.At(i) == '\n' {
			n++
		}
	}
	return n
}

// text returns the words [start, end) in lower case with one blank between two: what
// wallets derive keys from.
func (c *chain) text(start, end int) []byte {
	p := make([]byte, 0, maxWords*(maxWord+1))
	for i, w := range c.words[start:end] {
		if i > 0 {
			p = append(p, ' ')
		}
		from := len(p)
		p = c.t.Append(p, w.start, w.end)
		for k := from; k < len(p); k++ {
			p[k] |= 0x20
		}
	}
	return p
}

func (c *chain) emit(v verdict, emit func(probe.Match)) {
	r := c.t.Range(v.start, v.end)
	m := probe.Match{
		Kind: v.kind, Encoding: c.t.Encoding(probe.ASCII), Confidence: v.confidence, Text: true, Wide: c.t.Wide(),
		Range: r, Redact: []probe.Range{r}, Identity: v.phrase,
	}
	if len(v.entropy) > 0 {
		m.Values = [][]byte{v.entropy}
	}
	emit(m)
}
