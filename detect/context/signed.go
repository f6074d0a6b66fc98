package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// signedURLs is the detector of signatures in URLs that are good for a while without any
// other credential: those of S3 (both versions), CloudFront and Google Cloud Storage.
type signedURLs struct{}

const maxSignature = 1024

// NewSignedURL returns the detector of signatures in URLs.
func NewSignedURL() probe.Detector { return signedURLs{} }

// Spec implements [probe.Detector].
func (signedURLs) Spec() probe.Spec {
	return probe.Spec{
		ID: "signed-url", About: "signatures in URLs of S3, CloudFront and Google Cloud Storage",
		Kinds: []string{RequestSignature}, Anchors: []string{"&Signature=", "-Signature=", "?Signature=", "&hmac="},
		Text: true, Before: 2048, After: maxSignature + 1024,
	}
}

// Detect implements [probe.Detector].
func (signedURLs) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	i := run(t.Text, at, len("&Signature="), func(c byte) bool { return c != '=' }) + 1
	s := span{i, run(t.Text, i, maxSignature, func(c byte) bool { return isToken68(c) || c == '%' || c == '=' })}
	if s.len() < 24 || s.len() == maxSignature || gradeOf(t.Text, s, false) != random || !expires(t.Text, at, s.end) {
		return
	}
	found{kind: RequestSignature, confidence: probe.Likely, whole: span{at + 1, s.end}, secret: s}.unescaped(t).emitTo(t, emit)
}

// expires reports whether the URL with the signature of the characters [start, end) says
// when it expires.
func expires(t probe.Text, start, end int) bool {
	is := func(k int) bool { return lower(t.At(k)) == 'e' && hasFold(t, k, "expires=") && !isAlnum(t.At(k-1)) }
	for k := start; start-k < 1536 && isGraph(t.At(k)); k-- {
		if is(k) {
			return true
		}
	}
	for k := end; k-end < 512 && isGraph(t.At(k)); k++ {
		if is(k) {
			return true
		}
	}
	return false
}
