package kernel

import (
	"math/bits"
	"strings"
)

// testBitmaps makes two bitmaps of p: most bits of the one are set, and few of the other.
func testBitmaps(p []byte) (most, few []uint64) {
	for i := 0; i+8 <= len(p); i += 8 {
		w := load64(p, i) * 0x9e3779b97f4a7c15
		v := bits.ReverseBytes64(w) ^ load64(p, i)
		most = append(most, w|v|bits.RotateLeft64(w, 21)|bits.RotateLeft64(v, 44)|load64(p, i))
		few = append(few, w&v&bits.RotateLeft64(w, 21)&load64(p, i))
	}
	return most, few
}

// bitmapKernels are those that work on bitmaps, here on those of p.
func bitmapKernels() (ks []testKernel) {
	for run, name := range []string{"three", "twenty", "wide three", "wide twenty"} {
		of := func(f func(dst, chars, zeros []uint64, run Run) uint64) func([]uint64, []byte) {
			return func(dst []uint64, p []byte) {
				most, few := testBitmaps(p)
				for i, w := range few {
					few[i] = ^w
				}
				any := f(dst, most, few, Run(run))
				for _, w := range dst {
					if any|w != any {
						panic("less than what is marked is returned")
					}
				}
			}
		}
		ks = append(ks, testKernel{
			name, 8, 8,
			func(dst []uint64, p []byte) (ok bool) {
				of(func(dst, chars, zeros []uint64, run Run) uint64 {
					n, any := runsSIMD(dst, chars, zeros, run)
					ok = n == len(dst)&^3
					return any | runs(dst[n:], chars[n:], zeros[n:], run)
				})(dst, p)
				return ok
			}, of(runs), of(Runs),
		})
	}
	for n, name := range []string{"words of rows", "others of rows"} {
		of := func(f func(words, others, letters []uint64, before uint64)) func([]uint64, []byte) {
			return func(dst []uint64, p []byte) {
				most, few := testBitmaps(p)
				for i := range most {
					most[i] &^= few[i]
				}
				var made [2][]uint64
				for i := range made {
					made[i] = make([]uint64, len(dst))
				}
				f(made[0], made[1], most, 1<<63)
				copy(dst, made[n])
			}
		}
		ks = append(ks, testKernel{
			name, 8, 8,
			func(dst []uint64, p []byte) bool { of(Rows)(dst, p); return hasRows() },
			of(rows), of(Rows),
		})
	}
	of := func(f func(dst, words, others []uint64)) func([]uint64, []byte) {
		return func(dst []uint64, p []byte) {
			_, few := testBitmaps(p)
			words := make([]uint64, len(few))
			for i := range few {
				words[i] = load64(p, 8*i)
			}
			f(dst, words, few)
		}
	}
	ks = append(ks, testKernel{
		"suspects", ClassBytes, SuspectAhead,
		func(dst []uint64, p []byte) bool { return suspectsSIMD(ask(dst, p), p) },
		func(dst []uint64, p []byte) { suspects(ask(dst, p), p) },
		func(dst []uint64, p []byte) { Suspects(ask(dst, p), p) },
	})
	return append(ks, testKernel{
		"calm", 64, 8,
		func(dst []uint64, p []byte) (ok bool) {
			of(func(dst, words, others []uint64) { ok = calmSIMD(dst, words, others) })(dst, p)
			return ok
		}, of(calm), of(Calm),
	})
}

// hasRows reports whether assembly does the work of [Rows].
func hasRows() bool {
	return rowsSIMD(make([]uint64, 4), make([]uint64, 4), make([]uint64, 6)[1:]) == 4
}

// slowBitmaps says what [bitmapKernels] mark, by their names, as their comments do.
func slowBitmaps(p []byte) map[string]func(i int) bool {
	most, few := testBitmaps(p)
	set := func(m []uint64, i int) bool { return i>>6 < len(m) && m[i>>6]>>(i&63)&1 != 0 }
	run := func(n, width int) func(i int) bool {
		return func(i int) bool {
			for range n {
				if !set(most, i) || width == 2 && set(few, i+1) {
					return false
				}
				i += width
			}
			return true
		}
	}
	letter := func(i int) bool { return i < 0 || set(most, i) && !set(few, i) }
	letters := func(i int) (n int) {
		if letter(i - 1) {
			return 0
		}
		for ; letter(i); i++ {
			n++
		}
		return n
	}
	in := func(set string, is ...int) bool {
		for _, i := range is {
			if strings.IndexByte(set, p[i]) < 0 {
				return false
			}
		}
		return true
	}
	const first, second, zero, hex = "IJKLMNOPQRSTUVWXYZabcdef", "CDEFGHSTUVWXijklmnyz0123{|}~", "A", "0123456789abcdefABCDEFGHI@"
	octet := func(m []uint64, i int) byte { return byte(m[i>>3] >> (8 * (i & 7))) }
	return map[string]func(i int) bool{
		"three": run(3, 1), "twenty": run(20, 1), "wide three": run(3, 2), "wide twenty": run(20, 2),
		"words of rows":  func(i int) bool { n := letters(i); return n >= minRowWord && n <= maxRowWord },
		"others of rows": func(i int) bool { n := letters(i); return n > 0 && (n < minRowWord || n > maxRowWord) },
		"suspects": func(i int) bool {
			for k := i &^ 63; p[k]%7 == 0; {
				if k++; k&63 == 0 {
					return false // nothing is asked of the word
				}
			}
			return in(first, i, i+4, i+8, i+12) && in(second, i+1, i+5, i+9, i+13) || in(zero, i, i+3, i+8, i+11) ||
				in(hex, i, i+1, i+2, i+3, i+4, i+5, i+6, i+7, i+8, i+9, i+10, i+11, i+12, i+13, i+14, i+15, i+16, i+17, i+18, i+19, i+20, i+21, i+22, i+23)
		},
		"calm": func(i int) bool {
			some := 0
			for k := range 4 {
				if octet(few, i+k) != 0 {
					return false
				}
				if p[i+k] != 0 {
					some++
				}
			}
			for k := 4; some == 1 && k < 8; k++ {
				if octet(few, i+k) != 0 {
					return false
				}
			}
			return some > 0
		},
	}
}
