package entropy

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// TestScheduled has schedules with a function in place of SubWord that is as good as random, in the
// order of encryption and decryption, between random bytes: all windows of a schedule are
// known, and none beside it, which a private number next to it would be.
func TestScheduled(t *testing.T) {
	r := rand.NewChaCha8([32]byte{4})
	for _, n := range []int{4, 6, 8} {
		for _, reversed := range []bool{false, true} {
			if reversed && n == 6 {
				continue // its rounds are no multiple of the key
			}
			rounds := n + 7
			ws := make([]uint32, 4*rounds)
			for k := range ws {
				switch {
				case k < n:
					ws[k] = uint32(r.Uint64())
				case k%n == 0 || n == 8 && k%4 == 0:
					ws[k] = ws[k-n] ^ bits.RotateLeft32(ws[k-1], 9)*0x9E3779B1
				default:
					ws[k] = ws[k-n] ^ ws[k-1]
				}
			}
			const pad = 64
			data := make([]byte, pad+16*rounds+pad)
			r.Read(data)
			for k, w := range ws {
				at := k
				if reversed {
					at = 4*(rounds-1-k/4) + k%4
				}
				binary.LittleEndian.PutUint32(data[pad+4*at:], w)
			}
			for i := 0; i+32 <= len(data); i += 4 {
				inside := i >= pad && i+32 <= len(data)-pad
				beside := i+32 <= pad || i >= len(data)-pad
				if got := Scheduled(data, i); inside && !got || beside && got {
					t.Errorf("keys of %d words, reversed %v: window at %d of %d: %v", n, reversed, i-pad, 16*rounds, got)
				}
			}
		}
	}
	p := make([]byte, 96)
	for range 100_000 {
		if r.Read(p); Scheduled(p, 32) {
			t.Fatal("a random window is taken for a schedule")
		}
	}
	for i := range 3 {
		copy(p[32*i:], p[:32])
	}
	if Scheduled(p, 32) {
		t.Error("copies of a number are taken for a schedule")
	}
}

func BenchmarkScheduled(b *testing.B) {
	p := make([]byte, 96)
	rand.NewChaCha8([32]byte{1}).Read(p)
	for b.Loop() {
		Scheduled(p, 32)
	}
}
