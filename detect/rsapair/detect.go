package rsapair

import (
	"math/bits"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/smallprime"
	"github.com/dumpscrub/dumpscrub/detect/tried"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

const (
	// ID names the detector.
	ID = "rsa-prime-pair"
	// reach is how far from a prime, in bytes, its company may lie.
	reach = 16 << 10
)

// detector holds the sieve, which never changes, memory to be used again, and what was found prime or not.
type detector struct {
	small          smallprime.Sieve
	rooms          sync.Pool
	primes, others *tried.Set
}

// triedBits is log2 of the number of primes and of others that are remembered, in 8 KiB each.
const triedBits = 10

// New returns the detector of the primes of RSA keys beside each other, their product
// or their exponents. It implements [probe.Filter].
func New() probe.Detector {
	return &detector{small: smallprime.NewSieve(), primes: tried.New(triedBits), others: tried.New(triedBits)}
}

// Spec implements [probe.Detector].
func (d *detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     ID,
		About:  "primes of RSA keys without a public key, beside their product, their exponents or each other",
		Kinds:  []string{privkey.RSA},
		Before: reach, After: reach,
	}
}

// Depth implements [probe.Shallow]: a candidate begins in a dense word or right before one.
func (*detector) Depth() int { return 8 }

// Gate implements [probe.Gated]: see words.windows and beginsBounded.
func (*detector) Gate() probe.Gate { return probe.Gate{Words: 7, Others: 2, Near: 16} }

// Filter names the beginnings of candidates.
func (d *detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var room wordmap.Room
	m := wordmap.New(&room, data, base, lo, hi)
	d.FilterWords(data, &m, lo, hi, hit)
}

// FilterWords implements [probe.WordFilter].
func (d *detector) FilterWords(data []byte, m *wordmap.Map, lo, hi int, hit func(i int)) {
	ws := words{bits: m.Random, n: m.Len, first: m.First}
	// Bounded ones begin within the word that names them.
	first, last := m.Index(lo), m.Index(hi+wordmap.Word-1)
	var n number
	for block := first >> 6; block<<6 < last; block++ {
		c := ws.promising(block)
		if k := first - block<<6; k > 0 {
			c &= ^uint64(0) << k
		}
		for ; c != 0; c &= c - 1 {
			k := block<<6 + bits.TrailingZeros64(c)
			aligned := ws.first + 8*k
			// Whatever begins here has the next seven words, whole.
			if aligned >= hi || aligned+64 > len(data) {
				return
			}
			if !ws.fits(k) || !varied(data[aligned+8:aligned+64]) {
				continue
			}
			if aligned >= lo && d.beginsAligned(&n, data, &ws, k) {
				hit(aligned)
			}
			if ws.at(k - 1) {
				continue // nothing bounded begins in this word
			}
			for m := d.beginsBounded(&n, data, &ws, k); m != 0; m &= m - 1 {
				if at := aligned + bits.TrailingZeros8(m); at >= lo && at < hi {
					hit(at)
				}
			}
		}
	}
}

// beginsAligned reports whether a candidate begins at word k.
func (d *detector) beginsAligned(n *number, data []byte, ws *words, k int) bool {
	for _, size := range sizes() {
		if w, ok := ws.window(k, size); ok && d.any(n, data, w) {
			return true
		}
	}
	return false
}

// beginsBounded returns at which bytes of word k, but the first, a bounded candidate begins.
func (d *detector) beginsBounded(n *number, data []byte, ws *words, k int) (found uint8) {
	a := ws.ahead(k + 1)
	for _, size := range sizes() {
		whole := size/8 - 1 // words of the lattice of addresses within the number
		inner := ws.first + 8*k + 8
		// The words of the shortest were found varied before.
		if !filled(a|1|1<<(whole-1), whole) || inner+8*whole > len(data) || size > 64 && !varied(data[inner:inner+8*whole]) {
			continue
		}
		// A bounded window of whole words is one at any byte near by as well: its
		// neighbours only are tried.
		near := ws.bounded(k, size) || ws.bounded(k+1, size)
		for i := 1; i < 8; i++ {
			if near && i > 1 && i < 7 {
				continue
			}
			if at := inner - 8 + i; boundedAt(data, at, size) && d.any(n, data, window{at, size, true}) {
				found |= 1 << i
			}
		}
	}
	return found
}

// any reports whether w holds a candidate in any order.
func (d *detector) any(n *number, data []byte, w window) bool {
	if w.at+w.size > len(data) {
		return false
	}
	p := place{window: w}
	for _, o := range orders() {
		if d.candidate(n, data, &p, o) {
			return true
		}
	}
	return false
}

// candidate reads the number in w to n and reports whether it is a candidate.
func (d *detector) candidate(n *number, data []byte, w *place, o order) bool {
	return o.load(n, data, w.at, w.size) && !smallprime.Tiny(n[:w.size/8]) && w.varied(data) && !d.small.Smooth(n[:w.size/8], len(d.small))
}

// Detect emits the prime that begins at v.At.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	first := v.At & 7
	if first != 0 {
		first -= 8
	}
	view, _ := d.rooms.Get().(*neighbourhood)
	if view == nil {
		view = &neighbourhood{d: d}
	}
	defer d.rooms.Put(view)
	view.reset(v.Data, first)
	k := (v.At - first) / 8
	for _, size := range sizes() {
		w, ok := view.words.window(k, size)
		// The verdict on windows of one side rests on their address, as the filter's does.
		if !ok || w.at+w.size > len(v.Data) || !w.bounded && (v.Addr+uint64(v.At))&7 != 0 {
			continue
		}
		p := place{window: w}
		for _, o := range orders() {
			if m, ok := view.judge(&p, o); ok {
				emit(m)
				return
			}
		}
	}
}
