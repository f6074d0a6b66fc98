package pgp

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The first octets of secret key packets are 94 to 97 and 9c to 9f in the old
// format, tags 5 and 7 with four kinds of length, and c5 and c7 in the current one
// (RFC 9580, sections 4.2.1 and 4.2.2): all octets that equal one of these two
// values under their mask.
const (
	oldTag, oldMask = 0x94, 0xf4
	newTag, newMask = 0xc5, 0xfd
)

// Depth implements [probe.Shallow]: a candidate is a tag.
func (packets) Depth() int { return 1 }

// Gate implements [probe.Gated]: the public half begins within 35 octets, and the private half behind it. Of keys
// of 256 bits either has three whole words, which is a run of four with another one beside them.
func (packets) Gate() probe.Gate { return probe.Gate{Words: 4, Others: 1, Near: 64} }

// Filter implements [probe.Filter]: a candidate is the first octet of a header
// with a secret key's tag, before a body that begins like a key.
func (packets) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	var marks [16]uint64
	var rest [kernel.TagBytes + kernel.TagAhead]byte
	for i := lo; i < hi; {
		p := data[i:]
		if len(p) < len(rest) {
			clear(rest[copy(rest[:], p):])
			p = rest[:]
		}
		// The last word may extend beyond what is ours.
		n := min(len(marks), (hi-i+kernel.TagBytes-1)/kernel.TagBytes, (len(p)-kernel.TagAhead)/kernel.TagBytes)
		kernel.Tags(marks[:n], p)
		for _, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				if k := i + bits.TrailingZeros64(m); k < hi && hasVersion(data[k:]) && beginsKey(data[k:]) {
					hit(k)
				}
			}
			i += kernel.TagBytes
		}
	}
}

// hasVersion reports whether b[0] is a tag and the version of a key stands where
// the header of its kind ends. It is the test that nearly all candidates fail.
func hasVersion(b []byte) bool {
	if len(b) < 10 {
		return false
	}
	at := 2
	switch {
	case b[0]&newMask == newTag:
		switch n := b[1]; {
		case n == 255:
			at = 6
		case n >= 192 && n < 224:
			at = 3
		}
	case b[0]&oldMask == oldTag:
		switch b[0] & 3 {
		case 1:
			at = 3
		case 2:
			at = 5
		case 3:
			at = 1
		}
	default:
		return false
	}
	return b[at]-2 <= 4 // 2 to 6
}

// beginsKey reports whether the packet at b[0] has a possible length, version and
// algorithm, and its first public field a possible size. It looks at no more than
// headSize octets.
func beginsKey(b []byte) bool {
	b = b[:min(len(b), headSize)]
	h, ok := parseHeader(b)
	if !ok || !h.open && !h.partial && (h.body < minBody || h.body > maxBody) || len(b) < h.size+10 {
		return false
	}
	b = b[h.size:]
	algo := 5
	switch b[0] {
	case 2, 3:
		algo = 7
	case 4, 5, 6:
	default:
		return false
	}
	public, _ := layout(b[algo])
	if public == nil {
		return false
	}
	at := algo + 1
	if b[0] >= 5 {
		at += 4
	}
	if len(b) < at+3 {
		return false
	}
	switch p := public[0]; p.shape {
	case mpi:
		n := int(binary.BigEndian.Uint16(b[at:]))
		return n >= p.lo && n <= p.hi && b[at+2]>>((n-1)%8) == 1
	case counted:
		return int(b[at]) >= p.lo && int(b[at]) <= p.hi && (b[at+1] == 0x2a || b[at+1] == 0x2b)
	}
	return true
}

const (
	// headSize is the longest header, the fields before the key material, and the
	// size of its first number.
	headSize = 6 + 12 + 3
	// minBody is the body of the smallest key, Ed25519 in version 4.
	minBody = 1 + 4 + 1 + 32 + 1 + 32
)

// packets is the detector of whole packets.
type packets struct{}

// NewPacket returns the detector of secret key packets with their header.
func NewPacket() probe.Detector { return packets{} }

// Spec implements [probe.Detector].
func (packets) Spec() probe.Spec {
	return probe.Spec{
		ID:    "pgp-secret-key",
		About: "OpenPGP secret key and subkey packets, plain or encrypted",
		Kinds: kinds(),
		// Before is what the gate needs.
		Before: 256, After: maxBody + headSize,
	}
}

// Detect implements [probe.Detector].
func (packets) Detect(v probe.View, emit func(probe.Match)) {
	p, ok := parsePacket(v.Data, v.At)
	if !ok || p.tag != tagSecretKey && p.tag != tagSecretSubkey {
		return
	}
	if k, ok := p.key(v.At); ok {
		emit(k.Match(probe.PGP, 0))
	}
}
