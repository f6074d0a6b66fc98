package cipherkeys

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSteps compares filters that ask for many steps at once with a look at every
// step, over data full of what they stop at.
func TestSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	states := NewHashState().(*hashState)
	var camellias, counts int
	for n := range 400 {
		base := int64(r.IntN(32))
		var data []byte
		for len(data) < 12*n {
			switch i := len(data); r.IntN(5) {
			case 0:
				for far := []int{44, 52, 76, 84}[n%4]; i >= far && len(data) < i+60; {
					data = append(data, data[len(data)-far])
				}
			case 1:
				data = append(data, "\x01\x02\x04\x40\x80"[r.IntN(5)], 0, 0, 0, 0, 0, 0, byte(r.IntN(2)))
			case 2: // as OpenSSL's SHA-256
				for range 8 {
					data = binary.LittleEndian.AppendUint32(data, r.Uint32())
				}
				data = append(append(data, 0, 2, 0, 0, 0, 0, 0, 0), make([]byte, 68)...)
				data = append(data, 32, 0, 0, 0)
			default:
				for range r.IntN(100) {
					data = append(data, byte(r.Uint32()))
				}
			}
		}
		lo := r.IntN(len(data) + 1)
		hi := lo + r.IntN(len(data)-lo+1)
		var got, want []int
		add := func(to *[]int) func(int) { return func(i int) { *to = append(*to, i) } }
		(&camellia{}).Filter(data, base, lo, hi, add(&got))
		for q := lo + int(-(base+int64(lo))&3); q < min(hi, len(data)-camelliaFar); q += 4 {
			if repeated(data[q:]) {
				want = append(want, q)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("camellia in [%d,%d) of %d bytes, base %d: %v, want %v", lo, hi, len(data), base, got, want)
		}
		camellias += len(got)
		got, want = nil, nil
		states.Filter(data, base, lo, hi, add(&got))
		for i := lo; i < hi; i++ {
			if states.promising(data, i) {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("hash states in [%d,%d) of %d bytes, base %d: %v, want %v", lo, hi, len(data), base, got, want)
		}
		counts += len(got)
	}
	if camellias < 1000 || counts < 100 {
		t.Errorf("%d repetitions and %d counts prove little", camellias, counts)
	}
}
