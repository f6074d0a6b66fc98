package tlssecret

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// packed finds the sessions of TLS 1.2 that GnuTLS packs for resumption: the master
// secret and both randoms in a row, each behind a byte that holds its length, at no
// alignment (pack_security_parameters in GnuTLS's lib/session_pack.c).
type packed struct{}

// NewPacked returns the detector of GnuTLS's packed sessions.
func NewPacked() probe.Detector { return packed{} }

const (
	firstRandom  = 1 + masterLen
	secondRandom = firstRandom + 1 + randomLen
	packedLen    = secondRandom + 1 + randomLen
	// What follows are two numbers below 65,536, of four bytes, most significant first: sizes of
	// records.
	packedTail = 8
	// gateReach is what gates need, in bytes.
	gateReach = 160
)

// Spec implements [probe.Detector].
func (packed) Spec() probe.Spec {
	return probe.Spec{
		ID: "tls-packed-session", About: "master secrets in the sessions that GnuTLS keeps for resumption",
		Kinds: []string{Kind}, Before: gateReach, After: max(gateReach, packedLen+packedTail),
	}
}

// Depth implements [probe.Shallow].
func (packed) Depth() int { return packedLen }

// Gate implements [probe.Gated]: behind the length, 114 bytes look random, 13 whole words.
func (packed) Gate() probe.Gate { return probe.Gate{Words: 7, Others: 2, Near: 16} }

// Filter names the length of a master secret before those of two randoms.
func (packed) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	for i := lo; i < min(hi, len(data)-packedLen); i++ {
		k := bytes.IndexByte(data[i:min(hi, len(data)-packedLen)], masterLen)
		if k < 0 {
			return
		}
		if i += k; data[i+firstRandom] == randomLen && data[i+secondRandom] == randomLen && isPacked(data[i:]) {
			hit(i)
		}
	}
}

// isPacked reports whether p begins with the three.
func isPacked(p []byte) bool {
	if len(p) < packedLen+packedTail || p[0] != masterLen || p[firstRandom] != randomLen || p[secondRandom] != randomLen {
		return false
	}
	tail := p[packedLen:]
	return tail[0]|tail[1]|tail[4]|tail[5] == 0 &&
		secret(p[1:firstRandom]) && couldBe(p[firstRandom+1:secondRandom]) && couldBe(p[secondRandom+1:packedLen])
}

// Detect emits the secret behind its length at v.At.
func (packed) Detect(v probe.View, emit func(probe.Match)) {
	if !isPacked(v.Data[v.At:]) {
		return
	}
	confidence := probe.Likely
	if marked := v.Data[v.At+packedLen-8:]; bytes.HasPrefix(marked, []byte(marks()[0])) || bytes.HasPrefix(marked, []byte(marks()[1])) {
		confidence = probe.Confirmed
	}
	whole := probe.Range{Start: v.At, End: v.At + packedLen}
	report(v.Data, whole, probe.Range{Start: v.At + 1, End: v.At + firstRandom}, probe.Raw, confidence, emit)
}
