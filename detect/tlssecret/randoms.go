package tlssecret

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

const (
	randomLen = 32 // bytes of a random (RFC 5246, section 7.4.1.2)
	seedLen   = 2 * randomLen
)

// marks returns the last eight bytes of the random of a server that can do TLS 1.3, or
// 1.2, and was asked for less (RFC 8446, section 4.1.3).
func marks() []string { return []string{"DOWNGRD\x01", "DOWNGRD\x00"} }

// marked finds pairs of randoms of which the server's is marked.
type marked struct{}

// Randoms returns the collectors of randoms: of those that their mark gives away, and of
// those that their place does.
func Randoms() []probe.Detector { return []probe.Detector{marked{}, pairs{}} }

// Spec implements [probe.Detector].
func (marked) Spec() probe.Spec {
	return probe.Spec{
		ID: "tls-randoms", About: "randoms of TLS 1.2 connections, by the mark of servers that can do more",
		Kinds: []string{Kind}, Anchors: marks(),
		Before: seedLen, After: seedLen,
	}
}

// Detect emits the server's random that ends with the mark at v.At, with what stands
// before it and behind it for the client's.
func (marked) Detect(v probe.View, emit func(probe.Match)) {
	end := v.At + len(marks()[0])
	start := end - randomLen
	if v.Wide || start < 0 || end > len(v.Data) || !couldBe(v.Data[start:end]) {
		return
	}
	for _, at := range [...]int{start - randomLen, end} {
		if at >= 0 && at+randomLen <= len(v.Data) && couldBe(v.Data[at:at+randomLen]) {
			emitRandoms(v, start, at, true, emit)
		}
	}
}

// couldBe reports whether p looks like a random. Some begin with the time; of a
// marked one the last quarter is text.
func couldBe(p []byte) bool {
	ws := [...]uint64{
		binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[8:]), binary.LittleEndian.Uint64(p[16:]),
	}
	ascii := 0
	for _, w := range ws {
		if w>>48 == 0 || w<<48 == 0 || w>>48 == 0xffff {
			return false
		}
		if w&topBit == 0 {
			ascii++ // as one random word in 256 is
		}
	}
	return ascii <= 1
}

// emitRandoms emits the server's random at data[server] and the client's at
// data[client].
func emitRandoms(v probe.View, server, client int, sure bool, emit func(probe.Match)) {
	first := min(server, client)
	r := probe.Randoms{Addr: v.Addr + uint64(first), Sure: sure}
	copy(r.Server[:], v.Data[server:])
	copy(r.Client[:], v.Data[client:])
	emit(probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed, Public: true, Randoms: &r,
		Range: probe.Range{Start: first, End: first + seedLen},
	})
}

// pairs finds 64 random-looking bytes that stand alone, which is how programs keep both
// randoms side by side: OpenSSL and its forks in their connection, Java in an array.
type pairs struct{}

// Spec implements [probe.Detector].
func (pairs) Spec() probe.Spec {
	return probe.Spec{
		ID: "tls-random-pair", About: "pairs of randoms of TLS 1.2 connections, by their length",
		Kinds: []string{Kind}, Before: gateReach, After: gateReach,
	}
}

// Depth implements [probe.Shallow].
func (pairs) Depth() int { return seedLen }

// Gate implements [probe.Gated]: a pair has eight words.
func (pairs) Gate() probe.Gate { return probe.Gate{Words: 7, Others: 2, Near: 16} }

// Filter implements [probe.Filter].
func (d pairs) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var room wordmap.Room
	m := wordmap.New(&room, data, base, lo, hi)
	d.FilterWords(data, &m, lo, hi, hit)
}

// FilterWords names the positions at which such a pair begins. Two of its words may not look random, as in one
// pair in 140,000 three do not.
func (pairs) FilterWords(data []byte, m *wordmap.Map, lo, hi int, hit func(i int)) {
	const words, others = seedLen / wordmap.Word, 2
	for i := m.At(m.Index(lo + wordmap.Word - 1)); i < min(hi, len(data)-seedLen); i += outer {
		if bits.OnesCount64(^wordmap.Ahead(m.Random, m.Index(i))&(1<<words-1)) <= others && alone(data, i) {
			hit(i)
		}
	}
}

// alone reports whether a pair begins at data[i], between words that are hard.
func alone(data []byte, i int) bool {
	le := binary.LittleEndian
	if i < word || i+seedLen+word > len(data) || hard(le.Uint32(data[i:])) ||
		!hard(le.Uint32(data[i-word:])) || !hard(le.Uint32(data[i+seedLen:])) {
		return false
	}
	for k := word; k < seedLen; k += word {
		if hard(le.Uint32(data[i+k:])) {
			return false
		}
	}
	p := data[i : i+seedLen]
	// A marked one has been found by its mark.
	return random(p[:piece]) && random(p[piece:]) && !bytes.Contains(p, []byte(marks()[0][:7]))
}

// Detect emits the pair, of which nothing says which is the server's.
func (pairs) Detect(v probe.View, emit func(probe.Match)) {
	if !alone(v.Data, v.At) {
		return
	}
	emitRandoms(v, v.At, v.At+randomLen, false, emit)
}
