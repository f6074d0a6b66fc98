package ecpair

import (
	"slices"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/ecscalar"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// most is how many different candidates are multiplied at once.
const most = 256

// bases are the base points. The tables of one take some milliseconds and 1 to 6 MiB: they are made
// when more than a few candidates are met.
type bases struct {
	once, large, largest        sync.Once
	p256, k256, p384, p521, x25 *ecscalar.Base
	memo                        *tried.Memo[halves]
}

// ready makes the tables for numbers of the given length.
func (b *bases) ready(size int) {
	switch size {
	case size32:
		b.once.Do(func() {
			b.p256, b.k256 = ecscalar.NewBase(privkey.P256), ecscalar.NewBase(privkey.Secp256k1)
			b.x25 = ecscalar.NewBase25519()
		})
	case size48:
		b.large.Do(func() { b.p384 = ecscalar.NewBase(privkey.P384) })
	default:
		b.largest.Do(func() { b.p521 = ecscalar.NewBase(privkey.P521) })
	}
}

// The lengths of private numbers.
const (
	size32, size48 = 32, 48
	size521        = 66
)

// trial tells which candidates have a public half near by.
type trial struct {
	*bases
	data   []byte
	near   sieve
	asked  []asked
	halves []halves
	queues [3]queue // by length
}

// asked is a candidate of which the public halves are known: whether one of them is near by is asked in the
// order of the data, so that each page is looked at once.
type asked struct {
	i int // where it lies
	k int // of its halves
}

// queue holds the values of one length that are not computed yet.
type queue struct {
	values  [][]byte
	digests []uint64
	at      [][]int        // of each value: where it lies
	index   map[uint64]int // by digest
}

// add enters the candidate at data[i].
func (t *trial) add(i int) {
	t.enter(0, t.data[i:i+size32], i)
	j := judgeAt(t.data, i)
	if p := j.candidate(size48); p != nil && randomWords(p[8*keyWords:]) && j.alone(size48) {
		t.enter(1, p, i)
	}
	if value := j.value521(); value != nil {
		t.enter(2, value, i)
	}
}

func (t *trial) enter(which int, value []byte, i int) {
	digest, q := t.memo.Digest(value), &t.queues[which]
	if k, ok := q.index[digest]; ok {
		q.at[k] = append(q.at[k], i)
		return
	}
	var h halves
	if t.memo.Get(digest, &h) {
		t.asked, t.halves = append(t.asked, asked{i, len(t.halves)}), append(t.halves, h)
		return
	}
	if q.index == nil {
		q.index = make(map[uint64]int)
	}
	q.index[digest] = len(q.values)
	q.values, q.digests, q.at = append(q.values, value), append(q.digests, digest), append(q.at, []int{i})
	if len(q.values) == most {
		t.run(which)
	}
}

// run computes the public halves of the values of one length.
func (t *trial) run(which int) {
	q := &t.queues[which]
	if len(q.values) == 0 {
		return
	}
	t.ready(len(q.values[0]))
	public := make([]halves, len(q.values))
	scalars := func(little bool) []ecscalar.Scalar {
		all := make([]ecscalar.Scalar, len(q.values))
		for k, v := range q.values {
			all[k] = ecscalar.Scalar{Octets: v, Little: little}
		}
		return all
	}
	switch len(q.values[0]) {
	case size32:
		t.x25.Twisted(q.values, func(k int, u, y, e []byte) {
			h := &public[k]
			h[ofX25519], h[ofEd25519], h[ofExpanded] = coreBits(u), coreBits(y), coreBits(e)
		})
		t.p256.Turned(q.values, func(k int, x, turned []byte) {
			public[k][ofP256], public[k][ofP256Turned] = coreBits(x), coreBits(turned)
		})
		t.k256.Turned(q.values, func(k int, x, turned []byte) {
			public[k][ofSecp256k1], public[k][ofSecp256Turned] = coreBits(x), coreBits(turned)
		})
	case size48:
		t.p384.Coordinates(scalars(false), func(k int, x []byte) { public[k][0] = coreBits(x) })
		t.p384.Coordinates(scalars(true), func(k int, x []byte) { public[k][1] = coreBits(x) })
	case size521: // as value521 has turned it
		t.p521.Coordinates(scalars(false), func(k int, x []byte) { public[k][0] = coreBits(x) })
	}
	for k := range public {
		t.memo.Put(q.digests[k], public[k])
		t.halves = append(t.halves, public[k])
		for _, i := range q.at[k] {
			t.asked = append(t.asked, asked{i, len(t.halves) - 1})
		}
	}
	*q = queue{}
}

// finish computes what is left, and calls hit for the candidates that may be proven, in order.
func (t *trial) finish(hit func(int)) {
	for which := range t.queues {
		t.run(which)
	}
	slices.SortFunc(t.asked, func(a, b asked) int { return a.i - b.i })
	last := -1
	for k := range t.asked {
		a := &t.asked[k]
		if a.i == last {
			continue // as a number of another length
		}
		for _, c := range t.halves[a.k] {
			if c != 0 && t.near.holds(a.i, c) {
				hit(a.i)
				last = a.i
				break
			}
		}
	}
}
