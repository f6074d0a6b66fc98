package entropy

import "math/bits"

// Distinct returns how many different values the octets of p have.
func Distinct(p []byte) int {
	// Four sets, so that an octet seldom waits for the one before it.
	var seen [4][4]uint64
	for ; len(p) >= 4; p = p[4:] {
		a, b, c, d := p[0], p[1], p[2], p[3]
		seen[0][a>>6] |= 1 << (a & 63)
		seen[1][b>>6] |= 1 << (b & 63)
		seen[2][c>>6] |= 1 << (c & 63)
		seen[3][d>>6] |= 1 << (d & 63)
	}
	for _, a := range p {
		seen[0][a>>6] |= 1 << (a & 63)
	}
	n := 0
	for k := range 4 {
		n += bits.OnesCount64(seen[0][k] | seen[1][k] | seen[2][k] | seen[3][k])
	}
	return n
}
