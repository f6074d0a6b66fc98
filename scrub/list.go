package scrub

import (
	"encoding/json"
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/pubkey"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// ReportSecrets are the secrets of a report, by ordinal. They are made one by one
// when they are asked for, because there may be millions; until then the disk of the
// run must stay. The zero value is empty.
type ReportSecrets struct {
	res *Result
}

// Len returns how many there are.
func (s ReportSecrets) Len() int {
	if s.res == nil {
		return 0
	}
	return s.res.Secrets.Len()
}

// All returns them in order.
func (s ReportSecrets) All() iter.Seq[ReportSecret] {
	return func(yield func(ReportSecret) bool) {
		if s.res == nil {
			return
		}
		k := 0
		for x := range s.res.Secrets.All() {
			if !yield(s.of(k, &x)) {
				return
			}
			k++
		}
	}
}

func (s ReportSecrets) of(k int, x *Secret) ReportSecret {
	rs := ReportSecret{
		Ordinal: k + 1, Kind: s.res.names.text(x.kind), Confidence: x.Confidence.String(),
		Tag: string(s.res.tagger.append(nil, s.res, k)),
	}
	if spki := s.res.store.load(x.spki); spki != nil {
		n := pubkey.NamesOf(spki)
		rs.PublicKey = &n
	}
	return rs
}

// MarshalJSON makes an array of them.
func (s ReportSecrets) MarshalJSON() ([]byte, error) { return marshalAll(s.All()) }

// ReportFindings are the findings of a report, by offset, made like
// [ReportSecrets].
type ReportFindings struct {
	res *Result
	l   *layout.Layout
}

// Len returns how many there are.
func (f ReportFindings) Len() int {
	if f.res == nil {
		return 0
	}
	return f.res.Findings.Len()
}

// All returns them in order.
func (f ReportFindings) All() iter.Seq[ReportFinding] {
	return func(yield func(ReportFinding) bool) {
		if f.res == nil {
			return
		}
		for x := range f.res.Findings.All() {
			if !yield(f.of(&x)) {
				return
			}
		}
	}
}

func (f ReportFindings) of(x *Finding) ReportFinding {
	n := f.res.names
	reg := &f.l.Regions[f.l.At(x.span.Off)]
	rf := ReportFinding{
		Detector: n.text(x.detector), Kind: n.text(x.kind), Encoding: n.text(x.encoding), Confidence: x.Confidence.String(),
		Secret: int(x.secret) + 1, Redacted: x.Redacted, Allowed: x.marks.has(allowed), TestKey: x.marks.has(testKey), Kept: x.marks.has(kept),
		Spans:  make([]ReportSpan, x.pieces()),
		Region: ReportRegion{Kind: reg.Kind.String(), Name: reg.Name},
	}
	for k, s := range x.appendSpans(nil, f.res.store) {
		rf.Spans[k] = ReportSpan{Offset: s.Off, Length: s.Len, Addr: address(f.l, s.Off)}
	}
	return rf
}

// MarshalJSON makes an array of them.
func (f ReportFindings) MarshalJSON() ([]byte, error) { return marshalAll(f.All()) }

func marshalAll[T any](s iter.Seq[T]) ([]byte, error) {
	all := slices.AppendSeq([]T{}, s)
	return json.Marshal(all)
}
