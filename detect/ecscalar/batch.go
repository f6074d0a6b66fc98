package ecscalar

// maxLanes is how many lanes are computed at once: enough for their one inversion
// to cost little beside them, few enough to stay in the cache.
const maxLanes = 384

// lane is a row of words, least significant first, of which each window as long
// as a scalar is a candidate. With A(k) the multiple of G by the first k words, the
// scalar s of window k has 2^(64k)·s·G = A(k+words) - A(k): a long lane costs nine
// additions a window, where one alone costs thirty-two.
type lane struct {
	id    int // what the caller calls it
	count int // words
	words []uint64
}

// batch computes the windows of many lanes in step.
type batch struct {
	g     *group
	max   int // lanes
	lanes []lane
	words []uint64 // of all lanes
	sum   *points
	begun []bool   // the sum is not the neutral element any more
	dead  []bool   // an addition met equal or opposite points
	trail []uint64 // A(1) to A(span) of each lane, when there are long ones
	act   []int32  // lanes that take part in an addition
	tab   []int32  // and the index of what they add

	wx, wd, wp []uint64 // of a round of windows: x, denominators, products
	wl, wk     []int32  // lane and window
}

func newBatch(g *group, maxLanes int) *batch {
	n := g.f.limbs
	b := &batch{
		g: g, max: maxLanes, words: make([]uint64, maxLanes*g.span), sum: newPoints(g, maxLanes),
		lanes: make([]lane, 0, maxLanes),
		begun: make([]bool, maxLanes), dead: make([]bool, maxLanes),
		act: make([]int32, 0, maxLanes), tab: make([]int32, 0, maxLanes),
	}
	if g.span > g.words {
		b.trail = make([]uint64, maxLanes*g.span*2*n)
		b.wd, b.wp = make([]uint64, maxLanes*n), make([]uint64, maxLanes*n)
		b.wl, b.wk = make([]int32, 0, maxLanes), make([]int32, 0, maxLanes)
	}
	return b
}

// full reports whether run must be called before next.
func (b *batch) full() bool { return len(b.lanes) == b.max }

// next returns the words of a new lane, for the caller to fill.
func (b *batch) next(id, count int) []uint64 {
	at := len(b.lanes) * b.g.span
	w := b.words[at : at+count : at+b.g.span]
	b.lanes = append(b.lanes, lane{id: id, count: count, words: w})
	return w
}

// drop takes the newest lane away.
func (b *batch) drop() { b.lanes = b.lanes[:len(b.lanes)-1] }

// run computes all lanes and calls emit with the x coordinate of each window k of
// lane id, and with nil where an addition had no chord and nothing is known.
func (b *batch) run(emit func(id, k int, x []uint64)) {
	n, long := b.g.f.limbs, 0
	for i := range b.lanes {
		b.begun[i], b.dead[i] = false, false
		long = max(long, b.lanes[i].count)
	}
	for w := range long {
		for byt := range 8 {
			b.step(w, byt)
		}
		for i, l := range b.lanes {
			if l.count > b.g.words && w < l.count {
				at := (i*b.g.span + w) * 2 * n
				x, y := b.sum.at(i)
				copy(b.trail[at:], x)
				copy(b.trail[at+n:], y)
			}
		}
	}
	for i, l := range b.lanes {
		switch {
		case b.dead[i] || !b.begun[i]:
			for k := 0; k+b.g.words <= l.count; k++ {
				emit(l.id, k, nil)
			}
		case l.count <= b.g.words:
			x, _ := b.sum.at(i)
			emit(l.id, 0, x)
		default:
			emit(l.id, 0, b.trail[(i*b.g.span+b.g.words-1)*2*n:][:n])
			for k := 1; k+b.g.words <= l.count; k++ {
				b.wl, b.wk = append(b.wl, int32(i)), append(b.wk, int32(k))
				if len(b.wl) == b.max {
					b.windows(emit)
				}
			}
		}
	}
	b.windows(emit)
	b.lanes = b.lanes[:0]
}

// step adds to each lane the multiple that byte byt of its word w stands for.
func (b *batch) step(w, byt int) {
	g, f, n := b.g, &b.g.f, b.g.f.limbs
	row := int32((8*w + byt) * digits)
	b.act, b.tab = b.act[:0], b.tab[:0]
	for i := range b.lanes {
		l := &b.lanes[i]
		if w >= l.count || b.dead[i] {
			continue
		}
		d := byte(l.words[w] >> (8 * byt))
		if d == 0 {
			continue
		}
		at := (row + int32(d) - 1) * int32(2*n)
		e := g.table[at : at+int32(2*n)]
		if !b.begun[i] {
			b.begun[i] = true
			b.sum.put(i, e[:n], e[n:])
			continue
		}
		x, _ := b.sum.at(i)
		k := len(b.act) * n
		den := b.sum.den[k : k+n]
		f.sub(den, e[:n], x)
		if zero(den) {
			b.dead[i] = true
			continue
		}
		b.act, b.tab = append(b.act, int32(i)), append(b.tab, at)
	}
	f.invertAll(b.sum.den, b.sum.product, len(b.act))
	for k, i := range b.act {
		x, y := b.sum.at(int(i))
		e := g.table[b.tab[k] : b.tab[k]+int32(2*n)]
		g.chord(x, y, e[:n], e[n:], b.sum.den[k*n:k*n+n])
	}
}

// windows computes the differences A(k+words) - A(k) that were noted.
func (b *batch) windows(emit func(id, k int, x []uint64)) {
	f, n := &b.g.f, b.g.f.limbs
	count := 0
	for i := range b.wl {
		to, from := b.pair(i)
		den := b.wd[count*n : count*n+n]
		f.sub(den, to[:n], from[:n])
		if zero(den) {
			emit(b.lanes[b.wl[i]].id, int(b.wk[i]), nil)
			continue
		}
		b.wl[count], b.wk[count] = b.wl[i], b.wk[i]
		count++
	}
	f.invertAll(b.wd, b.wp, count)
	var buf [maxLimbs]uint64
	t := buf[:n]
	for i := range count {
		to, from := b.pair(i)
		f.add(t, to[n:], from[n:]) // the difference is the sum with the mirrored point
		f.mul(t, t, b.wd[i*n:i*n+n])
		f.mul(t, t, t)
		f.sub(t, t, b.g.a2m)
		f.sub(t, t, to[:n])
		f.sub(t, t, from[:n])
		emit(b.lanes[b.wl[i]].id, int(b.wk[i]), t)
	}
	b.wl, b.wk = b.wl[:0], b.wk[:0]
}

// pair returns the two points of which noted window i is the difference.
func (b *batch) pair(i int) (to, from []uint64) {
	size := 2 * b.g.f.limbs
	at := (int(b.wl[i])*b.g.span + int(b.wk[i]) - 1) * size
	return b.trail[at+b.g.words*size:][:size], b.trail[at:][:size]
}
