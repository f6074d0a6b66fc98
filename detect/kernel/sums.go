package kernel

import "math/bits"

// OctetsAhead is how many bytes [Octets] reads behind those that it judges, FoldsBack and FoldsAhead how many
// sums [Folds] reads before and behind.
const OctetsAhead, FoldsBack, FoldsAhead = 15, 64, 64

// Octets sets each byte of dst to the sum, without carries, of the sixteen bytes from its place in p on.
// The length of dst is a multiple of 32; p holds as many bytes, and OctetsAhead.
func Octets(dst, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:len(dst)+OctetsAhead]
	if !octetsSIMD(dst, p) {
		octets(dst, p)
	}
}

// Alike marks the bytes that are equal to that at a distance behind them. p holds 64 bytes for
// each word of dst, and the distance.
func Alike(dst []uint64, p []byte, distance int) {
	if len(dst) == 0 {
		return
	}
	p = p[:64*len(dst)+distance]
	if !alikeSIMD(dst, p, distance) {
		alike(dst, p, distance)
	}
}

// Folds marks the places where the sums of pairs of Camellia's subkeys are related as those of a key
// are when the whitening keys are folded into the others: with x at the place, y 64 bytes behind it or before it and z
// 40 or 24 bytes on the other side, z is x + y turned by two bits, or y + x turned by one. The
// first place is FoldsBack behind the first of sums, which holds 64 for each word of dst, FoldsBack and FoldsAhead.
func Folds(dst []uint64, sums []byte) {
	if len(dst) == 0 {
		return
	}
	sums = sums[:FoldsBack+64*len(dst)+FoldsAhead]
	if !foldsSIMD(dst, sums) {
		folds(dst, sums)
	}
}

func octets(dst, p []byte) {
	var sum byte
	for _, b := range p[:OctetsAhead] {
		sum ^= b
	}
	for i := range dst {
		sum ^= p[i+OctetsAhead]
		dst[i] = sum
		sum ^= p[i]
	}
}

func alike(dst []uint64, p []byte, distance int) {
	for k := range dst {
		var m uint64
		for i := range 64 {
			if p[64*k+i] == p[64*k+i+distance] {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

func folds(dst []uint64, sums []byte) {
	for k := range dst {
		var m uint64
		for i := range 64 {
			s := sums[64*k+i:][:FoldsBack+FoldsAhead+1]
			x, up, down := s[64], s[128], s[0]
			once := bits.RotateLeft8(x, 1)
			if s[64-40] == bits.RotateLeft8(x^up, 2) || s[64+40] == bits.RotateLeft8(x^down, 2) ||
				s[64-24] == once^up || s[64+24] == once^down {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}
