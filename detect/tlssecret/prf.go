package tlssecret

import "crypto/sha1"

// expansion is the label under which keys are made of a master secret (RFC 5246, section
// 6.3). An extended master secret changes how the master secret is made, not this
// (RFC 7627, section 4).
const expansion = "key expansion"

// suite is what a family of cipher suites takes from the key block: two MAC keys, two
// keys, two IVs.
type suite struct {
	hash     int // size of the PRF's digests
	mac, key int // in bytes
}

// suites returns them, those without MAC keys first, as they need the least of
// the key block: AEAD suites (RFC 5288, 6655, 7905), and those in CBC mode with SHA-1,
// SHA-256 and SHA-384 (RFC 5246, appendix C; RFC 5289).
func suites() [9]suite {
	return [...]suite{
		{size256, 0, shortKey}, {size256, 0, longKey}, {size384, 0, longKey},
		{size256, sha1.Size, shortKey}, {size256, sha1.Size, longKey},
		{size256, size256, shortKey}, {size256, size256, longKey},
		{size384, size384, shortKey}, {size384, size384, longKey},
	}
}

// need is how much of the key block ends with the client's key.
func (s suite) need() int { return 2*s.mac + s.key }

// maxBlock is the longest key block that is made, without IVs.
const maxBlock = 2*size384 + 2*longKey

// prf makes key blocks of one master secret.
type prf struct {
	s     schedule
	seed  [len(expansion) + seedLen]byte
	a     [size384 + len(expansion) + seedLen]byte // A(i), and the seed
	block [maxBlock + size384]byte
	n     int // of the block that has been made
}

// set takes a master secret for the hash whose digests have so many bytes, and the
// randoms, of which the server's comes first here.
func (p *prf) set(master []byte, hash int, server, client []byte) {
	p.s.setFor(master, hash)
	p.use(server, client)
}

// use takes other randoms.
func (p *prf) use(server, client []byte) {
	k := copy(p.seed[:], expansion)
	copy(p.seed[k:], server)
	copy(p.seed[k+randomLen:], client)
	p.n = 0
}

// first returns the first n bytes of the key block, valid until the next call: P_hash
// of RFC 5246, section 5.
func (p *prf) first(n int) []byte {
	size := p.s.size
	for p.n < n {
		if p.n == 0 {
			copy(p.a[:], p.s.expand(p.seed[:], size))
		} else {
			copy(p.a[:], p.s.expand(p.a[:size], size))
		}
		k := size + copy(p.a[size:], p.seed[:])
		p.n += copy(p.block[p.n:], p.s.expand(p.a[:k], size))
	}
	return p.block[:n]
}

func (p *prf) wipe() { *p = prf{} }
