package secret

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/cloudflare/circl/sign/slhdsa"
)

// dsaKey is a key of FIPS 186-4, section 4.
type dsaKey struct{ P, Q, G, X, Y *big.Int }

// dsa makes a key with parameters of 1024 and 160 bits, which are quick to make.
func (s *Source) dsa() dsaKey {
	q := primeOf(s.keys, 160)
	step := new(big.Int).Lsh(q, 1)
	for {
		b := s.Bytes(128)
		b[0] |= 0x80
		p := new(big.Int).SetBytes(b)
		p.Sub(p, new(big.Int).Mod(p, step)).Add(p, big.NewInt(1))
		if p.BitLen() != 1024 || !p.ProbablyPrime(primeRounds) {
			continue
		}
		e := new(big.Int).Div(new(big.Int).Sub(p, big.NewInt(1)), q)
		g := new(big.Int).Exp(big.NewInt(2), e, p)
		x := new(big.Int).SetBytes(s.Bytes(28))
		x.Mod(x, q)
		return dsaKey{p, q, g, x, new(big.Int).Exp(g, x, p)}
	}
}

// file is the form of OpenSSL's "DSA PRIVATE KEY": version, p, q, g, y, x.
func (k dsaKey) file() node {
	return seq(small(0), num(k.P), num(k.Q), num(k.G), num(k.Y), hiddenNum(k.X))
}

// pkcs8 has the parameters of RFC 3279, section 2.3.2.
func (k dsaKey) pkcs8() node {
	return pkcs8(seq(oid{1, 2, 840, 10040, 4, 1}.node(), seq(num(k.P), num(k.Q), num(k.G))), hiddenNum(k.X))
}

// oakley2 is the prime of the second group of RFC 2409, section 6.2.
const oakley2 = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF"

// dh is a key of PKCS #3, section 9.
func (s *Source) dh() (node, *big.Int) {
	p, _ := new(big.Int).SetString(oakley2, 16)
	x := new(big.Int).SetBytes(s.Bytes(127))
	return pkcs8(seq(oid{1, 2, 840, 113549, 1, 3, 1}.node(), seq(num(p), small(2))), hiddenNum(x)), x
}

// slhdsa is a key of SHA2-128s (FIPS 205, section 9.1): two secret seeds, then the public half.
func (s *Source) slhdsa() (node, []byte) {
	_, k, err := slhdsa.GenerateKey(s.keys, slhdsa.SHA2_128s)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	b := mustBytes(k.MarshalBinary())
	secret := len(b) / 2
	key := octets(b)
	key.body, key.priv = b, []Range{{secret - len(trim(b[:secret])), secret}}
	key.tag = tagOctets
	return seq(small(0), seq(oid{2, 16, 840, 1, 101, 3, 4, 3, 20}.node()), key), b[:secret]
}

// composite is MLDSA44-Ed25519-SHA512 of draft-ietf-lamps-pq-composite-sigs: the seeds of both, one after the other.
func (s *Source) composite() (node, []byte) {
	b := append(s.mldsa(0).Seed, s.ed25519().Seed...)
	return seq(small(0), seq(oid{1, 3, 6, 1, 5, 5, 7, 6, 39}.node()), hiddenOctets(b)), b
}

// rareKeys are keys that DER holds and servers hardly use.
func rareKeys() []derKey {
	okp := func(name string, make func(*Source) okpKey) derKey {
		return derKey{"pkcs8-" + name, "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := make(s)
			return k.pkcs8(), k.kind, [][]byte{k.Seed}
		}}
	}
	return []derKey{
		okp("ed448", (*Source).ed448), okp("x448", (*Source).x448),
		{"openssl-dsa", "DSA PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.dsa()
			return k.file(), KindDSA, [][]byte{k.X.Bytes()}
		}},
		{"pkcs8-dsa", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			k := s.dsa()
			return k.pkcs8(), KindDSA, [][]byte{k.X.Bytes()}
		}},
		{"pkcs8-dh", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			n, x := s.dh()
			return n, KindDH, [][]byte{x.Bytes()}
		}},
		{"pkcs8-slh-dsa", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			n, secret := s.slhdsa()
			return n, KindSLHDSA, [][]byte{secret}
		}},
		{"pkcs8-composite", "PRIVATE KEY", func(s *Source) (node, string, [][]byte) {
			n, seeds := s.composite()
			return n, KindOther, [][]byte{seeds}
		}},
	}
}

// rareSSH are types of keys that OpenSSH knows and hardly anybody has.
func rareSSH() []named {
	simple := func(name, kind string, public, private []byte, values ...[]byte) sshKey {
		k := sshKey{name: name, kind: kind, values: values}
		k.public.wire([]byte(name))
		k.public.wire(public)
		k.openssh.wire(public)
		k.openssh.wireHidden(private)
		return k
	}
	return []named{
		// draft-miller-sshm-mldsa44-ed25519-composite-sigs
		{"mldsa44-ed25519", func(s *Source) sshKey {
			pq, ed := s.mldsa(0), s.ed25519()
			return simple("ssh-mldsa44-ed25519@openssh.com", KindMLDSA, slices.Concat(pq.Pub, ed.Pub), slices.Concat(pq.Seed, ed.Seed), pq.Seed, ed.Seed)
		}},
		{"dss", func(s *Source) sshKey {
			d := s.dsa()
			k := sshKey{name: "ssh-dss", kind: KindDSA, values: [][]byte{d.X.Bytes()}}
			k.public.wire([]byte(k.name))
			for _, n := range []*big.Int{d.P, d.Q, d.G, d.Y} {
				k.public.wire(mpint(n))
				k.openssh.wire(mpint(n))
			}
			k.openssh.wireHidden(mpint(d.X))
			return k
		}},
		// PROTOCOL.u2f: the private half is the handle of a token's key.
		{"sk-ed25519", func(s *Source) sshKey {
			pub, handle := s.ed25519().Pub, s.Bytes(64)
			k := sshKey{name: "sk-ssh-ed25519@openssh.com", kind: KindOther, values: [][]byte{handle}}
			k.public.wire([]byte(k.name))
			k.public.wire(pub)
			k.public.wire([]byte("ssh:"))
			k.openssh.wire(pub)
			k.openssh.wire([]byte("ssh:"))
			k.openssh.put(1)
			k.openssh.wireHidden(handle)
			k.openssh.wire(nil)
			return k
		}},
	}
}

// canonical writes a list of an S-expression with its lengths: RFC 9804, section 6.1.
func (m *marked) canonical(n sexpNode) {
	if n.list == nil {
		m.str(fmt.Sprintf("%d:", len(n.atom)))
		if n.private {
			m.hide(n.atom)
		} else {
			m.put(n.atom...)
		}
		return
	}
	m.str("(")
	for _, k := range n.list {
		m.canonical(k)
	}
	m.str(")")
}

// advanced writes a list as GnuPG's key files have it (agent/keyformat.txt): octets in hexadecimal.
func (m *marked) advanced(n sexpNode, depth int) {
	if n.list == nil {
		digits := strings.ToUpper(fmt.Sprintf("%x", n.atom))
		switch {
		case n.private:
			m.str("#")
			rest := strings.TrimLeft(digits, "0")
			m.str(digits[:len(digits)-len(rest)])
			m.hide([]byte(rest))
			m.str("#")
		case strings.ContainsFunc(string(n.atom), func(r rune) bool { return r < ' ' || r > '~' }):
			m.str("#" + digits + "#")
		case strings.Contains(string(n.atom), " "):
			m.str("\"" + string(n.atom) + "\"")
		default:
			m.str(string(n.atom))
		}
		return
	}
	if depth > 1 {
		m.str("\n" + strings.Repeat(" ", depth))
	}
	m.str("(")
	for i, k := range n.list {
		if i > 0 && k.list == nil {
			m.str(" ")
		}
		m.advanced(k, depth+1)
	}
	m.str(")")
}
