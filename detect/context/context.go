package context

import (
	"github.com/dumpscrub/dumpscrub/detect/manual"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The kinds of what is found.
const (
	Password          = "password"
	Secret            = "secret"
	Token             = "token"
	APIKey            = "api-key"
	EnvSecret         = "env-secret"
	ConnectionString  = "connection-string-password"
	BearerToken       = "bearer-token"
	BasicCredentials  = "basic-credentials"
	DigestResponse    = "digest-response"
	NegotiateToken    = "negotiate-token"
	RequestSignature  = "request-signature"
	SessionCookie     = "session-cookie"
	Cookie            = "cookie"
	PasswordHash      = "password-hash"
	SAMLAssertion     = "saml-assertion"
	KubernetesSecret  = "kubernetes-secret"
	SASSignature      = "sas-signature"
	AuthorizationCode = "authorization-code"
)

// Detectors returns the detectors of this package.
func Detectors() []probe.Detector {
	return []probe.Detector{
		NewNamed(), NewURL(), NewAuthorization(), NewCookie(), NewPasswordHash(), NewPasswordFile(),
		NewSharedAccess(), NewSAML(), NewKubernetes(), NewSourceName(), NewStatement(), NewCommand(), NewOperand(), NewPiped(), NewSignedURL(), NewAppToken(),
	}
}

// found is a secret among the characters of a view.
type found struct {
	kind       string
	confidence probe.Confidence
	whole      span // the name, the separator and the value
	secret     span
	encoding   string // of the secret, text if empty
	identity   []byte // the secret without its encoding, nil when it has none
}

// span is the characters [start, end).
type span struct{ start, end int }

func (s span) len() int { return s.end - s.start }

// emitTo hands f to emit unless its secret is redacted already.
func (f found) emitTo(t text, emit func(probe.Match)) {
	if f.secret.len() <= 0 || redacted(t.Text, f.secret) {
		return
	}
	if f.confidence == probe.Likely && manual.Shown(t.Text, f.whole.start, f.whole.end) {
		f.confidence = probe.Possible
	}
	value, hide := t.extent(f.secret)
	identity, encoding := f.identity, f.encoding
	if identity == nil {
		identity, encoding = t.octets(value), probe.ASCII
	}
	emit(probe.Match{
		Kind: f.kind, Encoding: t.Encoding(encoding), Confidence: f.confidence, Text: true,
		Range: t.Range(f.whole.start, max(f.whole.end, hide.end)), Redact: []probe.Range{t.Range(hide.start, hide.end)},
		Identity: identity,
	})
	clear(identity)
}

// unescaped sets the identity of f to its secret without percent-encoding, if it
// has some.
func (f found) unescaped(t text) found {
	value, _ := t.extent(f.secret)
	p := t.octets(value)
	if u := unescape(p); len(u) < value.len() {
		f.identity, f.encoding = u, probe.Percent
	}
	return f
}

// decoded sets the identity of f to its secret without base64, if that is what it is: text
// in digits with their padding.
func (f found) decoded(t text) found {
	value, _ := t.extent(f.secret)
	digits := run(t.Text, value.start, value.len(), isBase64)
	if value.len() < 8 || value.len()%4 != 0 || padded(t.Text, digits) != value.end {
		return f
	}
	p := decode(t.Append(make([]byte, 0, value.len()), value.start, digits))
	if len(p) < minSecret || readable(p) < len(p) {
		clear(p)
		return f
	}
	f.identity, f.encoding = p, probe.Base64
	return f
}

// redacted reports whether s holds the beginning of a tag, or only the padding
// that follows one.
func redacted(t probe.Text, s span) bool {
	stars := true
	for i := s.start; i < s.end; i++ {
		c := t.At(i)
		if c == probe.TagOpen[0] && t.Has(i, probe.TagOpen[:min(len(probe.TagOpen), s.end-i)]) && s.end-i >= 3 {
			return true
		}
		stars = stars && c == '*'
	}
	return stars
}
