package ecpair

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// chunk is p as the user's part of a chunk of malloc.
func chunk(p []byte) []byte {
	size := (len(p) + 8 + 15) &^ 15
	out := binary.LittleEndian.AppendUint64(nil, uint64(size)|1)
	out = append(out, p...)
	return append(out, make([]byte, size-8-len(p))...)
}

func turned(p []byte) []byte {
	p = slices.Clone(p)
	slices.Reverse(p)
	return p
}

// good makes keys until the private octets are what the detector says it looks at.
func good(t *testing.T, make func() (private, public []byte)) (private, public []byte) {
	t.Helper()
	for range 100 {
		p, q := make()
		if randomWords(p[:len(p)&^7]) && lively(p[:32]) && randomWords(turned(p)[:len(p)&^7]) && lively(turned(p)[:32]) {
			return p, q
		}
	}
	t.Fatal("no key looks random")
	return nil, nil
}

func nist(curve elliptic.Curve) func() ([]byte, []byte) {
	return func() ([]byte, []byte) {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		d, _ := k.Bytes()
		q, _ := k.PublicKey.Bytes()
		return d, q[1 : 1+len(d)]
	}
}

func cases(t *testing.T) []probetest.Case {
	gap := make([]byte, 200)
	var out []probetest.Case
	add := func(name, kind, encoding string, private, data []byte) {
		out = append(out, probetest.Case{Name: name, Kind: kind, Encoding: encoding, Confidence: probe.Confirmed, Data: data, Private: [][]byte{private}})
	}
	for name, c := range map[string]elliptic.Curve{"p256": elliptic.P256(), "p384": elliptic.P384()} {
		d, x := good(t, nist(c))
		add(name+" limbs", privkey.EC, probe.LimbsLE, turned(d), bytes.Join([][]byte{chunk(turned(d)), gap, chunk(turned(x))}, nil))
		add(name+" octets", privkey.EC, probe.IntBE, d, bytes.Join([][]byte{chunk(x), gap, chunk(d), gap[:8]}, nil))
	}
	var d, x []byte
	for range 1000 {
		if d, x = nist(elliptic.P521())(); randomWords(turned(d)[:64]) && lively(turned(d)[:32]) {
			break
		}
	}
	limbs := append(turned(d), make([]byte, 6)...)
	add("p521 limbs", privkey.EC, probe.LimbsLE, turned(d), bytes.Join([][]byte{chunk(limbs), gap, chunk(turned(x))}, nil))
	seed, pub := good(t, func() ([]byte, []byte) {
		p, s, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		return s.Seed(), p
	})
	add("seed and public key", privkey.Ed25519, probe.Raw, seed, chunk(append(slices.Clone(seed), pub...)))
	add("public key and seed", privkey.Ed25519, probe.Raw, seed, bytes.Join([][]byte{chunk(pub), gap, chunk(seed), gap[:8]}, nil))
	half, pub := good(t, func() ([]byte, []byte) {
		p, s, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		h := sha512.Sum512(s.Seed())
		h[0] &^= 7
		h[31] = h[31]&0x3f | 0x40
		return h[:], p
	})
	add("expanded, as ring has it", privkey.Ed25519, probe.Expanded, half, chunk(slices.Concat(half, pub)))
	add("expanded and apart", privkey.Ed25519, probe.Expanded, half, bytes.Join([][]byte{chunk(pub), gap, chunk(half), gap[:8]}, nil))
	u, v := good(t, func() ([]byte, []byte) {
		k, err := ecdh.X25519().GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		return k.Bytes(), k.PublicKey().Bytes()
	})
	add("x25519", privkey.X25519, probe.Raw, u, bytes.Join([][]byte{chunk(u), gap, chunk(v)}, nil))
	return out
}

func TestPairs(t *testing.T) {
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) {
			for _, shift := range []int{0, 8, 40} {
				data := bytes.Join([][]byte{make([]byte, shift), c.Data, make([]byte, 16)}, nil)
				fs := probetest.Matches(s, data, len(data))
				if len(fs) != 1 || fs[0].Kind != c.Kind || fs[0].Encoding != c.Encoding || fs[0].Confidence != c.Confidence || len(fs[0].SPKI) == 0 {
					t.Fatalf("%d matches", len(fs))
				}
				if c.Encoding == probe.Expanded && !bytes.Contains(c.Data, fs[0].SPKI[len(fs[0].SPKI)-32:]) {
					t.Error("another public key is named")
				}
				clean := probetest.Redact(data, fs)
				if bytes.Contains(clean, c.Private[0]) || len(probetest.Matches(s, clean, len(clean))) > 0 {
					t.Error("the private half is still there")
				}
				for _, n := range []int{1, 24, 333} {
					if one := probetest.Matches(s, data, n); len(one) != 1 || fmt.Sprint(one[0].Redact) != fmt.Sprint(fs[0].Redact) {
						t.Errorf("chunks of %d: %d matches", n, len(one))
					}
				}
				// Another bit of the private half, or of the public one, is no pair.
				at := bytes.Index(data, c.Private[0])
				data[at+20] ^= 4
				probetest.Reject(t, New(), "a changed scalar", data)
				data[at+20] ^= 4
			}
		})
	}
}

// TestTwice has the same private octets at several places, of which one has no public
// half near by.
func TestTwice(t *testing.T) {
	d, x := good(t, nist(elliptic.P256()))
	pair := bytes.Join([][]byte{chunk(turned(d)), make([]byte, 64), chunk(turned(x)), make([]byte, 2*reach)}, nil)
	data := bytes.Join([][]byte{chunk(turned(d)), make([]byte, 2*reach), pair, pair}, nil)
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{len(data), 1000} {
		if fs := probetest.Matches(s, data, n); len(fs) != 2 {
			t.Errorf("chunks of %d: %d matches", n, len(fs))
		}
	}
}

func TestFar(t *testing.T) {
	d, x := good(t, nist(elliptic.P256()))
	data := bytes.Join([][]byte{chunk(turned(d)), make([]byte, reach), chunk(turned(x))}, nil)
	probetest.Reject(t, New(), "too far", data)
	probetest.Reject(t, New(), "noise", probetest.Noise(3, 1<<18))
}

// BenchmarkCode measures over the text of a program, which looks most like keys.
func BenchmarkCode(b *testing.B) {
	data := probetest.Noise(1, 4<<20)
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}

// BenchmarkCandidate measures one candidate on all curves.
func BenchmarkCandidate(b *testing.B) {
	data := make([]byte, 2*reach)
	rand.Read(data)
	d := New()
	for b.Loop() {
		d.Detect(probe.View{Data: data, At: reach}, func(probe.Match) { b.Fatal("a match") })
	}
}

func FuzzDetect(f *testing.F) {
	d, x := nist(elliptic.P256())()
	f.Add(bytes.Join([][]byte{chunk(turned(d)), chunk(turned(x))}, nil), 0)
	s, err := search.New([]probe.Detector{New()}) // once, for it makes tables
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, lo int) {
		if lo < 0 || lo > len(data) || len(data) > 4096 {
			return
		}
		s.Search(search.Window{Data: data, Lo: lo, Hi: len(data)}, func(f search.Found) {
			for _, r := range f.Redact {
				if r.Start < 0 || r.End > len(data) || r.Start >= r.End {
					t.Fatalf("%v of %d", r, len(data))
				}
			}
		})
	})
}

// BenchmarkTables measures what the first candidate of a run costs.
func BenchmarkTables(b *testing.B) {
	for b.Loop() {
		new(bases).ready(size32)
	}
}
