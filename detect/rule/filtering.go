package rule

import "github.com/dumpscrub/dumpscrub/detect/probe"

// filtering is the detector of a rule without anchors. Candidates are the places
// where a run of the characters of the pattern's most telling piece begins, long
// enough for it, and every runStep bytes of longer runs.
type filtering struct{ anchored }

// runStep is how many bytes of a run one candidate answers for.
const runStep = 256

// Filter implements probe.Filter. It looks at every min-th byte first, as a run of
// min bytes must hold one of these.
func (d filtering) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	e := &d.code.run
	for i := lo; i < hi; {
		if !e.set.has(ascii(data[i])) {
			i++
			continue
		}
		begins := i == 0 || !e.set.has(ascii(data[i-1]))
		if !begins && (base+int64(i))%runStep != 0 {
			i++
			continue
		}
		n := 0
		for n < e.min && i+n < len(data) && e.set.has(ascii(data[i+n])) {
			n++
		}
		if n == e.min || !begins {
			hit(i)
		}
		i++
	}
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
	c := d.code
	first, last := at-c.preMax, at+runStep-1-c.preMin
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
