package context

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// assertions is the detector of SAML responses and assertions, which log their bearer in:
// in base64, as browsers carry them in forms and redirects, percent-encoded or not, all
// of it is redacted. Of XML the values of signatures and of encrypted keys and data go
// (XML Signature 1.1, XML Encryption 1.1): without them nobody accepts the assertion, and
// the names and conditions in it stay readable.
type assertions struct{}

const (
	maxAssertion = 24576
	minAssertion = 96
	// samlBefore is how far before a value in XML its document must name SAML, in characters.
	samlBefore = 6144
	// declared is how many digits of base64 behind an XML declaration are decoded to see
	// whether they name SAML.
	declared = 512
)

// NewSAML returns the detector of SAML assertions.
func NewSAML() probe.Detector { return assertions{} }

// Spec implements [probe.Detector]. The anchors are "<saml", "<Response" and an XML
// declaration in base64, what a parameter's name leads to, and elements of XML.
func (assertions) Spec() probe.Spec {
	return probe.Spec{
		ID: "saml-assertion", About: "SAML responses and assertions in base64 and XML",
		Kinds: []string{SAMLAssertion},
		Anchors: []string{
			"PHNhbWw", "PHNhbWx", "PFJlc3BvbnNlIH", "PEFzc2VydGlvbi", "PD94bWwgdmVyc2lvbj0",
			"SAMLResponse", "SAMLart=", "SignatureValue", "CipherValue>",
		},
		Text: true, Before: samlBefore, After: maxAssertion,
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
	case t.At(at) != 'P':
		samlElement(t, at, emit)
		return
	case isBase64(t.At(at-1)) || t.Has(at-3, "%2B") || t.Has(at-3, "%2F"):
		return // in the middle of other base64
	case t.At(at+1) != 'H' && !namesSAML(t, at):
		return
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

// namesSAML reports whether the beginning of the base64 at i decodes to a document that
// names the protocol.
func namesSAML(t text, i int) bool {
	p := decode(t.Append(make([]byte, 0, declared), i, run(t.Text, i, declared, isBase64)))
	defer clear(p)
	return bytes.Contains(p, []byte("oasis:names:tc:SAML"))
}

// samlElement judges the content of the element whose name is at i.
func samlElement(t text, i int, emit func(probe.Match)) {
	if c := t.At(i - 1); c != '<' && c != ':' {
		return
	}
	start := run(t.Text, i, 128, func(c byte) bool { return c != '>' && c != '<' && (isPrint(c) || isSpace(c)) })
	if t.At(start) != '>' {
		return
	}
	start = run(t.Text, start+1, 64, isSpace)
	end := padded(t.Text, run(t.Text, start, maxAssertion-256, func(c byte) bool { return isBase64(c) || isSpace(c) }))
	s := span{start, end}
	if s.len() < minAssertion/2 || gradeOf(t.Text, span{start, min(end, start+minAssertion/2)}, false) < random || !inSAML(t.Text, i) {
		return
	}
	found{kind: SAMLAssertion, confidence: probe.Likely, whole: s, secret: s}.emitTo(t, emit)
}

// inSAML reports whether the text before i names the protocol, or has an element in the
// prefix that all call its namespaces by.
func inSAML(t probe.Text, i int) bool {
	for k := i - 1; i-k < samlBefore && kubeText(t.At(k)); k-- {
		if c := t.At(k); c == 'S' && t.Has(k, "SAML:") || c == '<' && t.Has(k, "<saml") {
			return true
		}
	}
	return false
}
