package rule

import "github.com/dumpscrub/dumpscrub/detect/probe"

// follows reports whether the characters from lo to hi on, where es may begin,
// can be a match of es. It is wrong on the side of yes: of a set of positions it
// keeps the first and the last.
func follows(es []element, t probe.Text, lo, hi int) bool {
	for k := range es {
		e := &es[k]
		if lo == hi {
			n := 0
			for n < e.max && e.set.has(t.At(lo+n)) {
				n++
			}
			if n < e.min {
				return false
			}
			lo, hi = lo+e.min, lo+n
			continue
		}
		if e.min == 0 {
			hi = reach(e, t, lo, hi)
			continue
		}
		first, last := -1, -1
		// run is how many characters of the set stand before i.
		for i, run := lo, 0; i < hi+e.max; i++ {
			if !e.set.has(t.At(i)) {
				if run = 0; i >= hi {
					break
				}
				continue
			}
			if run++; run >= e.min {
				if first < 0 {
					first = i + 1
				}
				last = i + 1
			}
		}
		if first < 0 {
			return false
		}
		lo, hi = first, last
	}
	return true
}

// reach returns the last position that e leads to from one in [lo, hi].
func reach(e *element, t probe.Text, lo, hi int) int {
	n := 0
	for n < e.max && e.set.has(t.At(hi+n)) {
		n++
	}
	return hi + n
}
