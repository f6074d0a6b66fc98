package ecpair

import (
	"encoding/binary"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/ecscalar"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// most is how many different candidates are multiplied at once.
const most = 192

// bases are the base points, whose tables take a few milliseconds and 3 MiB: they are
// made when the first candidate is met.
type bases struct {
	once                  sync.Once
	p256, k256, p384, x25 *ecscalar.Base
}

func (b *bases) ready() {
	b.once.Do(func() {
		b.p256, b.k256 = ecscalar.NewBase(privkey.P256), ecscalar.NewBase(privkey.Secp256k1)
		b.p384, b.x25 = ecscalar.NewBase(privkey.P384), ecscalar.NewBase25519()
	})
}

// trial tells which candidates have a public half near by.
type trial struct {
	*bases
	data []byte
	near sieve
	hit  func(i int)

	at     []int            // candidates not tried yet, ascending
	of     []int            // of each of them: the index of its value
	values []int            // of each value: a candidate that has it
	index  map[[32]byte]int // of values: many lie at several places
}

// add enters the candidate at data[i].
func (t *trial) add(i int) {
	if t.index == nil {
		t.index = make(map[[32]byte]int)
	}
	v := [32]byte(t.data[i:])
	k, ok := t.index[v]
	if !ok {
		k = len(t.values)
		t.index[v] = k
		t.values = append(t.values, i)
	}
	t.at, t.of = append(t.at, i), append(t.of, k)
	if len(t.values) == most || len(t.at) == 16*most {
		t.run()
	}
}

// halves are the public halves that a value may have on the curves of 32 octets.
type halves struct {
	n int
	x [6][32]byte
}

func (h *halves) add(x []byte) {
	copy(h.x[h.n][:], x)
	h.n++
}

// run tries the candidates, and calls hit for those that [detector.Detect] may prove.
func (t *trial) run() {
	if len(t.at) == 0 {
		return
	}
	t.ready()
	t.near.data = t.data
	public := make([]halves, len(t.values))
	seeds := make([][]byte, 0, len(t.values))
	numbers := make([]ecscalar.Scalar, 0, 2*len(t.values))
	for _, i := range t.values {
		p := t.data[i : i+32]
		seeds = append(seeds, p)
		numbers = append(numbers, ecscalar.Scalar{Octets: p}, ecscalar.Scalar{Octets: p, Little: true})
	}
	t.x25.Twisted(seeds, func(k int, u, y []byte) { public[k].add(u); public[k].add(y) })
	t.p256.Coordinates(numbers, func(n int, x []byte) { public[n/2].add(x) })
	t.k256.Coordinates(numbers, func(n int, x []byte) { public[n/2].add(x) })
	good := t.long()
	for n, i := range t.at {
		h := &public[t.of[n]]
		for k := 0; k < h.n && !good[n]; k++ {
			good[n] = t.near.holds(i, h.x[k][:])
		}
		if good[n] || t.large(i) {
			t.hit(i)
		}
	}
	t.at, t.of, t.values = t.at[:0], t.of[:0], t.values[:0]
	clear(t.index)
}

// long returns which candidates have a public half on P-384.
func (t *trial) long() []bool {
	good := make([]bool, len(t.at))
	var numbers []ecscalar.Scalar
	var of []int // of each number: the index of its candidate
	for n, i := range t.at {
		j := judgeAt(t.data, i)
		if p := j.candidate(48); p != nil && randomWords(p[8*keyWords:]) && j.alone(48) {
			numbers = append(numbers, ecscalar.Scalar{Octets: p}, ecscalar.Scalar{Octets: p, Little: true})
			of = append(of, n, n)
		}
	}
	if len(numbers) > 0 {
		t.p384.Coordinates(numbers, func(k int, x []byte) { good[of[k]] = good[of[k]] || t.near.holds(t.at[of[k]], x) })
	}
	return good
}

// large reports whether the candidate at data[i] has a public half on P-521, of which there
// are too few for a batch.
func (t *trial) large(i int) bool {
	j := judgeAt(t.data, i)
	value := j.value521()
	defer clear(value)
	if value == nil {
		return false
	}
	point, ok := privkey.ECPublic(privkey.P521, value)
	return ok && t.near.holds(i, point[1:1+privkey.P521.Size()])
}

// pageBits makes pages of 4 KiB, so that what is within reach of a position begins in
// its page or in one beside it.
const pageBits = 12

// sieve knows the four octets at every position of a few pages of data, so that most
// numbers are known not to be near by in a few instructions.
type sieve struct {
	data  []byte
	pages [4]*page // by number modulo four
}

type page struct {
	number int // in the data
	bits   [1 << 16 / 64]uint64
}

// page returns page n.
func (s *sieve) page(n int) *page {
	pg := s.pages[n%len(s.pages)]
	if pg == nil {
		pg = &page{number: -1}
		s.pages[n%len(s.pages)] = pg
	}
	if pg.number == n {
		return pg
	}
	pg.number = n
	clear(pg.bits[:])
	for k := n << pageBits; k < min((n+1)<<pageBits, len(s.data)-3); k++ {
		h := hashed(binary.LittleEndian.Uint32(s.data[k:]))
		pg.bits[h>>6] |= 1 << (h & 63)
	}
	return pg
}

func hashed(v uint32) uint32 { return v * 0x9E3779B1 >> 16 }

// holds reports whether a part of the number, most significant octet first, lies in
// either order within reach of data[i]. It may be wrong when it says so.
func (s *sieve) holds(i int, number []byte) bool {
	core := coreOf(number)
	a := hashed(binary.LittleEndian.Uint32(core))
	b := hashed(binary.BigEndian.Uint32(core[proof-4:]))
	for p := max(0, i-reach) >> pageBits; p <= min(len(s.data)-1, i+reach)>>pageBits; p++ {
		pg := s.page(p)
		if pg.bits[a>>6]>>(a&63)&1|pg.bits[b>>6]>>(b&63)&1 != 0 {
			j := judgeAt(s.data, i)
			return j.near(number)
		}
	}
	return false
}
