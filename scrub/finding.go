package scrub

import (
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// Finding is a place where a secret lies. There may be millions of them, so it is
// small and points to nothing unless the secret lies in pieces.
type Finding struct {
	span   layout.Span    // what is private, or the first piece of it
	rest   *[]layout.Span // the other pieces, in order of the memory they are; nil for none
	hull   layout.Span    // of the structure, for the order of the report
	id     sweep.ID       // of the secret
	secret int32          // index in Result.Secrets

	detector, kind, encoding name
	det                      uint16 // index of the detector among those of its pass

	Confidence probe.Confidence
	Redacted   bool // the policy removes it
	fill       fill
	marks      marks
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
func (f *Finding) setSpans(spans []layout.Span) {
	f.span, f.rest = spans[0], nil
	if len(spans) > 1 {
		rest := spans[1:]
		f.rest = &rest
	}
}

// more returns the spans of f but for the first.
func (f *Finding) more() []layout.Span {
	if f.rest == nil {
		return nil
	}
	return *f.rest
}

// pieces returns how many spans f has.
func (f *Finding) pieces() int { return 1 + len(f.more()) }

// piece returns span k of f.
func (f *Finding) piece(k int) layout.Span {
	if k == 0 {
		return f.span
	}
	return (*f.rest)[k-1]
}

// appendSpans appends the spans of f to dst.
func (f *Finding) appendSpans(dst []layout.Span) []layout.Span {
	return append(append(dst, f.span), f.more()...)
}

// first returns the lowest file offset of f.
func (f *Finding) first() int64 {
	off := f.span.Off
	for _, s := range f.more() {
		off = min(off, s.Off)
	}
	return off
}

func (f *Finding) bytes() int64 {
	n := f.span.Len
	for _, s := range f.more() {
		n += s.Len
	}
	return n
}

// Secret is what equal findings hold.
type Secret struct {
	first      int32 // index of a finding, which knows its ID
	kind       name
	Confidence probe.Confidence
}

// fill says how a span is overwritten.
type fill struct {
	text bool // with the secret's tag; else with probe.Fill
	wide bool // the tag in UTF-16LE
}

// pile collects findings without ever moving them, for a slice that grows to
// millions is copied and copied again.
type pile struct {
	chunks [][]Finding
}

// pileLook is how many findings are looked back at for one that is equal.
const pileLook = 4

// pileChunk is how many findings a chunk takes.
const pileChunk = 1 << 10

// add adds f, unless it was among the last ones already: a secret with several
// anchors is found with each of them.
func (p *pile) add(f Finding) {
	n := len(p.chunks)
	if n > 0 {
		last := p.chunks[n-1]
		for i := len(last) - 1; i >= max(0, len(last)-pileLook); i-- {
			if f.rest == nil && last[i] == f {
				return
			}
		}
	}
	if n == 0 || len(p.chunks[n-1]) == cap(p.chunks[n-1]) {
		p.chunks = append(p.chunks, make([]Finding, 0, pileChunk))
	}
	last := &p.chunks[len(p.chunks)-1]
	*last = append(*last, f)
}

// take moves the findings of o to p.
func (p *pile) take(o *pile) {
	// The last chunk of p may have room left, which is not used any more.
	p.chunks = append(p.chunks, o.chunks...)
	o.chunks = nil
}

// remove removes the findings that gone reports.
func (p *pile) remove(gone func(*Finding) bool) {
	for i, c := range p.chunks {
		kept := c[:0]
		for k := range c {
			if !gone(&c[k]) {
				kept = append(kept, c[k])
			}
		}
		clear(c[len(kept):])
		p.chunks[i] = kept
	}
}

// drain empties p and returns what it held.
func (p *pile) drain() []Finding {
	n := 0
	for _, c := range p.chunks {
		n += len(c)
	}
	all := make([]Finding, 0, n)
	for i, c := range p.chunks {
		all = append(all, c...)
		p.chunks[i] = nil
	}
	p.chunks = nil
	return all
}

// demand is what a verdict calls for: these bytes have to go. The findings answer
// it, not always one by one.
type demand struct {
	layout.Span
	detector, kind name
}

// demand notes what raws call for under p.
func (res *Result) demand(raws []Finding, p Policy) {
	res.demands = make([]demand, 0, len(raws))
	for i := range raws {
		f := &raws[i]
		if !p.removes(f.Confidence, res.names.text(f.detector), res.names.text(f.kind)) || f.marks.has(exempt) {
			continue
		}
		for k := range f.pieces() {
			d := demand{f.piece(k), f.detector, f.kind}
			if n := len(res.demands); n == 0 || res.demands[n-1] != d {
				res.demands = append(res.demands, d)
			}
		}
	}
}
