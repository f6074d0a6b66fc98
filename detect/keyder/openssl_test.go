package keyder

import (
	"bytes"
	"os/exec"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// openssl runs the command, or skips the test where there is none or where it
// does not know what is asked for.
func openssl(t *testing.T, stdin []byte, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl")
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		t.Skipf("openssl %v: %v", args, err)
	}
	return out
}

// TestOpenSSL holds what OpenSSL writes against the public half that it derives.
func TestOpenSSL(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		spki       bool // the public half can be computed, and is the one OpenSSL writes
		args       []string
	}{
		{"rsa", privkey.RSA, true, []string{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"}},
		{"rsa-pss", privkey.RSA, false, []string{"-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:1024"}},
		{"p-256", privkey.EC, true, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}},
		{"p-521", privkey.EC, true, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"}},
		{"secp256k1", privkey.EC, true, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"}},
		{"brainpool", privkey.EC, true, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"}},
		{"sect571r1", privkey.EC, true, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:sect571r1"}},
		{"explicit", privkey.EC, false, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"}},
		{"sm2", privkey.EC, true, []string{"-algorithm", "SM2"}},
		{"ed25519", privkey.Ed25519, true, []string{"-algorithm", "ED25519"}},
		{"ed448", privkey.Ed448, true, []string{"-algorithm", "ED448"}},
		{"x25519", privkey.X25519, true, []string{"-algorithm", "X25519"}},
		{"x448", privkey.X448, true, []string{"-algorithm", "X448"}},
		{"dh", privkey.DH, true, []string{"-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"}},
		{"x942", privkey.DH, true, []string{"-algorithm", "DHX", "-pkeyopt", "dh_rfc5114:2"}},
		{"ml-kem", privkey.MLKEM, true, []string{"-algorithm", "ML-KEM-768"}},
		{"ml-dsa", privkey.MLDSA, true, []string{"-algorithm", "ML-DSA-65"}},
		{"slh-dsa", privkey.SLHDSA, true, []string{"-algorithm", "SLH-DSA-SHA2-128f"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := openssl(t, nil, append([]string{"genpkey", "-outform", "DER"}, c.args...)...)
			data = openssl(t, data, "pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER")
			probetest.Accept(t, PKCS8(), probetest.Case{
				Name: "pkcs8", Data: data, Kind: c.kind, Encoding: probe.DER, Confidence: probe.Confirmed, Cut: true,
			})
			k, ok := Parse(data)
			if !ok {
				t.Fatal("not parsed")
			}
			pub := openssl(t, data, "pkey", "-inform", "DER", "-pubout", "-outform", "DER")
			if c.spki && !bytes.Equal(pub, k.SPKI) {
				t.Error("public half differs from OpenSSL's")
			}
			for name, args := range map[string][]string{
				"pbes2":  {"-v2", "aes-256-cbc"},
				"scrypt": {"-scrypt"},
				"pkcs12": {"-v1", "PBE-SHA1-3DES"},
			} {
				locked := openssl(t, data, append([]string{
					"pkcs8", "-topk8", "-inform", "DER", "-outform", "DER", "-passout", "pass:test",
				}, args...)...)
				probetest.Accept(t, EncryptedPKCS8(), probetest.Case{
					Name: name, Data: locked, Kind: privkey.Encrypted, Encoding: probe.DER, Confidence: probe.Confirmed, Cut: true,
				})
			}
		})
	}
}

// TestTraditional reads what `openssl ec` and `openssl rsa` write, and holds the
// inner structure of a PKCS#8 to be the same key as the outer one.
func TestTraditional(t *testing.T) {
	for _, curve := range []string{"P-256", "secp384r1", "secp256k1", "brainpoolP256r1", "brainpoolP512r1"} {
		t.Run(curve, func(t *testing.T) {
			data := openssl(t, nil, "genpkey", "-outform", "DER", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:"+curve)
			old := openssl(t, data, "ec", "-inform", "DER", "-outform", "DER")
			data = openssl(t, data, "pkcs8", "-topk8", "-nocrypt", "-inform", "DER", "-outform", "DER")
			probetest.Accept(t, SEC1(), probetest.Case{
				Name: "sec1", Data: old, Kind: privkey.EC, Encoding: probe.DER, Confidence: probe.Confirmed, Cut: true,
			})
			outer, _ := Parse(data)
			inner, ok := Parse(old)
			if !ok || !bytes.Equal(outer.Identity, inner.Identity) {
				t.Error("the two forms of one key differ in identity")
			}
		})
	}
}

// TestOpenSSLMultiPrime holds that every number of a key of more than two primes that OpenSSL makes is
// private and a value of the key, with or without PKCS #8 around it.
func TestOpenSSLMultiPrime(t *testing.T) {
	for _, c := range []struct{ primes, bits string }{{"3", "2048"}, {"4", "4096"}} {
		pkcs8 := openssl(t, nil, "genpkey", "-outform", "DER", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:"+c.bits, "-pkeyopt", "rsa_keygen_primes:"+c.primes)
		pkcs1 := openssl(t, pkcs8, "rsa", "-inform", "DER", "-outform", "DER", "-traditional")
		spki := openssl(t, pkcs8, "pkey", "-inform", "DER", "-pubout", "-outform", "DER")
		top := der.At(pkcs1, 0)
		seq, _ := top.Expect(der.Sequence)
		in := top.Inside(seq)
		var numbers [][]byte
		var read func(in der.Cursor)
		read = func(in der.Cursor) {
			for {
				if v, ok := in.Expect(der.Integer); ok {
					numbers = append(numbers, der.Trim(in.Bytes(v)))
				} else if s, ok := in.Expect(der.Sequence); ok {
					read(in.Inside(s))
				} else {
					return
				}
			}
		}
		read(in)
		if len(numbers) < 12 {
			t.Fatalf("%s primes: OpenSSL wrote %d numbers", c.primes, len(numbers))
		}
		for name, data := range map[string][]byte{"PKCS #1": pkcs1, "PKCS #8": pkcs8} {
			k, ok := Parse(data)
			if !ok || k.Confidence != probe.Confirmed || !bytes.Equal(k.SPKI, spki) {
				t.Fatalf("%s primes, %s: %v, %v", c.primes, name, ok, k.Confidence)
			}
			for i, n := range numbers[3:] {
				if !slices.ContainsFunc(k.Values, func(v []byte) bool { return bytes.Equal(v, n) }) {
					t.Errorf("%s primes, %s: number %d is no value of the key", c.primes, name, i)
				}
				if at := bytes.Index(data, n); !covered(k.Private, probe.Range{Start: at, End: at + len(n)}) {
					t.Errorf("%s primes, %s: number %d stays", c.primes, name, i)
				}
			}
		}
	}
}

// covered reports whether r lies in one of rs.
func covered(rs []probe.Range, r probe.Range) bool {
	return slices.ContainsFunc(rs, func(o probe.Range) bool { return o.Start <= r.Start && r.End <= o.End })
}
