package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// assertions is the detector of SAML responses and assertions in base64, as
// browsers carry them in forms; they log their bearer in. The base64 may be
// percent-encoded.
type assertions struct{}

const (
	maxAssertion = 24576
	minAssertion = 96
)

// NewSAML returns the detector of SAML assertions in base64.
func NewSAML() probe.Detector { return assertions{} }

// Spec implements [probe.Detector]. The anchors are "<saml" and, behind an XML
// declaration or not, what a parameter's name leads to.
func (assertions) Spec() probe.Spec {
	return probe.Spec{
		ID: "saml-assertion", About: "SAML responses and assertions in base64",
		Kinds: []string{SAMLAssertion}, Anchors: []string{"PHNhbWw", "SAMLResponse", "SAMLart="},
		Text: true, Before: 64, After: maxAssertion,
	}
}

// Detect implements [probe.Detector].
func (assertions) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	i := at
	switch {
	case t.Has(at, "SAMLR"):
		// SAMLResponse=..., "SAMLResponse":"...", name="SAMLResponse" value="..."
		i = run(t.Text, at+len("SAMLResponse"), 3, func(c byte) bool { return isQuote(c) || c == ':' || c == '=' || c == ' ' })
		if hasFold(t.Text, i, "value=\"") {
			i += len("value=\"")
		}
	case t.Has(at, "SAMLa"):
		i = at + len("SAMLart=")
	case isBase64(t.At(at-1)) || t.Has(at-3, "%2B") || t.Has(at-3, "%2F"):
		return // in the middle of other base64
	}
	if t.endless(i, run(t.Text, i, gradeLen, isBase64Percent)) {
		return
	}
	end := padded(t.Text, run(t.Text, i, maxAssertion-128, isBase64Percent))
	s := span{i, end}
	least := minAssertion
	if t.Has(at, "SAMLa") {
		least = 40
	}
	if s.len() < least || gradeOf(t.Text, s, false) < random {
		return
	}
	found{kind: SAMLAssertion, confidence: probe.Likely, whole: span{at, end}, secret: s}.emitTo(t, emit)
}

// isBase64Percent reports whether c may stand in base64 that is percent-encoded or
// folded with line ends.
func isBase64Percent(c byte) bool {
	return isBase64(c) || c == '%' || c == '\n' || c == '\r'
}
