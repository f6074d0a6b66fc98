package scrub

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// breakable returns structures that prove themselves although their ends are missing, by name, with how
// many octets of the end may.
func breakable(t *testing.T) map[string]struct {
	data []byte
	lost int
} {
	t.Helper()
	octets := func(n int) []byte { p := make([]byte, n); rand.Read(p); return p }
	pkcs1, key := rsaDER(t)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	var ssh []byte
	put := func(b []byte) {
		ssh = append(append(ssh, 0, 0, byte(len(b)>>8), byte(len(b))), b...)
	}
	put([]byte("ssh-rsa"))
	for _, x := range []*big.Int{key.N, big.NewInt(int64(key.E)), key.D, key.Precomputed.Qinv, key.Primes[0], key.Primes[1]} {
		put(x.FillBytes(make([]byte, (x.BitLen()+8)/8)))
	}
	_, expanded, ok := privkey.MLKEM768.FromSeed(octets(privkey.MLKEM768.SeedSize()))
	if !ok {
		t.Fatal("no key from a seed")
	}
	alg := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(privkey.MLKEM768)))
	kem := der.Append(nil, der.Sequence, []byte{2, 1, 0}, alg, der.Append(nil, der.OctetString, der.Append(nil, der.OctetString, expanded)))
	return map[string]struct {
		data []byte
		lost int
	}{
		"PKCS #1, last number": {pkcs1, 100}, "PKCS #1, last two": {pkcs1, 200}, "PKCS #8": {pkcs8, 90},
		"OpenSSH": {ssh, 110}, "ML-KEM": {kem, 29},
	}
}

// A structure that proves itself goes as far as its memory does, whatever stands behind it in the file. Where
// a header lies and it goes on there, it goes too.
func TestStructuresEndWithMemory(t *testing.T) {
	other := make([]byte, 4096)
	rand.Read(other)
	for name, c := range breakable(t) {
		n := len(c.data) - c.lost
		there := slices.Concat(noise(256), c.data[:n])
		_, out := scrubbed(t, job(t, file(t, core(segment{0x10000, there}, segment{0x90000, other}))))
		if !bytes.Equal(out[len(out)-len(other):], other) {
			t.Errorf("%s: the memory behind it was changed", name)
		}
		if kept := out[len(out)-len(other)-64 : len(out)-len(other)]; bytes.Equal(kept[:60], there[len(there)-64:][:60]) && name != "ML-KEM" {
			t.Errorf("%s: its end is left", name)
		}
		hidden := slices.Concat(c.data[n:], noise(256))
		_, out = scrubbed(t, job(t, file(t, core(segment{0x10000, there}, segment{0x90000, hidden}))))
		tail := out[len(out)-len(hidden):][:c.lost]
		if name != "ML-KEM" && bytes.Contains(tail, c.data[len(c.data)-32:]) { // of which the rest of z tells nothing
			t.Errorf("%s: what a lying header hides is left", name)
		}
	}
}
