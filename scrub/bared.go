package scrub

import (
	"context"
	"errors"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// maxBarings is how often what cuts have laid bare is cut out too before the run gives up.
const maxBarings = 4

// redact makes the verified copy. Where the attack on it finds what the scan had not found,
// it is made again without that.
func (j *Job) redact(ctx context.Context, o *opened, res *Result, out *publish.Unnamed, clock *clock) (*Report, *plan.Plan, error) {
	for try := 0; ; try++ {
		p, err := newPlan(o.l, res)
		if err != nil {
			return nil, nil, err
		}
		if j.Policy.Minimizes() {
			cache := tile.NewCache(res.tiles)
			err := p.Minimize(o.l, cache.Read)
			cache.Close()
			if err != nil {
				return nil, nil, err
			}
		}
		r, err := j.report(o, res)
		if err != nil {
			return nil, nil, err
		}
		r.Output, err = j.write(ctx, o, res, p, out, clock)
		var left *bared
		if try == maxBarings || !errors.As(err, &left) {
			return r, p, err
		}
		res.bare(left.spans)
		p.Free()
		if err := out.Reset(); err != nil {
			return nil, nil, err
		}
	}
}

// bared is the error that secrets are left of which all are known. The scan did not see
// them, so the cuts have laid them bare: a rule wants a token to end, and it ended in stale
// letters of another secret, which are gone now.
type bared struct {
	error
	spans []layout.Span
}

func (b *bared) Unwrap() error { return b.error }

// wipeBared is the class of what cuts laid bare.
const wipeBared = "laid-bare"

// bare has spans removed, beside what was found.
func (res *Result) bare(spans []layout.Span) {
	for i := range res.Wiped {
		if w := &res.Wiped[i]; w.Class == wipeBared {
			w.Spans = layout.Join(append(w.Spans, spans...))
			return
		}
	}
	res.Wiped = append(res.Wiped, Wiped{wipeBared, layout.Join(spans)})
}
