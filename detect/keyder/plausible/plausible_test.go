package plausible

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

func octets(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

func pointers(n int) []byte {
	return bytes.Repeat([]byte{0x10, 0x4e, 0x2c, 0x6a, 0x81, 0x55, 0, 0}, n/8)
}

func TestPrefix(t *testing.T) {
	for _, n := range []int{0, 1, 31, 32, 33, 512} {
		p := octets(n)
		if got := Prefix(p); got != n {
			t.Errorf("%d random octets: %d", n, got)
		}
		for name, tail := range map[string][]byte{
			"zeros": make([]byte, 256), "text": bytes.Repeat([]byte("a word of text, "), 16), "pointers": pointers(256),
		} {
			if got := Prefix(append(bytes.Clone(p), tail...)); got < n || got > n+window {
				t.Errorf("%d random octets before %s: %d", n, name, got)
			}
		}
	}
}

func TestRandom(t *testing.T) {
	for range 1000 {
		p := octets(32)
		if !Random(p) {
			t.Errorf("random octets are not: %d zeros", bytes.Count(p, []byte{0}))
		}
		if !Random(append(make([]byte, 4), p...)) {
			t.Error("not with leading zeros")
		}
	}
	for name, p := range map[string][]byte{
		"nothing": nil, "zeros": make([]byte, 32), "pointers": pointers(32), "text": []byte("Content-Type: text/html"),
		"redacted": bytes.Repeat([]byte{probe.Fill}, 32), "half redacted": append([]byte{probe.Fill, probe.Fill}, "config.yaml; name"...),
	} {
		if Random(p) {
			t.Errorf("%s counts as random", name)
		}
	}
}

// TestRSA writes over one number after the other: only that one loses its value.
func TestRSA(t *testing.T) {
	k, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	numbers := [][]byte{
		k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes(),
		k.Precomputed.Dp.Bytes(), k.Precomputed.Dq.Bytes(), k.Precomputed.Qinv.Bytes(),
	}
	names := []string{"none", "d", "p", "q", "dp", "dq", "qinv"}
	for bad, name := range names {
		var ns [6]privkey.Number
		for i, b := range numbers {
			if ns[i].Bytes = b; i == bad-1 {
				ns[i].Bytes = octets(len(b))
			}
		}
		p := privkey.RSAParts{N: k.N.Bytes(), E: []byte{1, 0, 1}, D: ns[0], P: ns[1], Q: ns[2], DP: ns[3], DQ: ns[4], QInv: ns[5]}
		p = RSA(p)
		for i, n := range []privkey.Number{p.D, p.P, p.Q, p.DP, p.DQ, p.QInv} {
			if n.Cut != (i == bad-1) {
				t.Errorf("%s overwritten: cut is %v for %s", name, n.Cut, names[i+1])
			}
		}
	}
}

// FuzzPrefix holds Prefix to its promise: it never ends a number early for what
// stands behind it.
func FuzzPrefix(f *testing.F) {
	f.Add([]byte("some text that follows a number, and more of it"))
	f.Add(make([]byte, 100))
	f.Fuzz(func(t *testing.T, tail []byte) {
		p := octets(64)
		if n := Prefix(append(bytes.Clone(p), tail...)); n < len(p) || n > len(p)+len(tail) {
			t.Errorf("%d of 64 octets", n)
		}
	})
}
