package jose

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// minPart is how many characters of a cut or unreadable part are evidence: a
	// claim with a value.
	minPart = 16

	// minSignature is the shortest signature in use: HMAC with SHA-256 (RFC 7518,
	// section 3.2).
	minSignature = 43

	// payloadDepth bounds the brackets in a payload that is believed to be JSON:
	// claims with roles by resource have five.
	payloadDepth = 24
)

type jwt struct{}

// JWT returns the detector of signed tokens.
func JWT() probe.Detector { return jwt{} }

func (jwt) Spec() probe.Spec {
	return probe.Spec{
		ID: "jwt", About: "signed tokens: JWT and other JWS in compact serialization",
		Kinds: []string{"jwt"}, Anchors: tokenAnchors(), Text: true,
		Before: maxHeader + 1, After: tokenReach,
	}
}

func (jwt) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	if end := headerEnd(t, i); end > 0 && signed(t, i, end, emit) {
		return
	}
	if t.At(i-1) == '.' && !headerBefore(t, i-1) {
		headless(t, i, emit)
	}
}

// signed judges the token whose header is the characters [i, end), and reports
// whether it is one.
func signed(t probe.Text, i, end int, emit func(probe.Match)) bool {
	payload := jsontext.Span{Start: end + 1, End: runEnd(t, end+1, tokenReach)}
	if payload.Len() == 0 {
		return false
	}
	h := readHeader(t, i, end)
	if h.alg == "" && h.typ != "JWT" || h.enc != "" {
		return false
	}
	status := payloadStatus(t, payload)
	payload.End = padEnd(t, payload.End)
	sig, whole := signature(t, payload.End, h.alg)

	m := token{t: t, kind: "jwt", confidence: probe.Likely}
	if whole {
		m.hmac = hmacBits(h.alg)
	}
	switch {
	case whole && status == jsontext.Done:
		m.confidence = probe.Confirmed
	case status != jsontext.Bad && (status == jsontext.Done || payload.Len() >= minPart):
	case whole && payload.Len() >= minPart && sig.Len() >= minSignature:
		// A payload that is encrypted, compressed or no JSON.
	default:
		return false
	}
	if !h.plain {
		m.hide(jsontext.Span{Start: i, End: end})
	}
	m.hide(payload)
	m.hide(sig)
	m.emit(i, max(payload.End, sig.End), emit)
	return true
}

// headless judges a payload of which the header was overwritten. The header can
// be guessed, so that such a token still works.
func headless(t probe.Text, i int, emit func(probe.Match)) {
	m := jsontext.Machine{Depth: payloadDepth}
	payload := jsontext.Span{Start: i, End: objectIn(t, i, tokenReach, &m)}
	if m.Status() != jsontext.Done || !claims(t, payload) {
		return
	}
	payload.End = padEnd(t, payload.End)
	sig, _ := signature(t, payload.End, "")
	if sig.Len() < minSignature {
		return
	}
	k := token{t: t, kind: "jwt", confidence: probe.Likely}
	k.hide(payload)
	k.hide(sig)
	k.emit(i, sig.End, emit)
}

// headerBefore reports whether a header ends at the dot, whose own anchor then
// leads to the token.
func headerBefore(t probe.Text, dot int) bool {
	i := dot - 1
	for i > dot-3 && t.At(i) == '=' {
		i--
	}
	for ; i >= dot-maxHeader && digit(t.At(i)) != base64text.NoDigit; i-- {
		if t.At(i) == 'e' && headerEnd(t, i) == dot {
			return true
		}
	}
	return false
}

// payloadStatus says whether s is base64url of a JSON object, or of its beginning.
func payloadStatus(t probe.Text, s jsontext.Span) jsontext.Status {
	m := jsontext.Machine{Depth: payloadDepth}
	objectIn(t, s.Start, s.Len(), &m)
	return m.Status()
}

// claims reports whether the JSON object in s has a registered claim (RFC 7519,
// section 4.1).
func claims(t probe.Text, s jsontext.Span) bool {
	d, m := objectOf(decode(t, s, digit))
	for _, f := range m.List {
		for _, name := range [...]string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"} {
			if d.Is(f.Name, name) {
				return true
			}
		}
	}
	return false
}

// signature returns the signature whose dot is at i, and whether it is all there.
func signature(t probe.Text, i int, alg string) (s jsontext.Span, whole bool) {
	if t.At(i) != '.' {
		return s, false
	}
	s = jsontext.Span{Start: i + 1, End: i + 1}
	least, most := signatureLen(alg)
	s.End = runEnd(t, s.Start, most)
	whole = s.Len() >= least
	if whole {
		s.End = padEnd(t, s.End)
	}
	return s, whole
}
