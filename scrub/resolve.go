package scrub

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// before is the order in which findings are resolved and reported: by offset, and
// then by all that they are but for their secrets. Where two compare as equal but for the choice they are
// one finding, met through two hits or two tapes, and the first one stays.
func (n *names) before(st *store) func(a, b *Finding) int {
	return func(a, b *Finding) int {
		if c := cmp.Compare(a.low, b.low); c != 0 {
			return c
		}
		if c := n.compare(a, b, st); c != 0 {
			return c
		}
		return cmp.Compare(a.choice, b.choice)
	}
}

// choiceOf decides which of several findings stays that differ in nothing but the secret that they name, as
// when two rules read one text. The number has no key, for a key would choose anew in
// every run; it tells nothing but by that choice.
func choiceOf(identity []byte) uint32 {
	sum := sha256.Sum256(identity)
	return binary.LittleEndian.Uint32(sum[:])
}

// compare is a total order of findings that says nothing of secrets.
func (n *names) compare(a, b *Finding, st *store) int {
	if c := cmp.Or(
		cmp.Compare(a.hull.Off, b.hull.Off),
		cmp.Compare(b.hull.Len, a.hull.Len),
		cmp.Compare(b.Confidence, a.Confidence),
	); c != 0 {
		return c
	}
	// The numbers of names differ from run to run.
	if c := cmp.Or(
		n.compareTexts(a.detector, b.detector),
		n.compareTexts(a.kind, b.kind),
		n.compareTexts(a.encoding, b.encoding),
		layout.Compare(a.span, b.span),
	); c != 0 || a.rest.n == 0 && b.rest.n == 0 {
		return c
	}
	return slices.CompareFunc(a.appendSpans(nil, st), b.appendSpans(nil, st), layout.Compare)
}

func (n *names) compareTexts(a, b name) int {
	if a == b {
		return 0
	}
	return cmp.Compare(n.text(a), n.text(b))
}

// distinct returns the findings of all, which come in order, each once.
func (n *names) distinct(all iter.Seq[Finding], st *store) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		var last Finding
		first := true
		for f := range all {
			if !first && f.low == last.low && n.compare(&f, &last, st) == 0 {
				continue
			}
			if !yield(f) {
				return
			}
			first, last = false, f
		}
	}
}

const (
	// maxActive bounds how many overlapping findings one is compared with. Honest
	// structures nest a few deep; beyond that a duplicate is merely reported twice.
	maxActive = 32
	// maxWaiting bounds how many findings wait for what may still make them redundant.
	maxWaiting = 1 << 12
)

// waiting is a finding about which it is not decided whether it is redundant.
type waiting struct {
	Finding
	sorted  []layout.Span
	end     int64
	open    bool // what comes may overlap it
	dropped bool
	gone    bool // it was handed on
}

// resolver leaves out findings whose every byte also belongs to a better one that
// says the same: the truncated view of a key that a seam shows whole, the PKCS#1
// inside a PKCS#8. It takes findings in order and hands them on in order.
type resolver struct {
	names  *names
	store  *store
	stands stands
	active []*waiting
	queue  []*waiting
	yield  func(*Finding)
}

func (r *resolver) add(f *Finding) {
	now := &waiting{Finding: *f, sorted: f.appendSpans(nil, r.store)}
	slices.SortFunc(now.sorted, layout.Compare)
	now.end = now.sorted[len(now.sorted)-1].End()
	r.active = slices.DeleteFunc(r.active, func(o *waiting) bool {
		o.open = o.end > now.sorted[0].Off
		return !o.open
	})
	for _, o := range r.active {
		if o.dropped {
			continue
		}
		if r.redundant(now, o) {
			now.dropped = true
			r.stands.note(&now.Finding, &o.Finding)
			break
		}
		if !o.gone && r.redundant(o, now) {
			o.dropped = true
			r.stands.note(&o.Finding, &now.Finding)
		}
	}
	if len(r.active) < maxActive {
		now.open = true
		r.active = append(r.active, now)
	}
	r.queue = append(r.queue, now)
	r.settle(maxWaiting)
}

// settle hands on what is decided, and the rest but for most of it.
func (r *resolver) settle(most int) {
	k := 0
	for ; k < len(r.queue); k++ {
		w := r.queue[k]
		if !w.dropped && w.open && len(r.queue)-k <= most {
			break
		}
		if !w.dropped {
			r.yield(&w.Finding)
		}
		w.gone = true
	}
	r.queue = slices.Delete(r.queue, 0, k)
}

// redundant reports whether a adds nothing to b.
func (r *resolver) redundant(a, b *waiting) bool {
	// What is to go cannot be answered by what stays.
	if a.Redacted && !b.Redacted {
		return false
	}
	if a.Confidence > b.Confidence || b.marks.has(exempt) && !a.marks.has(exempt) || !covers(b.sorted, a.sorted) {
		return false
	}
	if a.Confidence == b.Confidence && covers(a.sorted, b.sorted) {
		// The same bytes: the larger structure stays, of text the smaller, for a name and
		// an assignment around a token say less than its shape; then the earlier detector.
		larger := cmp.Compare(b.hull.Len, a.hull.Len)
		if a.fill.Text && b.fill.Text {
			larger = -larger
		}
		c := cmp.Or(larger, b2i(a.marks.has(proven))-b2i(b.marks.has(proven)), cmp.Compare(a.det, b.det))
		if c < 0 || c == 0 && r.names.compare(&a.Finding, &b.Finding, r.store) < 0 {
			return false
		}
	}
	return a.detector == b.detector || a.id == b.id || a.spki.n == 0
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
