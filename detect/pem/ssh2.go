package pem

import (
	"encoding/binary"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The private key files of SSH Communications Security (Tectia) are documented
// only by the programs that read them; this follows the import of PuTTY (import.c,
// "ssh.com private key"). A key is the magic, the length of all, the type, the name
// of the cipher and the blob. The type reads like "if-modn{sign{rsa-pkcs1-sha1},…}"
// for RSA and "dl-modp{sign{dsa-nist-sha1},…}" for DSA. A plain blob is the length
// of its content and numbers, each with its length in bits.
const (
	ssh2RSA   = "if-modn{"
	ssh2DSA   = "dl-modp{"
	ssh2Block = 8 // of 3des-cbc, the only cipher
)

// ssh2 reads such a file; every field is preceded by a big-endian length of four
// octets.
type ssh2 struct {
	b   []byte
	cut bool // the last field is there in part, or not at all
}

func (r *ssh2) u32() uint32 {
	if len(r.b) < 4 {
		r.b, r.cut = nil, true
		return 0
	}
	n := binary.BigEndian.Uint32(r.b)
	r.b = r.b[4:]
	return n
}

func (r *ssh2) take(n uint32) []byte {
	if uint64(n) > uint64(len(r.b)) {
		n, r.cut = uint32(len(r.b)), true
	}
	p := r.b[:n:n]
	r.b = r.b[n:]
	return p
}

func (r *ssh2) str() []byte { return r.take(r.u32()) }

// number reads a number; the length before it counts bits.
func (r *ssh2) number() privkey.Number {
	const maxBits = 1 << 16
	n := r.u32()
	if n > maxBits {
		r.b, r.cut = nil, true
		return privkey.Number{}
	}
	p := r.take((n + 7) / 8)
	return privkey.Number{Bytes: p, Cut: r.cut}
}

// public reads a number of the public half: nil when it is not whole.
func (r *ssh2) public() []byte {
	n := r.number()
	if n.Cut {
		return nil
	}
	return der.Trim(n.Bytes)
}

// parseSSH2 reads the key file that begins at b[0].
func parseSSH2(b []byte) (privkey.Key, bool) {
	r := ssh2{b: b}
	r.u32()
	total := r.u32()
	typ, cipher, blob := string(r.str()), string(r.str()), r.str()
	if len(blob) == 0 {
		return privkey.Key{}, false
	}
	if cipher != "none" {
		k := privkey.Key{
			Kind: privkey.Encrypted, Confidence: probe.Likely, Identity: blob, Values: [][]byte{blob},
		}
		if !r.cut && uint64(total) == uint64(len(b)) && len(blob)%ssh2Block == 0 {
			k.Confidence = probe.Confirmed
		}
		return k, true
	}
	n := ssh2{b: blob}
	n.u32()
	switch {
	case strings.HasPrefix(typ, ssh2RSA):
		// The inverse is that of the first prime modulo the second.
		p := privkey.RSAParts{E: n.public(), D: n.number(), N: n.public(), QInv: n.number()}
		p.Q, p.P = n.number(), n.number()
		return privkey.RSAKey(probe.Range{}, plausible.RSA(p))
	case strings.HasPrefix(typ, ssh2DSA):
		n.u32() // zero: the domain follows, it is none of the named ones
		p := privkey.DSAParts{P: n.public(), G: n.public(), Q: n.public(), Y: n.public(), X: n.number()}
		return privkey.DSAKey(probe.Range{}, p)
	}
	return privkey.Key{}, false
}
