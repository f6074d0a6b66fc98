package lanes

import "math/bits"

// State256 is a state of SHA-256 in the order in which the processor's instructions have it: F, E, B, A, H, G, D, C.
type State256 [8]uint32

// Block256 is a block of SHA-256.
type Block256 [16]uint32

// Lanes512 is a number of each of four lanes.
type Lanes512 [4]uint64

// Pair256 adds two blocks, each to its own state.
func Pair256(states *[2]State256, blocks *[2]Block256) {
	if pair256(states, blocks) {
		return
	}
	for i := range states {
		states[i].add(&blocks[i])
	}
}

// Quad512 adds four blocks of SHA-512, each to its own state, A to H. It leaves the blocks changed.
func Quad512(states *[8]Lanes512, blocks *[16]Lanes512) {
	if quad512(states, blocks) {
		return
	}
	for l := range 4 {
		add512(states, blocks, l)
	}
}

// words returns A to H.
func (s *State256) words() [8]uint32 {
	return [8]uint32{s[3], s[2], s[7], s[6], s[1], s[0], s[5], s[4]}
}

// state256 is the opposite of words.
func state256(w [8]uint32) State256 { return State256{w[5], w[4], w[1], w[0], w[7], w[6], w[3], w[2]} }

// add is section 6.2.2 of FIPS 180-4.
func (s *State256) add(b *Block256) {
	rot := func(x uint32, n int) uint32 { return bits.RotateLeft32(x, -n) }
	v, w, rs := s.words(), *b, roots()
	start := v
	for i := range 64 {
		k := i & 15
		if i >= 16 {
			x, y := w[(i+1)&15], w[(i+14)&15]
			w[k] += w[(i+9)&15] + (rot(x, 7) ^ rot(x, 18) ^ x>>3) + (rot(y, 17) ^ rot(y, 19) ^ y>>10)
		}
		a, e := v[0], v[4]
		t := v[7] + (rot(e, 6) ^ rot(e, 11) ^ rot(e, 25)) + (e&(v[5]^v[6]) ^ v[6]) + uint32(rs[i]>>32) + w[k]
		u := t + (rot(a, 2) ^ rot(a, 13) ^ rot(a, 22)) + (a&v[1] | (a|v[1])&v[2])
		v = [8]uint32{u, a, v[1], v[2], v[3] + t, e, v[5], v[6]}
	}
	for i := range v {
		v[i] += start[i]
	}
	*s = state256(v)
}

// add512 is section 6.4.2 for one lane.
func add512(states *[8]Lanes512, blocks *[16]Lanes512, l int) {
	rot := func(x uint64, n int) uint64 { return bits.RotateLeft64(x, -n) }
	rs := roots()
	var v [8]uint64
	for i := range v {
		v[i] = states[i][l]
	}
	for i := range 80 {
		k := i & 15
		if i >= 16 {
			x, y := blocks[(i+1)&15][l], blocks[(i+14)&15][l]
			blocks[k][l] += blocks[(i+9)&15][l] + (rot(x, 1) ^ rot(x, 8) ^ x>>7) + (rot(y, 19) ^ rot(y, 61) ^ y>>6)
		}
		a, e := v[0], v[4]
		t := v[7] + (rot(e, 14) ^ rot(e, 18) ^ rot(e, 41)) + (e&(v[5]^v[6]) ^ v[6]) + rs[i] + blocks[k][l]
		u := t + (rot(a, 28) ^ rot(a, 34) ^ rot(a, 39)) + (a&v[1] | (a|v[1])&v[2])
		v = [8]uint64{u, a, v[1], v[2], v[3] + t, e, v[5], v[6]}
	}
	for i := range v {
		states[i][l] += v[i]
	}
}
