package privkey

import (
	"bytes"
	"crypto/dsa" //nolint:staticcheck // old dumps hold old keys
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func number(b []byte) Number { return Number{Bytes: b, At: probe.Range{End: len(b)}} }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// TestSPKI holds the public halves against those of crypto/x509.
func TestSPKI(t *testing.T) {
	r := must(rsa.GenerateKey(rand.Reader, 1024))
	e := big.NewInt(int64(r.E)).Bytes()
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	x := must(ecdh.X25519().GenerateKey(rand.Reader))
	for name, c := range map[string]struct {
		pub any
		got []byte
	}{
		"rsa":     {&r.PublicKey, SPKIForRSA(r.N.Bytes(), e)},
		"ed25519": {ed.Public(), SPKIForEd25519(Ed25519Public(ed.Seed()))},
		"x25519":  {x.PublicKey(), SPKIForX25519(X25519Public(x.Bytes()))},
	} {
		if !bytes.Equal(c.got, must(x509.MarshalPKIXPublicKey(c.pub))) {
			t.Errorf("%s: differs from crypto/x509", name)
		}
	}
	for curve, c := range map[Curve]elliptic.Curve{P224: elliptic.P224(), P256: elliptic.P256(), P384: elliptic.P384(), P521: elliptic.P521()} {
		k := must(ecdsa.GenerateKey(c, rand.Reader))
		point, ok := ECPublic(curve, must(k.Bytes()))
		if !ok || !bytes.Equal(SPKIForEC(curve, point), must(x509.MarshalPKIXPublicKey(&k.PublicKey))) {
			t.Errorf("%s: differs from crypto/x509", c.Params().Name)
		}
		compressed := elliptic.MarshalCompressed(c, k.X, k.Y)
		if back, ok := curve.Uncompressed(compressed); !ok || !bytes.Equal(back, point) {
			t.Errorf("%s: a compressed point does not come back", c.Params().Name)
		}
		if got, ok := CurveOf(must(k.Bytes()), compressed); !ok || got != curve {
			t.Errorf("%s: its curve is not found", c.Params().Name)
		}
		if _, ok := ECPublic(curve, c.Params().N.Bytes()); ok {
			t.Errorf("%s: the order is taken for a scalar", c.Params().Name)
		}
		if _, ok := ECPublic(curve, make([]byte, curve.Size())); ok {
			t.Errorf("%s: zero is taken for a scalar", c.Params().Name)
		}
	}
	k := must(secp256k1.GeneratePrivateKey())
	if point, ok := ECPublic(Secp256k1, k.Serialize()); !ok || !bytes.Equal(point, k.PubKey().SerializeUncompressed()) {
		t.Error("secp256k1: another public key")
	}
	if got, ok := CurveOf(k.Serialize(), k.PubKey().SerializeCompressed()); !ok || got != Secp256k1 {
		t.Error("secp256k1: its curve is not found")
	}
	pub, priv, _ := ed448.GenerateKey(rand.Reader)
	if !bytes.Equal(Ed448Public(priv.Seed()), pub) {
		t.Error("ed448: another public key")
	}
	for i, f := range []func([]byte) []byte{Ed25519Public, X25519Public, Ed448Public, X448Public} {
		if f(nil) != nil || f(make([]byte, 31)) != nil {
			t.Errorf("function %d takes a private key of a wrong length", i)
		}
	}
}

func TestRSA(t *testing.T) {
	for range 4 {
		k := must(rsa.GenerateKey(rand.Reader, 1024))
		n, e, d := k.N.Bytes(), big.NewInt(int64(k.E)).Bytes(), k.D.Bytes()
		p, q := k.Primes[0].Bytes(), k.Primes[1].Bytes()
		all, ok := RSAFromPrimes(e, p, q)
		if !ok || !bytes.Equal(all.N, n) || !bytes.Equal(all.DP, k.Precomputed.Dp.Bytes()) ||
			!bytes.Equal(all.DQ, k.Precomputed.Dq.Bytes()) || !bytes.Equal(all.QInv, k.Precomputed.Qinv.Bytes()) {
			t.Fatal("another key from the same primes")
		}
		for name, got := range map[string]bool{
			"d as made":      ProveRSA(n, e, d, p, q),
			"d modulo phi":   ProveRSA(n, e, all.DPhi, p, q),
			"d modulo lcm":   ProveRSA(n, e, all.D, p, q),
			"no d":           ProveRSA(n, e, nil, p, q),
			"leading zeros":  ProveRSA(append([]byte{0}, n...), append([]byte{0}, e...), d, append([]byte{0, 0}, p...), q),
			"primes swapped": ProveRSA(n, e, d, q, p),
		} {
			if !got {
				t.Errorf("%s: not proven", name)
			}
		}
		bad := bytes.Clone(d)
		bad[len(bad)/2] ^= 1
		for name, got := range map[string]bool{
			"wrong d":    ProveRSA(n, e, bad, p, q),
			"wrong p":    ProveRSA(n, e, d, q, q),
			"trivial":    ProveRSA(n, e, nil, n, []byte{1}),
			"no primes":  ProveRSA(n, e, d, nil, nil),
			"tiny":       ProveRSA([]byte{15}, []byte{3}, nil, []byte{3}, []byte{5}),
			"even e":     ProveRSA(n, []byte{4}, nil, p, q),
			"gigantic p": ProveRSA(n, e, nil, bytes.Repeat([]byte{0xff}, 1<<20), q),
		} {
			if got {
				t.Errorf("%s: proven", name)
			}
		}
		P, Q, ok := RSAFromExponent(n, e, all.DPhi)
		if !ok || !ProveRSA(n, e, nil, P, Q) {
			t.Error("d modulo phi does not give the primes")
		}
		if _, _, ok := RSAFromExponent(n, e, bad); ok {
			t.Error("a wrong d gives primes")
		}
		if _, _, ok := RSAFromExponent(n, e, all.D); !ok {
			t.Error("d modulo lcm does not give the primes")
		}
	}
}

// TestLargeCofactor proves keys of which p-1 and q-1 have a large divisor in common, as one
// key of thirty has; by chance they have more, but not so much more that it is beyond the bound.
func TestLargeCofactor(t *testing.T) {
	one := big.NewInt(1)
	prime := func(divisor int64) *big.Int {
		for {
			p := new(big.Int).SetBytes(random(64))
			p.SetBit(p, 511, 1).SetBit(p, 510, 1)
			p.Sub(p, new(big.Int).Mod(p, big.NewInt(divisor))).Add(p, one)
			if p.ProbablyPrime(20) {
				return p
			}
		}
	}
	for _, divisor := range []int64{2, 50, 2 * 1009, 1 << 16} {
		for _, e := range [][]byte{{3}, {1, 0, 1}} {
			p, q := prime(divisor), prime(divisor)
			own, ok := RSAFromPrimes(e, p.Bytes(), q.Bytes())
			if !ok {
				continue // e has no inverse
			}
			n := new(big.Int).Mul(p, q).Bytes()
			for name, d := range map[string][]byte{"lcm": own.D, "phi": own.DPhi} {
				if P, Q, ok := RSAFromExponent(n, e, d); !ok || !ProveRSA(n, e, nil, P, Q) {
					t.Errorf("a common divisor of %d, e %d octets, modulo %s: no primes", divisor, len(e), name)
				}
			}
		}
	}
}

func TestDSA(t *testing.T) {
	var k dsa.PrivateKey
	if err := dsa.GenerateParameters(&k.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&k, rand.Reader); err != nil {
		t.Fatal(err)
	}
	p, q, g, y, x := k.P.Bytes(), k.Q.Bytes(), k.G.Bytes(), k.Y.Bytes(), k.X.Bytes()
	proves := func(p, q, g, y, x []byte) bool {
		own, ok := DSAPublic(p, q, g, x)
		return ok && bytes.Equal(own, y)
	}
	if !proves(p, q, g, y, x) {
		t.Error("a true key is not proven")
	}
	if proves(p, q, g, y, g[:20]) || proves(p, q, g, g, x) || proves(p, p, g, y, x) || proves(p, q, []byte{1}, []byte{1}, x) {
		t.Error("a wrong key is proven")
	}
	// The public half as crypto/x509 reads it.
	pub, err := x509.ParsePKIXPublicKey(SPKIForDSA(p, q, g, y))
	if got, ok := pub.(*dsa.PublicKey); err != nil || !ok || got.Y.Cmp(k.Y) != 0 {
		t.Error("the public half is not read back")
	}
}

// TestRedactedParts says that redacted numbers do not count.
func TestRedactedParts(t *testing.T) {
	k := must(rsa.GenerateKey(rand.Reader, 1024))
	fill := number(bytes.Repeat([]byte{probe.Fill}, 64))
	parts := RSAParts{N: k.N.Bytes(), E: []byte{1, 0, 1}, D: fill, P: fill, Q: fill, DP: fill, DQ: fill, QInv: fill}
	if _, ok := RSAKey(probe.Range{}, parts); ok {
		t.Error("a redacted key is a key")
	}
	parts.Q = number(k.Primes[1].Bytes())
	key, ok := RSAKey(probe.Range{}, parts)
	if !ok || len(key.Private) != 1 || len(key.Values) != 1 || key.Confidence != probe.Likely {
		t.Error("one number left of a redacted key is not found")
	}
	for _, n := range []int{7, 8} {
		piece := append(random(16), bytes.Repeat([]byte{probe.Fill}, n)...)
		if piece[15]++; piece[15] == probe.Fill {
			piece[15]++
		}
		if Redacted(append(piece, 1)) != (n == 8) {
			t.Errorf("a run of %d fill bytes", n)
		}
	}
	if !Redacted([]byte{probe.Fill}) || Redacted(nil) {
		t.Error("short redacted data")
	}
}

func TestConfidence(t *testing.T) {
	seed := random(32)
	own := Ed25519Public(seed)
	for name, c := range map[string]struct {
		parts EdParts
		want  probe.Confidence
		spki  []byte
	}{
		"both halves":   {EdParts{Kind: Ed25519, Seed: number(seed), Public: own}, probe.Confirmed, own},
		"full parse":    {EdParts{Kind: Ed25519, Seed: number(seed), Full: true}, probe.Confirmed, own},
		"shape only":    {EdParts{Kind: Ed25519, Seed: number(seed)}, probe.Likely, own},
		"contradiction": {EdParts{Kind: Ed25519, Seed: number(seed), Public: seed, Full: true}, probe.Likely, seed},
	} {
		k, ok := EdKey(probe.Range{}, c.parts)
		if !ok || k.Confidence != c.want || !bytes.Equal(k.SPKI, SPKIForEd25519(c.spki)) {
			t.Errorf("%s: %v, %v", name, ok, k.Confidence)
		}
	}
	cut := Number{Bytes: seed[:20], At: probe.Range{End: 20}, Cut: true}
	if k, ok := EdKey(probe.Range{}, EdParts{Kind: Ed25519, Seed: cut, Full: true}); !ok || k.Confidence != probe.Likely || k.Values != nil {
		t.Error("a cut seed")
	}
	if _, ok := EdKey(probe.Range{}, EdParts{Kind: Ed25519, Seed: number(make([]byte, 32)), Full: true}); ok {
		t.Error("a seed of zeros")
	}
	scalar := random(32)
	scalar[0] = 1
	if k, ok := ECKey(probe.Range{}, ECParts{Curve: P256, Scalar: number(append([]byte{0}, scalar...)), Full: true}); !ok || k.Confidence != probe.Confirmed || k.SPKI == nil {
		t.Error("a scalar with a leading zero")
	}
	if k, ok := ECKey(probe.Range{}, ECParts{Scalar: number(scalar)}); !ok || k.SPKI != nil || !bytes.Equal(k.Identity, scalar) {
		t.Error("a scalar without a curve")
	}
}

func TestCurveNames(t *testing.T) {
	for _, c := range []struct {
		jwk, ssh string
		want     Curve
		size     int
	}{{"P-256", "nistp256", P256, 32}, {"P-384", "nistp384", P384, 48}, {"P-521", "nistp521", P521, 66}} {
		a, ok1 := CurveByJWK(c.jwk)
		b, ok2 := CurveBySSH("ecdsa-sha2-" + c.ssh)
		d, ok3 := CurveBySSH(c.ssh)
		e, ok4 := CurveByOID([]byte(c.want))
		if !ok1 || !ok2 || !ok3 || !ok4 || a != c.want || b != c.want || d != c.want || e != c.want || a.Size() != c.size {
			t.Errorf("%s is not found by all its names", c.jwk)
		}
	}
	if _, ok := CurveByJWK("Ed25519"); ok {
		t.Error("Ed25519 is no curve of ECDSA")
	}
	if _, ok := CurveByOID(nil); ok {
		t.Error("an empty OID names a curve")
	}
}

// FuzzRSAFromExponent holds that factors are factors, whatever d is.
func FuzzRSAFromExponent(f *testing.F) {
	k := must(rsa.GenerateKey(rand.Reader, 1024))
	f.Add(k.N.Bytes(), []byte{1, 0, 1}, k.D.Bytes())
	f.Add([]byte{0xff}, []byte{3}, []byte{})
	f.Fuzz(func(t *testing.T, n, e, d []byte) {
		p, q, ok := RSAFromExponent(n, e, d)
		if ok && !ProveRSA(n, e, nil, p, q) {
			t.Fatal("the factors do not make the modulus")
		}
	})
}

// FuzzExpanded holds that no octets break the unpacking of post-quantum keys, and
// that what is proven has the public half it says.
func FuzzExpanded(f *testing.F) {
	sets := []ParameterSet{MLKEM512, MLDSA44, MLDSA65, MLDSA87}
	for i, s := range sets {
		_, expanded, _ := s.FromSeed(random(s.SeedSize()))
		f.Add(byte(i), expanded)
		f.Add(byte(i), bytes.Repeat([]byte{0xff}, s.ExpandedSize()))
	}
	f.Fuzz(func(t *testing.T, i byte, data []byte) {
		s := sets[int(i)%len(sets)]
		if n := s.ExpandedSize(); len(data) > n {
			data = data[:n]
		}
		public, proven := s.FromExpanded(data)
		if proven && len(public) == 0 {
			t.Fatal("proven without a public half")
		}
	})
}
