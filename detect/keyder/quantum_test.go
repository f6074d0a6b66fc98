package keyder

import (
	"bytes"
	"crypto/rand"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// wrap returns a PrivateKeyInfo of an algorithm without parameters.
func wrap(oid string, key []byte) []byte {
	alg := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(oid)))
	return der.Append(nil, der.Sequence, []byte{2, 1, 0}, alg, der.Append(nil, der.OctetString, key))
}

func TestQuantum(t *testing.T) {
	for name, set := range map[string]privkey.ParameterSet{
		"ML-KEM-512": privkey.MLKEM512, "ML-KEM-768": privkey.MLKEM768, "ML-KEM-1024": privkey.MLKEM1024,
		"ML-DSA-44": privkey.MLDSA44, "ML-DSA-65": privkey.MLDSA65, "ML-DSA-87": privkey.MLDSA87,
	} {
		seed := make([]byte, set.SeedSize())
		_, _ = rand.Read(seed)
		public, expanded, ok := set.FromSeed(seed)
		if !ok {
			t.Fatal("no key from a seed")
		}
		tail := expanded[len(expanded)-32:]
		head := expanded[:32]
		if set.Kind() == privkey.MLDSA {
			head = expanded[32:64] // K; rho is public
		}
		inner := der.Append(nil, der.OctetString, expanded)
		spki := privkey.SPKIForOID(string(set), nil, public)
		for form, c := range map[string]struct {
			key     []byte
			private [][]byte
		}{
			"seed":          {der.Append(nil, der.Context(0), seed), [][]byte{seed}},
			"expanded":      {inner, [][]byte{head, tail}},
			"both":          {der.Append(nil, der.Sequence, der.Append(nil, der.OctetString, seed), inner), [][]byte{seed, head, tail}},
			"bare seed":     {seed, [][]byte{seed}},
			"bare expanded": {expanded, [][]byte{head, tail}},
		} {
			data := wrap(string(set), c.key)
			probetest.Accept(t, PKCS8(), probetest.Case{
				Name: name + " " + form, Data: data, Kind: set.Kind(), Encoding: probe.DER,
				Confidence: probe.Confirmed, Private: c.private, Cut: true,
			})
			k, _ := Parse(data)
			if !bytes.Equal(k.SPKI, spki) {
				t.Errorf("%s %s: another public half", name, form)
			}
		}
		// The public half inside an expanded ML-KEM key stays.
		k, _ := Parse(wrap(string(set), inner))
		kept := 0
		for _, r := range k.Private {
			kept += r.Len()
		}
		if set.Kind() == privkey.MLKEM && kept != len(expanded)-len(public)-32 {
			t.Errorf("%s: %d of %d octets private", name, kept, len(expanded))
		}
		// A seed that does not belong to the expanded key is only likely.
		seed[0] ^= 1
		k, ok = Parse(wrap(string(set), der.Append(nil, der.Sequence, der.Append(nil, der.OctetString, seed), inner)))
		if !ok || k.Confidence != probe.Likely {
			t.Errorf("%s: two halves of different keys are %s", name, k.Confidence)
		}
	}
}

func TestOtherAlgorithms(t *testing.T) {
	secret := make([]byte, 64)
	_, _ = rand.Read(secret)
	probetest.Accept(t, PKCS8(),
		probetest.Case{
			Name: "SLH-DSA-SHAKE-128s", Data: wrap("\x60\x86\x48\x01\x65\x03\x04\x03\x1a", secret), Kind: privkey.SLHDSA,
			Encoding: probe.DER, Confidence: probe.Confirmed, Private: [][]byte{secret[:32]}, Cut: true,
		},
		probetest.Case{
			Name: "private arc", Data: wrap("\x2b\x06\x01\x04\x01\x83\xad\x05\x01", secret), Kind: privkey.Other,
			Encoding: probe.DER, Confidence: probe.Likely, Private: [][]byte{secret}, Cut: true,
		},
	)
}

// TestCutSeed holds that a seed of which the end is other memory is no confirmed key, of which
// that memory would be hunted for: nothing but the seed tells that a parse went wrong there.
func TestCutSeed(t *testing.T) {
	for name, wrapped := range map[string]func(seed []byte) []byte{
		"ML-KEM":  func(p []byte) []byte { return wrap(string(privkey.MLKEM768), der.Append(nil, der.Context(0), p)) },
		"Ed25519": func(p []byte) []byte { return wrap(privkey.OIDEd25519, der.Append(nil, der.OctetString, p[:32])) },
	} {
		seed := make([]byte, 64)
		_, _ = rand.Read(seed)
		for tail, want := range map[string]probe.Confidence{
			"": probe.Confirmed, "Mozilla/5.0 (X11": probe.Likely, string(make([]byte, 16)): probe.Likely,
		} {
			p := bytes.Clone(seed)
			if name == "Ed25519" {
				copy(p[32-len(tail):], tail)
			} else {
				copy(p[64-len(tail):], tail)
			}
			if k, ok := Parse(wrapped(p)); !ok || k.Confidence != want {
				t.Errorf("%s before %d octets of other memory: %v, %v, want %v", name, len(tail), ok, k.Confidence, want)
			}
		}
	}
}
