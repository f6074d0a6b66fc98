package pkcs12

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Kind is what the detector emits.
const Kind = "pkcs12-keystore"

// after is how large a store may be: a Java trust store of all public roots takes
// 180 KiB, a key with its chain ten.
const after = 256 << 10

type detector struct{}

// Keystore returns the detector of PKCS#12 stores.
func Keystore() probe.Detector { return detector{} }

// Spec implements probe.Detector. The anchor is the version of a PFX and the
// first octet of the authenticated safe.
func (detector) Spec() probe.Spec {
	return probe.Spec{
		ID: "pkcs12-keystore", About: "PKCS#12 key stores (.p12, .pfx)",
		Kinds:   []string{Kind},
		Anchors: []string{"\x02\x01\x03\x30"},
		Before:  der.MaxHeader, After: after,
	}
}

// Detect implements probe.Detector.
func (detector) Detect(v probe.View, emit func(probe.Match)) {
	if !safeFollows(v.Data, v.At+3) {
		return
	}
	if i := v.At - 2; i >= 0 && v.Data[i] == der.Sequence && v.Data[i+1] == 0x80 {
		judge(v.Data, i, emit)
		return
	}
	for width := der.MinHeader; width <= der.MaxHeader; width++ {
		if der.Opens(v.Data, der.Sequence, v.At, width) && judge(v.Data, v.At-width, emit) {
			return
		}
	}
}

// safeFollows reports whether the SEQUENCE at data[i] begins with the object
// identifier of data or signed data. It looks at a few bytes only, because the
// anchor occurs in SNMPv3 messages and by chance.
func safeFollows(data []byte, i int) bool {
	const head = "\x06\x09" + oidContent
	if i+2 > len(data) {
		return false
	}
	octets := 0
	if data[i+1] > 0x80 {
		octets = int(data[i+1] & 0x7f)
	}
	i += 2 + octets
	return octets <= 4 && i+len(head) < len(data) && string(data[i:i+len(head)]) == head
}

func judge(view []byte, at int, emit func(probe.Match)) bool {
	p := parser{view: view}
	extent, ok := p.pfx(at)
	if !ok || len(p.private) == 0 {
		return false
	}
	slices.SortFunc(p.private, func(a, b probe.Range) int { return a.Start - b.Start })
	m := probe.Match{
		Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed,
		Range: extent, Redact: p.private, Identity: p.secret, Values: p.values,
	}
	if p.partial {
		// What is behind the last private part may belong to somebody else.
		m.Confidence, m.End = probe.Likely, p.private[len(p.private)-1].End
	}
	emit(m)
	return true
}
