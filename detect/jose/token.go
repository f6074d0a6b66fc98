package jose

import (
	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// token gathers the parts of a match.
type token struct {
	t          probe.Text
	kind       string
	confidence probe.Confidence
	redact     []probe.Range
	hmac       int // as in [probe.Match]
}

// hide adds a part to what is redacted.
func (k *token) hide(s jsontext.Span) {
	if s.Len() > 0 {
		k.redact = append(k.redact, k.t.Range(s.Start, s.End))
	}
}

// emit emits the token in the characters [i, end). Its identity is these
// characters, one byte each, so that UTF-16 copies are the same secret.
func (k *token) emit(i, end int, emit func(probe.Match)) {
	emit(probe.Match{
		Kind: k.kind, Encoding: k.t.Encoding(probe.ASCII), Confidence: k.confidence,
		Range: k.t.Range(i, end), Redact: k.redact, Text: true, HMAC: k.hmac,
		Identity: k.t.Append(nil, i, end),
	})
}
