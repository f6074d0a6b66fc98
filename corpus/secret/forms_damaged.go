package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/big"
)

// prekeySize is SSHKEY_SHIELD_PREKEY_LEN of OpenSSH's sshkey.c.
const prekeySize = 16 << 10

// shieldedForms are keys that ssh-agent holds encrypted beside what decrypts them.
func shieldedForms() (fs []Form) {
	for _, k := range sshKeys() {
		fs = append(fs, form("ssh-shielded-"+k.name, func(src *Source) Secret {
			key := k.make(src)
			var plain marked
			plain.wire([]byte(key.name))
			plain.app(key.openssh)
			for i := byte(1); len(plain.b)%aes.BlockSize != 0; i++ {
				plain.put(i)
			}
			prekey := src.Bytes(prekeySize)
			digest := sha512.Sum512(prekey)
			block, err := aes.NewCipher(digest[:32])
			if err != nil {
				panic("internal error: " + err.Error())
			}
			blob := make([]byte, len(plain.b))
			cipher.NewCTR(block, digest[32:48]).XORKeyStream(blob, plain.b)
			part := func(name string, p []byte) Secret {
				m := chunks(hidden(p))
				s := m.secret("ssh-shielded-"+k.name+name, key.kind, "shielded").aligned()
				return s
			}
			// struct sshkey: shielded_private, shielded_len, shield_prekey, shield_prekey_len.
			holder := inPublic(make([]byte, 64)).with(part("", blob), part("-prekey", prekey))
			holder.Align = chunkAlign
			holder.Link = func(p []byte, word Word, at []uint64) {
				for i, x := range []uint64{at[0] + chunkAlign, uint64(len(blob)), at[1] + chunkAlign, prekeySize} {
					word(p, 1+i, x)
				}
			}
			return holder
		}))
	}
	return fs
}

// sexpNode is a list of libgcrypt's own form of S-expressions (src/sexp.c): ST_OPEN, ST_DATA
// with a native length, ST_CLOSE.
type sexpNode struct {
	atom    []byte
	private bool
	list    []sexpNode
}

func sexpList(name string, kids ...sexpNode) sexpNode {
	return sexpNode{list: append([]sexpNode{{atom: []byte(name)}}, kids...)}
}

func sexpNumber(name string, x []byte, private bool) sexpNode {
	if len(x) > 0 && x[0] >= 0x80 {
		x = append([]byte{0}, x...)
	}
	return sexpList(name, sexpNode{atom: x, private: private})
}

func (m *marked) native(n sexpNode) {
	if n.list == nil {
		m.put(1)
		m.b = binary.LittleEndian.AppendUint16(m.b, uint16(len(n.atom)))
		if n.private {
			m.hide(n.atom)
		} else {
			m.put(n.atom...)
		}
		return
	}
	m.put(3)
	for _, k := range n.list {
		m.native(k)
	}
	m.put(4)
}

// sexpForms are private keys of libgcrypt as gpg-agent holds them and as GnuPG's key files do: in libgcrypt's own
// form, canonical, and as text.
func sexpForms() (fs []Form) {
	for _, k := range []struct {
		name string
		make func(*Source) (n sexpNode, kind string, values [][]byte)
	}{
		{"rsa", func(src *Source) (sexpNode, string, [][]byte) {
			k := src.rsa()
			u := new(big.Int).ModInverse(k.Q, k.P) // libgcrypt's p is the smaller one
			return sexpList("rsa", sexpNumber("n", k.N.Bytes(), false), sexpNumber("e", k.E.Bytes(), false),
				sexpNumber("d", k.D.Bytes(), true), sexpNumber("p", k.Q.Bytes(), true), sexpNumber("q", k.P.Bytes(), true),
				sexpNumber("u", u.Bytes(), true)), KindRSA, k.values()
		}},
		{"p256", func(src *Source) (sexpNode, string, [][]byte) {
			k := src.ec(curves()[0])
			return sexpList("ecc", sexpList("curve", sexpNode{atom: []byte("NIST P-256")}),
				sexpList("q", sexpNode{atom: k.point()}), sexpNumber("d", trim(k.D), true)), KindEC, [][]byte{k.D}
		}},
		{"ed25519", func(src *Source) (sexpNode, string, [][]byte) {
			k := src.ed25519()
			return sexpList("ecc", sexpList("curve", sexpNode{atom: []byte("Ed25519")}),
				sexpList("flags", sexpNode{atom: []byte("eddsa")}), sexpList("q", sexpNode{atom: append([]byte{0x40}, k.Pub...)}),
				sexpList("d", sexpNode{atom: k.Seed, private: true})), KindEd25519, [][]byte{k.Seed}
		}},
	} {
		add := func(name string, write func(m *marked, n sexpNode), order Order, text bool) {
			f := form("sexp-"+name+"-"+k.name, func(src *Source) Secret {
				n, kind, values := k.make(src)
				var m marked
				write(&m, sexpList("private-key", n))
				s := m.secret("", kind, "pgp", values...).or("sexp", "sexp-native", "raw", "hex", "text")
				if s.Text = text; !text {
					s = s.aligned()
				}
				return s
			})
			f.Order = order
			fs = append(fs, f)
			if text {
				fs = append(fs, f.wide())
			}
		}
		add("native", func(m *marked, n sexpNode) { m.native(n); m.put(0) }, LittleEndian, false)
		add("canonical", (*marked).canonical, AnyOrder, false)
		add("advanced", func(m *marked, n sexpNode) { m.str("Key: "); m.advanced(n, 0); m.str("\n") }, AnyOrder, true)
	}
	return fs
}

// damagedForms are texts and structures without their head, and digits without armour.
func damagedForms() (fs []Form) {
	keys := []struct {
		name  string
		label string
		kind  string
		make  func(*Source) (node, [][]byte)
	}{
		{"pkcs1", "RSA PRIVATE KEY", KindRSA, func(s *Source) (node, [][]byte) { k := s.rsaOf(2048); return k.pkcs1(), k.values() }},
		{"pkcs8-rsa", "PRIVATE KEY", KindRSA, func(s *Source) (node, [][]byte) { k := s.rsaOf(2048); return k.pkcs8(), k.values() }},
		{"sec1-p256", "EC PRIVATE KEY", KindEC, func(s *Source) (node, [][]byte) { k := s.ec(curves()[0]); return k.sec1(true), [][]byte{k.D} }},
		{"sec1-p384", "EC PRIVATE KEY", KindEC, func(s *Source) (node, [][]byte) { k := s.ec(curves()[1]); return k.sec1(true), [][]byte{k.D} }},
		{"pkcs8-p256", "PRIVATE KEY", KindEC, func(s *Source) (node, [][]byte) { k := s.ec(curves()[0]); return k.pkcs8(), [][]byte{k.D} }},
	}
	cut := func(s Secret) Secret {
		s.Complete, s.Confidence = false, likely
		return s
	}
	for _, k := range keys {
		text := func(name, encoding string, write func(*Source, node) marked) {
			f := form("damaged-"+name+"-"+k.name, func(src *Source) Secret {
				n, values := k.make(src)
				return cut(write(src, n).text("", k.kind, encoding, values...).or("pem", "der", "base64", "hex"))
			})
			fs = append(fs, f, f.wide())
		}
		text("pem-lost-16", "pem", func(_ *Source, n node) marked { return pem(k.label, n.der(), pemStyles()[0]).lost(16) })
		text("pem-lost-32", "pem", func(_ *Source, n node) marked { return pem(k.label, n.der(), pemStyles()[0]).lost(32) })
		text("pem-body", "pem", func(_ *Source, n node) marked {
			style := pemStyles()[0]
			style.noBegin, style.noEnd = true, true
			return pem(k.label, n.der(), style)
		})
		text("base64", "base64", func(_ *Source, n node) marked {
			var m marked
			m.base64(n.der(), pemStyle{})
			return m
		})
		text("hex", "hex", func(_ *Source, n node) marked { return n.der().hex() })
		for _, lost := range []int{16, 32} {
			if lost == 32 && k.kind == KindEC {
				continue // the scalar begins at the eighth byte
			}
			fs = append(fs, form("damaged-der-lost-"+map[int]string{16: "16-", 32: "32-"}[lost]+k.name, func(src *Source) Secret {
				n, values := k.make(src)
				s := n.der().secret("", k.kind, "der", values...).freed(0, lost)
				s.Align = chunkAlign
				return s
			}))
		}
	}
	return fs
}

// lost returns text whose first n characters were overwritten with a freed chunk's pointers.
func (m marked) lost(n int) marked {
	for i := range n / 8 {
		binary.LittleEndian.PutUint64(m.b[8*i:], 0x0000_5581_6a2c_04d0+uint64(i)<<8)
	}
	return m
}

// hex returns m in lower-case digits.
func (m marked) hex() marked {
	out := marked{b: hex.AppendEncode(nil, m.b)}
	for _, r := range m.priv {
		out.mark(2*r.Start, 2*r.End)
	}
	return out
}

// b64std returns m in base64.
func (m marked) b64std() marked {
	out := marked{b: base64.StdEncoding.AppendEncode(nil, m.b)}
	for _, r := range charsOf(m.priv) {
		out.mark(r.Start, r.End)
	}
	return out
}
