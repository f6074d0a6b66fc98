package kernel

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

// testKernel is one kernel, as both twins compute it: bytes a word of dst, and how
// many more it reads.
type testKernel struct {
	name           string
	bytes, more    int
	simd           func([]uint64, []byte) bool
	portable, call func([]uint64, []byte)
}

// testExcept is a word that [Hard] leaves out.
const testExcept = 0xdbdbdbdb

func kernels(sets *testSets) []testKernel {
	ks := []testKernel{
		{"random", WordBytes, 0, randomSIMD, random, Random},
		{"pads", WordBytes, PadAhead, padsSIMD, pads, Pads},
		{"schedules", WordBytes, ScheduleBack + ScheduleAhead, schedulesSIMD, schedules, Schedules},
		{"tags", TagBytes, TagAhead, tagsSIMD, tags, Tags},
		{"repeats", RepeatBytes, RepeatAhead, repeatsSIMD, repeats, Repeats},
		{"counts", CountBytes, CountAhead, countsSIMD, counts, Counts},
		{
			"grams", ClassBytes, GramAhead,
			func(dst []uint64, p []byte) bool { return gramsSIMD(ask(dst, p), p, sets.grams) },
			func(dst []uint64, p []byte) { grams(ask(dst, p), p, sets.grams) },
			func(dst []uint64, p []byte) { FindGrams(ask(dst, p), p, sets.grams) },
		},
		{
			"quads", QuadBytes, QuadAhead,
			func(dst []uint64, p []byte) bool { return quadsSIMD(dst, p, sets.quads) },
			func(dst []uint64, p []byte) { quads(dst, p, sets.quads) },
			func(dst []uint64, p []byte) { FindQuads(dst, p, sets.quads) },
		},
		{
			"patternless", WordBytes, PatternBack,
			func(dst []uint64, p []byte) bool { return wordsSIMD(make([]uint64, len(dst)), dst, p) },
			func(dst []uint64, p []byte) { words(make([]uint64, len(dst)), dst, p) },
			Patternless,
		},
		{
			"alike", 64, 128,
			func(dst []uint64, p []byte) bool { return alikeSIMD(dst, p, 128) },
			func(dst []uint64, p []byte) { alike(dst, p, 128) },
			func(dst []uint64, p []byte) { Alike(dst, p, 128) },
		},
		{"folds", 64, FoldsBack + FoldsAhead, foldsSIMD, folds, Folds},
		{"sixes", StepBytes, 0, sixesSIMD, sixes, Sixes},
		{
			"equal", WordBytes, 0,
			func(dst []uint64, p []byte) bool { return equalSIMD(dst, p, testValues()) },
			func(dst []uint64, p []byte) { equal(dst, p, testValues()) },
			func(dst []uint64, p []byte) { Equal(dst, p, testValues()) },
		},
	}
	for n, name := range []string{"words", "zeros", "digits", "letters", "marks", "bars"} {
		// of fills dst with one of the classes that f fills.
		of := func(f func([]uint64, int, []byte)) func([]uint64, []byte) {
			return func(dst []uint64, p []byte) {
				room := make([]uint64, ClassCount*(len(dst)+1))
				f(room, len(dst)+1, p[:ClassBytes*len(dst)])
				copy(dst, room[n*(len(dst)+1):])
			}
		}
		ks = append(ks, testKernel{
			"classes: " + name, ClassBytes, 0,
			func(dst []uint64, p []byte) (ok bool) {
				of(func(room []uint64, n int, p []byte) { ok = classesSIMD(room, n, p) })(dst, p)
				return ok
			}, of(classes), of(Classify),
		})
	}
	ks = append(ks, testKernel{
		"hard", HalfBytes, 0,
		func(dst []uint64, p []byte) bool { return hardSIMD(dst, p, testExcept) },
		func(dst []uint64, p []byte) { hard(dst, p, testExcept) },
		func(dst []uint64, p []byte) { Hard(dst, p, testExcept) },
	})
	ks = append(ks, testKernel{
		"random words", WordBytes, PatternBack,
		func(dst []uint64, p []byte) bool { return wordsSIMD(dst, make([]uint64, len(dst)), p) },
		func(dst []uint64, p []byte) { words(dst, make([]uint64, len(dst)), p) },
		func(dst []uint64, p []byte) { Words(dst, make([]uint64, len(dst)), p) },
	})
	ks = append(ks, testKernel{"commons", CommonBytes, 0, commonsSIMD, commons, Commons}, testKernel{"tops", TopBytes, 0, topsSIMD, tops, Tops})
	for n, name := range []string{"one", "two", "ones", "twos"} {
		of := func(f func([]uint64, []byte)) func([]uint64, []byte) {
			return func(dst []uint64, p []byte) {
				maps := make([]uint64, DigitMaps*len(dst))
				f(maps, p)
				for i := range dst {
					dst[i] = maps[DigitMaps*i+n]
				}
			}
		}
		ks = append(ks, testKernel{
			"digits: " + name, WordBytes, 0,
			func(dst []uint64, p []byte) (ok bool) {
				of(func(dst []uint64, p []byte) { ok = digitsSIMD(dst, p) })(dst, p)
				return ok
			}, of(digits), of(Digits),
		})
	}
	return append(ks, bitmapKernels()...)
}

// testValues are words that [patchwork] has here and there.
func testValues() []uint64 { return []uint64{0, ipads, opads, 1<<32 | 1, ^uint64(0)} }

// testSets are what kernels look for.
type testSets struct {
	grams *Grams
	quads *Quads
}

// newTestSets returns sets of some pieces of p and random ones.
func newTestSets(p []byte, seed uint64) *testSets {
	r := rand.New(rand.NewPCG(seed, 9))
	sets := 1 + r.IntN(3)
	s := &testSets{NewGrams(3+r.IntN(2), r.Uint32()|1, r.IntN(2) == 0), NewQuads(sets)}
	for n := range 2000 {
		v := r.Uint32()
		if len(p) >= 4 && r.IntN(10) == 0 {
			v = load32(p, r.IntN(len(p)-3))
		}
		s.grams.Add(v)
		if n < 40*sets {
			for i := range QuadLen {
				s.quads.Allow(n%(sets*Buckets), i, byte(v>>(8*i)))
			}
		}
	}
	return s
}

// ask sets in dst bits that depend on p: those of most bytes that are no zeros.
func ask(dst []uint64, p []byte) []uint64 {
	for k := range dst {
		dst[k] = 0
		for i, c := range p[ClassBytes*k:][:ClassBytes] {
			if c%7 != 0 {
				dst[k] |= 1 << i
			}
		}
	}
	return dst
}

// patchwork returns n bytes with something for each kernel in them: words of few
// distinct bytes, zeros, tags, pads, sums of columns, text.
func patchwork(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	const few = "\x00\x00\x01\x02\x04\x06\x07\x7f\x80\x94\x95\x96\x97\x9c\xc5\xc7\xff\xff"
	var p []byte
	for len(p) < n {
		switch r.IntN(15) {
		case 10: // digits of base64, and what ends a line
			for range r.IntN(90) {
				p = append(p, ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")[r.IntN(66)])
			}
			p = append(p, "@[`{.,:*=%\\\xc1"[r.IntN(12)])
		case 12: // as machine code
			for range r.IntN(100) {
				b := byte(r.Uint32())
				if r.IntN(5) > 1 {
					b = "\x00\x01\x05\x08\x0f\x10\x24\x39\x45\x48\x5c\x66\x75\x83\x89\x8b\xc0\xc7\xe8\xeb\xff"[r.IntN(21)]
				}
				p = append(p, b)
			}
		case 13: // as pointers near each other
			far := []int{4, 8, 16}[r.IntN(3)]
			for range r.IntN(100) {
				b := byte(r.Uint32())
				if i := len(p); i >= far && r.IntN(4) > 0 {
					b = p[i-far]
				}
				p = append(p, b)
			}
		case 11:
			for range r.IntN(60) {
				p = append(p, "AZaz09+/-_PQRpqr"[r.IntN(16)], 0)
			}
		case 0:
			p = append(p, make([]byte, r.IntN(300))...)
			for _, of := range []string{"I0AaZiaCfzRxKy", "AQAABAAA", "0123456789abcdefABCDEFGHI@"} {
				for range r.IntN(50) {
					p = append(p, of[r.IntN(len(of))])
				}
			}
		case 1:
			p = append(p, bytes.Repeat([]byte{"\x36\x5c\xff\x80\xdb"[r.IntN(5)]}, r.IntN(40))...)
		case 2:
			for range r.IntN(60) {
				p = append(p, few[r.IntN(len(few))])
			}
		case 3:
			for range r.IntN(60) {
				p = append(p, byte(' '+r.IntN(95)))
			}
		case 4, 5: // a column that is the sum of two others
			far := 4 * (1 + r.IntN(10))
			for range r.IntN(20) {
				if i := len(p); i >= far+8 {
					p = binary.LittleEndian.AppendUint32(p, load32(p, i-4)^load32(p, i-far))
				}
			}
		case 6: // the other pad of what lies before
			far := []int{64, 80, 128, 144}[r.IntN(4)]
			for range r.IntN(40) {
				if i := len(p); i >= far {
					p = append(p, p[i-far]^0x36^0x5c)
				}
			}
		case 7: // a repetition, and counts
			far := []int{44, 52, 76, 84}[r.IntN(4)]
			for range r.IntN(40) {
				if i := len(p); i >= far {
					p = append(p, p[i-far])
				}
			}
			p = append(p, "\x01\x01\x02\x04\x40\x80\x03"[r.IntN(7)], 0, 0, 0, 0, byte(r.IntN(5)/4), byte(r.IntN(2)), byte(r.IntN(2)))
		case 14: // as subkeys of DES
			mask := "\x3f\xfc\xcf\xff"[r.IntN(4)]
			for range r.IntN(200) {
				p = append(p, byte(r.Uint32())&mask)
			}
		default:
			for range r.IntN(100) {
				p = append(p, byte(r.Uint32()))
			}
		}
	}
	return p[:n]
}

// TestDefinitions compares the kernels, however they are computed, with their
// comments, read literally.
func TestDefinitions(t *testing.T) {
	word, digit := regexp.MustCompile(`^[+/0-9A-Za-z_$%&*.:=-]$`), regexp.MustCompile(`^[+/0-9A-Za-z_-]$`)
	letter := regexp.MustCompile(`^[A-Za-z]$`)
	marked := map[string]int{}
	for seed := range uint64(60) {
		p := patchwork(seed, 4000)
		sets := newTestSets(p, seed)
		check := func(k testKernel, unit int, want func(i int) bool) {
			n := (len(p) - k.more) / k.bytes
			dst := make([]uint64, n)
			k.call(dst, p)
			for i := range 64 * n {
				if got := dst[i/64]>>(i%64)&1 != 0; got != want(unit*i) {
					t.Fatalf("seed %d: %s says %t at %d", seed, k.name, got, unit*i)
				} else if got {
					marked[k.name]++
				}
			}
		}
		ks := kernels(sets)
		check(ks[0], 8, func(i int) bool { return slowRandom(p[i : i+8]) })
		check(ks[1], 8, func(i int) bool { return slowPad(p[i:]) })
		check(ks[2], 8, func(i int) bool { return slowSchedule(p, i) })
		check(ks[3], 1, func(i int) bool { return tag(p[i:]) })
		check(ks[4], 4, func(i int) bool {
			w := string(p[i : i+8])
			again := func(far int) bool { return w == string(p[i+far:i+far+8]) }
			return bytes.ContainsFunc(p[i:i+8], func(r rune) bool { return r >= 0x80 }) && (again(44) || again(52) || again(76) || again(84))
		})
		check(ks[5], 1, func(i int) bool {
			return bits.OnesCount8(p[i]) == 1 && string(p[i+1:i+7]) == "\x00\x00\x00\x00\x00\x00" && (p[i] != 1 || p[i+8] == 0 && p[i+9] == 0)
		})
		check(ks[6], 1, func(i int) bool { return p[i]%7 != 0 && sets.grams.Has(load32(p, i)) })
		check(ks[7], 1, func(i int) bool { return sets.quads.Has(load32(p, i)) })
		check(ks[8], 8, func(i int) bool { return slowPatternless(p, i+PatternBack) })
		check(ks[9], 1, func(i int) bool { return p[i] == p[i+128] })
		check(ks[10], 1, func(i int) bool {
			x, above, below, turn := p[i+64], p[i+128], p[i], bits.RotateLeft8
			return p[i+24] == turn(x^above, 2) || p[i+104] == turn(x^below, 2) || p[i+40] == turn(x, 1)^above || p[i+88] == turn(x, 1)^below
		})
		sums := make([]byte, 320)
		Octets(sums, p)
		for i, got := range sums {
			var want byte
			for _, b := range p[i : i+16] {
				want ^= b
			}
			if got != want {
				t.Fatalf("seed %d: the octets at %d sum to %#x, want %#x", seed, i, got, want)
			}
		}
		check(ks[11], 32, func(i int) bool {
			top, either, empty := true, true, 0
			for k := range 8 {
				b := p[i+k] | p[i+8+k]
				top = top && b < 0x40
				either = either && (b&3 == 0 || b&0x30 == 0)
				if b == 0 {
					empty++
				}
			}
			return (top || either) && empty <= 2
		})
		check(ks[12], 8, func(i int) bool { return slices.Contains(testValues(), load64(p, i)) })
		check(ks[13], 1, func(i int) bool { return word.Match(p[i : i+1]) })
		check(ks[14], 1, func(i int) bool { return p[i] == 0 })
		check(ks[15], 1, func(i int) bool { return digit.Match(p[i : i+1]) })
		check(ks[16], 1, func(i int) bool { return letter.Match(p[i : i+1]) })
		check(ks[17], 1, func(i int) bool { return bytes.IndexByte([]byte(`%\`), p[i]) >= 0 })
		check(ks[18], 1, func(i int) bool { return p[i] == '|' })
		check(ks[19], 4, func(i int) bool {
			w := string(p[i : i+4])
			same := w[0] == w[1] && w[1] == w[2] && w[2] == w[3]
			return (w[:2] == "\x00\x00" || w[2:] == "\x00\x00" || w[2:] == "\xff\xff" || same) && load32(p, i) != testExcept
		})
		check(ks[20], 8, func(i int) bool { return slowRandom(p[i+PatternBack : i+PatternBack+8]) })
		check(ks[21], 1, func(i int) bool { return bytes.IndexByte(codeBytes, p[i]) >= 0 })
		check(ks[22], 1, func(i int) bool { return p[i] > 0x7f })
		gap := func(w uint64) bool {
			return w < 1<<62 && w >= 1<<32 && (w >= 1<<48 || w%8 != 0)
		}
		check(ks[23], 8, func(i int) bool { w := load64(p, i); return w>>48 != 0 && w < 1<<60 })
		check(ks[24], 8, func(i int) bool {
			w := load64(p, i)
			return w>>48 != 0 && w < 1<<62 && w>>16&0xffff != 0 && uint32(w) < 1<<30
		})
		check(ks[25], 8, func(i int) bool { w := load64(p, i); return gap(w) && w < 1<<60 })
		check(ks[26], 8, func(i int) bool { w := load64(p, i); return gap(w) && uint32(w) != 0 && uint32(w) < 1<<30 })
		for name, want := range slowBitmaps(p) {
			check(ks[slices.IndexFunc(ks, func(k testKernel) bool { return k.name == name })], 1, want)
		}
		for n := range 300 {
			q := append(make([]byte, n), 1, 0)
			if got := Zeros(q); got != n {
				t.Fatalf("Zeros is %d of %d", got, n)
			}
			if got := Zeros(q[:n]); got != n {
				t.Fatalf("Zeros is %d of %d and no more", got, n)
			}
		}
	}
	for _, k := range kernels(new(testSets)) {
		if marked[k.name] < 100 {
			t.Errorf("%s marked %d places only", k.name, marked[k.name])
		}
	}
}

// codeBytes are what package entropy says that machine code consists of.
var codeBytes = []byte{
	0, 1, 2, 3, 4, 5, 8, 0x0f, 0x10, 0x18, 0x20, 0x24, 0x28, 0x31, 0x39, 0x40, 0x41, 0x44, 0x45, 0x48, 0x49, 0x4c, 0x4d,
	0x5c, 0x66, 0x74, 0x75, 0x83, 0x84, 0x85, 0x89, 0x8b, 0x8d, 0xc0, 0xc7, 0xe8, 0xe9, 0xeb, 0xfe, 0xff,
}

func slowRandom(w []byte) bool {
	zeros, high, equal, borrow := 0, false, true, false
	for _, b := range w {
		if borrow = b == 0 || borrow && b == 1; borrow {
			zeros++
		}
		high = high || b >= 0x80
		equal = equal && b == w[0]
	}
	return zeros <= 1 && high && !equal && !(w[6] == 0xff && w[7] == 0xff)
}

func slowPatternless(p []byte, i int) bool {
	common := 0
	for k := i; k < i+8; k++ {
		if entropy.Common(uint64(p[k])*ones) == 8 || p[k] == p[k-4] || p[k] == p[k-8] || p[k] == p[k-16] {
			common++
		}
	}
	return common <= 4 && slowRandom(p[i:i+8])
}

func slowPad(p []byte) bool {
	differs := func(far int) bool {
		for i := range 8 {
			if p[i]^p[far+i] != 0x36^0x5c {
				return false
			}
		}
		return true
	}
	return string(p[:8]) == "66666666" || string(p[:8]) == `\\\\\\\\` || differs(64) || differs(80) || differs(128) || differs(144)
}

func slowSchedule(p []byte, i int) bool {
	q := i + ScheduleBack
	sum := func(at, far int) bool {
		s := load32(p, at) ^ load32(p, at-4)
		return s != 0 && s == load32(p, at+far)
	}
	for _, far := range []int{-16, -24, -32, 8, 16, 32} {
		if sum(q, far) {
			return true
		}
	}
	if sum(q+4, 8) {
		return true
	}
	step := i / 8 % 16
	drift := step % 8
	if step >= 8 {
		drift ^= 1
	}
	for _, far := range []int{-36, -28, -20, -12, 4, 12, 20, 28} {
		if sum(q+drift, far) {
			return true
		}
	}
	return false
}

// TestShort demands a panic, not a stray read, where bytes are missing.
func TestShort(t *testing.T) {
	for _, k := range kernels(newTestSets(nil, 1)) {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s reads beyond its input", k.name)
				}
			}()
			p := make([]byte, 2*k.bytes+k.more-1)
			k.call(make([]uint64, 2), p[:len(p):len(p)])
		}()
	}
}
