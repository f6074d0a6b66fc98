package publickey

import (
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Kind is the kind of every match of this package.
const Kind = "public-key"

// Detectors returns all detectors of public keys.
func Detectors() []probe.Detector {
	return append(encoded(), rawDetectors()...)
}

// encoded returns those whose keys have an encoding that says what they are.
func encoded() []probe.Detector {
	return []probe.Detector{derDetector{}, sshDetector{}, textDetector{}, jwkDetector{}, cngDetector{}, dnsDetector{}}
}

// spec returns the specification that the detectors of this package share.
func spec(id, about string, before, after int, anchors ...string) probe.Spec {
	return probe.Spec{
		ID: id, About: about, Kinds: []string{Kind}, Anchors: anchors, Before: before, After: after,
	}
}

// match returns the match of the key spki that lies at at.
func match(spki []byte, encoding string, root bool, at probe.Range) probe.Match {
	m := probe.Match{
		Kind: Kind, Encoding: encoding, Confidence: probe.Confirmed,
		Range: at, Public: true, SPKI: spki, Identity: spki,
	}
	if root {
		m.Confidence = probe.Likely
	}
	return m
}

// rsaSPKI returns the key of a modulus and exponent, big-endian, or nil when they
// are none.
func rsaSPKI(n, e []byte) []byte {
	if !privkey.RSAPublic(n, e) || privkey.Junk(n) || privkey.Redacted(e) {
		return nil
	}
	return privkey.SPKIForRSA(n, e)
}

// ecSPKI returns the key of a point, compressed or not, or nil when it does not
// lie on the curve.
func ecSPKI(c privkey.Curve, point []byte) []byte {
	full, ok := c.Uncompressed(point)
	if !ok || privkey.Junk(full[1:]) || !onCurve(c, full) {
		return nil
	}
	return privkey.SPKIForEC(c, full)
}
