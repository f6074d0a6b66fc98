package entropy

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestPatternedRandom holds the share of random windows that the doc comment says is lost.
func TestPatternedRandom(t *testing.T) {
	const windows = 3_000_000
	r := rand.NewChaCha8([32]byte{2})
	p, lost := make([]byte, 32), 0
	for range windows {
		r.Read(p)
		if Patterned(p) {
			lost++
		}
	}
	t.Logf("%d of %d", lost, windows)
	if lost > windows/12_000 {
		t.Errorf("%d of %d random windows are taken for patterns", lost, windows)
	}
}

// TestPatternedSeen tries what lies in memory and is no number.
func TestPatternedSeen(t *testing.T) {
	r := rand.NewChaCha8([32]byte{3})
	fresh := func() []byte {
		for {
			p := make([]byte, 32)
			if r.Read(p); !Patterned(p) {
				return p
			}
		}
	}
	for _, c := range []struct {
		name string
		make func(p []byte)
	}{
		{"a length in front", func(p []byte) { binary.LittleEndian.PutUint32(p, 32) }},
		{"a length in network order", func(p []byte) { binary.BigEndian.PutUint32(p[12:], 300) }},
		{"a small negative number", func(p []byte) { binary.LittleEndian.PutUint32(p[20:], ^uint32(4)) }},
		{"a table of pointers of 32 bits and hashes", func(p []byte) {
			for i := 0; i < 32; i += 8 {
				p[i+2], p[i+3] = 0x45, 0
			}
		}},
		{"words of one upper half", func(p []byte) {
			for i := 8; i < 32; i += 8 {
				copy(p[i+4:i+8], p[4:8])
			}
		}},
		{"words and accents", func(p []byte) { copy(p, "le chiffrement a échoué: délai é") }},
		{"instructions of a virtual machine", func(p []byte) {
			for i := range p {
				if i%2 == 0 {
					p[i] &= 15
				}
			}
		}},
	} {
		p := fresh()
		if c.make(p); !Patterned(p) {
			t.Errorf("%s: % x passes", c.name, p)
		}
	}
}

// TestZeroBytes compares with a count byte by byte.
func TestZeroBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		var ws [4]uint64
		want := 0
		for k := range ws {
			w := r.Uint64()
			for range r.IntN(9) {
				w &^= 0xff << (8 * r.IntN(8))
			}
			if r.IntN(4) == 0 {
				w |= 1 << (8 * r.IntN(8))
			}
			for i := range 8 {
				if byte(w>>(8*i)) == 0 {
					want++
				}
			}
			ws[k] = w
		}
		if got := zeroBytes(ws[0], ws[1], ws[2], ws[3]); got != want {
			t.Fatalf("%016x: %d bytes zero, not %d", ws, got, want)
		}
	}
}

func BenchmarkPatterned(b *testing.B) {
	p := make([]byte, 32)
	rand.NewChaCha8([32]byte{1}).Read(p)
	for b.Loop() {
		Patterned(p)
	}
}
