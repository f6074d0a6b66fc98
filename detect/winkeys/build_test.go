package winkeys

import (
	"crypto/dsa"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"

	"github.com/cloudflare/circl/sign/mldsa/mldsa65"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// builder writes a blob, independently of the parser.
type builder struct {
	p       []byte
	little  bool
	private [][]byte
}

func (b *builder) raw(s string) *builder { b.p = append(b.p, s...); return b }

func (b *builder) words(ws ...int) *builder {
	for _, w := range ws {
		b.p = binary.LittleEndian.AppendUint32(b.p, uint32(w))
	}
	return b
}

// num writes n as size bytes.
func (b *builder) num(n *big.Int, size int) *builder {
	p := n.FillBytes(make([]byte, size))
	if b.little {
		slices.Reverse(p)
	}
	b.p = append(b.p, p...)
	return b
}

// secret writes n as size bytes that must be redacted.
func (b *builder) secret(n *big.Int, size int) *builder {
	b.num(n, size)
	b.private = append(b.private, b.p[len(b.p)-size:])
	return b
}

func (b *builder) octets(p []byte) *builder {
	b.p = append(b.p, p...)
	b.private = append(b.private, p)
	return b
}

func (b *builder) spare(n int) *builder { b.p = append(b.p, make([]byte, n)...); return b }

func (b *builder) of(name, kind, encoding string) probetest.Case {
	return probetest.Case{
		Name: name, Data: b.p, Kind: kind, Encoding: encoding, Confidence: probe.Confirmed, Private: b.private, Cut: true,
	}
}

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func dsaKey(t testing.TB, sizes dsa.ParameterSizes) *dsa.PrivateKey {
	var k dsa.PrivateKey
	if err := dsa.GenerateParameters(&k.Parameters, rand.Reader, sizes); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&k, rand.Reader); err != nil {
		t.Fatal(err)
	}
	return &k
}

func cngRSA(k *rsa.PrivateKey, full bool) *builder {
	n, h := k.Size(), k.Size()/2
	p, q := k.Primes[0], k.Primes[1]
	b := &builder{}
	if full {
		b.raw("RSA3")
	} else {
		b.raw("RSA2")
	}
	b.words(8*n, 3, n, h, h).num(big.NewInt(int64(k.E)), 3).num(k.N, n).secret(p, h).secret(q, h)
	if full {
		b.secret(k.Precomputed.Dp, h).secret(k.Precomputed.Dq, h).secret(k.Precomputed.Qinv, h).secret(k.D, n)
	}
	return b
}

func cngCases(t testing.TB) []probetest.Case {
	k := rsaKey(t, 2048)
	cases := []probetest.Case{
		cngRSA(k, false).of("rsa", privkey.RSA, probe.CNG),
		cngRSA(k, true).of("rsa full", privkey.RSA, probe.CNG),
		cngRSA(rsaKey(t, 1024), true).of("rsa 1024", privkey.RSA, probe.CNG),
	}
	for magic, c := range map[string]elliptic.Curve{"ECS2": elliptic.P256(), "ECK4": elliptic.P384(), "ECS6": elliptic.P521(), "ECDV": elliptic.P256()} {
		e, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		d, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		point, err := e.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		b := (&builder{}).raw(magic).words(len(d)).raw(string(point[1:])).octets(d)
		cases = append(cases, b.of(magic, privkey.EC, probe.CNG))
		if magic == "ECDV" {
			pr := c.Params()
			b := (&builder{}).raw("ECKV").words(1, 1, 0, 32, 32, 1, 0)
			b.num(pr.P, 32).num(new(big.Int).Sub(pr.P, big.NewInt(3)), 32).num(pr.B, 32).num(pr.Gx, 32).num(pr.Gy, 32).num(pr.N, 32).raw("\x01")
			b.raw(string(point[1:])).octets(d)
			cases = append(cases, b.of("ec with parameters", privkey.EC, probe.CNG))
		}
	}
	x, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cases = append(cases, (&builder{}).raw("ECKV").words(32).raw(string(x.PublicKey().Bytes())).spare(32).octets(x.Bytes()).of("x25519", privkey.X25519, probe.CNG))

	d := dsaKey(t, dsa.L1024N160)
	cases = append(cases, (&builder{}).raw("DSPV").words(128, -1).raw(string(random(20))).num(d.Q, 20).
		num(d.P, 128).num(d.G, 128).num(d.Y, 128).secret(d.X, 20).of("dsa", privkey.DSA, probe.CNG))
	cases = append(cases, (&builder{}).raw("DPV2").words(128, 0, 1, 20, 20, -1).raw(string(random(20))).num(d.Q, 20).
		num(d.P, 128).num(d.G, 128).num(d.Y, 128).secret(d.X, 20).of("dsa 2", privkey.DSA, probe.CNG))
	cases = append(cases, (&builder{}).raw("DHPV").words(128).num(d.P, 128).num(d.G, 128).num(d.Y, 128).secret(d.X, 128).of("dh", privkey.DH, probe.CNG))

	sym := (&builder{}).raw("KDBM").words(1, 32).octets(random(32)).of("aes", privkey.Symmetric, probe.CNG)
	sym.Confidence = probe.Likely
	cases = append(cases, sym)

	kem, err := mlkem.GenerateKey768()
	if err != nil {
		t.Fatal(err)
	}
	cases = append(cases, (&builder{}).raw("MLKS").words(8, 64).raw("7\x006\x008\x00\x00\x00").octets(kem.Bytes()).of("ml-kem seed", privkey.MLKEM, probe.CNG))
	_, sk, err := mldsa65.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := (&builder{}).raw("DSSK").words(6, len(sk.Bytes())).raw("6\x005\x00\x00\x00").raw(string(sk.Bytes()))
	b.private = [][]byte{sk.Bytes()[128:3000]} // all but rho, K, tr and t0
	return append(cases, b.of("ml-dsa expanded", privkey.MLDSA, probe.CNG))
}

func capiRSA(k *rsa.PrivateKey, head string) *builder {
	n, h := k.Size(), k.Size()/2
	b := (&builder{little: true}).raw(head).raw("RSA2").words(8*n, k.E).num(k.N, n)
	for _, x := range []*big.Int{k.Primes[0], k.Primes[1], k.Precomputed.Dp, k.Precomputed.Dq, k.Precomputed.Qinv} {
		b.secret(x, h)
	}
	return b.secret(k.D, n)
}

func capiCases(t testing.TB) []probetest.Case {
	k := rsaKey(t, 2048)
	cases := []probetest.Case{
		capiRSA(k, "\x07\x02\x00\x00\x00\xa4\x00\x00").of("rsa", privkey.RSA, probe.CAPI),
		capiRSA(k, "\x07\x02\x00\x00\x00\x24\x00\x00").of("rsa sign", privkey.RSA, probe.CAPI),
		capiRSA(k, "").of("rsa without header", privkey.RSA, probe.CAPI),
	}
	cases[2].Cut = true // d still factors what q no longer does
	n, h := k.Size(), k.Size()/2
	b := (&builder{little: true}).raw("RSA2").words(n+8, 8*n, n-1, k.E).num(k.N, n).spare(8)
	for _, x := range []*big.Int{k.Primes[0], k.Primes[1], k.Precomputed.Dp, k.Precomputed.Dq, k.Precomputed.Qinv} {
		b.secret(x, h).spare(4)
	}
	cases = append(cases, b.secret(k.D, n).spare(8).of("bsafe", privkey.RSA, probe.CAPI))

	d := dsaKey(t, dsa.L1024N160)
	b = (&builder{little: true}).raw("\x07\x02\x00\x00\x00\x22\x00\x00DSS2").words(1024)
	cases = append(cases, b.num(d.P, 128).num(d.Q, 20).num(d.G, 128).secret(d.X, 20).raw(string(random(24))).of("dss", privkey.DSA, probe.CAPI))
	b = (&builder{little: true}).raw("\x07\x03\x00\x00\x00\x22\x00\x00DSS4").words(1024, 160, 0, 160).raw(string(random(24)))
	cases = append(cases, b.num(d.P, 128).num(d.Q, 20).num(d.G, 128).num(d.Y, 128).secret(d.X, 20).of("dss 3", privkey.DSA, probe.CAPI))
	b = (&builder{little: true}).raw("\x07\x02\x00\x00\x02\xaa\x00\x00DH2\x00").words(1024)
	cases = append(cases, b.num(d.P, 128).num(d.G, 128).secret(d.X, 128).of("dh", privkey.DH, probe.CAPI))

	plain := capiRSA(k, "\x07\x02\x00\x00\x00\x24\x00\x00").p
	b = (&builder{}).raw(pvkMagic).words(2, 1, 16, len(plain)).raw(string(random(16))).raw(string(plain[:8])).octets(random(len(plain) - 8))
	return append(cases, b.of("pvk", privkey.Encrypted, probe.CAPI))
}

func plainCases(testing.TB) []probetest.Case {
	var cases []probetest.Case
	for name, head := range map[string]string{
		"aes-256": "\x10\x66\x00\x00\x20\x00\x00\x00", "3des": "\x03\x66\x00\x00\x18\x00\x00\x00",
		"rc4": "\x01\x68\x00\x00\x10\x00\x00\x00", "hmac": "\x02\x66\x00\x00\x40\x00\x00\x00",
	} {
		n := int(head[4])
		c := (&builder{}).raw("\x08\x02\x00\x00"+head).octets(random(n)).of(name, privkey.Symmetric, probe.CAPI)
		c.Confidence = probe.Likely
		cases = append(cases, c)
	}
	return cases
}
