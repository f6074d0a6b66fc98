package jwtkey

import (
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textproof"
)

const (
	// leastOctets and mostOctets bound a key that is no text, in bytes.
	leastOctets, mostOctets = 16, 64
	// alone is the alignment of allocators, in bytes, and what an array that nothing
	// announces must begin at a multiple of.
	alone = 16
)

// octets finds keys of random bytes: behind a word that tells their length, in a chunk of
// glibc's malloc that is just large enough, and between bytes that are not random.
type octets struct{ *prover }

// Octets returns the prover of keys of random bytes, or nil when f has no token that proves one.
func Octets(f probe.Facts) probe.Detector {
	p := newProver(f)
	if p == nil {
		return nil
	}
	return octets{p}
}

// Spec implements [probe.Detector].
func (octets) Spec() probe.Spec {
	return probe.Spec{
		ID: "jwt-key-octets", About: "random bytes that are the key of a signed token in the dump, as its code proves",
		Kinds: []string{Kind}, Before: textproof.BehindLength, After: mostOctets + 8,
	}
}

// Depth implements [probe.Shallow].
func (octets) Depth() int { return 8 }

// Filter names the multiples of four in memory at which random bytes begin.
func (octets) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	lo = max(lo, 0)
	var room [12]int
	for i := lo + int(-(base+int64(lo))&3); i < hi && i+leastOctets <= len(data); i += 4 {
		if random(data[i:]) && len(sizes(room[:0], data, i, base+int64(i))) > 0 {
			hit(i)
		}
	}
}

// Detect tries what begins at v.At with every length that it may have.
func (d octets) Detect(v probe.View, emit func(probe.Match)) {
	var room [12]int
	for _, n := range sizes(room[:0], v.Data, v.At, int64(v.Addr&(1<<62-1))+int64(v.At)) {
		key := v.Data[v.At : v.At+n]
		if privkey.Redacted(key) || !d.proves(key) {
			continue
		}
		r := probe.Range{Start: v.At, End: v.At + n}
		own := append([]byte(nil), key...)
		emit(probe.Match{
			Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed,
			Range: r, Redact: []probe.Range{r}, Identity: own, Values: [][]byte{own},
		})
		return
	}
}

// random reports whether the 16 bytes at the beginning of p may be random: they are no
// text, no pointers and no small numbers.
func random(p []byte) bool {
	a, b := binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[8:])
	if (a|b)&0x8080808080808080 == 0 || plain(a) || plain(b) {
		return false
	}
	zeros := 0
	for _, c := range p[:leastOctets] {
		if c == 0 {
			zeros++
		}
	}
	return zeros <= 2
}

// plain reports whether a word is a pointer or a small number of either sign.
func plain(w uint64) bool { return w>>48 == 0 || w>>48 == 0xffff }

// sizes appends the lengths that a key at data[i], which is at addr, may have. They
// ascend, for HMAC takes a key with zeros behind it for the key alone.
func sizes(out []int, data []byte, i int, addr int64) []int {
	out = unsorted(out, data, i, addr)
	slices.Sort(out)
	return out
}

func unsorted(out []int, data []byte, i int, addr int64) []int {
	add := func(n int) {
		if n < leastOctets || n > mostOctets || i+n > len(data) {
			return
		}
		for _, x := range out {
			if x == n {
				return
			}
		}
		out = append(out, n)
	}
	for _, n := range textproof.Lengths(data, i) {
		add(n)
	}
	if addr&(alone-1) != 0 || i < 8 {
		return out
	}
	before := binary.LittleEndian.Uint64(data[i-8:])
	if chunk := int(before &^ 7); before&1 == 1 && before < 128 && chunk&(alone-1) == 0 {
		// The last word of a chunk belongs to it too; what is not needed is less than a step.
		for _, n := range [...]int{64, 48, 32, 24, 20, 16} {
			if room := chunk - 8; n <= room && (n > room-alone || chunk == 32) {
				add(n)
			}
		}
		return out
	}
	if !plain(before) {
		return out
	}
	for _, n := range [...]int{64, 48, 32} {
		if i+n+8 > len(data) || plain(binary.LittleEndian.Uint64(data[i+n:])) {
			add(n)
		}
	}
	return out
}
