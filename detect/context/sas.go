package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// sharedAccess is the detector of signatures in shared access signatures of Azure:
// the parameter sig, base64 of an HMAC with SHA-256, percent-encoded or not, beside
// the parameters that say for what and for how long it is good.
type sharedAccess struct{}

const (
	sasAround = 512
	sasDigits = 43
)

// NewSharedAccess returns the detector of signatures of shared access tokens and codes of OAuth.
func NewSharedAccess() probe.Detector { return sharedAccess{} }

// Spec implements [probe.Detector].
func (sharedAccess) Spec() probe.Spec {
	return probe.Spec{
		ID: "azure-sas", About: "signatures of Azure shared access tokens, and codes of OAuth redirects",
		Kinds: []string{SASSignature, AuthorizationCode}, Anchors: []string{"sig=", "?code=", "&code="},
		Text: true, Before: sasAround, After: sasAround,
	}
}

// Detect implements [probe.Detector].
func (sharedAccess) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	if t.At(at) != 's' {
		i := at + len("?code=")
		s := until(t, i, isFormEnd)
		if said, _ := t.extent(s); s.len() >= 20 && gradeOf(t.Text, said, true) == random {
			found{kind: AuthorizationCode, confidence: probe.Likely, whole: span{at + 1, s.end}, secret: s}.emitTo(t, emit)
		}
		return
	}
	if isName(t.At(at - 1)) {
		return
	}
	i := at + len("sig=")
	digits, end := 0, i
	for digits <= sasDigits && (isBase64(t.At(end)) || t.At(end) == '%') {
		if t.At(end) == '%' {
			if t.Has(end, "%3D") || t.Has(end, "%3d") {
				break
			}
			if !isHex(t.At(end+1)) || !isHex(t.At(end+2)) {
				break
			}
			end += 2
		}
		end++
		digits++
	}
	if digits != sasDigits {
		return
	}
	switch {
	case t.At(end) == '=':
		end++
	case t.Has(end, "%3D"), t.Has(end, "%3d"):
		end += len("%3D")
	}
	s := span{i, end}
	if !sasParameter(t.Text, at, end) || gradeOf(t.Text, s, false) != random {
		return
	}
	found{kind: SASSignature, confidence: probe.Likely, whole: span{at, end}, secret: s}.emitTo(t, emit)
}

// sasParameter reports whether the token whose signature is the characters
// [start, end) has a version, an expiry or a resource.
func sasParameter(t probe.Text, start, end int) bool {
	is := func(k int) bool {
		return t.At(k) == 's' && t.At(k+2) == '=' && !isName(t.At(k-1)) &&
			(t.At(k+1) == 'e' || t.At(k+1) == 'v' || t.At(k+1) == 'r' || t.At(k+1) == 'p')
	}
	for k := start - 1; k > start-sasAround && isGraph(t.At(k)); k-- {
		if is(k) || t.At(k) == 's' && t.Has(k, "se=") {
			return true
		}
	}
	for k := end; k < end+sasAround-64 && isGraph(t.At(k)); k++ {
		if is(k) {
			return true
		}
	}
	return false
}
