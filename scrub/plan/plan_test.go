package plan

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// paint returns what each byte of a file of n bytes becomes under cuts, one at a time: of those that have it
// the one that was wiped, else that of the highest confidence, the most bytes, the lowest beginning, the lowest number.
func paint(n int, cuts []Cut, tags Tags) []byte {
	out := make([]byte, n)
	for i := range out {
		var best *Cut
		for k := range cuts {
			c := &cuts[k]
			if int64(i) < c.Off || int64(i) >= c.End() {
				continue
			}
			switch {
			case best == nil:
			case best.Finding == Wiped:
				continue
			case c.Finding == Wiped:
			case c.Confidence != best.Confidence:
				if c.Confidence < best.Confidence {
					continue
				}
			case c.Bytes != best.Bytes:
				if c.Bytes < best.Bytes {
					continue
				}
			case c.Low != best.Low:
				if c.Low > best.Low {
					continue
				}
			case c.Finding > best.Finding:
				continue
			}
			best = c
		}
		switch {
		case best == nil:
			out[i] = '.'
		case !best.Fill.Text:
			out[i] = probe.Fill
		default:
			text := append(tags(nil, int(best.Secret)), bytes.Repeat([]byte{pad}, n)...)
			at := int(best.Phase) + i - int(best.Off)
			if best.Fill.Wide {
				if at%2 == 1 {
					continue // zero
				}
				at /= 2
			}
			out[i] = text[at]
		}
	}
	return out
}

// TestPlan holds that a plan gives every byte the fill that it would get alone, however the file is cut into
// pieces, and that what it says of its cuts is what it does.
func TestPlan(t *testing.T) {
	const n = 120
	l := &layout.Layout{Size: n, Regions: []layout.Region{{Span: layout.Span{Len: n}, Kind: layout.Memory}}}
	tags := func(dst []byte, secret int) []byte { return fmt.Appendf(dst, "<%d>", secret) }
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 3))
		var cuts []Cut
		b := NewBuilder(nil, l, tags)
		for i := range int64(r.IntN(8)) {
			off := r.Int64N(n)
			c := Cut{
				Span: layout.Span{Off: off, Len: 1 + r.Int64N(min(40, n-off))}, Phase: r.Int64N(3) * r.Int64N(8), Secret: int32(i),
				Fill:       []Fill{{}, {Text: true}, {Text: true, Wide: true}}[r.IntN(3)],
				Confidence: probe.Possible + probe.Confidence(r.IntN(2)), Bytes: r.Int64N(2), Low: r.Int64N(2), Finding: i,
			}
			if r.IntN(4) == 0 {
				c = Cut{Span: c.Span, Secret: Wiped, Finding: Wiped}
			}
			cuts = append(cuts, c)
		}
		for _, i := range r.Perm(len(cuts)) {
			if err := b.Add(cuts[i], "a"); err != nil {
				t.Fatal(err)
			}
		}
		p, err := b.Plan()
		if err != nil {
			t.Fatal(err)
		}
		b.Free()
		want := paint(n, cuts, tags)
		got := bytes.Repeat([]byte{'.'}, n)
		for off := 0; off < n; {
			end := min(n, off+1+r.IntN(n))
			p.Apply(got[off:end], int64(off))
			off = end
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("seed %d:\n%q, want\n%q", seed, got, want)
		}
		cut := make([]bool, n)
		for _, c := range cuts {
			for i := c.Off; i < c.End(); i++ {
				cut[i] = true
			}
		}
		for range 20 {
			s := layout.Span{Off: r.Int64N(n)}
			s.Len = 1 + r.Int64N(n-s.Off)
			any, all := false, true
			for _, c := range cut[s.Off:s.End()] {
				any, all = any || c, all && c
			}
			if p.Touches(s) != any || p.Covered(s) != all {
				t.Fatalf("seed %d: %v is touched: %v, covered: %v; want %v, %v", seed, s, p.Touches(s), p.Covered(s), any, all)
			}
			last := int64(-1)
			for c := range p.From(s.Off) {
				if c.End() <= s.Off || c.Off < last {
					t.Fatalf("seed %d: cut %v from offset %d on", seed, c, s.Off)
				}
				for i := max(last, s.Off); i < c.Off; i++ {
					if cut[i] {
						t.Fatalf("seed %d: offset %d is in no cut", seed, i)
					}
				}
				last = c.End()
			}
		}
	}
}

// TestStructure holds that a cut on structure is an error that says what of what, wherever it touches it.
func TestStructure(t *testing.T) {
	l := &layout.Layout{Size: 300, Regions: []layout.Region{
		{Span: layout.Span{Off: 0, Len: 100}, Kind: layout.Structure, Name: "header"},
		{Span: layout.Span{Off: 100, Len: 200}, Kind: layout.Memory},
	}}
	for off, want := range map[int64]error{0: ErrStructure, 99: ErrStructure, 100: nil, 280: nil} {
		b := NewBuilder(nil, l, nil)
		err := b.Add(Cut{Span: layout.Span{Off: off, Len: 20}}, "kind")
		if !errors.Is(err, want) || want != nil && err.Error() != fmt.Sprintf("%v: kind at offset %d, header at offset 0", want, off) {
			t.Errorf("offset %d: %v, want %v", off, err, want)
		}
	}
}

// TestZeroPlan holds that it changes nothing.
func TestZeroPlan(t *testing.T) {
	p := &Plan{}
	data := []byte("abc")
	p.Apply(data, 5)
	if string(data) != "abc" || p.Len() != 0 || p.Masked() || p.Touches(layout.Span{Len: 9}) || p.Covered(layout.Span{Len: 9}) {
		t.Errorf("%q, %d cuts", data, p.Len())
	}
}
