package scrub

import (
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// resolve removes duplicates from raws and numbers the secrets. Its result is a
// function of the set of raws, whatever order the workers found them in.
func resolve(raws []raw, public map[sweep.ID][]byte, t *tagger) ([]Finding, []Secret) {
	slices.SortFunc(raws, compareRaw)
	raws = slices.CompactFunc(raws, func(a, b raw) bool { return compareRaw(a, b) == 0 })
	raws = dropCovered(raws, public)

	slices.SortStableFunc(raws, func(a, b raw) int { return cmp.Compare(a.first(), b.first()) })
	index := make(map[sweep.ID]int)
	var secrets []Secret
	findings := make([]Finding, len(raws))
	for i, r := range raws {
		k, ok := index[r.id]
		if !ok {
			k = len(secrets)
			index[r.id] = k
			secrets = append(secrets, Secret{Ordinal: k + 1, Kind: r.Kind, Confidence: r.Confidence, SPKI: public[r.id], id: r.id})
		} else if r.Confidence > secrets[k].Confidence {
			secrets[k].Kind, secrets[k].Confidence = r.Kind, r.Confidence
		}
		findings[i] = r.Finding
		findings[i].Secret = k
	}
	for k := range secrets {
		secrets[k].Tag = t.tag(&secrets[k])
	}
	return findings, secrets
}

// compareRaw is a total order of findings that says nothing of secrets: where
// two compare equal they are one finding, met through two hits or two tapes.
func compareRaw(a, b raw) int {
	return cmp.Or(
		cmp.Compare(a.whole.Off, b.whole.Off),
		cmp.Compare(b.whole.Len, a.whole.Len),
		cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(a.Detector, b.Detector),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Encoding, b.Encoding),
		slices.CompareFunc(a.Spans, b.Spans, compareSpan),
	)
}

func compareSpan(a, b layout.Span) int {
	return cmp.Or(cmp.Compare(a.Off, b.Off), cmp.Compare(a.Len, b.Len))
}

// maxActive bounds how many overlapping findings one is compared with. Honest
// structures nest a few deep; beyond that a duplicate is merely reported twice.
const maxActive = 32

// dropCovered removes findings whose every byte also belongs to a better one
// that says the same: the truncated view of a key that a seam shows whole, the
// PKCS#1 inside a PKCS#8.
func dropCovered(raws []raw, public map[sweep.ID][]byte) []raw {
	sorted := make([][]layout.Span, len(raws))
	for i := range raws {
		sorted[i] = slices.Clone(raws[i].Spans)
		slices.SortFunc(sorted[i], compareSpan)
	}
	order := make([]int, len(raws))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(sorted[a][0].Off, sorted[b][0].Off), cmp.Compare(a, b))
	})
	drop := make([]bool, len(raws))
	var active []int
	for _, i := range order {
		off := sorted[i][0].Off
		active = slices.DeleteFunc(active, func(j int) bool {
			return sorted[j][len(sorted[j])-1].End() <= off
		})
		for _, j := range active {
			if !drop[j] && redundant(raws, sorted, i, j, public) {
				drop[i] = true
				break
			}
			if !drop[j] && redundant(raws, sorted, j, i, public) {
				drop[j] = true
			}
		}
		if len(active) < maxActive {
			active = append(active, i)
		}
	}
	kept := raws[:0:0]
	for i, r := range raws {
		if !drop[i] {
			kept = append(kept, r)
		}
	}
	return kept
}

// redundant reports whether finding i adds nothing to finding j.
func redundant(raws []raw, sorted [][]layout.Span, i, j int, public map[sweep.ID][]byte) bool {
	a, b := &raws[i], &raws[j]
	if a.Confidence > b.Confidence || b.exempt && !a.exempt || !covers(sorted[j], sorted[i]) {
		return false
	}
	if a.Confidence == b.Confidence && covers(sorted[i], sorted[j]) {
		// The same bytes: the larger structure stays, then the earlier detector.
		if c := cmp.Or(cmp.Compare(b.whole.Len, a.whole.Len), b2i(a.proven)-b2i(b.proven), cmp.Compare(a.det, b.det), cmp.Compare(i, j)); c < 0 {
			return false
		}
	}
	return a.Detector == b.Detector || a.id == b.id || public[a.id] == nil
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
