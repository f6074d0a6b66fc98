package lanes

import "encoding/binary"

// Keys384 is what four secrets leave for HMAC with SHA-384.
type Keys384 struct{ inner, outer [8]Lanes512 }

// start384 is the state that SHA-384 begins with in all lanes (FIPS 180-4, section 5.3.4).
func start384() (s [8]Lanes512) {
	for i, w := range [8]uint64{
		0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
		0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
	} {
		s[i] = Lanes512{w, w, w, w}
	}
	return s
}

// Set takes four secrets of at most 128 bytes, a multiple of eight.
func (k *Keys384) Set(secrets [4][]byte) {
	var inner, outer [16]Lanes512
	for i := range inner {
		for l, s := range secrets {
			var w uint64
			if 8*i < len(s) {
				w = binary.BigEndian.Uint64(s[8*i:])
			}
			inner[i][l], outer[i][l] = w^(ipads<<32|ipads), w^(opads<<32|opads)
		}
	}
	k.inner, k.outer = start384(), start384()
	Quad512(&k.inner, &inner)
	Quad512(&k.outer, &outer)
}

// SetOne takes one secret of at most 128 bytes, a multiple of eight, for all lanes.
func (k *Keys384) SetOne(secret []byte) {
	var pads [16]Lanes512
	for i := range pads {
		var w uint64
		if 8*i < len(secret) {
			w = binary.BigEndian.Uint64(secret[8*i:])
		}
		pads[i] = Lanes512{w ^ (ipads<<32 | ipads), w ^ (opads<<32 | opads)}
	}
	s := start384()
	Quad512(&s, &pads)
	for i := range s {
		in, out := s[i][0], s[i][1]
		k.inner[i], k.outer[i] = Lanes512{in, in, in, in}, Lanes512{out, out, out, out}
	}
}

// Messages384 are four messages of as many blocks, two at most, padded as what follows a block.
type Messages384 struct {
	blocks [2][16]Lanes512
	n      int // blocks
}

// mostMessage384 is how long messages are, in bytes: with a bit and the length they fill two blocks.
const mostMessage384 = 2*128 - 17

// Put makes p the message of lane l. All four must have the same length.
func (m *Messages384) Put(l int, p ...[]byte) {
	var room [2 * 128]byte
	n := 0
	for _, q := range p {
		n += copy(room[n:mostMessage384], q)
	}
	room[n] = 0x80
	m.n = 1 + (n+16)/128
	binary.BigEndian.PutUint64(room[128*m.n-8:], uint64(8*(128+n)))
	for i := range m.n * 16 {
		m.blocks[i/16][i%16][l] = binary.BigEndian.Uint64(room[8*i:])
	}
}

// Sum returns HMAC of the messages.
func (k *Keys384) Sum(m *Messages384) (out [4][48]byte) {
	s := k.inner
	for i := range m.n {
		b := m.blocks[i]
		Quad512(&s, &b)
	}
	var b [16]Lanes512
	copy(b[:6], s[:])
	for l := range b[6] {
		b[6][l], b[15][l] = 1<<63, 8*(128+48)
	}
	s = k.outer
	Quad512(&s, &b)
	for l := range out {
		for i := range 6 {
			binary.BigEndian.PutUint64(out[l][8*i:], s[i][l])
		}
	}
	return out
}
