package keystore

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Kind is the kind of all matches.
const Kind = "java-keystore"

// maxStore is the reach. Stores of applications have a few KiB for each key; a
// store that also holds the JDK's certificates has 150.
const maxStore = 1 << 20

// detector finds whole stores.
type detector struct{}

// New returns the detector of JKS and JCEKS key stores.
func New() probe.Detector { return detector{} }

// Spec implements [probe.Detector]. The anchors are magic and version.
func (detector) Spec() probe.Spec {
	return probe.Spec{
		ID:    "java-keystore",
		About: "Java key stores (JKS, JCEKS) with private or secret keys",
		Kinds: []string{Kind},
		Anchors: []string{
			"\xfe\xed\xfe\xed\x00\x00\x00\x02", "\xfe\xed\xfe\xed\x00\x00\x00\x01",
			"\xce\xce\xce\xce\x00\x00\x00\x02", "\xce\xce\xce\xce\x00\x00\x00\x01",
		},
		After: maxStore,
	}
}

// Detect implements [probe.Detector].
func (detector) Detect(v probe.View, emit func(probe.Match)) {
	if k, encoding, ok := parse(v.Data, v.At); ok {
		emit(k.Match(encoding, 0))
	}
}

// certificateKey returns the SubjectPublicKeyInfo of a certificate (RFC 5280,
// section 4.1), nil when b is none.
func certificateKey(b []byte) []byte {
	c := der.At(b, 0)
	outer, ok := c.Expect(der.Sequence)
	if !ok || !outer.Whole() {
		return nil
	}
	in := c.Inside(outer)
	body, ok := in.Expect(der.Sequence)
	if !ok {
		return nil
	}
	tbs := in.Inside(body)
	tbs.Expect(der.ContextCons(0)) // the version
	if _, ok := tbs.Expect(der.Integer); !ok {
		return nil
	}
	for range 4 { // signature algorithm, issuer, validity, subject
		if _, ok := tbs.Expect(der.Sequence); !ok {
			return nil
		}
	}
	key, ok := tbs.Expect(der.Sequence)
	if !ok || !key.Whole() {
		return nil
	}
	return b[key.Header:key.End:key.End]
}
