package pqpair

import (
	"bytes"
	"crypto/sha3"
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

const (
	seedLen = 32 // octets of d, z, ξ and ρ
	word    = 8
	near    = 512 // octets within which ρ lies
	proof   = 16  // octets of ρ that are compared
	// reach covers Go's ML-KEM-1024 key, in which four vectors' polynomials and sixteen of the
	// matrix lie before the secret ones.
	reach = 16 << 10
)

// rank is a parameter set with what is hashed behind its seed.
type rank struct {
	set    privkey.ParameterSet
	suffix []byte
	vector int // polynomials of the secret vector of ML-KEM
}

func ranks() [6]rank {
	return [...]rank{
		{privkey.MLKEM768, []byte{3}, 3}, {privkey.MLKEM1024, []byte{4}, 4}, {privkey.MLKEM512, []byte{2}, 2},
		{privkey.MLDSA65, []byte{6, 5}, 0}, {privkey.MLDSA44, []byte{4, 4}, 0}, {privkey.MLDSA87, []byte{8, 7}, 0},
	}
}

type detector struct{ ranks [6]rank }

// New returns the detector. It needs no public key.
func New() probe.Detector { return &detector{ranks()} }

// Spec implements [probe.Detector].
func (*detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     "pq-seed-pair",
		About:  "seeds of ML-KEM and ML-DSA beside the public seed made of them",
		Kinds:  []string{privkey.MLKEM, privkey.MLDSA},
		Before: near + 2*seedLen, After: reach,
	}
}

// Depth implements [probe.Shallow].
func (*detector) Depth() int { return seedLen }

// seedWords is how many words a seed has.
const seedWords = seedLen / word

// Gate implements [probe.Gated]: a candidate begins where the words of a seed do.
func (*detector) Gate() probe.Gate { return probe.Gate{Words: seedWords, Others: 2} }

// Filter implements [probe.Filter].
func (d *detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var room wordmap.Room
	m := wordmap.New(&room, data, base, lo, hi)
	d.FilterWords(data, &m, lo, hi, hit)
}

// FilterWords implements [probe.WordFilter]. It tries the candidates itself, for a hash is cheaper
// than a view.
func (d *detector) FilterWords(data []byte, m *wordmap.Map, lo, hi int, hit func(i int)) {
	const few = seedWords - 2 // of which so many look random, as the gate has it
	for i := m.At(m.Index(lo + word - 1)); i < hi && i+seedLen <= len(data); i += word {
		if bits.OnesCount64(wordmap.Ahead(m.Patternless, m.Index(i))&(1<<seedWords-1)) < few ||
			!soft(data[i:i+seedLen]) || !placed(data, i) || !random(data[i:i+seedLen]) {
			continue
		}
		if d.proven(data, i) != nil {
			hit(i)
		}
	}
}

// soft reports whether none of the words of p is hard ([entropy.Hard]): most records are that mix random octets with pointers.
func soft(p []byte) bool {
	for ; len(p) >= word; p = p[word:] {
		if entropy.Hard(binary.LittleEndian.Uint64(p)) {
			return false
		}
	}
	return true
}

// placed reports whether a program would keep a seed at data[i].
func placed(data []byte, i int) bool {
	behind := func(k int) bool { return k < 0 || entropy.Hard(binary.LittleEndian.Uint64(data[k:])) }
	return behind(i-word) || behind(i-word-seedLen)
}

// random reports whether 32 octets could be random.
func random(p []byte) bool {
	const fewestDistinct, fewestTops, mostTops = 24, 5, 27
	var seen [4]uint64
	tops := 0
	for _, b := range p {
		seen[b>>6] |= 1 << (b & 63)
		tops += int(b >> 7)
	}
	n := bits.OnesCount64(seen[0]) + bits.OnesCount64(seen[1]) + bits.OnesCount64(seen[2]) + bits.OnesCount64(seen[3])
	return n >= fewestDistinct && tops >= fewestTops && tops <= mostTops && !entropy.Code(p) && !entropy.Lettered(p)
}

// proven returns the set of which the seed at data[i] has ρ near by, or nil.
func (d *detector) proven(data []byte, i int) *rank {
	around := data[max(0, i-near):min(len(data), i+seedLen+near)]
	for k := range d.ranks {
		r := &d.ranks[k]
		rho := r.public(data[i : i+seedLen])
		if bytes.Contains(around, rho[:proof]) {
			return r
		}
	}
	return nil
}

// public returns ρ of a seed.
func (r *rank) public(seed []byte) (rho [seedLen]byte) {
	var in [seedLen + 2]byte
	n := copy(in[:], seed)
	n += copy(in[n:], r.suffix)
	if r.vector > 0 {
		h := sha3.Sum512(in[:n]) // G of FIPS 203, section 4.1
		return [seedLen]byte(h[:seedLen])
	}
	copy(rho[:], sha3.SumSHAKE256(in[:n], seedLen)) // H of FIPS 204, section 3.7
	return rho
}

// Detect implements [probe.Detector].
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	p, i := v.Data, v.At
	if i+seedLen > len(p) || privkey.Redacted(p[i:i+seedLen]) {
		return
	}
	r := d.proven(p, i)
	if r == nil {
		return
	}
	at := probe.Range{Start: i, End: i + seedLen}
	seed := bytes.Clone(p[i : i+seedLen])
	if r.vector > 0 {
		z, ok := other(p, i)
		if !ok {
			return
		}
		seed = append(seed, p[z:z+seedLen]...)
		at = probe.Range{Start: min(i, z), End: max(i, z) + seedLen}
	}
	whole := probe.Range{End: at.Len()}
	k, ok := privkey.PQKey(whole, privkey.PQParts{Set: r.set, Seed: privkey.Number{Bytes: seed, At: whole}, Full: true})
	if !ok {
		return
	}
	m := k.Match(probe.Raw, at.Start)
	for _, s := range r.vectors(p, i, seed) {
		m.Redact = append(m.Redact, s)
		m.Range.End = max(m.Range.End, s.End)
	}
	emit(m)
}

// other returns where z lies, whose d is at p[i]: behind it, or before.
func other(p []byte, i int) (z int, ok bool) {
	for _, z := range [...]int{i + seedLen, i - seedLen} {
		if z >= 0 && z+seedLen <= len(p) && random(p[z:z+seedLen]) {
			return z, true
		}
	}
	return 0, false
}

// vectors returns where the polynomials of the secret vector lie behind p[i] as numbers
// of 16 bits.
func (r *rank) vectors(p []byte, i int, seed []byte) (out []probe.Range) {
	const packed, coefficients, size = 384, 256, 2 // octets of a polynomial, its numbers, their octets
	_, expanded, ok := r.set.FromSeed(seed)
	if r.vector == 0 || !ok || len(expanded) < r.vector*packed {
		return nil
	}
	for k := range r.vector {
		poly := make([]byte, 0, coefficients*size)
		for e := expanded[k*packed:][:packed]; len(e) > 0; e = e[3:] {
			// Two numbers of twelve bits, the lower ones first (FIPS 203, algorithm 5).
			a, b := uint16(e[0])|uint16(e[1]&15)<<8, uint16(e[1]>>4)|uint16(e[2])<<4
			poly = binary.LittleEndian.AppendUint16(poly, a)
			poly = binary.LittleEndian.AppendUint16(poly, b)
		}
		if at := bytes.Index(p[i:], poly); at >= 0 {
			out = append(out, probe.Range{Start: i + at, End: i + at + len(poly)})
		}
		clear(poly)
	}
	return out
}
