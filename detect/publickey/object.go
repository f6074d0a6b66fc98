package publickey

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// memory reads a view as the words of a process. Positions are indices of data.
type memory struct {
	data  []byte
	addr  uint64
	order binary.ByteOrder
}

// word returns the word at i.
func (m memory) word(i int) (uint64, bool) {
	if i < 0 || i > len(m.data)-8 {
		return 0, false
	}
	return m.order.Uint64(m.data[i:]), true
}

// pair returns the two 32-bit words at i.
func (m memory) pair(i int) (first, second uint32, ok bool) {
	if i < 0 || i > len(m.data)-8 {
		return 0, 0, false
	}
	return m.order.Uint32(m.data[i:]), m.order.Uint32(m.data[i+4:]), true
}

// follow returns the position that the word at i is the address of, when it is
// one in the view and aligned.
func (m memory) follow(i int) (int, bool) {
	p, ok := m.word(i)
	if !ok || p%8 != 0 || p < m.addr || p-m.addr >= uint64(len(m.data)) {
		return 0, false
	}
	return int(p - m.addr), true
}

// number returns n limbs at the address that the word at i holds.
func (m memory) number(i int, n uint64) (probe.Range, bool) {
	at, ok := m.follow(i)
	if !ok || !limbs(n) {
		return probe.Range{}, false
	}
	r := probe.Range{Start: at, End: at + 8*int(n)}
	return r, m.clean(r)
}

// counts reports whether the two ints at i count a modulus's limbs.
func (m memory) counts(i int) bool {
	used, room, ok := m.pair(i)
	return ok && (room-used <= 2 || used-room <= 2) && limbs(uint64(min(used, room)))
}

// goKey reads Go's crypto/rsa.PublicKey, or that of crypto/internal/fips140/rsa,
// whose E is at i: a pointer to the modulus stands before it.
func (m memory) goKey(i int) (probe.Range, bool) {
	at, ok := m.follow(i - 8)
	if !ok {
		return probe.Range{}, false
	}
	// math/big.Int: the sign, and a slice of words.
	if sign, _ := m.word(at); sign == 0 {
		return m.slice(at + 8)
	}
	// crypto/internal/fips140/bigmod.Modulus: a pointer to the slice, whether it is odd,
	// and the word of Montgomery.
	nat, ok := m.follow(at)
	if !ok {
		return probe.Range{}, false
	}
	r, ok := m.slice(nat)
	n0, _ := m.word(at + 16)
	if first, _ := m.word(r.Start); !ok || !negativeInverse(first, n0) {
		return probe.Range{}, false
	}
	return r, true
}

// slice reads a Go slice of words at i: address, length, capacity.
func (m memory) slice(i int) (probe.Range, bool) {
	n, ok1 := m.word(i + 8)
	room, ok2 := m.word(i + 16)
	if !ok1 || !ok2 || room < n {
		return probe.Range{}, false
	}
	return m.number(i, n)
}

// opensslKey reads an object that holds pointers to two BIGNUMs, n and e, in
// this order, as OpenSSL's rsa_st does; the only limb of e is at i. A BIGNUM is the
// address of its limbs, how many are used and allocated, its sign and flags
// (crypto/bn/bn_local.h).
func (m memory) opensslKey(i int) (probe.Range, bool) {
	const reach = 16 << 10 // of the searches, of which each hit makes up to maxObjects
	const maxObjects = 4
	lo, hi := max(0, i-reach), min(len(m.data), i+reach)
	for e := range m.references(lo, hi, i, maxObjects) {
		if used, _, ok := m.pair(e + 8); !ok || used != 1 {
			continue
		}
		for p := range m.references(lo, hi, e, maxObjects) {
			n, ok := m.follow(p - 8)
			if !ok {
				continue
			}
			used, room, ok := m.pair(n + 8)
			if !ok || room < used {
				continue
			}
			if r, ok := m.number(n, uint64(used)); ok {
				return r, true
			}
		}
	}
	return probe.Range{}, false
}

// references yields the positions in [lo, hi) of up to most words that are the
// address of position at.
func (m memory) references(lo, hi, at, most int) func(yield func(int) bool) {
	want := m.addr + uint64(at)
	return func(yield func(int) bool) {
		for i := lo + int(-(m.addr+uint64(lo))%8); i+8 <= hi && most > 0; i += 8 {
			if m.order.Uint64(m.data[i:]) == want {
				most--
				if !yield(i) {
					return
				}
			}
		}
	}
}

// montgomery reads the BIGNUM whose lengths are at i as the modulus of a
// BN_MONT_CTX: the Montgomery word follows it (BoringSSL), or one more BIGNUM
// (OpenSSL; crypto/bn/bn_local.h). That word is the proof.
func (m memory) montgomery(i int) (probe.Range, bool) {
	const bignum = 24
	used, _, _ := m.pair(i)
	start := i - 8
	r, ok := m.number(start, uint64(used))
	if !ok {
		return probe.Range{}, false
	}
	first, _ := m.word(r.Start)
	for _, at := range [...]int{start + bignum, start + 2*bignum} {
		if n0, ok := m.word(at); ok && negativeInverse(first, n0) {
			return r, true
		}
	}
	return probe.Range{}, false
}

// gmpKey reads two numbers of GMP, n and e, of which the first has its lengths at
// i: an mpz_t is the limbs allocated and used, and their address; nettle's
// rsa_public_key holds one behind the other.
func (m memory) gmpKey(i int) (probe.Range, bool) {
	_, used, _ := m.pair(i)
	r, ok := m.number(i+8, uint64(used))
	if !ok {
		return probe.Range{}, false
	}
	_, one, ok := m.pair(i + 16)
	at, within := m.follow(i + 24)
	if !ok || one != 1 || !within {
		return probe.Range{}, false
	}
	e, _ := m.word(at)
	return r, e == ordinaryExponent
}
