package privkey

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"slices"
	"testing"

	"github.com/cloudflare/circl/dh/x448"
	"golang.org/x/crypto/curve25519"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

func has(values [][]byte, v []byte) bool {
	return slices.ContainsFunc(values, func(o []byte) bool { return bytes.Equal(o, bytes.TrimLeft(v, "\x00")) })
}

// TestRSADerived holds that every derived number gives the key away, and is there.
func TestRSADerived(t *testing.T) {
	k := must(rsa.GenerateKey(rand.Reader, 2048))
	p, q, e := k.Primes[0], k.Primes[1], big.NewInt(int64(k.E))
	key, ok := RSAKey(probe.Range{}, RSAParts{N: k.N.Bytes(), E: e.Bytes(), P: number(p.Bytes()), Q: number(q.Bytes())})
	if !ok || key.Confidence != probe.Confirmed {
		t.Fatal("a key of two primes is not confirmed")
	}
	if !bytes.Equal(key.Values[0], p.Bytes()) || !bytes.Equal(key.Identity, key.SPKI) {
		t.Error("the identity changed")
	}
	want := map[string]*big.Int{
		"d": k.D, "dp": k.Precomputed.Dp, "dq": k.Precomputed.Dq, "qinv": k.Precomputed.Qinv,
		"pinv": new(big.Int).ModInverse(p, q),
	}
	for name, prime := range map[string]*big.Int{"p": p, "q": q} {
		for rname, r := range map[string]int64{"R": 1024, "R²": 2048, "R52": 1040, "R52²": 2080} {
			want[rname+" mod "+name] = new(big.Int).Exp(big.NewInt(2), big.NewInt(r), prime)
		}
	}
	phi := new(big.Int).Mul(new(big.Int).Sub(p, big.NewInt(1)), new(big.Int).Sub(q, big.NewInt(1)))
	want["d modulo phi"] = new(big.Int).ModInverse(e, phi)
	want["sum"], want["difference"] = new(big.Int).Add(p, q), new(big.Int).Sub(p, q)
	p1, q1 := new(big.Int).Sub(p, big.NewInt(1)), new(big.Int).Sub(q, big.NewInt(1))
	half := new(big.Int).Lsh(big.NewInt(1), 1032)
	lambda := new(big.Int).Div(phi, new(big.Int).GCD(nil, nil, p1, q1))
	want["the lower half of lambda"] = new(big.Int).Mod(lambda, half)
	want["the lower half of phi"] = new(big.Int).Mod(phi, half)
	if new(big.Int).Sub(k.N, phi).Cmp(half) >= 0 {
		t.Error("phi differs from the modulus in more than its lower half")
	}
	for name, v := range want {
		if !has(key.Values, v.Bytes()) {
			t.Errorf("%s is not among the values", name)
		}
	}
	if has(key.Values, phi.Bytes()) || has(key.Values, lambda.Bytes()) {
		t.Error("phi or lambda is a value, and half of it is public")
	}
	// What is only likely has what it had.
	if key, _ := RSAKey(probe.Range{}, RSAParts{P: number(p.Bytes()), Q: number(q.Bytes())}); len(key.Values) != 2 {
		t.Errorf("%d values of a key that is not confirmed", len(key.Values))
	}
	for i, bad := range [][][]byte{{}, {p.Bytes()}, {p.Bytes(), nil}, {p.Bytes(), {2}}, {p.Bytes(), bytes.Repeat([]byte{255}, 1<<16)}} {
		if RSADerived(e.Bytes(), bad...) != nil {
			t.Errorf("case %d has values", i)
		}
	}
	third := must(rand.Prime(rand.Reader, 1024))
	all := RSADerived(e.Bytes(), p.Bytes(), q.Bytes(), third.Bytes())
	pq := new(big.Int).Mul(p, q)
	if all != nil && !has(all, new(big.Int).ModInverse(pq, third).Bytes()) {
		t.Error("the coefficient of a third prime is not there")
	}
}

func BenchmarkRSADerived(b *testing.B) {
	k := must(rsa.GenerateKey(rand.Reader, 4096))
	for b.Loop() {
		RSADerived([]byte{1, 0, 1}, k.Primes[0].Bytes(), k.Primes[1].Bytes())
	}
}

func TestECDerived(t *testing.T) {
	for _, c := range []Curve{P224, P256, P384, P521, Secp256k1} {
		d := random(c.Size())
		d[0] = 0
		n := c.order()
		vs := ECDerived(c, d)
		inv := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), uint((n.BitLen()+63)/64*64)), n)
		back := new(big.Int).SetBytes(vs[2])
		if back.Mul(back, inv).Mod(back, n).Cmp(new(big.Int).SetBytes(d)) != 0 {
			t.Errorf("curve of %d bytes: the Montgomery form does not give the scalar", c.Size())
		}
		sum := new(big.Int).Add(new(big.Int).SetBytes(vs[1]), new(big.Int).SetBytes(d))
		if sum.Cmp(n) != 0 || !has(vs, d) {
			t.Errorf("curve of %d bytes: the negative is wrong", c.Size())
		}
	}
	if len(ECDerived("", random(32))) != 1 || len(ECDerived(P256, random(99))) != 1 {
		t.Error("a scalar of no known curve")
	}
}

func TestEdDerived(t *testing.T) {
	seed := random(32)
	vs := EdDerived(Ed25519, seed)
	scalar, l := new(big.Int).SetBytes(vs[2]), order25519()
	inv := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), 256), l)
	if m := new(big.Int).SetBytes(vs[4]); m.Mul(m, inv).Mod(m, l).Cmp(new(big.Int).Mod(scalar, l)) != 0 {
		t.Error("ed25519: the Montgomery form does not give the scalar")
	}
	x := EdDerived(X25519, seed)[0]
	le := slices.Clone(x)
	slices.Reverse(le)
	if !bytes.Equal(must(curve25519.X25519(le, curve25519.Basepoint)), X25519Public(seed)) {
		t.Error("x25519: the clamped scalar has another public key")
	}
	s448 := random(SizeX448)
	le = EdDerived(X448, s448)[0]
	slices.Reverse(le)
	var pub, priv x448.Key
	copy(priv[:], le)
	x448.KeyGen(&pub, &priv)
	if !bytes.Equal(pub[:], X448Public(s448)) {
		t.Error("x448: the clamped scalar has another public key")
	}
	if len(EdDerived(Ed448, random(57))) != 3 || EdDerived(Ed25519, seed[1:]) != nil || EdDerived("", seed) != nil {
		t.Error("octets of a wrong length or kind have values")
	}
}

func TestPQDerived(t *testing.T) {
	for _, s := range []ParameterSet{MLKEM768, MLDSA44} {
		seed := random(s.SeedSize())
		_, expanded, _ := s.FromSeed(seed)
		k, ok := PQKey(probe.Range{}, PQParts{Set: s, Seed: number(seed), Full: true})
		if !ok || len(k.Values) != 3 || !has(k.Values, seed) {
			t.Fatalf("%s: %d values, want the seed and two pieces", s.Kind(), len(k.Values))
		}
		last := k.Values[2]
		if !bytes.Equal(expanded[len(expanded)-len(last):], last) {
			t.Errorf("%s: another expanded key", s.Kind())
		}
	}
}
