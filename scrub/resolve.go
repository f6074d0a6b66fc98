package scrub

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// resolve sorts raws by offset and removes duplicates, in place. Its result is a
// function of the set of raws, whatever order the workers found them in.
func resolve(raws []Finding, public map[sweep.ID][]byte, n *names) []Finding {
	order := func(a, b *Finding) int { return n.compare(a, b) }
	slices.SortFunc(raws, func(a, b Finding) int { return order(&a, &b) })
	raws = slices.CompactFunc(raws, func(a, b Finding) bool { return order(&a, &b) == 0 })
	raws = dropCovered(raws, public)
	slices.SortStableFunc(raws, func(a, b Finding) int { return cmp.Compare(a.first(), b.first()) })
	return raws
}

// compare is a total order of findings that says nothing of secrets: where two
// compare equal they are one finding, met through two hits or two tapes.
func (n *names) compare(a, b *Finding) int {
	if c := cmp.Or(
		cmp.Compare(a.hull.Off, b.hull.Off),
		cmp.Compare(b.hull.Len, a.hull.Len),
		cmp.Compare(b.Confidence, a.Confidence),
	); c != 0 {
		return c
	}
	// The numbers of names differ from run to run.
	return cmp.Or(
		n.compareTexts(a.detector, b.detector),
		n.compareTexts(a.kind, b.kind),
		n.compareTexts(a.encoding, b.encoding),
		compareSpan(a.span, b.span),
		slices.CompareFunc(a.more(), b.more(), compareSpan),
	)
}

func (n *names) compareTexts(a, b name) int {
	if a == b {
		return 0
	}
	return cmp.Compare(n.text(a), n.text(b))
}

func compareSpan(a, b layout.Span) int {
	return cmp.Or(cmp.Compare(a.Off, b.Off), cmp.Compare(a.Len, b.Len))
}

// maxActive bounds how many overlapping findings one is compared with. Honest
// structures nest a few deep; beyond that a duplicate is merely reported twice.
const maxActive = 32

// dropCovered removes findings whose every byte also belongs to a better one
// that says the same: the truncated view of a key that a seam shows whole, the
// PKCS#1 inside a PKCS#8. It works in place.
func dropCovered(raws []Finding, public map[sweep.ID][]byte) []Finding {
	order := make([]int32, len(raws))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(raws[a].first(), raws[b].first()), cmp.Compare(a, b))
	})
	drop := make([]bool, len(raws))
	type open struct {
		i      int32
		sorted []layout.Span
		end    int64
	}
	var active []open
	for _, i := range order {
		now := open{i: i, sorted: raws[i].appendSpans(nil)}
		slices.SortFunc(now.sorted, compareSpan)
		now.end = now.sorted[len(now.sorted)-1].End()
		active = slices.DeleteFunc(active, func(o open) bool { return o.end <= now.sorted[0].Off })
		for _, o := range active {
			if drop[o.i] {
				continue
			}
			if redundant(raws, now.sorted, o.sorted, int(i), int(o.i), public) {
				drop[i] = true
				break
			}
			if redundant(raws, o.sorted, now.sorted, int(o.i), int(i), public) {
				drop[o.i] = true
			}
		}
		if len(active) < maxActive {
			active = append(active, now)
		}
	}
	kept := raws[:0]
	for i := range raws {
		if !drop[i] {
			kept = append(kept, raws[i])
		}
	}
	clear(raws[len(kept):])
	return kept
}

// redundant reports whether finding i adds nothing to finding j. Their spans are
// given in order of offset.
func redundant(raws []Finding, si, sj []layout.Span, i, j int, public map[sweep.ID][]byte) bool {
	a, b := &raws[i], &raws[j]
	if a.Confidence > b.Confidence || b.marks.has(exempt) && !a.marks.has(exempt) || !covers(sj, si) {
		return false
	}
	if a.Confidence == b.Confidence && covers(si, sj) {
		// The same bytes: the larger structure stays, of text the smaller, for a name and
		// an assignment around a token say less than its shape; then the earlier detector.
		larger := cmp.Compare(b.hull.Len, a.hull.Len)
		if a.fill.text && b.fill.text {
			larger = -larger
		}
		if c := cmp.Or(larger, b2i(a.marks.has(proven))-b2i(b.marks.has(proven)), cmp.Compare(a.det, b.det), cmp.Compare(i, j)); c < 0 {
			return false
		}
	}
	return a.detector == b.detector || a.id == b.id || public[a.id] == nil
}

// covers reports whether every byte of b is in a; both are sorted.
func covers(a, b []layout.Span) bool {
	i := 0
	for _, s := range b {
		for i < len(a) && a[i].End() <= s.Off {
			i++
		}
		off, k := s.Off, i
		for off < s.End() {
			if k >= len(a) || a[k].Off > off {
				return false
			}
			off = a[k].End()
			k++
		}
	}
	return true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// number tells the secrets of the findings apart and numbers them by their first
// findings.
func (res *Result) number() {
	fs := res.Findings
	byID := make([]int32, len(fs))
	for i := range byID {
		byID[i] = int32(i)
	}
	slices.SortFunc(byID, func(a, b int32) int {
		return cmp.Or(bytes.Compare(fs[a].id[:], fs[b].id[:]), cmp.Compare(a, b))
	})
	// First every finding names the first finding of its secret, then the secret.
	for k, i := range byID {
		fs[i].secret = i
		if k > 0 && fs[byID[k-1]].id == fs[i].id {
			fs[i].secret = fs[byID[k-1]].secret
		}
	}
	n := 0
	for i := range fs {
		if fs[i].secret == int32(i) {
			n++
		}
	}
	res.Secrets = make([]Secret, 0, n)
	for i := range fs {
		f := &fs[i]
		if f.secret == int32(i) {
			f.secret = int32(len(res.Secrets))
			res.Secrets = append(res.Secrets, Secret{first: int32(i), kind: f.kind, Confidence: f.Confidence})
			continue
		}
		f.secret = fs[f.secret].secret
		if s := &res.Secrets[f.secret]; f.Confidence > s.Confidence {
			s.kind, s.Confidence = f.kind, f.Confidence
		}
	}
}

// kindOf returns the kind of secret k.
func (res *Result) kindOf(k int) string { return res.names.text(res.Secrets[k].kind) }

// idOf returns the ID of secret k.
func (res *Result) idOf(k int) sweep.ID { return res.Findings[res.Secrets[k].first].id }
