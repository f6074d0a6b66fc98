package rsaprime

import (
	"math/big"
	"math/bits"
	"sync/atomic"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// minBits and maxBits bound the moduli that are searched for. Primes of
	// shorter ones are too short for a dense run to say anything.
	minBits, maxBits = 1024, 8192
	maxLimbs         = maxBits / 64
	// nearest is how many moduli, the most likely ones, are tried at every word of
	// dense data; the others are tried at the ends of dense runs only.
	nearest = 6
	// maxModuli bounds the set-up and the cost of each run's end.
	maxModuli = 1024
)

// modulus is one public key.
type modulus struct {
	spki  []byte
	n, e  *big.Int
	limbs []uint64 // of n, least significant first
	near  bool
	root  bool // of a trust store, so that the primes are elsewhere
	wrap  wrap
	least uint64 // of the top limb of a prime in the class of halves
	known atomic.Pointer[split]
}

// moduli returns the RSA keys of the facts, each modulus once.
func moduli(f probe.Facts) []*modulus {
	var ms []*modulus
	seen := map[string]bool{}
	for i, spki := range f.SPKI {
		n, e, ok := rsaOf(spki)
		if !ok || seen[string(n)] || len(ms) == maxModuli {
			continue
		}
		seen[string(n)] = true
		m := &modulus{spki: spki, n: new(big.Int).SetBytes(n), e: new(big.Int).SetBytes(e), near: len(ms) < nearest, root: i >= f.Roots}
		m.limbs = limbsOf(m.n)
		m.wrap = wrapOf(m.n, m.e)
		ms = append(ms, m)
	}
	return ms
}

// rsaOf reads a SubjectPublicKeyInfo with an RSAPublicKey (RFC 8017, appendix
// A.1.1) in it. It fails for other keys and for sizes that are not searched for.
func rsaOf(spki []byte) (n, e []byte, ok bool) {
	top := der.At(spki, 0)
	seq, ok := top.Expect(der.Sequence)
	if !ok || !seq.Whole() {
		return nil, nil, false
	}
	in := top.Inside(seq)
	alg, ok := in.Expect(der.Sequence)
	if !ok {
		return nil, nil, false
	}
	algIn := in.Inside(alg)
	// id-RSASSA-PSS and rsaEncryption differ in their last octet (RFC 8017, appendix C).
	const arc = len(privkey.OIDRSA) - 1
	oid, ok := algIn.Expect(der.OID)
	if id := algIn.Bytes(oid); !ok || len(id) != arc+1 || string(id[:arc]) != privkey.OIDRSA[:arc] {
		return nil, nil, false
	}
	bs, ok := in.Expect(der.BitString)
	if body := in.Bytes(bs); !ok || len(body) < 2 || body[0] != 0 {
		return nil, nil, false
	}
	key := der.At(spki[:bs.End], bs.Start+1)
	pair, ok := key.Expect(der.Sequence)
	if !ok {
		return nil, nil, false
	}
	numbers := key.Inside(pair)
	nv, ok1 := numbers.Expect(der.Integer)
	ev, ok2 := numbers.Expect(der.Integer)
	if !ok1 || !ok2 || !ev.Whole() {
		return nil, nil, false
	}
	n, e = der.Trim(numbers.Bytes(nv)), der.Trim(numbers.Bytes(ev))
	if !privkey.RSAPublic(n, e) {
		return nil, nil, false
	}
	size := 8*len(n) - bits.LeadingZeros8(n[0])
	return n, e, size >= minBits && size <= maxBits
}

// limbsOf returns x in 64-bit limbs, least significant first.
func limbsOf(x *big.Int) []uint64 {
	b := x.Bytes()
	limbs := make([]uint64, (len(b)+7)/8)
	for i := range b {
		k := len(b) - 1 - i
		limbs[k/8] |= uint64(b[i]) << (8 * (k % 8))
	}
	return limbs
}

// intOf returns the number with the given limbs.
func intOf(limbs []uint64) *big.Int {
	b := make([]byte, 8*len(limbs))
	for i := range b {
		k := len(b) - 1 - i
		b[i] = byte(limbs[k/8] >> (8 * (k % 8)))
	}
	return new(big.Int).SetBytes(b)
}
