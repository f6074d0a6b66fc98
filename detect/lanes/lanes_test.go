package lanes

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"math/rand/v2"
	"testing"
)

// TestTwins compares the assembly with its portable twins.
func TestTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		var s [2]State256
		var b [2]Block256
		for i := range 2 {
			for k := range s[i] {
				s[i][k] = r.Uint32()
			}
			for k := range b[i] {
				b[i][k] = r.Uint32()
			}
		}
		want := s
		for i := range want {
			want[i].add(&b[i])
		}
		if Pair256(&s, &b); s != want {
			t.Fatal("two blocks of SHA-256 differ")
		}
		var v [8]Lanes512
		var w [16]Lanes512
		for l := range 4 {
			for k := range v {
				v[k][l] = r.Uint64()
			}
			for k := range w {
				w[k][l] = r.Uint64()
			}
		}
		x, y := v, w
		for l := range 4 {
			add512(&x, &y, l)
		}
		if Quad512(&v, &w); v != x {
			t.Fatal("four blocks of SHA-512 differ")
		}
	}
}

// TestHMAC compares with the standard library.
func TestHMAC(t *testing.T) {
	r := rand.NewChaCha8([32]byte{7})
	random := func(n int) []byte {
		p := make([]byte, n)
		r.Read(p)
		return p
	}
	for n := range mostMessage256 + 1 {
		secret, a, b := random(4*(n%17)), random(n), random(mostMessage256-n)
		var k Key256
		k.Set(secret)
		ma, mb := NewMessage256(a[:n/2], a[n/2:]), NewMessage256(b)
		x, y := k.Pair(&ma, &mb)
		for _, c := range []struct {
			got     [32]byte
			message []byte
		}{{x, a}, {y, b}} {
			h := hmac.New(sha256.New, secret)
			h.Write(c.message)
			if want := h.Sum(nil); string(c.got[:]) != string(want) {
				t.Fatalf("%d bytes: SHA-256 differs", len(c.message))
			}
		}
	}
	for n := range mostMessage384 + 1 {
		var k, one Keys384
		var m Messages384
		var secrets, messages [4][]byte
		for l := range 4 {
			secrets[l], messages[l] = random(8*(n%17)), random(n)
			m.Put(l, messages[l][:n/3], messages[l][n/3:])
		}
		k.Set(secrets)
		one.SetOne(secrets[0])
		got, same := k.Sum(&m), one.Sum(&m)
		for l := range 4 {
			h, g := hmac.New(sha512.New384, secrets[l]), hmac.New(sha512.New384, secrets[0])
			h.Write(messages[l])
			g.Write(messages[l])
			if string(h.Sum(nil)) != string(got[l][:]) || string(g.Sum(nil)) != string(same[l][:]) {
				t.Fatalf("%d bytes, lane %d: SHA-384 differs", n, l)
			}
		}
	}
}

func BenchmarkPair256(b *testing.B) {
	var s [2]State256
	var w [2]Block256
	for b.Loop() {
		Pair256(&s, &w)
	}
}

func BenchmarkQuad512(b *testing.B) {
	var s [8]Lanes512
	var w [16]Lanes512
	for b.Loop() {
		Quad512(&s, &w)
	}
}
