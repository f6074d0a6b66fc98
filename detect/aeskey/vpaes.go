package aeskey

import "math/bits"

// vector is one of the two ways in which vpaes, the code of OpenSSL and BoringSSL
// for vector units without AES instructions, stores a schedule. Round keys stand
// in a basis of the field that suits their S-box; the rows of each are rotated,
// farther from round to round, so that no round need rotate the state.
//
// With k the columns of a round key, and 0x63 what the S-box adds, the rounds
// between the first and the last are, before their rows are rotated,
//
//	encrypting  to(C·k) + 0x5B, C the circulant of (0, 1, 1, 1), in rising order
//	decrypting  to(R·InvMixColumns(k)) + 0xE8, R one byte up, in falling order.
//
// The first is to(k) when encrypting and k when decrypting; the last is k + 0x63
// and to(k + 0x63).
type vector struct {
	dec      bool
	sum      byte // what is added to each byte of the rounds between
	to, from [256]byte
}

// The bases: the images of 1, 2, 4 … 128. Hamburg, "Accelerating AES with Vector
// Permute Instructions", 2009, chooses them; both and the rest of the layout
// were checked against the schedules that OpenSSL 3.0's functions write.
const (
	encBasis = "\x70\x2a\x98\x08\x4d\x7c\x7d\x81"
	decBasis = "\x5f\x54\x04\x1a\x65\x05\xe6\x94"
	encSum   = 0x5b
	decSum   = 0xe8
)

func newVector(dec bool) vector {
	v := vector{sum: encSum}
	basis := encBasis
	if dec {
		v, basis = vector{sum: decSum, dec: true}, decBasis
	}
	for x := range v.to {
		for b := range basis {
			v.to[x] ^= basis[b] & -byte(x>>b&1)
		}
		v.from[v.to[x]] = byte(x)
	}
	return v
}

// each applies a table to the bytes of a word.
func each(t *[256]byte, w uint32) uint32 {
	return uint32(t[w>>24])<<24 | uint32(t[byte(w>>16)])<<16 | uint32(t[byte(w>>8)])<<8 | uint32(t[byte(w)])
}

// slot returns the place of round r, from the lowest address on. It is its own inverse.
func (v *vector) slot(nk, r int) int {
	if v.dec {
		return lastRound(nk) - r
	}
	return r
}

// turn returns by how many columns, modulo four, the rows in a slot are rotated
// left: row one so far, row two twice as far, row three three times.
func (v *vector) turn(slot int) int {
	if v.dec {
		return slot & 3
	}
	return -slot & 3
}

// encode returns round key r of s as it lies in memory.
func (v *vector) encode(s *schedule, nk, r int) (p [16]byte) {
	turn := v.turn(v.slot(nk, r))
	for c := range 4 {
		w := v.word(s[4*r+c], r, lastRound(nk))
		for row := range 4 {
			p[4*((c-turn*row)&3)+row] = byte(w >> (24 - 8*row))
		}
	}
	return p
}

// word returns a word of round r, of last, as it is before its bytes are rotated.
func (v *vector) word(w uint32, r, last int) uint32 {
	const bytes, s63 = 0x01010101, 0x63636363
	switch {
	case r == 0 && v.dec:
		return w
	case r == 0:
		return each(&v.to, w)
	case r == last && v.dec:
		return each(&v.to, w^s63)
	case r == last:
		return w ^ s63
	case v.dec:
		return each(&v.to, bits.RotateLeft32(unmix(w), 8)) ^ uint32(v.sum)*bytes
	}
	return each(&v.to, others(w)) ^ uint32(v.sum)*bytes
}

// decode returns the words of a round key between the first and the last, of which
// the rows are rotated by turn.
func (v *vector) decode(p []byte, turn int) (k [4]uint32) {
	p = p[:16]
	for c := range k {
		var w uint32
		for row := range 4 {
			w = w<<8 | uint32(v.from[p[4*((c-turn*row)&3)+row]^v.sum])
		}
		if v.dec {
			k[c] = mix(bits.RotateLeft32(w, -8))
		} else {
			k[c] = others(w)
		}
	}
	return k
}

// others returns for each byte the sum of the other three. It is its own inverse.
func others(w uint32) uint32 {
	return bits.RotateLeft32(w, 8) ^ bits.RotateLeft32(w, 16) ^ bits.RotateLeft32(w, 24)
}

// EncodeVPAES returns the schedule of a key of 16, 24 or 32 bytes as vpaes stores it,
// for encryption or decryption. The error is [ErrKeySize].
func EncodeVPAES(key []byte, dec bool) ([]byte, error) {
	s, err := expand(key)
	if err != nil {
		return nil, err
	}
	v := newVector(dec)
	return v.schedule(s, len(key)/4), nil
}

// schedule returns all round keys of s as they lie in memory.
func (v *vector) schedule(s *schedule, nk int) []byte {
	p := make([]byte, 0, 4*words(nk))
	for slot := range lastRound(nk) + 1 {
		k := v.encode(s, nk, v.slot(nk, slot))
		p = append(p, k[:]...)
	}
	return p
}
