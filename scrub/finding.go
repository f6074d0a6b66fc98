package scrub

import (
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// Finding is a place where a secret lies. There may be millions of them, so that they
// may lie on a disk: it holds no pointer, and what has no fixed size is in a [store].
type Finding struct {
	span  layout.Span // what is private, or the first piece of it
	low   int64       // the lowest file offset of all pieces
	bytes int64       // of all pieces
	rest  ref         // the other pieces, in order of the memory they are
	hull  layout.Span // of the structure, for the order of the report
	id    sweep.ID    // of the secret
	tag   [tagLen]byte
	spki  ref // of the secret, DER, where it is known

	secret int32  // its ordinal less one
	choice uint32 // of the secret: see names.before

	detector, kind, encoding name
	det                      uint16 // index of the detector among those of its pass

	Confidence probe.Confidence
	Redacted   bool // the policy removes it
	fill       plan.Fill
	marks      marks
}

// ref is a piece of a list in a [store].
type ref struct {
	at int64
	n  int32
}

// store holds what findings refer to. It is safe for use from several goroutines.
type store struct {
	spans *spill.List[layout.Span]
	bytes *spill.List[byte]
}

func newStore(d *spill.Disk) *store {
	return &store{spill.NewList[layout.Span](d), spill.NewList[byte](d)}
}

// keep stores p.
func (st *store) keep(p []byte) ref { return ref{int64(st.bytes.Append(p...)), int32(len(p))} }

// load returns what was stored as r, or nil.
func (st *store) load(r ref) []byte {
	if r.n == 0 {
		return nil
	}
	return st.bytes.Slice(make([]byte, 0, r.n), int(r.at), int(r.at)+int(r.n))
}

// marks are the reasons for which a finding is treated unlike others.
type marks uint8

const (
	allowed marks = 1 << iota // an allowlist keeps it
	testKey                   // it is a published test key
	kept                      // a policy file keeps it
	exempt                    // it stays for one of these reasons
	proven                    // it was found in the second pass
)

func (m marks) has(x marks) bool { return m&x != 0 }

// setSpans makes spans, of which there is one at least, the pieces of f.
func (f *Finding) setSpans(spans []layout.Span, st *store) {
	f.span, f.low, f.bytes, f.rest = spans[0], spans[0].Off, spans[0].Len, ref{}
	for _, s := range spans[1:] {
		f.low = min(f.low, s.Off)
		f.bytes += s.Len
	}
	if len(spans) > 1 {
		f.rest = ref{int64(st.spans.Append(spans[1:]...)), int32(len(spans) - 1)}
	}
}

// pieces returns how many spans f has.
func (f *Finding) pieces() int { return 1 + int(f.rest.n) }

// appendSpans appends the spans of f to dst.
func (f *Finding) appendSpans(dst []layout.Span, st *store) []layout.Span {
	dst = append(dst, f.span)
	if f.rest.n > 0 {
		dst = st.spans.Slice(dst, int(f.rest.at), int(f.rest.at)+int(f.rest.n))
	}
	return dst
}

// Secret is what equal findings hold.
type Secret struct {
	id         sweep.ID
	tag        [tagLen]byte
	spki       ref
	first      int64 // index of the first finding
	kind       name
	Confidence probe.Confidence
}

// pile hands findings to a sorter, some at a time.
type pile struct {
	sorter *spill.Sorter[Finding]
	held   []Finding
}

const (
	// pileLook is how many findings are looked back at for one that is equal.
	pileLook = 4
	// pileSize is how many findings are handed over at a time.
	pileSize = 1 << 8
)

// add adds f, unless it was among the last ones already: a secret with several
// anchors is found with each of them.
func (p *pile) add(f Finding) {
	for i := len(p.held) - 1; i >= max(0, len(p.held)-pileLook); i-- {
		if f.rest.n == 0 && p.held[i] == f {
			return
		}
	}
	if len(p.held) == pileSize {
		p.flush()
	}
	p.held = append(p.held, f)
}

// flush hands over what is held.
func (p *pile) flush() {
	p.sorter.Add(p.held...)
	p.held = p.held[:0]
}

// demand is what a verdict calls for: these bytes have to go. The findings answer
// it, not always one by one.
type demand struct {
	layout.Span
	detector, kind name
}

// demand notes what f, the verdict of a detector, calls for under p.
func (res *Result) demand(f *Finding, p policy.Policy) {
	if !p.Removes(f.Confidence, res.names.text(f.detector), res.names.text(f.kind)) || f.marks.has(exempt) {
		return
	}
	for _, s := range f.appendSpans(nil, res.store) {
		res.call(demand{s, f.detector, f.kind})
	}
}

// call adds d to the demands, unless it was the last one.
func (res *Result) call(d demand) {
	if d != res.lastDemand {
		res.demands.Append(d)
		res.lastDemand = d
	}
}
