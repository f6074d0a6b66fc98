package encoded

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

const (
	// minLine is how many digits in a row make a run worth a look: fifteen bytes.
	minLine = 20
	// hop and span: a line of minLine digits has one at one of every hop characters
	// with another one span characters behind it.
	hop  = 12
	span = 8
	// ahead is how many digits behind the end of a block its last ones are judged by.
	ahead = 64
)

// digits is the detector of base64 and hexadecimal.
type digits struct{ *core }

func (d digits) Spec() probe.Spec {
	return d.spec("encoded", "everything else in base64 or hexadecimal, also in one another")
}

// Depth implements [probe.Shallow]: a candidate is a digit.
func (digits) Depth() int { return 1 }

// Filter implements [probe.Filter].
func (d digits) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	textmap.Blocks(data, lo, hi, func(m textmap.Map, lo, hi int) { d.FilterText(data, base, m, lo, hi, hit) })
}

// FilterText implements [probe.TextFilter]: a candidate is the first character of what lies
// in one block of a run.
func (d digits) FilterText(data []byte, base int64, m textmap.Map, lo, hi int, hit func(i int)) {
	var found []int
	ls, _ := d.rooms.Get().(*lines)
	if ls == nil {
		ls = new(lines)
	}
	defer d.rooms.Put(ls)
	any := ls.mark(m, lo, hi)
	if any[0] {
		ls.find(d.heads.base64, data)
	}
	for parity := range 3 { // the third is no UTF-16
		v := probe.View{Data: data, At: parity, Wide: parity < 2}
		t, _ := probe.TextOf(v)
		width := t.Range(0, 1).Len()
		first := (lo - t.Range(0, 0).Start + width - 1) / width
		last := (hi - t.Range(0, 0).Start + width - 1) / width
		// What goes on behind the end may have its first line there.
		if !any[width-1] && !(runChar[t.At(last-1)] && runChar[t.At(last)]) {
			continue
		}
		for i := max(first, 0); i < min(last, t.Len()); {
			b := blockOf(t, base, i)
			d.runs(data, t, b, i, min(last, b.end), ls, func(start, _ int) {
				found = append(found, t.Range(start, start).Start)
			})
			i = b.end
		}
	}
	slices.Sort(found)
	for _, i := range found {
		hit(i)
	}
}

// runs calls yield for what lies in block b of each run that is interesting and of
// which the first character in b is one of [from, to). ls, if not nil, says where
// digits are.
func (c *core) runs(data []byte, t probe.Text, b block, from, to int, ls *lines, yield func(start, end int)) {
	limit := to
	for limit < b.end && limit > 0 && runChar[t.At(limit-1)] && runChar[t.At(limit)] {
		limit++
	}
	gap := hop // where the next line may have its first sample
	if ls != nil {
		gap = 1
	}
	for i := from; ; {
		if ls != nil {
			if t.Wide() {
				i = ls.next(t, i, limit)
			} else {
				i = ls.nextNarrow(i, limit)
			}
			if i >= limit {
				return
			}
			if !t.Wide() {
				if end := ls.dull(data, i, b); end > i {
					i = end + 1
					continue
				}
			}
		}
		if ls == nil || t.Range(i, i).Start >= ls.end {
			i = sample(data, t, i, limit+hop)
		}
		if i >= limit+hop {
			return
		}
		start := backward(data, t, &isDigit, i, b.start)
		end := i
		if ls != nil && !t.Wide() {
			end = min(ls.skip(i), b.end+minLine)
		}
		end = forward(data, t, &isDigit, end, b.end+minLine)
		if start >= b.end {
			return
		}
		if end-start < minLine {
			i = end + gap
			continue
		}
		start = backward(data, t, &runChar, start, b.start)
		end = forward(data, t, &runChar, end, b.end)
		if start >= from && start < to && c.interesting(data, t, start, end, ls) {
			yield(start, end)
		}
		i = end + gap
	}
}

// sample returns the first character from i on that is a digit and has span more
// behind it, where every line of minLine digits has one that is looked at. This is
// all that most of memory is asked, so it does without the help of t, and from the
// last of the span to the first: a character that is no digit rules out all lines
// that reach across it.
func sample(data []byte, t probe.Text, i, limit int) int {
	limit = min(limit, t.Len()-span)
	if !t.Wide() {
		for i < limit {
			p := data[i:][: span+1 : span+1]
			k := span
			for k >= 0 && isDigit[p[k]] {
				k--
			}
			if k < 0 {
				return i
			}
			i += k + hop
		}
		return max(i, limit)
	}
	first := t.Range(0, 0).Start
	for i < limit {
		p := data[first+2*i:][: 2*span+2 : 2*span+2]
		k := span
		for k >= 0 && p[2*k+1] == 0 && isDigit[p[2*k]] {
			k--
		}
		if k < 0 {
			return i
		}
		i += k + hop
	}
	return max(i, limit)
}

// backward returns the first of the characters before i that are all in set, and
// not before limit.
func backward(data []byte, t probe.Text, set *[256]bool, i, limit int) int {
	if !t.Wide() && i <= len(data) {
		for i > limit && set[data[i-1]] {
			i--
		}
		return i
	}
	for i > limit && set[t.At(i-1)] {
		i--
	}
	return i
}

// forward returns the first character from i on that is not in set, or limit.
func forward(data []byte, t probe.Text, set *[256]bool, i, limit int) int {
	if !t.Wide() && i >= 0 {
		for end := min(limit, len(data)); i < end && set[data[i]]; {
			i++
		}
		return i
	}
	for i < limit && set[t.At(i)] {
		i++
	}
	return i
}

// interesting judges the characters [start, end) and some behind them. ls, if not nil, says where something may
// be in them.
func (c *core) interesting(data []byte, t probe.Text, start, end int, ls *lines) bool {
	end = forward(data, t, &isDigit, end, end+ahead)
	if !t.Wide() {
		p := data[start:end]
		may, breaks, escapes := glance(p)
		if may || ls.marked(start, end) {
			if c.heads.interesting(p) {
				return true
			}
		}
		if !escapes {
			if !breaks {
				return false
			}
			q := joined(p)
			defer clear(q)
			may, _, _ = glance(q)
			return may && c.heads.interesting(q) || c.heads.phases(q) != 0
		}
	}
	// An anchor may go on behind a line break or an escape.
	s := readDigits(t, start, end)
	defer clear(s.c)
	return c.heads.interesting(s.c)
}

// joined is what [readDigits] makes of characters without escapes.
func joined(p []byte) []byte {
	q := make([]byte, 0, len(p))
	for _, c := range p {
		switch {
		case c == '-':
			c = '+'
		case c == '_':
			c = '/'
		case isDigit[c]:
		case c == '\n' || c == '\r':
			continue
		default:
			c = separator
		}
		q = append(q, c)
	}
	return q
}

// Detect implements [probe.Detector].
func (d digits) Detect(v probe.View, emit func(probe.Match)) {
	t, at, b := view(v)
	x := &work{core: d.core, wide: t.Wide(), left: maxWork, emit: emit}
	start := backward(v.Data, t, &runChar, at, max(0, at-context))
	end := forward(v.Data, t, &runChar, at, min(t.Len(), b.end+context))
	own := probe.Range{Start: t.Range(b.start, b.start).Start, End: t.Range(b.end, b.end).Start}
	x.digits(t, start, end, own, nil)
}
