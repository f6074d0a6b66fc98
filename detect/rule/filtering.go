package rule

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// filtering is the detector of a rule without anchors. Candidates are the places
// where a run of the characters of the pattern's most telling piece begins, long
// enough for it, and every runStep bytes of longer runs.
type filtering struct{ anchored }

// runStep is how many bytes of a run one candidate answers for.
const runStep = 256

// Filter implements probe.Filter. A run of min bytes holds one of every min bytes,
// so most are never looked at.
func (d filtering) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	c := d.code()
	e, in := &c.run, c.runBytes
	i := lo
	if lo > 0 && in[data[lo-1]] {
		i = d.rest(data, base, lo, hi, hit)
	}
	for i < hi && i+e.min <= len(data) {
		k := i + e.min - 1
		for k >= i && in[data[k]] {
			k--
		}
		if k >= i {
			i = k + 1
			continue
		}
		hit(i)
		i = d.rest(data, base, i+1, hi, hit)
	}
}

// rest calls hit at every multiple of runStep in the run that goes on at i, where
// as many bytes of it as a match needs stand before. It returns the end of the run.
func (d filtering) rest(data []byte, base int64, i, hi int, hit func(int)) int {
	least, in := d.code().run.min, d.code().runBytes
	for ; i < hi && in[data[i]]; i++ {
		if (base+int64(i))%runStep != 0 {
			continue
		}
		k := i - 1
		for k >= 0 && i-k <= least && in[data[k]] {
			k--
		}
		if i-k > least {
			hit(i)
		}
	}
	return i
}

// ascii returns b as texts do.
func ascii(b byte) byte {
	if b >= 0x80 {
		return probe.NotASCII
	}
	return b
}

// Detect emits the matches of which the piece begins in the runStep bytes from the
// candidate on.
func (d filtering) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	c := d.code()
	first, last := at-c.preMax, at+runStep-1-c.preMin
	if !c.worthwhile(v, t, first, last) {
		return
	}
	for first <= last {
		next := 0
		if !c.search(v, t, at, first, last, at+runStep+c.postMax, func(h hit) {
			next = h.end
			c.emit(v, t, h, emit)
		}) {
			return
		}
		first = next
	}
}

// worthwhile says quickly that no match begins in [first, last], or that no keyword
// stands near enough to one.
func (c *code) worthwhile(v probe.View, t probe.Text, first, last int) bool {
	first = max(first, 0)
	if !slices.ContainsFunc(c.around(), func(s surroundings) bool {
		return s.tails[0].behind.run(v.Data, first, 1, false, last-first)
	}) {
		return false
	}
	return len(c.keywords) == 0 || hasWord(t, first-KeywordReach, last+c.preMax+c.postMax+KeywordReach, c.keywords)
}
