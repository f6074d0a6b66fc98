package aeskey

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ID names the detector, Kind what it finds.
	ID   = "aes-key-schedule"
	Kind = "aes-key-schedule"

	// reach covers the longest schedule, 60 words, the words that overrun it, and
	// a round key beside it, to whichever side of the hit they lie.
	reach = 4*maxWords + 3*16
)

// detector holds the relations, which never change.
type detector struct{ steady, drifting []relation }

// New returns the detector of expanded AES keys. It implements [probe.Filter].
func New() probe.Detector { return &detector{steady: steady(), drifting: drifting()} }

// Spec implements [probe.Detector].
func (d *detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     ID,
		About:  "expanded AES-128, AES-192 and AES-256 keys, whole or in part, in every word and round order",
		Kinds:  []string{Kind},
		Before: reach, After: reach,
	}
}

// Detect emits the schedules of which a run lies around v.At.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	for _, rs := range [][]relation{d.steady, d.drifting} {
		for k := range rs {
			for i := v.At; i < v.At+8; i += rs[k].stride {
				if f, ok := rs[k].find(v.Data, i); ok {
					emit(f.match(v.Data))
					break
				}
			}
		}
	}
}

// find returns the schedule whose run lies around i. A link with a round
// constant is preferred to one without.
func (r *relation) find(data []byte, i int) (best finding, ok bool) {
	first, last, begins := r.begins(data, i)
	if !begins {
		return best, false
	}
	r.verified(data, first, last, func(l link) bool {
		f, fits := l.find(data)
		if fits && (!ok || f.words > best.words || len(f.keys) < len(best.keys)) {
			best, ok = f, true
		}
		return !ok || l.round == 0
	})
	return best, ok
}

// find returns the schedule of which the link is a part.
func (l link) find(data []byte) (finding, bool) {
	if l.round > 0 {
		f, ok := l.number(data, l.round*l.nk)
		return f, ok
	}
	// Without a constant the column is any multiple of eight plus four.
	var best finding
	for n := l.nk + 4; n < words(l.nk); n += l.nk {
		f, ok := l.number(data, n)
		switch {
		case !ok || f.words < best.words:
		case f.words == best.words:
			best.keys = append(best.keys, f.keys...)
		default:
			best = f
		}
	}
	return best, best.words > 0
}

// number returns the schedule when the linked column is word n of it.
func (l link) number(data []byte, n int) (finding, bool) {
	p, ok := l.shift(n - l.n)
	if !ok {
		return finding{}, false
	}
	f := finding{place: p}
	for i := n - l.nk; i < n; i++ {
		w, ok := p.word(data, i)
		if !ok {
			return finding{}, false
		}
		f.sched[i] = w
	}
	f.sched.complete(l.nk, n-l.nk)
	f.keys = [][]byte{f.sched.key(nil, l.nk)}
	return f, f.measure(data, n)
}

// match returns the finding as a match.
func (f *finding) match(data []byte) probe.Match {
	m := probe.Match{
		Kind: Kind, Encoding: probe.SchedEnc, Confidence: probe.Likely,
		Range:  probe.Range{Start: f.parts[0].Start, End: f.parts[len(f.parts)-1].End},
		Redact: f.parts, Identity: f.keys[0],
	}
	if f.form.Reversed || f.form.Mixed {
		m.Encoding = probe.SchedDec
	}
	if f.complete || f.links >= 2 && 32*(f.words-f.nk) >= 96 {
		m.Confidence = probe.Confirmed
	}
	if len(f.keys) > 1 {
		m.Identity = slices.Clone(f.own)
	}
	for _, k := range f.keys {
		if !regular(k) {
			m.Values = append(m.Values, k)
		}
	}
	return m
}

// regular reports whether a key is so regular that its bytes also occur where
// there is no key: few different bytes, or a count.
func regular(key []byte) bool {
	// Of random keys of 16 bytes, one in 10^10 has fewer different ones.
	const fewest = 9
	var seen [256]bool
	different, even := 0, true
	for i, b := range key {
		if !seen[b] {
			seen[b] = true
			different++
		}
		even = even && (i < 2 || b-key[i-1] == key[1]-key[0])
	}
	return different < fewest || even
}
