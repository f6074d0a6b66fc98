package secret

import (
	"crypto/ecdh"
	"crypto/ed25519"
)

// curve is a NIST curve (FIPS 186, SP 800-186).
type curve struct {
	name  string // RFC 7518, section 6.2.1.1
	ssh   string // RFC 5656, section 10.1
	oid   oid
	ecdh  ecdh.Curve
	size  int  // bytes of a scalar and of a coordinate
	top   byte // mask of the scalar's first byte
	magic byte // digit in the CNG magic numbers: bcrypt.h
}

func curves() []curve {
	return []curve{
		{"P-256", "nistp256", oid{1, 2, 840, 10045, 3, 1, 7}, ecdh.P256(), 32, 0xff, '2'},
		{"P-384", "nistp384", oid{1, 3, 132, 0, 34}, ecdh.P384(), 48, 0xff, '4'},
		{"P-521", "nistp521", oid{1, 3, 132, 0, 35}, ecdh.P521(), 66, 0x01, '6'},
	}
}

// ecKey is a key on a NIST curve; D, X and Y have the curve's size.
type ecKey struct {
	curve
	D, X, Y []byte
}

// point returns the uncompressed public point: SEC 1, section 2.3.3.
func (k ecKey) point() []byte { return append(append([]byte{4}, k.X...), k.Y...) }

func (s *Source) ec(c curve) ecKey {
	for {
		d := s.Bytes(c.size)
		d[0] &= c.top
		priv, err := c.ecdh.NewPrivateKey(d)
		if err != nil {
			continue // zero or above the order
		}
		pub := priv.PublicKey().Bytes()
		return ecKey{curve: c, D: d, X: pub[1 : 1+c.size], Y: pub[1+c.size:]}
	}
}

// okpKey is an Ed25519 or X25519 key: RFC 8032, RFC 7748.
type okpKey struct {
	name, kind string
	oid        oid // RFC 8410, section 3
	Seed, Pub  []byte
}

func (s *Source) ed25519() okpKey {
	seed := s.Bytes(ed25519.SeedSize)
	pub := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	return okpKey{"Ed25519", KindEd25519, oid{1, 3, 101, 112}, seed, pub}
}

func (s *Source) x25519() okpKey {
	d := s.Bytes(32)
	priv, err := ecdh.X25519().NewPrivateKey(d)
	if err != nil {
		panic("internal error: an X25519 key is any 32 bytes")
	}
	return okpKey{"X25519", KindX25519, oid{1, 3, 101, 110}, d, priv.PublicKey().Bytes()}
}
