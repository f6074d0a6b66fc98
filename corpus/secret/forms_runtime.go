package secret

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"math/big"
)

// runtimeForms are keys as the objects of Java, Go and Rust hold them, in parts or beside their public half.
func runtimeForms() (fs []Form) {
	for _, stride := range []int{32, 40} {
		for _, size := range []int{16, 24, 32} {
			fs = append(fs, form(fmt.Sprintf("aes-%d-arrays-%d", 8*size, stride), func(src *Source) Secret {
				return src.arrays(size, stride)
			}))
		}
	}
	fs = append(fs, form("rsa-ring", ringRSA), form("ed25519-ring", func(src *Source) Secret {
		// ring's Ed25519KeyPair: scalar and prefix in place of the seed, and the public key.
		k := src.ed25519()
		h := sha512.Sum512(k.Seed)
		h[0] &= 0xf8
		h[31] = h[31]&0x7f | 0x40
		return chunks(hidden(h[:]), shown(k.Pub)).secret("", KindEd25519, "expanded", reversed(h[:32])).or("raw").aligned()
	}))
	for _, c := range weierstrassCurves()[:2] {
		fs = append(fs, form("ec-rustcrypto-"+c.name, func(src *Source) Secret {
			// The SigningKey of p256 and p384: the scalar, and the point in Montgomery form.
			k := c.make(src)
			limbs := func(b []byte) []byte { return layouts()[0].write(new(big.Int).SetBytes(b), k.size) }
			p, _ := new(big.Int).SetString(map[int]string{
				32: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
				48: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
			}[k.size], 16)
			in := func(b []byte) []byte {
				x := new(big.Int).SetBytes(b)
				x.Lsh(x, uint(8*k.size))
				return limbs(x.Mod(x, p).Bytes())
			}
			var m marked
			m.word(0x71)
			m.hideReversed(k.D)
			m.put(in(k.X)...)
			m.put(in(k.Y)...)
			m.word(0)
			return m.secret("", KindEC, limbsLE, k.D).aligned()
		}))
	}
	for i := range 3 {
		fs = append(fs, form(fmt.Sprintf("ml-kem-%d-beside-rho", []int{512, 768, 1024}[i]), func(src *Source) Secret {
			// Go's key begins with d, z, ρ and H(ek).
			k := src.mlkem(i)
			var m marked
			m.hide(k.Seed)
			m.put(k.Pub[len(k.Pub)-32:]...)
			m.put(k.Expanded[len(k.Expanded)-64 : len(k.Expanded)-32]...)
			return goObject(m).secret("", KindMLKEM, "raw", k.Seed).aligned()
		}), form(fmt.Sprintf("ml-dsa-%d-beside-rho", []int{44, 65, 87}[i]), func(src *Source) Secret {
			k := src.mldsa(i)
			var m marked
			m.hide(k.Seed)
			m.put(k.Pub...)
			return goObject(m).secret("", KindMLDSA, "raw", k.Seed).aligned()
		}))
	}
	return fs
}

// goObject puts m between words that are no part of it.
func goObject(m marked) (out marked) {
	out.word(0x00c0_0001_4000)
	out.word(0)
	out.app(m)
	out.word(0)
	out.word(0x00c0_0001_6000)
	return out
}

// arrays is a schedule of which each round key is an int[4] of the JVM: mark, class, length, elements. Without
// compressed class pointers the head takes 24 bytes.
func (s *Source) arrays(size, stride int) Secret {
	key := s.Bytes(size)
	var m marked
	for w := expand(key); len(w) > 0; w = w[16:] {
		m.word(1)
		if stride == 32 {
			m.u32le(0x0016_d8c0)
		} else {
			m.word(0x7f31_5c00_2a48)
		}
		m.u32le(4)
		m.put(make([]byte, (stride-16)-(len(m.b)%stride))...)
		m.hide(w[:16])
	}
	return m.secret("", KindAES, "schedule-enc", key).aligned()
}

// ringRSA is what ring keeps of a key: primes with R² modulo each and exponents of which the most significant
// word comes first, the coefficient, and elsewhere the public half.
func ringRSA(src *Source) Secret {
	k := src.rsaOf(2048)
	half := k.Bits / 16
	limbs := func(x *big.Int) []byte { return reversed(fixed(x, half)) }
	words := func(x *big.Int) []byte { return groupsReversed(fixed(x, half), 8) }
	rr := func(p *big.Int) []byte {
		r := new(big.Int).Lsh(big.NewInt(1), uint(16*half))
		return limbs(r.Mod(r, p))
	}
	var pieces []piece
	for _, h := range []struct{ p, d *big.Int }{{k.P, k.Dp}, {k.Q, k.Dq}} {
		pieces = append(pieces, hidden(limbs(h.p)), hidden(rr(h.p)), hidden(words(h.d)))
	}
	pieces = append(pieces, hidden(limbs(k.Inv)))
	return chunks(pieces...).secret("", KindRSA, limbsLE, k.values()...).or("words64-be").aligned().with(src.publicHalf(k))
}

// tlsObjectForms are secrets of TLS as the libraries other than OpenSSL keep them, and those of QUIC.
func tlsObjectForms() (fs []Form) {
	for _, v := range []struct{ name, label string }{{"quic", "tls13 quic key"}, {"quic2", "tls13 quicv2 key"}} {
		fs = append(fs, form("tls13-"+v.name+"-secret", func(src *Source) Secret {
			secret := src.Bytes(32)
			return chunks(hidden(secret)).secret("", KindTLS, "raw", secret).aligned().
				with(schedule(expandLabel(sha256.New, secret, v.label, 16)))
		}))
	}
	return append(fs, form("tls12-gnutls-packed", func(src *Source) Secret {
		// pack_security_parameters of GnuTLS's lib/session_pack.c: each field behind its length.
		master := src.Bytes(48)
		var m marked
		m.u32be(1, 2)
		m.put(32)
		m.put(src.Bytes(32)...)
		m.put(48)
		m.hide(master)
		for range 2 {
			m.put(32)
			m.put(src.Bytes(32)...)
		}
		m.u32be(16384, 16384, 1, 0, 1764486000)
		return likelyTLS(m, master)
	}), form("tls12-rustls-session", func(src *Source) Secret {
		// ServerSessionValue of rustls's msgs/persist.rs.
		master := src.Bytes(48)
		var m marked
		m.put(0, 3, 3, 0xc0, 0x2f, 48)
		m.hide(master)
		m.put(1, 0, 0, 0, 0)
		m.b = binary.BigEndian.AppendUint64(m.b, 1764486000)
		m.u32be(0)
		return likelyTLS(m, master)
	}), form("tls12-pointed", func(src *Source) Secret {
		// The closure in which Go's crypto/tls keeps what exports keys: three slices.
		master, client, server := src.Bytes(48), src.Bytes(32), src.Bytes(32)
		key := keyBlock(sha256.New, master, append(append([]byte(nil), server...), client...), 16)
		part := chunks(hidden(master)).secret("", KindTLS, "raw", master).aligned()
		part.Form = "tls12-pointed-master"
		holder := inPublic(make([]byte, 96)).with(part, inPublic(chunks(shown(client)).b), inPublic(chunks(shown(server)).b), schedule(key))
		for i := range holder.Beside {
			holder.Beside[i].Align = chunkAlign
		}
		holder.Align = chunkAlign
		holder.Link = func(p []byte, word Word, at []uint64) {
			for i, n := range []uint64{48, 32, 32} {
				word(p, 3*i, at[i]+chunkAlign)
				word(p, 3*i+1, n)
				word(p, 3*i+2, n)
			}
		}
		return holder
	}))
}

// likelyTLS is m as a session with a master secret.
func likelyTLS(m marked, master []byte) Secret {
	s := m.secret("", KindTLS, "raw", master)
	s.Confidence = likely
	return s
}
