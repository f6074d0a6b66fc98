package scrub

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/reel"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
	"github.com/dumpscrub/dumpscrub/scrub/terms"
)

// HuntDetector is the ID under which the hunt reports what it finds.
const HuntDetector = "value-sweep"

// hunt searches the whole file for the values of the secrets that were found,
// and adds a finding for every copy that is not going to be redacted anyway.
func (res *Result) hunt(ctx context.Context, l *layout.Layout, set Settings, book *terms.Book) error {
	res.kept = res.coverOf(res.Findings.All(), func(f *Finding) bool { return f.marks.has(exempt) })
	rank := res.ranks(set.Policy, book)
	res.set.Seal(rank)
	var err error
	if res.wholes, err = book.Search(rank, res.stands.has); err != nil {
		return err
	}
	res.Unhunted = res.Unhunted || res.wholes.Cut
	if res.set.Empty() && res.wholes.Empty() {
		return nil
	}
	planned := res.coverOf(res.Findings.All(), func(f *Finding) bool { return f.Redacted })
	defer planned.free()
	// Places in the file's own order have one span each.
	inFile := spill.NewSorter(res.disk, func(a, b *copied) int {
		return cmp.Or(cmp.Compare(a.secret, b.secret), layout.Compare(a.span, b.span), res.names.compareTexts(a.encoding, b.encoding))
	})
	defer inFile.Free()
	atSeams := spill.NewSorter(res.disk, func(a, b *copied) int {
		if a.rest.n+b.rest.n > 0 || a.span != b.span {
			if c := slices.CompareFunc(a.appendSpans(nil, res.store), b.appendSpans(nil, res.store), layout.Compare); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(a.secret, b.secret), res.names.compareTexts(a.encoding, b.encoding))
	})
	defer atSeams.Free()
	before, after := res.wholes.Reach()
	r := set.reel(res.tiles, l, "hunt")
	defer r.Close()
	r.Before, r.After = max(before, sweep.MaxForm), max(after, sweep.MaxForm)
	for i := range max(1, res.set.Rounds()) {
		res.load(i)
		r.Examine = func(_ int, w reel.Window) error {
			for _, p := range news(res.look(nil, l, w, i), w, planned) {
				inFile.Add(res.copied(p))
			}
			return nil
		}
		if err := r.File(ctx); err != nil {
			return err
		}
		r.Examine = func(_ int, w reel.Window) error {
			for _, p := range res.look(nil, l, w, i) {
				if !planned.within(p.spans) {
					atSeams.Add(res.copied(p))
				}
			}
			return nil
		}
		if err := r.Seams(ctx); err != nil {
			return err
		}
	}
	copies := spill.NewSorter(res.disk, func(a, b *Finding) int { return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.hull.Off, b.hull.Off)) })
	defer copies.Free()
	add := func(c *copied) {
		if f, ok := res.newCopy(planned, c); ok {
			// Copies have no hull; among equals their order is that in which they come.
			f.hull.Off = int64(copies.Len())
			copies.Add(f)
		}
	}
	joinCopies(inFile.All(), add)
	var last copied
	first := true
	for c := range atSeams.All() {
		if first || !res.same(&c, &last) {
			add(&c)
		}
		first, last = false, c
	}
	res.insert(copies)
	return nil
}

// copied is a place in the form that is kept.
type copied struct {
	Finding // span, rest and secret only, with the encoding and the fill
}

func (res *Result) copied(p place) copied {
	c := copied{Finding{
		secret: int32(p.hit.Secret), encoding: res.names.of(p.hit.Encoding), fill: plan.Fill{Text: p.hit.Text, Wide: p.hit.Wide},
	}}
	c.setSpans(p.spans, res.store)
	return c
}

// same reports whether two places at seams are one.
func (res *Result) same(a, b *copied) bool {
	return a.secret == b.secret && a.encoding == b.encoding &&
		slices.Equal(a.appendSpans(nil, res.store), b.appendSpans(nil, res.store))
}

// joinCopies joins places in the file's own order, of which those of one secret that
// overlap are one, so that the result does not depend on where the file was cut.
func joinCopies(all iter.Seq[copied], yield func(*copied)) {
	var last copied
	any := false
	for c := range all {
		if any && last.secret == c.secret && c.span.Off < last.span.End() {
			last.span.Len = max(last.span.End(), c.span.End()) - last.span.Off
			last.bytes = last.span.Len
			continue
		}
		if any {
			yield(&last)
		}
		last, any = c, true
	}
	if any {
		yield(&last)
	}
}

// load makes ready for a round of the hunt, of which there is one at least.
func (res *Result) load(round int) {
	if res.set.Rounds() > 0 {
		res.set.Load(round)
	}
}

// look appends to dst what a round of the hunt finds in w. Whole terms are looked
// for in the first one.
func (res *Result) look(dst []place, l *layout.Layout, w reel.Window, round int) []place {
	if round == 0 {
		res.wholes.Find(w.Search(), func(rank int, f search.Found) {
			dst = append(dst, place{w.Spans(f.Redact...), sweep.Hit{
				Start: f.Start, End: f.End, Secret: rank, Encoding: f.Encoding, Text: f.Text, Wide: f.Text && f.Wide,
			}})
		})
	}
	if res.set.Rounds() == 0 {
		return dst
	}
	return sweepWindow(dst, l, res.set, w)
}

// newCopy returns the finding of c, unless every byte of it is going to be redacted
// anyway: then a finding of the detectors has called for them already.
func (res *Result) newCopy(planned cover, c *copied) (Finding, bool) {
	spans := c.appendSpans(nil, res.store)
	if planned.within(spans) || res.kept.within(spans) {
		return Finding{}, false
	}
	s := res.Secrets.At(int(c.secret))
	f := c.Finding
	f.detector, f.kind = res.names.of(HuntDetector), s.kind
	f.Confidence, f.id, f.Redacted = s.Confidence, s.id, true
	for _, sp := range spans {
		res.call(demand{sp, f.detector, f.kind})
	}
	return f, true
}

// insert puts the findings of copies in their place.
func (res *Result) insert(copies *spill.Sorter[Finding]) {
	if copies.Len() == 0 {
		return
	}
	out := spill.NewList[Finding](res.disk)
	next, stop := iter.Pull(copies.All())
	defer stop()
	c, more := next()
	for f := range res.Findings.All() {
		for ; more && c.low < f.low; c, more = next() {
			c.hull = layout.Span{}
			out.Append(c)
		}
		out.Append(f)
	}
	for ; more; c, more = next() {
		c.hull = layout.Span{}
		out.Append(c)
	}
	res.Findings.Free()
	res.Findings = out
}

// place is a hit of the sweep in the file.
type place struct {
	spans []layout.Span
	hit   sweep.Hit
}

// sweepWindow appends the hits in w to dst. Registers hold keys eight bytes at a
// time, so there shorter pieces count.
func sweepWindow(dst []place, l *layout.Layout, set *sweep.Set, w reel.Window) []place {
	emit := func(h sweep.Hit) {
		dst = append(dst, place{w.Spans(probe.Range{Start: h.Start, End: h.End}), h})
	}
	set.Search(w.Data, w.Lo, w.Hi, emit)
	if w.Seam() {
		return dst // which is memory
	}
	for i := l.At(w.Base + int64(w.Lo)); i < len(l.Regions) && l.Regions[i].Off < w.Base+int64(w.Hi); i++ {
		if reg := l.Regions[i]; reg.Kind == layout.Registers {
			lo, hi := max(int64(w.Lo), reg.Off-w.Base), min(int64(w.Hi), reg.End()-w.Base)
			end := min(int64(len(w.Data)), reg.End()-w.Base)
			set.SearchShort(w.Data[:end], int(lo), int(hi), emit)
		}
	}
	return dst
}

// joinPlaces sorts hits in the file's own order, which have one span each, and
// joins those of one secret that overlap, so that the result does not depend on
// where the file was cut.
func joinPlaces(ps []place) []place {
	slices.SortFunc(ps, func(a, b place) int {
		return cmp.Or(
			cmp.Compare(a.hit.Secret, b.hit.Secret),
			slices.CompareFunc(a.spans, b.spans, layout.Compare),
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
func news(ps []place, w reel.Window, planned cover) []place {
	lo, hi := w.Base+int64(w.Lo)+huntBorder, w.Base+int64(w.Hi)-huntBorder
	joined := joinPlaces(ps)
	return slices.DeleteFunc(joined, func(p place) bool {
		return p.spans[0].Off >= lo && p.spans[0].End() <= hi && planned.within(p.spans)
	})
}

// ranks returns what tells the index of a secret that is to be hunted for. What is
// allowed wherever it was found is not.
func (res *Result) ranks(p policy.Policy, book *terms.Book) func(sweep.ID) (int, bool) {
	// Only so many can be asked for as the hunt knows values and terms of.
	index := map[sweep.ID]int{}
	owners(res.set, book, func(id sweep.ID) { index[id] = -1 })
	if len(index) == 0 {
		return func(sweep.ID) (int, bool) { return 0, false }
	}
	for _, winner := range res.stands {
		index[winner] = -1
	}
	for f := range res.Findings.All() {
		if k, ok := index[f.id]; !ok || k >= 0 {
			continue
		}
		if f.Redacted || !f.marks.has(exempt) && p.Removes(res.Secrets.At(int(f.secret)).Confidence, res.names.text(f.detector), res.names.text(f.kind)) {
			index[f.id] = int(f.secret)
		}
	}
	res.stands.fill(index)
	return func(id sweep.ID) (int, bool) {
		k, ok := index[id]
		return k, ok && k >= 0
	}
}
