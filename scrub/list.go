package scrub

import (
	"encoding/json"
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/pubkey"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// ReportSecrets are the secrets of a report, by ordinal. They are made one by one
// when they are asked for, because there may be millions. The zero value is empty.
type ReportSecrets struct {
	res *Result
}

// Len returns how many there are.
func (s ReportSecrets) Len() int {
	if s.res == nil {
		return 0
	}
	return len(s.res.Secrets)
}

// All returns them in order.
func (s ReportSecrets) All() iter.Seq[ReportSecret] {
	return func(yield func(ReportSecret) bool) {
		for k := range s.Len() {
			if !yield(s.at(k)) {
				return
			}
		}
	}
}

func (s ReportSecrets) at(k int) ReportSecret {
	res := s.res
	rs := ReportSecret{
		Ordinal: k + 1, Kind: res.kindOf(k), Confidence: res.Secrets[k].Confidence.String(),
		Tag: string(res.tagger.append(nil, res, k)),
	}
	if spki := res.public[res.idOf(k)]; spki != nil {
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
	return len(f.res.Findings)
}

// All returns them in order.
func (f ReportFindings) All() iter.Seq[ReportFinding] {
	return func(yield func(ReportFinding) bool) {
		for i := range f.Len() {
			if !yield(f.at(i)) {
				return
			}
		}
	}
}

func (f ReportFindings) at(i int) ReportFinding {
	x, n := &f.res.Findings[i], f.res.names
	reg := &f.l.Regions[f.l.At(x.span.Off)]
	rf := ReportFinding{
		Detector: n.text(x.detector), Kind: n.text(x.kind), Encoding: n.text(x.encoding), Confidence: x.Confidence.String(),
		Secret: int(x.secret) + 1, Redacted: x.Redacted, Allowed: x.marks.has(allowed), TestKey: x.marks.has(testKey), Kept: x.marks.has(kept),
		Spans:  make([]ReportSpan, x.pieces()),
		Region: ReportRegion{Kind: reg.Kind.String(), Name: reg.Name},
	}
	for k := range rf.Spans {
		s := x.piece(k)
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
