package lanes

import "encoding/binary"

// The pads of HMAC (RFC 2104, section 2), in words of four bytes.
const ipads, opads = 0x36363636, 0x5c5c5c5c

// Key256 is what a secret leaves for HMAC with SHA-256.
type Key256 struct{ inner, outer State256 }

// start256 is the state that SHA-256 begins with (FIPS 180-4, section 5.3.3).
func start256() State256 {
	return state256([8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19})
}

// Set takes a secret of at most 64 bytes, a multiple of four.
func (k *Key256) Set(secret []byte) {
	s := [2]State256{start256(), start256()}
	var b [2]Block256
	for i := range b[0] {
		var w uint32
		if 4*i < len(secret) {
			w = binary.BigEndian.Uint32(secret[4*i:])
		}
		b[0][i], b[1][i] = w^ipads, w^opads
	}
	Pair256(&s, &b)
	k.inner, k.outer = s[0], s[1]
}

// Message256 is a message of at most two blocks, padded as what follows a block.
type Message256 struct {
	blocks [2]Block256
	n      int // blocks
}

// mostMessage is how long messages are, in bytes: with a bit and the length they fill two blocks.
const mostMessage256 = 2*64 - 9

// NewMessage256 returns the message that consists of p.
func NewMessage256(p ...[]byte) (m Message256) {
	var room [2 * 64]byte
	n := 0
	for _, q := range p {
		n += copy(room[n:mostMessage256], q)
	}
	room[n] = 0x80
	m.n = 1 + (n+8)/64
	binary.BigEndian.PutUint64(room[64*m.n-8:], uint64(8*(64+n)))
	for i := range m.n * 16 {
		m.blocks[i/16][i%16] = binary.BigEndian.Uint32(room[4*i:])
	}
	return m
}

// Pair returns HMAC of two messages of as many blocks.
func (k *Key256) Pair(a, b *Message256) (x, y [32]byte) {
	s := [2]State256{k.inner, k.inner}
	for i := range max(a.n, b.n) {
		// The state of a message that has ended is kept.
		kept := s
		blocks := [2]Block256{a.blocks[i], b.blocks[i]}
		Pair256(&s, &blocks)
		if i >= a.n {
			s[0] = kept[0]
		}
		if i >= b.n {
			s[1] = kept[1]
		}
	}
	var blocks [2]Block256
	for i := range s {
		w := s[i].words()
		copy(blocks[i][:], w[:])
		blocks[i][8], blocks[i][15] = 0x80000000, 8*(64+32)
	}
	s = [2]State256{k.outer, k.outer}
	Pair256(&s, &blocks)
	for i, out := range [2]*[32]byte{&x, &y} {
		for j, w := range s[i].words() {
			binary.BigEndian.PutUint32(out[4*j:], w)
		}
	}
	return x, y
}
