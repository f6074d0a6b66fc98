package publickey

import (
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// modulusReach is how far from its object a modulus may lie. Programs allocate the
// parts of a key one after the other.
const modulusReach = 64 << 10

// ordinaryExponent is the public exponent that nearly every key has.
const ordinaryExponent = 65537

// modulusDetector finds RSA moduli in limbs through the objects that refer to them.
// It assumes 64-bit words and pointers, aligned to eight bytes, of either byte
// order, and reads no 32-bit process.
type modulusDetector struct{}

func (modulusDetector) Spec() probe.Spec {
	return spec("public-key-modulus", "RSA moduli as limbs, with their exponent or Montgomery word", modulusReach, modulusReach)
}

// Filter names the words that are an exponent, or the two lengths of a number.
func (modulusDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	const swappedExponent = 0x0100010000000000
	i := lo + int(-uint64(base+int64(lo))%8)
	for ; i < hi && i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		if w == 0 {
			continue
		}
		if w == ordinaryExponent || w == swappedExponent || sized(w) || sized(swap(w)) {
			hit(i)
		}
	}
}

// sized reports whether w holds two lengths in limbs, the second, of what is
// allocated, no less than the first, which is one that moduli have: 1024 to 8192 bits
// in steps of 512.
func sized(w uint64) bool {
	used, room := uint32(w), uint32(w>>32)
	return room-used <= 2 && limbs(uint64(used))
}

// limbs reports whether a modulus may have n limbs of 64 bits.
func limbs(n uint64) bool { return n >= 16 && n <= 128 && n%8 == 0 }

func (modulusDetector) Detect(v probe.View, emit func(probe.Match)) {
	for _, order := range [...]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		m := memory{v.Data, v.Addr, order}
		w, _ := m.word(v.At)
		var r probe.Range
		var ok, inUse bool
		switch {
		case w == ordinaryExponent:
			if r, ok = m.goKey(v.At); !ok {
				r, ok = m.opensslKey(v.At)
			}
		case m.counts(v.At):
			if r, ok = m.montgomery(v.At); ok {
				inUse = true
			} else {
				r, ok = m.gmpKey(v.At)
			}
		}
		if !ok {
			continue
		}
		if spki := m.spki(r, inUse); spki != nil {
			encoding := probe.LimbsLE
			if order == binary.BigEndian {
				encoding = probe.LimbsBE
			}
			// An OpenSSL server holds such an object for every root that it trusts;
			// what it computes with is its own or a peer's.
			emit(match(spki, encoding, !inUse, r))
			return
		}
	}
}

// spki returns the key whose modulus has its limbs at r, the least significant one
// first. Where only a Montgomery word refers to it (alone), it must be the product
// of primes: it may be one prime of a private key, which is secret.
func (m memory) spki(r probe.Range, alone bool) []byte {
	n := make([]byte, 0, r.Len())
	for i := r.End - 8; i >= r.Start; i -= 8 {
		n = binary.BigEndian.AppendUint64(n, m.order.Uint64(m.data[i:]))
	}
	if n[0] < 0x80 || privkey.Redacted(n) || smooth(n) || alone && prime(n) {
		return nil
	}
	return rsaSPKI(n, big.NewInt(ordinaryExponent).Bytes())
}

// smooth reports whether n has a factor below 256, which no modulus has.
func smooth(n []byte) bool {
	N, rest := new(big.Int).SetBytes(n), new(big.Int)
	for p := int64(3); p < 256; p += 2 {
		if rest.Mod(N, big.NewInt(p)).Sign() == 0 {
			return true
		}
	}
	return false
}

// prime reports whether the odd number n is a prime, by Fermat's test to the base
// two. It costs an exponentiation.
func prime(n []byte) bool {
	// A longer prime would be one of a key of more than 8192 bits, or the
	// public one of a Diffie-Hellman group.
	const most = 4096 / 8
	if len(n) > most {
		return false
	}
	N := new(big.Int).SetBytes(n)
	less := new(big.Int).Sub(N, big.NewInt(1))
	return less.Exp(big.NewInt(2), less, N).Cmp(big.NewInt(1)) == 0
}

// negativeInverse reports whether n0 is -1/n modulo 2^64, the word that Montgomery
// multiplication by n needs.
func negativeInverse(n, n0 uint64) bool { return n*n0 == ^uint64(0) }

// clean reports whether r is limbs of an odd number, as dense as a modulus.
func (m memory) clean(r probe.Range) bool {
	first, ok := m.word(r.Start)
	return ok && first&1 == 1 && r.End <= len(m.data) && dense(slices.Clip(m.data[r.Start:r.End]))
}
