package rule

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// filtering is the detector of a rule without anchors. Candidates are the places
// where a run of the characters of the pattern's most telling piece begins, long
// enough for it, and every runStep bytes of longer runs. A run in UTF-16 has a zero
// behind each character, so that a candidate says by its second byte which one it is.
type filtering struct{ anchored }

// runStep is how many bytes of a run one candidate answers for.
const runStep = 256

// Filter implements probe.Filter.
func (d filtering) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	c := d.code()
	var hits []int
	add := func(i int) { hits = append(hits, i) }
	c.runs(data, base, lo, hi, 1, add)
	if c.run.min > 1 { // or every character before a zero were both
		for parity := range 2 {
			c.runs(data, base, lo+parity, hi, 2, add)
		}
	}
	slices.Sort(hits)
	for _, i := range slices.Compact(hits) {
		hit(i)
	}
}

// hasAt reports whether a character of width bytes in the set is at i.
func (c *code) hasAt(data []byte, i, width int) bool {
	return i >= 0 && i+width <= len(data) && c.runBytes[data[i]] && (width == 1 || data[i+1] == 0)
}

// runs calls hit for the candidates in [lo, hi) among runs of characters that lie at multiples of
// width from lo. A run of min characters holds one of every min of them, so most are never
// looked at.
func (c *code) runs(data []byte, base int64, lo, hi, width int, hit func(int)) {
	most := c.run.min - 1
	i := lo
	if c.hasAt(data, lo-width, width) {
		i = c.rest(data, base, lo, hi, width, hit)
	}
	for i < hi && i+(most+1)*width <= len(data) {
		k := i + most*width
		for k >= i && c.hasAt(data, k, width) {
			k -= width
		}
		if k >= i {
			i = k + width
			continue
		}
		hit(i)
		i = c.rest(data, base, i+width, hi, width, hit)
	}
}

// rest calls hit once every runStep bytes in the run that goes on at i, where
// as many characters of it as a match needs stand before. It returns the end of the run.
func (c *code) rest(data []byte, base int64, i, hi, width int, hit func(int)) int {
	least := c.run.min
	for ; i < hi && c.hasAt(data, i, width); i += width {
		if (base+int64(i))%runStep >= int64(width) {
			continue
		}
		k := 1
		for k <= least && c.hasAt(data, i-k*width, width) {
			k++
		}
		if k > least {
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
	c := d.code()
	v.Wide = c.run.min > 1 && !c.hasAt(v.Data, v.At+1, 1) && c.hasAt(v.Data, v.At, 2)
	t, at := probe.TextOf(v)
	step := runStep
	if v.Wide {
		step /= 2
	}
	first, last := at-c.preMax, at+step-1-c.preMin
	if !c.worthwhile(v, t, first, last) {
		return
	}
	for first <= last {
		next := 0
		if !c.search(v, t, at, first, last, at+step+c.postMax, func(h hit) {
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
	width := 1
	if v.Wide {
		width = 2
	}
	if !slices.ContainsFunc(c.around(), func(s surroundings) bool {
		return s.tails[0].behind.run(v.Data, t.Range(first, first).Start, width, v.Wide, last-first)
	}) {
		return false
	}
	return len(c.keywords) == 0 || hasWord(t, first-KeywordReach, last+c.preMax+c.postMax+KeywordReach, c.keywords)
}
