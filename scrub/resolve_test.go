package scrub

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// finder is a detector of which only the kinds matter.
type finder struct {
	probe.Detector
	kinds []string
}

func (f finder) Spec() probe.Spec { return probe.Spec{ID: "finder", Kinds: f.kinds} }

// Whatever overlaps what and whatever a policy makes of it: every byte that some
// verdict calls for is in the plan, and of findings that are alike none is told twice.
func TestResolvedFindingsAnswerEveryVerdict(t *testing.T) {
	l := &layout.Layout{Size: 1 << 12, Regions: []layout.Region{{Span: layout.Span{Len: 1 << 12}, Kind: layout.Memory}}}
	kinds := []string{"a", "b", "c"}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		file := []byte("version = 1\nname = \"test\"\nbase = \"standard\"\n[kinds]\n")
		for _, k := range kinds {
			if r.IntN(2) == 0 {
				file = fmt.Appendf(file, "%s = %q\n", k, []string{"redact", "keep"}[r.IntN(2)])
			}
		}
		p, err := policy.Read(file, []probe.Detector{finder{kinds: kinds}})
		if err != nil {
			t.Fatal(err)
		}
		res := newResult(nil)
		var raws []Finding
		for range 1 + r.IntN(12) {
			k := kinds[r.IntN(len(kinds))]
			f := Finding{
				kind: res.names.of(k), detector: res.names.of("by-" + k), Confidence: probe.Possible + probe.Confidence(r.IntN(3)),
				id: sweep.ID{byte(r.IntN(3))}, det: uint16(k[0]),
			}
			if p.Keeps("by-"+k, k) {
				f.marks = kept | exempt
			}
			spans := []layout.Span{{Off: r.Int64N(40), Len: 1 + r.Int64N(20)}}
			if r.IntN(3) == 0 {
				spans = append(spans, layout.Span{Off: r.Int64N(40), Len: 1 + r.Int64N(20)})
			}
			f.setSpans(spans, res.store)
			f.hull = layout.Span{Off: f.low, Len: 70 - f.low}
			raws = append(raws, f, f)
		}
		slices.SortFunc(raws, func(a, b Finding) int { return res.names.before(res.store)(&a, &b) })
		for _, f := range raws {
			res.demand(&f, p)
		}
		res.resolve(slices.Values(raws), p)
		plan, err := newPlan(l, res)
		if err != nil {
			t.Fatal(err)
		}
		v := &verifier{plan: plan, res: res}
		if err := v.answered(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		seen := map[Finding]bool{}
		for f := range res.Findings.All() {
			f.rest = ref{}
			if f.pieces() == 1 && seen[f] && f.bytes == f.span.Len {
				t.Fatalf("seed %d: a finding is told twice", seed)
			}
			seen[f] = true
			if f.secret < 0 || int(f.secret) >= res.Secrets.Len() || res.Secrets.At(int(f.secret)).id != f.id {
				t.Fatalf("seed %d: a finding has secret %d", seed, f.secret)
			}
		}
	}
}
