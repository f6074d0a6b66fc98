package rsapair

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ID names the detector.
	ID = "rsa-prime-pair"
	// reach is how far from a prime, in bytes, its company may lie.
	reach = 16 << 10
)

// detector holds the sieve, which never changes.
type detector struct{ small sieve }

// New returns the detector of the primes of RSA keys beside each other, their product
// or their exponents. It implements [probe.Filter].
func New() probe.Detector { return &detector{newSieve()} }

// Spec implements [probe.Detector].
func (d *detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     ID,
		About:  "primes of RSA keys without a public key, beside their product, their exponents or each other",
		Kinds:  []string{privkey.RSA},
		Before: reach, After: reach,
	}
}

// Filter names the beginnings of candidates.
func (d *detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	lo = max(lo, 0)
	first := lo - int((base+int64(lo))&7) - 16
	for first <= -8 {
		first += 8
	}
	ws := wordsOf(data, first, hi+mostBytes+24)
	var n number
	for block := range ws.bits {
		for c := ws.promising(block); c != 0; c &= c - 1 {
			k := block<<6 + bits.TrailingZeros64(c)
			aligned := ws.first + 8*k
			if aligned >= hi {
				return
			}
			if aligned >= lo && d.beginsAligned(&n, data, &ws, k) {
				hit(aligned)
			}
			if ws.at(k - 1) {
				continue // nothing bounded begins in this word
			}
			for at := max(aligned+1, lo); at < min(aligned+8, hi); at++ {
				if d.beginsBounded(&n, data, &ws, k, at) {
					hit(at)
				}
			}
		}
	}
}

// beginsAligned reports whether a candidate begins at word k.
func (d *detector) beginsAligned(n *number, data []byte, ws *words, k int) (found bool) {
	ws.windows(k, func(w window) {
		found = found || d.any(n, data, w)
	})
	return found
}

// beginsBounded reports whether a bounded candidate begins at data[at:], inside word k.
func (d *detector) beginsBounded(n *number, data []byte, ws *words, k, at int) bool {
	a := ws.ahead(k + 1)
	inner := (at-ws.first)&7 - 4
	for _, size := range sizes() {
		whole := size/8 - 1 // words of the lattice of addresses within the number
		if !filled(a|1|1<<(whole-1), whole) {
			continue
		}
		// A bounded window of whole words is one at any byte near by as well.
		if inner*inner <= 4 && (ws.bounded(k, size) || ws.bounded(k+1, size)) {
			continue
		}
		if boundedAt(data, at, size) && d.any(n, data, window{at, size, true}) {
			return true
		}
	}
	return false
}

// any reports whether w holds a candidate in any order.
func (d *detector) any(n *number, data []byte, w window) bool {
	for _, o := range orders() {
		if d.candidate(n, data, w, o) {
			return true
		}
	}
	return false
}

// candidate reads the number in w to n and reports whether it is a candidate.
func (d *detector) candidate(n *number, data []byte, w window, o order) bool {
	return w.at+w.size <= len(data) && o.load(n, data, w.at, w.size) && !d.small.smooth(n[:w.size/8])
}

// Detect emits the prime that begins at v.At.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	first := v.At & 7
	if first != 0 {
		first -= 8
	}
	view := neighbourhood{d: d, data: v.Data, words: wordsOf(v.Data, first, len(v.Data))}
	k := (v.At - first) / 8
	done := false
	view.words.windows(k, func(w window) {
		// The verdict on windows of one side rests on their address, as the filter's does.
		if !w.bounded && (v.Addr+uint64(v.At))&7 != 0 {
			return
		}
		for _, o := range orders() {
			if done {
				return
			}
			var m probe.Match
			if m, done = view.judge(w, o); done {
				emit(m)
			}
		}
	})
}
