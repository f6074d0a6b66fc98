package secret

import (
	"crypto/sha512"
	"math/big"

	"github.com/cloudflare/circl/dh/x448"
	"github.com/cloudflare/circl/sign/ed448"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"
)

// weierstrass is a curve with the order of its base point, and how to make a key.
type weierstrass struct {
	name  string
	order *big.Int
	make  func(*Source) ecKey
}

func weierstrassCurves() []weierstrass {
	// The orders are those of SP 800-186, section 3.2.1.
	orders := []string{
		"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
		"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
		"01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa" +
			"51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
	}
	var cs []weierstrass
	for i, c := range curves() {
		n, _ := new(big.Int).SetString(orders[i], 16)
		cs = append(cs, weierstrass{c.ssh, n, func(s *Source) ecKey { return s.ec(c) }})
	}
	return append(cs, weierstrass{"secp256k1", secp256k1.S256().N, (*Source).secp256k1})
}

// secp256k1 is a key on the curve of SEC 2, section 2.4.1.
func (s *Source) secp256k1() ecKey {
	d := s.Bytes(32)
	d[0] &= 0x7f // below the order
	pub := secp256k1.PrivKeyFromBytes(d).PubKey().SerializeUncompressed()
	c := curve{name: "secp256k1", oid: oid{1, 3, 132, 0, 10}, size: 32}
	return ecKey{curve: c, D: d, X: pub[1:33], Y: pub[33:]}
}

// ecScalarForms are scalars whose public half lies elsewhere as an SPKI.
func ecScalarForms() (fs []Form) {
	for _, c := range weierstrassCurves() {
		add := func(name string, l layout, change func(d *big.Int, k ecKey) *big.Int) {
			fs = append(fs, form("ec-"+name+"-"+c.name, func(src *Source) Secret {
				k := c.make(src)
				d := change(new(big.Int).SetBytes(k.D), k)
				return l.in(KindEC, d, k.size, [][]byte{k.D}).with(inPublic(k.spki().der().b))
			}).on(l))
		}
		for _, l := range layouts() {
			if l.encoding == words32 && c.name == "nistp521" {
				continue // see openForms
			}
			add(l.name, l, func(d *big.Int, _ ecKey) *big.Int { return d })
		}
		add("montgomery", layouts()[0], func(d *big.Int, k ecKey) *big.Int {
			d.Lsh(d, uint((k.size+7)/8*64))
			return d.Mod(d, c.order)
		})
	}
	return fs
}

// ecAloneForms are scalars beside the bare coordinates of their public point.
func ecAloneForms() (fs []Form) {
	for _, c := range weierstrassCurves() {
		for _, l := range append(layouts()[:2], paired()...) {
			if c.name == "nistp521" && l.encoding == intBE {
				continue // no library keeps it so
			}
			fs = append(fs, form("ec-beside-point-"+l.name+"-"+c.name, func(src *Source) Secret {
				k := c.make(src)
				number := func(b []byte) []byte { return l.write(new(big.Int).SetBytes(b), k.size) }
				return chunks(hidden(number(k.D)), shown(number(k.X)), shown(number(k.Y))).
					secret("", KindEC, l.encoding, k.D).aligned()
			}).on(l))
		}
	}
	return fs
}

// edwardsForms are keys of RFC 8032 and RFC 7748 as octets.
func edwardsForms() []Form {
	raw := func(name, kind string, make func(*Source) (marked, [][]byte, []byte)) Form {
		return form(name, func(src *Source) Secret {
			m, values, public := make(src)
			s := m.secret("", kind, "raw", values...).or(limbsLE, intBE, "expanded").aligned()
			if public != nil {
				s = s.with(inPublic(public))
			}
			return s
		})
	}
	return []Form{
		raw("ed25519-seed", KindEd25519, func(s *Source) (marked, [][]byte, []byte) {
			k := s.ed25519()
			return chunks(hidden(k.Seed)), [][]byte{k.Seed}, k.spki().der().b
		}),
		raw("ed25519-expanded", KindEd25519, func(s *Source) (marked, [][]byte, []byte) {
			k := s.ed25519()
			h := sha512.Sum512(k.Seed)
			h[0] &= 0xf8
			h[31] = h[31]&0x7f | 0x40
			return chunks(hidden(h[:])), [][]byte{k.Seed}, k.spki().der().b
		}),
		raw("ed25519-seed-public", KindEd25519, func(s *Source) (marked, [][]byte, []byte) {
			k := s.ed25519()
			m := chunks(hidden(append(append([]byte(nil), k.Seed...), k.Pub...)))
			m.priv[0].End -= len(k.Pub)
			return m, [][]byte{k.Seed}, nil
		}),
		raw("x25519-scalar", KindX25519, func(s *Source) (marked, [][]byte, []byte) {
			k := s.x25519()
			return chunks(hidden(k.Seed)), [][]byte{k.Seed}, k.spki().der().b
		}),
		raw("x25519-beside-point", KindX25519, func(s *Source) (marked, [][]byte, []byte) {
			k := s.x25519()
			return chunks(hidden(k.Seed), shown(k.Pub)), [][]byte{k.Seed}, nil
		}),
		raw("ed448-seed", KindEd448, func(s *Source) (marked, [][]byte, []byte) {
			k := s.ed448()
			return chunks(hidden(k.Seed)), [][]byte{k.Seed}, k.spki().der().b
		}),
		raw("x448-scalar", KindX448, func(s *Source) (marked, [][]byte, []byte) {
			k := s.x448()
			return chunks(hidden(k.Seed)), [][]byte{k.Seed}, k.spki().der().b
		}),
	}
}

func (s *Source) ed448() okpKey {
	seed := s.Bytes(ed448.SeedSize)
	pub := ed448.NewKeyFromSeed(seed).Public().(ed448.PublicKey)
	return okpKey{"Ed448", KindEd448, oid{1, 3, 101, 113}, seed, pub}
}

func (s *Source) x448() okpKey {
	var d, pub x448.Key
	copy(d[:], s.Bytes(x448.Size))
	x448.KeyGen(&pub, &d)
	return okpKey{"X448", KindX448, oid{1, 3, 101, 111}, d[:], pub[:]}
}
