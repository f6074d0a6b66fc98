package jose

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// entry is one member, whose value is private or not.
type entry struct {
	name, value string
	private     bool
}

type testKey struct {
	name, kind string
	conf       probe.Confidence
	spki       []byte
	entries    []entry
}

func pub(name string, v []byte) entry { return entry{name, b64(v), false} }
func sec(name string, v []byte) entry { return entry{name, b64(v), true} }
func txt(name, v string) entry        { return entry{name, v, false} }

func rsaTestKey(t testing.TB) testKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	// One key in twenty has a larger common factor of p-1 and q-1 than is tried
	// when d alone has to give the factors.
	for err == nil && commonFactor(k).Cmp(big.NewInt(24)) > 0 {
		k, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return testKey{"RSA", privkey.RSA, probe.Confirmed, spki, []entry{
		txt("kty", "RSA"), txt("kid", "key-1"), pub("n", k.N.Bytes()), txt("e", "AQAB"), sec("d", k.D.Bytes()),
		sec("p", k.Primes[0].Bytes()), sec("q", k.Primes[1].Bytes()),
		sec("dp", k.Precomputed.Dp.Bytes()), sec("dq", k.Precomputed.Dq.Bytes()), sec("qi", k.Precomputed.Qinv.Bytes()),
	}}
}

func nistTestKey(t testing.TB, crv string, c ecdh.Curve) testKey {
	k, err := c.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point := k.PublicKey().Bytes()[1:]
	spki, err := x509.MarshalPKIXPublicKey(k.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	return testKey{crv, privkey.EC, probe.Confirmed, spki, []entry{
		txt("kty", "EC"), txt("crv", crv), pub("x", point[:len(point)/2]), pub("y", point[len(point)/2:]), sec("d", k.Bytes()),
	}}
}

func okpTestKey(crv, kind string, spki, public, private []byte) testKey {
	return testKey{crv, kind, probe.Confirmed, spki, []entry{
		txt("kty", "OKP"), txt("crv", crv), sec("d", private), pub("x", public), txt("use", "sig"),
	}}
}

func testKeys(t testing.TB) []testKey {
	ed, seed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(ed)
	if err != nil {
		t.Fatal(err)
	}
	keys := []testKey{
		rsaTestKey(t), nistTestKey(t, "P-256", ecdh.P256()), nistTestKey(t, "P-384", ecdh.P384()), nistTestKey(t, "P-521", ecdh.P521()),
		okpTestKey("Ed25519", privkey.Ed25519, spki, ed, seed.Seed()),
	}
	x, u, v := random(32), random(57), random(56)
	keys = append(keys,
		okpTestKey("X25519", privkey.X25519, privkey.SPKIForX25519(privkey.X25519Public(x)), privkey.X25519Public(x), x),
		okpTestKey("Ed448", privkey.Ed448, privkey.SPKIForEd448(privkey.Ed448Public(u)), privkey.Ed448Public(u), u),
		okpTestKey("X448", privkey.X448, privkey.SPKIForX448(privkey.X448Public(v)), privkey.X448Public(v), v))
	s := random(32)
	s[0] &= 0x7f // surely below the order
	point, ok := privkey.ECPublic(privkey.Secp256k1, s)
	if !ok {
		t.Fatal("no secp256k1 key")
	}
	keys = append(keys, testKey{"secp256k1", privkey.EC, probe.Confirmed, privkey.SPKIForEC(privkey.Secp256k1, point), []entry{
		txt("kty", "EC"), txt("crv", "secp256k1"), pub("x", point[1:33]), pub("y", point[33:]), sec("d", s),
	}})
	for _, name := range []string{"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"} {
		set, _ := privkey.ParameterSetByName(name)
		seed := random(32)
		public, _, _ := set.FromSeed(seed)
		keys = append(keys, testKey{name, privkey.MLDSA, probe.Confirmed, privkey.SPKIForOID(string(set), nil, public), []entry{
			txt("kty", "AKP"), txt("alg", name), pub("pub", public), sec("priv", seed),
		}})
	}
	return append(keys, testKey{"oct", privkey.Symmetric, probe.Likely, nil, []entry{
		txt("kty", "oct"), sec("k", random(32)), txt("alg", "HS256"),
	}})
}

// render writes the members with a separator, a colon and an inner space.
func render(es []entry, comma, colon, space string) string {
	var b strings.Builder
	b.WriteString("{" + space)
	for i, e := range es {
		if i > 0 {
			b.WriteString(comma)
		}
		b.WriteString(`"` + e.name + `"` + colon + `"` + e.value + `"`)
	}
	b.WriteString(space + "}")
	return b.String()
}

func escaped(s string, times int) string {
	for range times {
		b, _ := json.Marshal(s)
		s = string(b[1 : len(b)-1])
	}
	return s
}

func (k testKey) secrets() (ps [][]byte) {
	for _, e := range k.entries {
		if e.private {
			ps = append(ps, []byte(e.value))
		}
	}
	return ps
}

func (k testKey) accept(name, text string) probetest.Case {
	return probetest.Case{
		Name: k.name + " " + name, Data: []byte(text), Text: true, Kind: k.kind, Encoding: probe.JWK,
		Confidence: k.conf, Private: k.secrets(), Cut: true,
	}
}

func commonFactor(k *rsa.PrivateKey) *big.Int {
	one := big.NewInt(1)
	p1, q1 := new(big.Int).Sub(k.Primes[0], one), new(big.Int).Sub(k.Primes[1], one)
	return new(big.Int).GCD(nil, nil, p1, q1)
}
