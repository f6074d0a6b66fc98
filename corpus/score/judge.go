package score

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// The outcomes for one secret.
const (
	redacted = "redacted"
	partly   = "partly redacted"
	missed   = "missed"
	untried  = "run failed"
)

// Outcome is what became of one secret.
type Outcome struct {
	Dump     string `json:"dump"`
	Form     string `json:"form"`
	Family   string `json:"family"`
	Kind     string `json:"kind"`
	Encoding string `json:"encoding"`
	Place    string `json:"place"`
	Complete bool   `json:"complete"`
	Result   string `json:"result"`
	// Labels that some finding on it got right.
	KindOK       bool `json:"kind_ok"`
	EncodingOK   bool `json:"encoding_ok"`
	ConfidenceOK bool `json:"confidence_ok"`
	// Labels of the last finding on it.
	As string `json:"as"`
}

// Survivor is private bytes that are still there.
type Survivor struct {
	Dump   string `json:"dump"`
	Form   string `json:"form"`
	As     string `json:"as"`     // "planted", "value", "value reversed", "value as hex"
	Where  string `json:"where"`  // "output", or "report, receipt or messages"
	Pieces int    `json:"pieces"` // of sixteen bytes, overlapping
	Offset int64  `json:"offset"` // of the first
}

// Change is bytes in a row that changed though nothing was planted there.
type Change struct {
	Dump   string `json:"dump"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	As     string `json:"as"` // the finding on them, or a hint that there is none
}

// FalseFinding is a finding on nothing that was planted.
type FalseFinding struct {
	Dump     string `json:"dump"`
	Detector string `json:"detector"`
	Kind     string `json:"kind"`
	Encoding string `json:"encoding"`
	Offset   int64  `json:"offset"`
	Length   int64  `json:"length"`
}

// sheet is the result of one dump.
type sheet struct {
	name      string
	size      int64
	outcomes  []Outcome
	trues     []finding
	falses    []FalseFinding
	survivors []Survivor
	possible  int // findings that were left in place
	changes   []Change
	changed   int64 // bytes outside planted structures
	over      int64 // bytes inside them that are not private
	again     int   // findings when the output is scanned
	took      time.Duration
	failure   string
}

// judge scrubs the sample at path and compares what came of it with the truth.
func judge(ctx context.Context, p Program, truth corpus.Truth, path string) (sheet, error) {
	s := sheet{name: truth.Name, size: truth.Size}
	dir, err := os.MkdirTemp("", "score-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(dir)
	r, err := p.scrub(ctx, path, dir)
	if ctx.Err() != nil {
		return s, ctx.Err()
	}
	if err != nil {
		s.failure = err.Error()
	}
	s.took = r.took
	s.outcomes = outcomes(truth, r.rep.Findings)
	if s.failure != "" {
		for i := range s.outcomes {
			s.outcomes[i].Result = untried
		}
	}
	s.findings(truth, r.rep.Findings)
	x, err := newIndex(truth, path)
	if err != nil {
		return s, err
	}
	s.survive(truth, x, "report, receipt or messages", r.sides)
	if s.failure != "" {
		return s, nil
	}
	if err := s.output(truth, x, path, r.out, r.rep.Findings); err != nil {
		return s, err
	}
	again, err := p.scan(ctx, r.out, dir)
	if err != nil {
		s.failure = "of the output: " + err.Error()
	}
	s.again = len(again)
	return s, ctx.Err()
}

// outcomes says for each secret how much of it the findings redact.
func outcomes(truth corpus.Truth, fs []finding) []Outcome {
	var spans []corpus.Span
	for _, f := range fs {
		if f.Redacted {
			spans = append(spans, f.Spans...)
		}
	}
	gone := setOf(spans)
	var out []Outcome
	for _, s := range truth.Secrets {
		o := Outcome{Dump: truth.Name, Form: s.Form, Family: s.Family, Kind: s.Kind, Encoding: s.Encoding, Place: s.Place, Complete: s.Complete}
		private := setOf(s.Private)
		var total, covered int64
		for _, x := range private {
			total += x.Len
			covered += gone.covered(x)
		}
		switch covered {
		case total:
			o.Result = redacted
		case 0:
			o.Result = missed
		default:
			o.Result = partly
		}
		for _, f := range fs {
			if !touches(f, private) {
				continue
			}
			o.As = f.Kind + ", " + f.Encoding + ", " + f.Confidence
			o.KindOK = o.KindOK || f.Kind == s.Kind || slices.Contains(s.Also, f.Kind)
			o.EncodingOK = o.EncodingOK || f.Encoding == s.Encoding || slices.Contains(s.Also, f.Encoding)
			o.ConfidenceOK = o.ConfidenceOK || f.Confidence == s.Confidence || f.Confidence == "confirmed"
		}
		out = append(out, o)
	}
	return out
}

func touches(f finding, s set) bool {
	for _, x := range f.Spans {
		if s.covered(x) > 0 {
			return true
		}
	}
	return false
}

func planted(truth corpus.Truth) set {
	var all []corpus.Span
	for _, s := range truth.Secrets {
		all = append(all, s.Spans...)
	}
	return setOf(all)
}

// findings sorts the findings into true and false ones. What a policy leaves in
// place, because it is only possible, is counted apart.
func (s *sheet) findings(truth corpus.Truth, fs []finding) {
	structures := planted(truth)
	for _, f := range fs {
		if !f.Redacted {
			s.possible++
			continue
		}
		if touches(f, structures) {
			s.trues = append(s.trues, f)
			continue
		}
		x := FalseFinding{Dump: truth.Name, Detector: f.Detector, Kind: f.Kind, Encoding: f.Encoding}
		for i, span := range f.Spans {
			if x.Length += span.Len; i == 0 {
				x.Offset = span.Off
			}
		}
		s.falses = append(s.falses, x)
	}
}

// survive searches text for private bytes.
func (s *sheet) survive(truth corpus.Truth, x *index, where string, text []byte) {
	// A reader of bytes returns no error.
	_ = x.search(bytes.NewReader(text), s.survivor(truth, x, where))
}

// survivor returns a function that notes pieces, one line for each secret and form.
func (s *sheet) survivor(truth corpus.Truth, x *index, where string) func(int64, [piece]byte) {
	known := map[origin]int{}
	return func(off int64, w [piece]byte) {
		o := x.owner[w]
		i, ok := known[o]
		if !ok {
			i = len(s.survivors)
			known[o] = i
			s.survivors = append(s.survivors, Survivor{
				Dump: truth.Name, Form: truth.Secrets[o.secret].Form, As: o.form, Where: where, Offset: off,
			})
		}
		s.survivors[i].Pieces++
	}
}

// output compares the output with the input and searches it for private bytes.
func (s *sheet) output(truth corpus.Truth, x *index, in, out string, fs []finding) error {
	structures := planted(truth)
	var spans []corpus.Span
	for _, secret := range truth.Secrets {
		spans = append(spans, secret.Private...)
	}
	private := setOf(spans)
	err := differ(in, out, func(off int64) {
		switch {
		case !structures.has(off):
			s.changed++
			s.change(truth, off, fs)
		case !private.has(off):
			s.over++
		}
	})
	if err != nil {
		return fmt.Errorf("comparing: %w", err)
	}
	f, err := os.Open(out)
	if err != nil {
		return err
	}
	defer f.Close()
	return x.search(f, s.survivor(truth, x, "output"))
}

// change notes that the byte at off is another one now. Offsets come ascending.
func (s *sheet) change(truth corpus.Truth, off int64, fs []finding) {
	if n := len(s.changes); n > 0 && s.changes[n-1].Offset+s.changes[n-1].Length == off {
		s.changes[n-1].Length++
		return
	}
	c := Change{Dump: truth.Name, Offset: off, Length: 1, As: "no finding"}
	for _, f := range fs {
		if f.Redacted && setOf(f.Spans).has(off) {
			c.As = f.Detector + ", " + f.Kind + ", " + f.Encoding + ", " + f.Confidence
		}
	}
	s.changes = append(s.changes, c)
}
