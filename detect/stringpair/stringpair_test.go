package stringpair

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// base is the address of the characters in tests.
const base uint64 = 0x00007f12_34567000

// letters returns n random characters that a token may consist of.
func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[r.IntN(36)]
	}
	return string(b)
}

// factsOf returns the facts of a process that has text at address addr: what a rule
// sees in it, and the memory.
func factsOf(t testing.TB, addr uint64, text []byte) probe.Facts {
	t.Helper()
	set, err := rule.Parse([]byte("[[rules]]\nid='a'\nregex='''\\b(tst_[a-z0-9]{30,36})\\b'''"), rule.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := search.New(set.Glued())
	if err != nil {
		t.Fatal(err)
	}
	f := probe.Facts{Memory: func(a uint64, p []byte) bool {
		if a < addr || a-addr > uint64(len(text)) || uint64(len(p)) > uint64(len(text))-(a-addr) {
			return false
		}
		copy(p, text[a-addr:])
		return true
	}}
	s.Search(search.Window{Data: text, Hi: len(text)}, func(m search.Found) {
		g := *m.Glued
		g.Addr = addr + uint64(m.Start)
		f.Glued = append(f.Glued, g)
	})
	return f
}

// words returns ws as words of n bytes.
func words(o binary.ByteOrder, n int, ws ...uint64) []byte {
	var p []byte
	for _, w := range ws {
		var b [8]byte
		if n == 4 {
			o.PutUint32(b[:], uint32(w))
		} else {
			o.PutUint64(b[:], w)
		}
		p = append(p, b[:n]...)
	}
	return p
}

// found returns what d emits for data in windows of n bytes.
func found(t testing.TB, d probe.Detector, data []byte, n int) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	var fs []search.Found
	before, after := s.Reach()
	for lo := 0; lo < len(data); lo += n {
		start, end := max(0, lo-before), min(len(data), lo+n+after)
		w := search.Window{Data: data[start:end], Base: int64(start), Lo: lo - start, Hi: min(len(data), lo+n) - start}
		s.Search(w, func(f search.Found) { f.Start += start; f.End += start; fs = append(fs, f) })
	}
	return fs
}

func TestLayouts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 19))
	tok := "tst_" + letters(r, 33)
	text := []byte(letters(r, 100) + tok + letters(r, 100) + " Bearer " + tok + letters(r, 100))
	const glued = base + 100
	alone := base + uint64(bytes.LastIndex(text, []byte(tok)))
	n := uint64(len(tok))
	junk := uint64(0x00007f00_deadbee0)
	for _, c := range []struct {
		name  string
		words []uint64
		want  int
	}{
		{"pointer, length", []uint64{glued, n}, 1},
		{"Go slice", []uint64{glued, n, 64}, 1},
		{"Rust String", []uint64{64, glued, n}, 1},
		{"pointer, capacity, length", []uint64{glued, 64, n}, 1},
		{"string that ends with the token", []uint64{alone - 7, n + 7}, 1},
		{"the token after a blank", []uint64{alone, n}, 1},
		{"between others", []uint64{junk, 1, glued, n, junk, n}, 1},
		{"two", []uint64{glued, n, 0, alone, n}, 2},
		// The rule says where the token begins, so letters before it are no hindrance.
		{"a string that begins in the glue", []uint64{glued - 3, n + 3}, 1},
		{"behind the beginning", []uint64{glued + 1, n - 1}, 0},
		{"too short", []uint64{glued, 33}, 0},
		{"too long", []uint64{glued, 41}, 0},
		{"capacity below length", []uint64{glued, n - 2, n}, 1}, // the capacity as a length
		{"length, pointer", []uint64{n, glued}, 0},
		{"far before", []uint64{alone - 300, n + 300}, 0},
		{"no length", []uint64{glued, 0}, 0},
		{"a length without bounds", []uint64{glued, 1<<64 - 1}, 0},
		{"a pointer at the end of the address space", []uint64{1<<64 - 16, n}, 0},
		{"elsewhere", []uint64{glued + 1<<28, n}, 0},
	} {
		for _, a := range []struct {
			arch string
			word int
			o    binary.ByteOrder
			addr uint64
		}{{"x86-64", 8, binary.LittleEndian, base}, {"s390x", 8, binary.BigEndian, base}, {"i386", 4, binary.LittleEndian, base & 0x7fffffff}, {"ppc", 4, binary.BigEndian, base & 0x7fffffff}} {
			f := factsOf(t, a.addr, text)
			f.Arch, f.BigEndian = a.arch, a.o == binary.BigEndian
			data := make([]byte, 2*a.word)
			for _, w := range c.words {
				if w>>32 == base>>32 {
					w = w - base + a.addr
				}
				data = append(data, words(a.o, a.word, w)...)
			}
			data = append(data, make([]byte, 4*a.word)...)
			fs := found(t, New(f), data, len(data))
			if len(fs) != c.want {
				t.Errorf("%s, %s: %d findings, want %d", a.arch, c.name, len(fs), c.want)
			}
			for _, m := range fs {
				if len(m.Redact) != 0 || len(m.Remote) != 1 || !m.Text || c.name != "capacity below length" && string(m.Identity) != tok || m.Kind != "a" {
					t.Errorf("%s, %s: not the token", a.arch, c.name)
				}
			}
			if one := found(t, New(f), data, 1); fmt.Sprint(ranges(one)) != fmt.Sprint(ranges(fs)) {
				t.Errorf("%s, %s: other findings in windows of one byte", a.arch, c.name)
			}
			if shifted := found(t, New(f), append(make([]byte, a.word/2), data...), 64); len(shifted) != 0 {
				t.Errorf("%s, %s: found where no word begins", a.arch, c.name)
			}
		}
	}
}

func ranges(fs []search.Found) (rs []probe.Range) {
	for _, f := range fs {
		rs = append(rs, f.Range)
	}
	return rs
}

func TestNothingToProve(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 19))
	f := factsOf(t, base, []byte("tst_"+letters(r, 80)))
	if len(f.Glued) != 1 || New(f) == nil {
		t.Fatal("the case is wrong")
	}
	blind := f
	blind.Memory = nil
	f.Glued = nil
	if New(blind) != nil || New(f) != nil {
		t.Error("there is a prover without memory or tokens")
	}
}

// TestRedacted: the pair stays in the copy, its token does not.
func TestRedacted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 19))
	text := []byte("tst_" + letters(r, 80))
	f := factsOf(t, base, text)
	data := words(binary.LittleEndian, 8, base, 36, 0)
	if fs := found(t, New(f), data, len(data)); len(fs) != 1 {
		t.Fatal("the case is wrong")
	}
	for _, n := range []int{8, 20, 36} {
		fill := []byte(probe.TagOpen + "a#1]" + "************************")
		red := bytes.Clone(text)
		copy(red[:n], fill)
		g := f
		g.Memory = func(a uint64, p []byte) bool { copy(p, red[a-base:]); return true }
		if fs := found(t, New(g), data, len(data)); len(fs) != 0 {
			t.Errorf("%d redacted characters are found again", n)
		}
	}
	f.Memory = func(uint64, []byte) bool { return false }
	probetest.Reject(t, New(f), "memory that the dump does not hold", data)
}

// TestNoise: what looks like memory has no pair.
func TestNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 19))
	f := factsOf(t, base, []byte(letters(r, 100)+"tst_"+letters(r, 100)))
	probetest.Reject(t, New(f), "noise", probetest.Noise(5, 1<<16))
	var near []uint64
	for range 1 << 14 {
		near = append(near, base+r.Uint64N(512), r.Uint64())
	}
	probetest.Reject(t, New(f), "pointers nearby", words(binary.LittleEndian, 8, near...))
}

func FuzzDetect(f *testing.F) {
	r := rand.New(rand.NewPCG(6, 19))
	facts := factsOf(f, base, []byte(letters(r, 100)+"tst_"+letters(r, 100)))
	d := New(facts)
	f.Add(words(binary.LittleEndian, 8, base+100, 36, 36))
	f.Add(words(binary.LittleEndian, 8, base+100, 64, 36))
	f.Fuzz(func(t *testing.T, data []byte) {
		fs := found(t, d, data, len(data)+1)
		if one := found(t, d, data, 7); fmt.Sprint(ranges(one)) != fmt.Sprint(ranges(fs)) {
			t.Error("other findings in other windows")
		}
		for _, m := range fs {
			if b := m.Remote[0]; b.Len != len(m.Identity) || b.Len < 34 || b.Len > 40 {
				t.Errorf("a token of %d characters", b.Len)
			}
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 19))
	f := factsOf(b, base, []byte("tst_"+letters(r, 80)))
	far := f.Glued[0]
	far.Addr += 1 << 40
	f.Glued = append(f.Glued, far) // so that the range of addresses decides nothing
	d := New(f).(*prover)
	data := probetest.Noise(8, 1<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		d.Filter(data, 0, 0, len(data), func(int) {})
	}
}
