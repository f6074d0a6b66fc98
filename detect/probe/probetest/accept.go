// Package probetest holds what every detector owes: one acceptance test that
// each detector's own test calls with true examples made at run time.
package probetest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Case is one complete secret as it lies in memory.
type Case struct {
	Name       string
	Data       []byte // the whole structure, ASCII where it is text
	Text       bool   // also tried as UTF-16LE
	Kind       string
	Encoding   string // of the ASCII form
	Confidence probe.Confidence
	// Private are byte strings of Data that must be gone after redaction: in
	// Data, each in full covered by the redacted ranges.
	Private [][]byte
	// Cut says that Data is still found, with any confidence, when its last byte
	// is missing.
	Cut bool
}

// Accept runs d over each case alone, at both ends of other data, repeated, back
// to back, cut by one byte, as UTF-16LE at both parities, across chunk borders
// with chunks of one byte, and over its own redaction, which it must not find.
func Accept(t *testing.T, d probe.Detector, cases ...Case) {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { accept(t, s, c) })
	}
}

func accept(t *testing.T, s *search.Searcher, c Case) {
	checkListed(t, s, c)
	check := func(name string, data []byte, want int, wide bool) {
		t.Helper()
		fs := Matches(s, data, len(data))
		n := 0
		for _, f := range fs {
			if f.Kind == c.Kind && f.Confidence == c.Confidence {
				n++
			}
		}
		if n < want {
			t.Errorf("%s: %d matches of %s/%s, want %d (all: %d)", name, n, c.Kind, c.Confidence, want, len(fs))
			return
		}
		gone(t, name, c, data, fs, wide)
		if len(data) <= 8192 {
			if one := Matches(s, data, 1); !equal(one, fs) {
				t.Errorf("%s: %d matches in chunks of one byte, %d in one chunk", name, len(one), len(fs))
			}
		}
	}
	noise := Noise(7, 300)
	check("alone", c.Data, 1, false)
	check("at the start", join(c.Data, noise), 1, false)
	check("at the end", join(noise, c.Data), 1, false)
	for off := range 9 {
		check(fmt.Sprintf("at offset %d", off), join(noise[:off], c.Data, noise), 1, false)
	}
	check("between zeros", join(make([]byte, 64), c.Data, make([]byte, 64)), 1, false)
	check("repeated", join(c.Data, noise, c.Data, noise), 2, false)
	check("back to back", join(c.Data, c.Data), 2, false)
	if c.Text {
		w := Widen(c.Data)
		check("utf-16", w, 1, true)
		check("utf-16 at odd parity", join(noise[:1], w, noise), 1, true)
		check("utf-16 between zeros", join(make([]byte, 64), w, make([]byte, 64)), 1, true)
	}
	if c.Cut {
		cut := c.Data[:len(c.Data)-1]
		if fs := Matches(s, cut, len(cut)); len(fs) == 0 {
			t.Error("cut by one byte: not found")
		}
	}
	redactedIsClean(t, s, c.Data)
	if c.Text {
		redactedIsClean(t, s, Widen(c.Data))
	}
}

func checkListed(t *testing.T, s *search.Searcher, c Case) {
	t.Helper()
	if !slices.Contains(s.Spec(0).Kinds, c.Kind) {
		t.Errorf("kind %q is not among those that %s lists", c.Kind, s.Spec(0).ID)
	}
	for _, f := range Matches(s, c.Data, len(c.Data)) {
		if f.Kind == c.Kind && c.Encoding != "" && f.Encoding != c.Encoding {
			t.Errorf("encoding %q, want %q", f.Encoding, c.Encoding)
		}
		if len(f.Identity) == 0 {
			t.Error("a match without identity")
		}
		for i, r := range f.Redact {
			if r.Len() <= 0 || r.Start < 0 || r.End > len(c.Data) || i > 0 && r.Start < f.Redact[i-1].End {
				t.Errorf("redacted range %d is empty, outside or out of order", i)
			}
		}
	}
}

// gone fails when a private byte string survives the redaction of fs.
func gone(t *testing.T, name string, c Case, data []byte, fs []search.Found, wide bool) {
	t.Helper()
	red := Redact(data, fs)
	for i, p := range c.Private {
		if wide {
			p = Widen(p)
		}
		if !bytes.Contains(data, p) {
			t.Fatalf("%s: private part %d does not lie in the data: the case is wrong", name, i)
		}
		if bytes.Contains(red, p) {
			t.Errorf("%s: private part %d survives whole", name, i)
		}
		// No 16 bytes of it may survive either.
		for k := 0; k+16 <= len(p); k += 8 {
			if piece := p[k : k+16]; distinct(piece) > 4 && bytes.Contains(red, piece) {
				t.Errorf("%s: bytes %d to %d of private part %d survive", name, k, k+16, i)
				break
			}
		}
	}
}

func redactedIsClean(t *testing.T, s *search.Searcher, data []byte) {
	t.Helper()
	red := Redact(data, Matches(s, data, len(data)))
	if again := Matches(s, red, len(red)); len(again) > 0 {
		t.Errorf("the redacted copy is found again: %s/%s", again[0].Kind, again[0].Confidence)
	}
}

// Reject fails when d finds anything in data.
func Reject(t *testing.T, d probe.Detector, name string, data []byte) {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Matches(s, data, len(data)) {
		t.Errorf("%s: found %s/%s at %d, want nothing", name, f.Kind, f.Confidence, f.Start)
	}
}

// Matches returns what s finds in data when it is cut into chunks of n bytes,
// sorted and without duplicates.
func Matches(s *search.Searcher, data []byte, n int) []search.Found {
	var fs []search.Found
	before, after := s.Reach()
	for lo := 0; lo < len(data); lo += n {
		hi := min(lo+n, len(data))
		start, end := max(0, lo-before), min(len(data), hi+after)
		w := search.Window{Data: data[start:end], Base: int64(start), Lo: lo - start, Hi: hi - start}
		s.Search(w, func(f search.Found) {
			f.Start, f.End = f.Start+start, f.End+start
			for i := range f.Redact {
				f.Redact[i] = probe.Range{Start: f.Redact[i].Start + start, End: f.Redact[i].End + start}
			}
			f.Hit = 0
			f.Identity = bytes.Clone(f.Identity)
			f.SPKI = bytes.Clone(f.SPKI)
			f.Values = nil
			fs = append(fs, f)
		})
	}
	sort.SliceStable(fs, func(i, j int) bool {
		if fs[i].Start != fs[j].Start {
			return fs[i].Start < fs[j].Start
		}
		if fs[i].End != fs[j].End {
			return fs[i].End > fs[j].End
		}
		return fs[i].Kind < fs[j].Kind
	})
	return slices.CompactFunc(fs, same)
}

func same(a, b search.Found) bool {
	return a.Range == b.Range && a.Wide == b.Wide && a.Kind == b.Kind && a.Encoding == b.Encoding &&
		a.Confidence == b.Confidence && slices.Equal(a.Redact, b.Redact)
}

func equal(a, b []search.Found) bool { return slices.EqualFunc(a, b, same) }

// Redact returns a copy of data without what fs found, filled as scrub fills it:
// binary with the fill byte, text with a tag padded by asterisks.
func Redact(data []byte, fs []search.Found) []byte {
	out := bytes.Clone(data)
	for _, f := range fs {
		for _, r := range f.Redact {
			dst := out[r.Start:r.End]
			step := 1
			if f.Wide {
				step = 2
			}
			tag := probe.TagOpen + f.Kind + "#1]"
			for i := range dst {
				switch {
				case !f.Text:
					dst[i] = probe.Fill
				case step == 2 && i&1 == 1:
					dst[i] = 0
				case i/step < len(tag):
					dst[i] = tag[i/step]
				default:
					dst[i] = '*'
				}
			}
		}
	}
	return out
}

// Widen returns ASCII text as UTF-16LE.
func Widen(p []byte) []byte {
	w := make([]byte, 0, 2*len(p))
	for _, b := range p {
		w = append(w, b, 0)
	}
	return w
}

// Noise returns n deterministic bytes that look like memory: pointers, small
// numbers, text and zeros.
func Noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	var p []byte
	for len(p) < n {
		switch r.IntN(4) {
		case 0:
			p = append(p, byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256)), 0x55, 0x7f, 0, 0, 0)
		case 1:
			p = append(p, byte(r.IntN(256)), 0, 0, 0, 0, 0, 0, 0)
		case 2:
			p = append(p, "/usr/lib/libc.so "[:8+r.IntN(9)]...)
		default:
			p = append(p, 0, 0, 0, 0)
		}
	}
	return p[:n]
}

func distinct(p []byte) int {
	var seen [256]bool
	n := 0
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			n++
		}
	}
	return n
}

func join(ps ...[]byte) []byte { return bytes.Join(ps, nil) }
