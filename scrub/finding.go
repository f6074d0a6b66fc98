package scrub

import (
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// Finding is a place where a secret lies.
type Finding struct {
	Detector   string
	Kind       string
	Encoding   string
	Confidence probe.Confidence
	Secret     int           // index in Result.Secrets
	Spans      []layout.Span // what is private, in file order of the memory they are
	Redacted   bool          // the policy removes it
	Allowed    bool          // an allowlist keeps it
	TestKey    bool          // it is a published test key
	Kept       bool          // a policy file keeps it

	fill   fill
	exempt bool   // it stays for one of these reasons
	mac    string // what allowlists call its secret; empty without their key
}

// Secret is what equal findings hold.
type Secret struct {
	Ordinal    int // 1, 2, … in file order of the first finding
	Kind       string
	Tag        string // the text that stands in its place
	Confidence probe.Confidence
	SPKI       []byte // the public half, DER, nil when there is none

	id sweep.ID
}

// fill says how a span is overwritten.
type fill struct {
	text bool // with the secret's tag; else with probe.Fill
	wide bool // the tag in UTF-16LE
}

// raw is a finding before duplicates are removed and secrets numbered.
type raw struct {
	Finding
	id    sweep.ID
	det   int
	whole layout.Span // hull of the structure, for the order of the report

	proven bool // in the second pass
}

// first returns the lowest file offset of f.
func (f *Finding) first() int64 {
	off := f.Spans[0].Off
	for _, s := range f.Spans[1:] {
		off = min(off, s.Off)
	}
	return off
}

func (f *Finding) bytes() int64 {
	var n int64
	for _, s := range f.Spans {
		n += s.Len
	}
	return n
}
