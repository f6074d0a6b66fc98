package pgp

import (
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// ParsePackets reads the sequence of packets that begins at b[0], such as a
// transferable secret key (RFC 9580, section 10.2), and returns its secret keys as
// one: confirmed when all of them are, named by the first. What cannot belong to
// such a sequence ends it. The ranges are indices in b, the slices may alias b.
func ParsePackets(b []byte) (privkey.Key, bool) {
	var all privkey.Key
	good := true
	off := 0
	for off < len(b) {
		p, ok := parsePacket(b, off)
		if !ok || !inKey(p.tag) {
			break
		}
		start := off
		off = p.end
		if p.tag != tagSecretKey && p.tag != tagSecretSubkey {
			if p.open {
				break
			}
			continue
		}
		k, ok := p.key(start)
		if !ok {
			continue // a stub, or redacted
		}
		off = k.End
		good = good && k.Confidence == probe.Confirmed
		all.Add(k)
	}
	if len(all.Private) == 0 {
		return privkey.Key{}, false
	}
	all.Range = probe.Range{Start: 0, End: min(off, len(b))}
	if !good {
		all.Confidence = probe.Likely
	}
	return all, true
}

// inKey reports whether a packet with this tag may stand in a transferable key.
func inKey(tag int) bool {
	switch tag {
	case tagSignature, tagSecretKey, tagPublicKey, tagSecretSubkey, tagMarker, tagTrust,
		tagUserID, tagPublicSubkey, tagUserAttr, tagPadding:
		return true
	}
	return false
}
