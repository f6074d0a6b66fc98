package ecscalar

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// mask says of words of eight bytes side by side, a bit each, whether they could be a part of a random
// number, and where windows of such words begin.
type mask struct {
	data  []byte   // of which the first word begins where it does
	n     int      // words
	dense []uint64 // and zeros behind
	// ok are the beginnings of windows of so many words of which all but one are dense and that one is not hard, and
	// known whether they have been looked for.
	ok    [mostWords + 1][]uint64
	known [mostWords + 1]bool
	// thin are the lines in the interior of bulk data, of which the first word of the mask is word skew.
	thin []uint64
	skew int
	// varied are the windows of [variedSize] bytes that were found so, and judged those that were asked about.
	judged, varied []uint64
}

const (
	// mostWords is how many whole words the longest number has, that of P-521.
	mostWords = 8
	// variedSize is the size of most numbers.
	variedSize = 32
	word       = 8 // bytes
)

// newMask looks at the words of data. It returns nil when none is dense.
func newMask(data []byte) *mask {
	m := &mask{data: data, n: len(data) / word}
	blocks := m.n/64 + 2
	room := make([]uint64, 3*blocks)
	m.dense, m.judged, m.varied = room[:blocks], room[blocks:2*blocks], room[2*blocks:]
	whole := len(data) / kernel.WordBytes
	kernel.Random(m.dense[:whole], data)
	if rest := data[whole*kernel.WordBytes : word*m.n]; len(rest) > 0 {
		var p [kernel.WordBytes]byte
		copy(p[:], rest)
		kernel.Random(m.dense[whole:whole+1], p[:])
	}
	var any uint64
	for _, w := range m.dense {
		any |= w
	}
	if any == 0 {
		return nil
	}
	return m
}

func (m *mask) word(k int) uint64 { return binary.LittleEndian.Uint64(m.data[word*k:]) }

// windows returns where windows of n words begin that may be numbers.
func (m *mask) windows(n int) []uint64 {
	if m.known[n] {
		return m.ok[n]
	}
	ok := make([]uint64, len(m.dense))
	for i, low := range m.dense[:len(m.dense)-1] {
		high := m.dense[i+1]
		if low|high == 0 {
			continue
		}
		all, most := ^uint64(0), ^uint64(0) // dense so far, all but one
		for k := range n {
			w := low>>k | high<<(64-k)
			most &= all | w
			all &= w
		}
		for rest := most &^ all; rest != 0; rest &= rest - 1 {
			first := bits.TrailingZeros64(rest)
			k := 64*i + first + bits.TrailingZeros64(^(low>>first | high<<(64-first)))
			if k >= m.n || classify(m.word(k)) == hard {
				most &^= rest & -rest
			}
		}
		ok[i] = most
	}
	m.ok[n], m.known[n] = ok, true
	return ok
}

// runs calls yield for the runs of windows of n words, with the first and the last of them.
func (m *mask) runs(n int, yield func(first, last int)) {
	start := -1
	for i, w := range m.windows(n) {
		if start >= 0 && w == ^uint64(0) || start < 0 && w == 0 {
			continue
		}
		for k := 0; k < 64; {
			rest := w >> k
			if start >= 0 {
				rest = ^rest // what is shifted in is not there: it ends no run
				if k += bits.TrailingZeros64(rest); k < 64 {
					yield(start, 64*i+k-1)
					start = -1
				}
				continue
			}
			if rest == 0 {
				break
			}
			k += bits.TrailingZeros64(rest)
			start = 64*i + k
		}
	}
}

// count returns how many of the eight words from k on, which may lie before the first, are dense.
func (m *mask) count(k int) int {
	if k < 0 {
		return bits.OnesCount8(uint8(m.dense[0] << -k))
	}
	i, s := k>>6, k&63
	if i+1 >= len(m.dense) {
		return 0
	}
	return bits.OnesCount8(uint8(m.dense[i]>>s | m.dense[i+1]<<(64-s)))
}

// lines looks for the interior of bulk data. offset is where the mask begins in the stream: a line
// counts by its own position there, so that it is the same wherever the data was cut.
func (m *mask) lines(offset int64) {
	m.skew = int(offset&(line-1)) / word
	n := (m.n+m.skew)/mostWords + 1
	const least, around = line/word - 2, bulk/line - 1 // around the line itself
	m.thin = make([]uint64, n/64+1)
	run := 0 // lines in a row of almost nothing but dense words
	for i := range n {
		if run++; m.count(mostWords*i-m.skew) < least {
			run = 0
			continue
		}
		if in := i - around; run > 2*around && in >= 0 {
			m.thin[in>>6] |= 1 << (in & 63)
		}
	}
}

// inBulk reports whether word k lies in the interior of bulk data.
func (m *mask) inBulk(k int) bool {
	i := (k + m.skew) / mostWords
	return m.thin[i>>6]>>(i&63)&1 != 0
}

// isVaried is [varied] for the window at word k.
func (m *mask) isVaried(k, size int) bool {
	p := m.data[word*k:]
	if size != variedSize {
		return varied(p, size)
	}
	i, b := k>>6, uint64(1)<<(k&63)
	if m.judged[i]&b == 0 {
		m.judged[i] |= b
		if varied(p, size) {
			m.varied[i] |= b
		}
	}
	return m.varied[i]&b != 0
}
