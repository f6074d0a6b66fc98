package aeskey

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// patchwork returns data with whole and broken schedules, regular data and zeros
// side by side.
func patchwork(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 5))
	kinds := samples()
	forms := Forms()
	var p []byte
	for len(p) < n {
		switch r.IntN(4) {
		case 0:
			s := kinds[r.IntN(len(kinds)-1)] // the last one is a large file
			p = append(p, s.make(8*(1+r.IntN(30)))...)
		case 1:
			p = append(p, randomBytes(r.Uint64(), r.IntN(60))...)
		default:
			f, err := Encode(testKey(r.Uint64(), sizes[r.IntN(3)]), forms[r.IntN(len(forms))])
			if err != nil {
				panic(err)
			}
			if r.IntN(2) == 0 {
				i := r.IntN(len(f))
				f = f[i : i+r.IntN(len(f)-i)]
			}
			if len(f) > 0 && r.IntN(2) == 0 {
				f[r.IntN(len(f))] ^= 1
			}
			p = append(p, f...)
		}
	}
	return p[:n]
}

// slow is Filter at every step.
func slow(d *detector, data []byte, base int64, lo, hi int, hit func(int)) {
	for q := lo - int((base+int64(lo))&7); q < hi; q += 8 {
		if q >= lo && d.begin(d.steady, data, q) {
			hit(q)
		}
		p := q + kernel.Drift(base+int64(q))
		if p >= lo && p < hi && d.begin(d.drifting, data, p) && (p != q || !d.begin(d.steady, data, q)) {
			hit(p)
		}
	}
}

func hits(filter func([]byte, int64, int, int, func(int)), data []byte, base int64, lo, hi int) []int64 {
	var out []int64
	filter(data, base, lo, hi, func(i int) { out = append(out, base+int64(i)) })
	return out
}

func checkFilter(t *testing.T, data []byte, base int64, cut int) {
	t.Helper()
	d := New().(*detector)
	want := hits(func(p []byte, b int64, lo, hi int, hit func(int)) { slow(d, p, b, lo, hi, hit) }, data, base, 0, len(data))
	got := hits(d.Filter, data, base, 0, len(data))
	if !slices.Equal(got, want) {
		t.Fatalf("base %d: Filter finds %v, every step %v", base, got, want)
	}
	if !slices.IsSorted(got) {
		t.Fatalf("hits do not ascend: %v", got)
	}
	// Cut in two, each with its context, nothing changes.
	left, right := data[:min(len(data), cut+reach)], data[max(0, cut-reach):]
	parts := hits(d.Filter, left, base, 0, cut)
	from := max(0, cut-reach)
	parts = append(parts, hits(d.Filter, right, base+int64(from), cut-from, len(right))...)
	if !slices.Equal(parts, want) {
		t.Fatalf("base %d, cut at %d: %v, want %v", base, cut, parts, want)
	}
}

func TestFilter(t *testing.T) {
	for seed := range uint64(60) {
		data := patchwork(seed, 4000)
		for base := range int64(8) {
			checkFilter(t, data, base*1001, int(seed*67)%len(data))
		}
	}
}

// Matches do not depend on how a stream is cut.
func TestChunks(t *testing.T) {
	s := searcher(t)
	for seed := range uint64(6) {
		data := patchwork(100+seed, 3000)
		want := probetest.Matches(s, data, len(data))
		for _, n := range []int{1, 7, 8, 100, 1024} {
			got := probetest.Matches(s, data, n)
			if len(got) != len(want) {
				t.Fatalf("seed %d: %d matches in chunks of %d, %d in one", seed, len(got), n, len(want))
			}
			for i := range got {
				if got[i].Range != want[i].Range || !bytes.Equal(got[i].Identity, want[i].Identity) ||
					!slices.Equal(got[i].Redact, want[i].Redact) {
					t.Fatalf("seed %d: match %d differs in chunks of %d", seed, i, n)
				}
			}
		}
	}
}

// After redaction nothing is found.
func TestIdempotent(t *testing.T) {
	s := searcher(t)
	for seed := range uint64(40) {
		data := patchwork(200+seed, 4000)
		red := probetest.Redact(data, probetest.Matches(s, data, len(data)))
		if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
			t.Errorf("seed %d: %d matches after redaction, the first at %d", seed, len(again), again[0].Start)
		}
	}
}

// FuzzFilter compares Filter with every step, cut and uncut, and demands that
// what is emitted is a schedule and is gone after redaction.
func FuzzFilter(f *testing.F) {
	f.Add(uint64(1), []byte{}, uint16(0), uint8(0))
	f.Add(uint64(2), bytes.Repeat([]byte{1, 0, 0, 0}, 50), uint16(77), uint8(5))
	f.Add(uint64(3), patchwork(7, 600), uint16(300), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, raw []byte, cut uint16, base uint8) {
		if len(raw) > 4096 {
			raw = raw[:4096]
		}
		r := rand.New(rand.NewPCG(seed, 3))
		forms := Forms()
		key := testKey(seed, sizes[r.IntN(3)])
		sched := mustEncode(t, key, forms[r.IntN(len(forms))])
		at := r.IntN(len(raw) + 1)
		data := bytes.Join([][]byte{raw[:at], sched, raw[at:]}, nil)
		checkFilter(t, data, int64(base), int(cut)%len(data))
		s := searcher(t)
		fs := probetest.Matches(s, data, len(data))
		found := false
		for _, m := range fs {
			found = found || bytes.Equal(m.Identity, key) && m.Start <= at && m.End >= at+len(sched)
			if m.Start < 0 || m.End > len(data) || m.Len() < 4*(4+4) {
				t.Fatalf("match [%d,%d) of %d bytes", m.Start, m.End, len(data))
			}
		}
		if !found {
			t.Fatalf("the schedule at %d is not found whole among %d matches", at, len(fs))
		}
		if again := probetest.Matches(s, probetest.Redact(data, fs), len(data)); len(again) > 0 {
			t.Fatalf("found again at %d", again[0].Start)
		}
	})
}

// FuzzDetect calls the detector at any position of any data: what it emits lies in the view,
// is ordered, and expands from its key.
func FuzzDetect(f *testing.F) {
	f.Add([]byte{}, uint16(0))
	f.Add(patchwork(9, 700), uint16(350))
	f.Fuzz(func(t *testing.T, data []byte, at uint16) {
		if len(data) == 0 {
			return
		}
		New().Detect(probe.View{Data: data, At: int(at) % len(data)}, func(m probe.Match) {
			last := m.Start
			for _, r := range m.Redact {
				if r.Start < last || r.End > m.End || r.Len() <= 0 {
					t.Fatalf("range [%d,%d) of [%d,%d)", r.Start, r.End, m.Start, m.End)
				}
				last = r.End
			}
			if m.Start < 0 || m.End > len(data) || len(m.Identity) == 0 {
				t.Fatalf("match [%d,%d) of %d bytes", m.Start, m.End, len(data))
			}
		})
	})
}
