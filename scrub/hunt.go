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
func (res *Result) hunt(ctx context.Context, l *layout.Layout, set Settings, terms map[sweep.ID]*term) error {
	ranks := make(map[sweep.ID]int, len(res.Secrets))
	// What is allowed wherever it was found is not hunted for.
	for i := range res.Findings {
		if f := &res.Findings[i]; f.Redacted || !f.exempt && set.Policy.removes(res.Secrets[f.Secret].Confidence, f.Detector, f.Kind) {
			ranks[res.Secrets[f.Secret].id] = f.Secret
		}
	}
	res.kept = exempted(res.Findings)
	res.set.Seal(func(id sweep.ID) (int, bool) { k, ok := ranks[id]; return k, ok })
	var err error
	if res.wholes, err = newWholes(res.set, terms, ranks); err != nil {
		return err
	}
	res.Unhunted = res.Unhunted || res.wholes.cut
	if res.set.Empty() && res.wholes.s == nil {
		return nil
	}
	inFile := make([][]place, set.jobs())
	atSeams := make([][]place, set.jobs())
	before, after := res.wholes.reach()
	r := &reel{cfg: set.Config, tiles: res.tiles, layout: l, before: max(before, sweep.MaxForm), after: max(after, sweep.MaxForm), step: "hunt"}
	defer r.close()
	for i := range max(1, res.set.Rounds()) {
		res.load(i)
		r.examine = func(w int, win window) error {
			inFile[w] = res.look(inFile[w], win, i)
			return nil
		}
		if err := r.file(ctx); err != nil {
			return err
		}
		r.examine = func(w int, win window) error {
			atSeams[w] = res.look(atSeams[w], win, i)
			return nil
		}
		if err := r.seams(ctx, l); err != nil {
			return err
		}
	}
	plan := coverage(res.Findings)
	for _, p := range append(joinPlaces(slices.Concat(inFile...)), sortPlaces(slices.Concat(atSeams...))...) {
		res.addCopy(plan, p)
	}
	slices.SortStableFunc(res.Findings, func(a, b Finding) int { return cmp.Compare(a.first(), b.first()) })
	return nil
}

// load makes ready for a round of the hunt, of which there is one at least.
func (res *Result) load(round int) {
	if res.set.Rounds() > 0 {
		res.set.Load(round)
	}
}

// look appends to dst what a round of the hunt finds in w. Whole terms are looked
// for in the first one.
func (res *Result) look(dst []place, w window, round int) []place {
	if round == 0 {
		dst = res.wholes.search(dst, w)
	}
	if res.set.Rounds() == 0 {
		return dst
	}
	return sweepWindow(dst, res.set, w)
}

// addCopy adds a finding for p, unless every byte of it is going to be redacted
// anyway.
func (res *Result) addCopy(plan *Plan, p place) {
	open := slices.ContainsFunc(p.spans, func(s layout.Span) bool { return !plan.covered(s) })
	if !open || res.kept.within(p.spans) {
		return
	}
	s := &res.Secrets[p.hit.Secret]
	res.Findings = append(res.Findings, Finding{
		Detector: HuntDetector, Kind: s.Kind, Encoding: p.hit.Encoding,
		Confidence: s.Confidence, Secret: p.hit.Secret, Spans: p.spans, Redacted: true,
		fill: fill{text: p.hit.Text, wide: p.hit.Wide},
	})
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
	spans []layout.Span
	hit   sweep.Hit
}

// sweepWindow appends the hits in w to dst. Registers hold keys eight bytes at a
// time, so there shorter pieces count.
func sweepWindow(dst []place, set *sweep.Set, w window) []place {
	emit := func(h sweep.Hit) {
		dst = append(dst, place{w.tape.ranges(w.base, []probe.Range{{Start: h.Start, End: h.End}}), h})
	}
	set.Search(w.data, w.lo, w.hi, emit)
	if len(w.tape.parts) > 1 {
		return dst // a seam, which is memory
	}
	for i := w.l.At(w.base + int64(w.lo)); i < len(w.l.Regions) && w.l.Regions[i].Off < w.base+int64(w.hi); i++ {
		if reg := w.l.Regions[i]; reg.Kind == layout.Registers {
			lo, hi := max(int64(w.lo), reg.Off-w.base), min(int64(w.hi), reg.End()-w.base)
			end := min(int64(len(w.data)), reg.End()-w.base)
			set.SearchShort(w.data[:end], int(lo), int(hi), emit)
		}
	}
	return dst
}

// sortPlaces sorts hits by where and what they are and removes duplicates.
func sortPlaces(ps []place) []place {
	order := func(a, b place) int {
		return cmp.Or(
			slices.CompareFunc(a.spans, b.spans, compareSpan),
			cmp.Compare(a.hit.Secret, b.hit.Secret), cmp.Compare(a.hit.Encoding, b.hit.Encoding),
		)
	}
	slices.SortFunc(ps, order)
	return slices.CompactFunc(ps, func(a, b place) bool { return order(a, b) == 0 })
}

// joinPlaces sorts hits in the file's own order, which have one span each, and
// joins those of one secret that overlap, so that the result does not depend on
// where the file was cut.
func joinPlaces(ps []place) []place {
	ps = sortPlaces(ps)
	out := ps[:0]
	for _, p := range ps {
		if n := len(out); n > 0 && out[n-1].hit.Secret == p.hit.Secret && p.spans[0].Off < out[n-1].spans[0].End() {
			last := &out[n-1].spans[0]
			last.Len = max(last.End(), p.spans[0].End()) - last.Off
			continue
		}
		out = append(out, p)
	}
	return out
}
