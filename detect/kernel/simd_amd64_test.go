//go:build amd64 && !noasm

package kernel

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTwins compares assembly and portable twins on data of every kind.
func TestTwins(t *testing.T) {
	for seed := range uint64(200) {
		twins(t, patchwork(seed, 3000), seed)
	}
}

// twins compares both implementations of every kernel on p.
func twins(t *testing.T, p []byte, seed uint64) {
	t.Helper()
	if !hasAVX2 {
		t.Skip("the processor has no AVX2")
	}
	for _, k := range kernels(newTestSets(p, seed)) {
		n := (len(p) - k.more) / k.bytes
		if n <= 0 {
			continue
		}
		// What the assembly reads ends where the contract says, so that it may end a page.
		q := slices.Clip(bytes.Clone(p[:n*k.bytes+k.more]))
		got, want := make([]uint64, n), make([]uint64, n)
		if !k.simd(got, q) {
			t.Fatal("assembly is not used")
		}
		k.portable(want, q)
		if i := firstDifference(got, want); i >= 0 {
			t.Fatalf("%s: word %d of %d is %064b, the portable twin says %064b", k.name, i, n, got[i], want[i])
		}
	}
	if n := (len(p) - OctetsAhead) / 32; n > 0 {
		q := slices.Clip(bytes.Clone(p[:32*n+OctetsAhead]))
		got, want := make([]byte, 32*n), make([]byte, 32*n)
		octetsSIMD(got, q)
		if octets(want, q); !bytes.Equal(got, want) {
			t.Fatal("the sums of octets differ from those of the portable twin")
		}
	}
	if n := min(64, (len(p)-ColumnBack-ColumnAhead)/ColumnStep); n > 0 {
		q := slices.Clip(bytes.Clone(p[:ColumnBack+ColumnStep*(n-1)+ColumnAhead]))
		const enc, dec = 0x5b * ones, 0xe8 * ones
		if got, _ := columnsSIMD(q, n, enc, dec); got != columns(q, n, enc, dec) {
			t.Fatalf("columns: %064b, the portable twin says %064b", got, columns(q, n, enc, dec))
		}
	}
	for _, q := range [][]byte{p, make([]byte, len(p))} {
		if got := Zeros(q); got != zeros(q) {
			t.Fatalf("Zeros is %d, the portable twin says %d", got, zeros(q))
		}
	}
}

func firstDifference(a, b []uint64) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

func FuzzTwins(f *testing.F) {
	f.Add([]byte{}, uint64(1))
	f.Add(bytes.Repeat([]byte{0x94, 0, 4, 0x36}, 200), uint64(2))
	f.Add(bytes.Repeat([]byte{0x5c}, 900), uint64(3))
	f.Fuzz(func(t *testing.T, raw []byte, seed uint64) {
		if len(raw) > 1<<14 {
			return
		}
		r := rand.New(rand.NewPCG(seed, 1))
		data := slices.Concat(patchwork(seed, r.IntN(1000)), raw, patchwork(seed+1, r.IntN(1000)))
		twins(t, data, seed)
	})
}

// BenchmarkKernels measures assembly and twin side by side on memory-like data.
func BenchmarkKernels(b *testing.B) {
	p := patchwork(1, 1<<18)
	for _, k := range kernels(newTestSets(p, 1)) {
		n := (len(p) - k.more) / k.bytes
		dst := make([]uint64, n)
		b.Run(k.name+"/asm", func(b *testing.B) {
			b.SetBytes(int64(n * k.bytes))
			for b.Loop() {
				k.simd(dst, p)
			}
		})
		b.Run(k.name+"/go", func(b *testing.B) {
			b.SetBytes(int64(n * k.bytes))
			for b.Loop() {
				k.portable(dst, p)
			}
		})
	}
}
