package scrub

import (
	"bytes"
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
	res.kept = coverOf(res.Findings, func(f *Finding) bool { return f.marks.has(exempt) })
	rank := res.ranks(set.Policy)
	res.set.Seal(rank)
	var err error
	if res.wholes, err = newWholes(res.set, terms, rank); err != nil {
		return err
	}
	clear(terms)
	res.Unhunted = res.Unhunted || res.wholes.cut
	if res.set.Empty() && res.wholes.s == nil {
		return nil
	}
	plan := coverOf(res.Findings, func(f *Finding) bool { return f.Redacted })
	inFile := make([][]place, set.jobs())
	atSeams := make([][]place, set.jobs())
	before, after := res.wholes.reach()
	r := &reel{cfg: set.Config, tiles: res.tiles, layout: l, before: max(before, sweep.MaxForm), after: max(after, sweep.MaxForm), step: "hunt"}
	defer r.close()
	for i := range max(1, res.set.Rounds()) {
		res.load(i)
		r.examine = func(w int, win window) error {
			inFile[w] = append(inFile[w], news(res.look(nil, win, i), win, plan)...)
			return nil
		}
		if err := r.file(ctx); err != nil {
			return err
		}
		r.examine = func(w int, win window) error {
			for _, p := range res.look(nil, win, i) {
				if !plan.within(p.spans) {
					atSeams[w] = append(atSeams[w], p)
				}
			}
			return nil
		}
		if err := r.seams(ctx, l); err != nil {
			return err
		}
	}
	for _, p := range append(joinPlaces(slices.Concat(inFile...)), sortPlaces(slices.Concat(atSeams...))...) {
		res.addCopy(plan, p)
	}
	res.sort()
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
// anyway: then a finding of the detectors has called for them already.
func (res *Result) addCopy(plan cover, p place) {
	if plan.within(p.spans) || res.kept.within(p.spans) {
		return
	}
	s := &res.Secrets[p.hit.Secret]
	f := Finding{
		detector: res.names.of(HuntDetector), kind: s.kind, encoding: res.names.of(p.hit.Encoding),
		Confidence: s.Confidence, secret: int32(p.hit.Secret), id: res.idOf(p.hit.Secret), Redacted: true,
		fill: fill{text: p.hit.Text, wide: p.hit.Wide},
	}
	f.setSpans(p.spans)
	for _, s := range p.spans {
		res.demands = append(res.demands, demand{s, f.detector, f.kind})
	}
	res.Findings = append(res.Findings, f)
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
	slices.SortFunc(ps, func(a, b place) int {
		return cmp.Or(
			cmp.Compare(a.hit.Secret, b.hit.Secret),
			slices.CompareFunc(a.spans, b.spans, compareSpan),
			cmp.Compare(a.hit.Encoding, b.hit.Encoding),
		)
	})
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

// huntBorder is how far into its neighbour a window may see a hit that the
// neighbour does not see, in bytes: the part there would be too short to be found,
// or the hit is a whole term.
const huntBorder = 16 << 10

// news returns what is left of the hits in a window of the file when those are
// gone that will be redacted anyway: in a dump full of secrets nearly all. Hits
// that others may overlap which only the next window sees stay, because only all
// of them together say where a copy begins and ends.
func news(ps []place, w window, plan cover) []place {
	lo, hi := w.base+int64(w.lo)+huntBorder, w.base+int64(w.hi)-huntBorder
	joined := joinPlaces(ps)
	return slices.DeleteFunc(joined, func(p place) bool {
		return p.spans[0].Off >= lo && p.spans[0].End() <= hi && plan.within(p.spans)
	})
}

// ranks returns what tells the index of a secret that is to be hunted for. What is
// allowed wherever it was found is not.
func (res *Result) ranks(p Policy) func(sweep.ID) (int, bool) {
	wanted := make([]bool, len(res.Secrets))
	for i := range res.Findings {
		f := &res.Findings[i]
		if f.Redacted || !f.marks.has(exempt) && p.removes(res.Secrets[f.secret].Confidence, res.names.text(f.detector), res.names.text(f.kind)) {
			wanted[f.secret] = true
		}
	}
	var byID []int32
	for k, want := range wanted {
		if want {
			byID = append(byID, int32(k))
		}
	}
	compare := func(k int32, id sweep.ID) int {
		have := res.idOf(int(k))
		return bytes.Compare(have[:], id[:])
	}
	slices.SortFunc(byID, func(a, b int32) int { return compare(a, res.idOf(int(b))) })
	return func(id sweep.ID) (int, bool) {
		i, ok := slices.BinarySearchFunc(byID, id, compare)
		if !ok {
			return 0, false
		}
		return int(byID[i]), true
	}
}

// sort puts findings that were added in their place.
func (res *Result) sort() {
	slices.SortStableFunc(res.Findings, func(a, b Finding) int { return cmp.Compare(a.first(), b.first()) })
	for k := range res.Secrets {
		res.Secrets[k].first = -1
	}
	for i := range res.Findings {
		if s := &res.Secrets[res.Findings[i].secret]; s.first < 0 {
			s.first = int32(i)
		}
	}
}
