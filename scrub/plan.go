package scrub

import (
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
)

// newPlan merges what is wiped with the findings that the policy removes.
func newPlan(l *layout.Layout, r *Result) (*plan.Plan, error) {
	b := plan.NewBuilder(r.disk, l, func(dst []byte, secret int) []byte { return r.tagger.append(dst, r, secret) })
	defer b.Free()
	for _, w := range r.Wiped {
		for _, s := range w.Spans {
			if err := b.Add(plan.Cut{Span: s, Secret: plan.Wiped, Finding: plan.Wiped}, w.Class); err != nil {
				return nil, err
			}
		}
	}
	index := int64(-1)
	var spans []layout.Span
	for f := range r.Findings.All() {
		index++
		if !f.Redacted {
			continue
		}
		phase := int64(0)
		spans = f.appendSpans(spans[:0], r.store)
		for k, s := range spans {
			if k > 0 && spans[k-1].Len > 0 && !(f.fill.Wide && spans[k-1].Len%2 == 1) {
				phase = 0 // but for the rest of a character across a seam
			}
			if err := b.Add(plan.Cut{
				Span: s, Phase: phase, Secret: f.secret, Fill: f.fill,
				Confidence: f.Confidence, Bytes: f.bytes, Low: f.low, Finding: index,
			}, r.names.text(f.kind)); err != nil {
				return nil, err
			}
			phase += s.Len
		}
	}
	return b.Plan()
}
