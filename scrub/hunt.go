package scrub

import (
	"cmp"
	"context"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// HuntDetector is the ID under which the hunt reports what it finds.
const HuntDetector = "value-sweep"

// hunt searches the whole file for the values of the secrets that were found,
// and adds a finding for every copy that is not going to be redacted anyway.
func (res *Result) hunt(ctx context.Context, set Settings) error {
	ranks := make(map[sweep.ID]int, len(res.Secrets))
	for k := range res.Secrets {
		if set.Policy.removes(res.Secrets[k].Confidence) {
			ranks[res.Secrets[k].id] = k
		}
	}
	res.set.Seal(func(id sweep.ID) (int, bool) { k, ok := ranks[id]; return k, ok })
	if res.set.Empty() {
		return nil
	}
	plan := coverage(res.Findings)
	hits := make([][]place, set.jobs())
	r := &reel{
		cfg: set.Config, tiles: res.tiles, before: sweep.MaxForm, after: sweep.MaxForm, step: "hunt",
		examine: func(w int, win window) error {
			hits[w] = sweepWindow(hits[w], res.set, win)
			return nil
		},
	}
	defer r.close()
	if err := r.file(ctx); err != nil {
		return err
	}
	for _, p := range joinPlaces(slices.Concat(hits...)) {
		if plan.covered(p.Span) {
			continue
		}
		k := p.hit.Secret
		res.Findings = append(res.Findings, Finding{
			Detector: HuntDetector, Kind: res.Secrets[k].Kind, Encoding: p.hit.Encoding,
			Confidence: probe.Confirmed, Secret: k, Spans: []layout.Span{p.Span}, Redacted: true,
			fill: fill{text: p.hit.Text, wide: p.hit.Wide},
		})
	}
	slices.SortStableFunc(res.Findings, func(a, b Finding) int { return cmp.Compare(a.first(), b.first()) })
	return nil
}

// coverage returns a plan of everything that is redacted already.
func coverage(fs []Finding) *Plan {
	var want []cut
	for _, f := range fs {
		if f.Redacted {
			for _, s := range f.Spans {
				want = append(want, cut{Span: s})
			}
		}
	}
	return &Plan{cuts: flatten(want, make([]int, len(want)))}
}

// place is a hit of the sweep in the file.
type place struct {
	layout.Span
	hit sweep.Hit
}

// sweepWindow appends the hits in w, a window in the file's own order, to dst.
func sweepWindow(dst []place, set *sweep.Set, w window) []place {
	set.Search(w.data, w.lo, w.hi, func(h sweep.Hit) {
		dst = append(dst, place{layout.Span{Off: w.base + int64(h.Start), Len: int64(h.End - h.Start)}, h})
	})
	return dst
}

// joinPlaces sorts hits and joins those of one secret that overlap, so that the
// result does not depend on where the file was cut.
func joinPlaces(ps []place) []place {
	slices.SortFunc(ps, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.Off, b.Off), cmp.Compare(b.Len, a.Len), cmp.Compare(a.hit.Encoding, b.hit.Encoding))
	})
	out := ps[:0]
	for _, p := range ps {
		if n := len(out); n > 0 && p.Off < out[n-1].End() && out[n-1].hit.Secret == p.hit.Secret {
			out[n-1].Len = max(out[n-1].End(), p.End()) - out[n-1].Off
			continue
		}
		out = append(out, p)
	}
	return out
}
