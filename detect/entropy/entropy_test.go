package entropy

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"
)

// TestRandom holds the share of random windows that doc comments say is lost.
func TestRandom(t *testing.T) {
	const windows = 400_000
	r := rand.NewChaCha8([32]byte{1})
	for _, n := range []int{32, 48, 66} {
		p, lost := make([]byte, n), 0
		for range windows {
			r.Read(p)
			if Code(p) {
				lost++
			}
		}
		if lost > windows/20_000 {
			t.Errorf("%d of %d random windows of %d bytes are taken for code", lost, windows, n)
		}
	}
}

// TestCode tries the machine code that is at hand: this test's own.
func TestCode(t *testing.T) {
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skip(err)
	}
	// Go lays code out from the second page on, and pads functions with int3.
	const from, size = 64 << 10, 256 << 10
	if len(self) < from+size || !bytes.HasPrefix(self, []byte("\x7fELF\x02\x01")) || self[18] != 0x3e {
		t.Skip("no x86-64 program")
	}
	self = self[from : from+size]
	code, windows := 0, 0
	for i := 0; i+32 <= len(self); i += 32 {
		windows++
		if Code(self[i : i+32]) {
			code++
		}
	}
	if code*2 < windows {
		t.Errorf("%d of %d windows of code are seen as code", code, windows)
	}
	if Code(bytes.Repeat([]byte{0}, 31)) {
		t.Error("a short window is judged")
	}
}

func BenchmarkCode(b *testing.B) {
	p := make([]byte, 32)
	rand.NewChaCha8([32]byte{1}).Read(p)
	for b.Loop() {
		Code(p)
	}
}
