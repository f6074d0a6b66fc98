package jose

import (
	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/manual"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

type jwe struct{}

// JWE returns the detector of encrypted tokens.
func JWE() probe.Detector { return jwe{} }

func (jwe) Spec() probe.Spec {
	return probe.Spec{
		ID: "jwe", About: "encrypted tokens: JWE in compact serialization",
		Kinds: []string{"jwe"}, Anchors: tokenAnchors(), Text: true,
		Before: manual.Before, After: tokenReach,
	}
}

func (jwe) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	end := headerEnd(t, i)
	if end == 0 {
		return
	}
	h := readHeader(t, i, end)
	if h.enc == "" || h.alg == "" {
		return
	}
	p, n := encryptedParts(t, end, contentEncryption(h.enc))
	if n == 0 || direct(h.alg) != (p[0].Len() == 0) {
		return
	}
	k := token{t: t, kind: "jwe", confidence: probe.Likely}
	if proper(h.enc, p, n) {
		k.confidence = probe.Confirmed
	} else if p[0].Len() < minPart && p[2].Len() < minPart {
		return
	} else if manual.Shown(t, i, p[n-1].End) || manual.Published(t.Append(nil, i, p[n-1].End)) {
		k.confidence = probe.Possible
	}
	if !h.plain {
		k.hide(jsontext.Span{Start: i, End: end})
	}
	for _, s := range p {
		k.hide(s)
	}
	k.emit(i, p[n-1].End, emit)
}

// encryptedParts returns the parts behind the header that ends at i: encrypted
// key, initialization vector, ciphertext and tag, and how many have begun.
func encryptedParts(t probe.Text, i int, fixed parts) (p [4]jsontext.Span, n int) {
	for ; n < len(p) && t.At(i) == '.'; n++ {
		limit := tokenReach
		if n == 3 && fixed.tag > 0 {
			limit = encodedLen(fixed.tag)
		}
		p[n] = jsontext.Span{Start: i + 1, End: padEnd(t, runEnd(t, i+1, limit))}
		i = p[n].End
	}
	return p, n
}

// proper reports whether all parts are there, with the lengths that enc wants.
func proper(enc string, p [4]jsontext.Span, n int) bool {
	fixed := contentEncryption(enc)
	return n == 4 && fixed.iv > 0 && p[1].Len() == encodedLen(fixed.iv) &&
		p[2].Len() > 0 && p[3].Len() == encodedLen(fixed.tag)
}
