package pgp

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The packet types that may stand in a transferable key (RFC 9580, section 10.1).
const (
	tagSignature    = 2
	tagSecretKey    = 5
	tagPublicKey    = 6
	tagSecretSubkey = 7
	tagMarker       = 10
	tagTrust        = 12
	tagUserID       = 13
	tagPublicSubkey = 14
	tagUserAttr     = 17
	tagPadding      = 21
)

// maxBody bounds the body of a secret key packet: RSA of 16384 bits in version 6
// takes 7.3 KiB, composite post-quantum keys less.
const maxBody = 12 << 10

// header is what stands before a packet's body.
type header struct {
	tag     int
	size    int  // of the header, in bytes
	body    int  // length of the body or, when partial, of its first chunk
	partial bool // more chunks follow
	open    bool // the length is indeterminate: the body ends where the data ends
}

// parseHeader reads the packet header at b[0] (RFC 9580, section 4.2).
func parseHeader(b []byte) (h header, ok bool) {
	if len(b) < 2 || b[0]&0x80 == 0 {
		return h, false
	}
	if b[0]&0x40 != 0 {
		h.tag = int(b[0] & 0x3f)
		n, size, partial := chunk(b[1:])
		if size == 0 {
			return h, false
		}
		h.size, h.body, h.partial = 1+size, n, partial
		return h, true
	}
	h.tag = int(b[0] >> 2 & 0x0f)
	switch b[0] & 3 {
	case 0:
		h.size, h.body = 2, int(b[1])
	case 1:
		if len(b) < 3 {
			return h, false
		}
		h.size, h.body = 3, int(binary.BigEndian.Uint16(b[1:]))
	case 2:
		if len(b) < 5 {
			return h, false
		}
		n := binary.BigEndian.Uint32(b[1:])
		if n > maxLength {
			return h, false
		}
		h.size, h.body = 5, int(n)
	case 3:
		h.size, h.open = 1, true
	}
	return h, true
}

// maxLength bounds the bodies of the packets between the keys: photographs in
// user attributes are the largest honest ones.
const maxLength = 1 << 24

// chunk reads a length of the current format (RFC 9580, section 4.2.1) and
// returns how many bytes it takes, zero when it is cut off or absurd.
func chunk(b []byte) (n, size int, partial bool) {
	switch {
	case len(b) >= 1 && b[0] < 192:
		return int(b[0]), 1, false
	case len(b) >= 2 && b[0] < 224:
		return int(b[0]-192)<<8 + int(b[1]) + 192, 2, false
	case len(b) >= 5 && b[0] == 255:
		v := binary.BigEndian.Uint32(b[1:])
		if v > maxLength {
			return 0, 0, false
		}
		return int(v), 5, false
	case len(b) >= 1 && b[0] >= 224 && b[0] < 255:
		if e := b[0] & 0x1f; e <= 24 {
			return 1 << e, 1, true
		}
	}
	return 0, 0, false
}

// packet is a body joined from its chunks. Positions in the body and in the
// bytes it was read from differ when there are several.
type packet struct {
	tag    int
	body   []byte
	pieces []piece
	end    int  // index of the first byte behind the packet
	cut    bool // the body runs past the end of the data
	open   bool // the body's end is unknown
}

// piece says that body[at:at+n] lies at from in the source.
type piece struct{ at, from, n int }

// parsePacket reads the packet at b[off]. The body of a packet in one piece
// aliases b; one in chunks is copied, at most maxBody bytes of it.
func parsePacket(b []byte, off int) (packet, bool) {
	h, ok := parseHeader(b[off:])
	if !ok {
		return packet{}, false
	}
	p := packet{tag: h.tag, open: h.open}
	start := off + h.size
	n := h.body
	if h.open {
		n = len(b) - start
	}
	if !h.partial {
		p.cut = n > len(b)-start
		n = min(n, len(b)-start)
		p.body, p.end = b[start:start+n], start+n
		p.pieces = []piece{{0, start, n}}
		return p, true
	}
	for more := true; ; {
		p.cut = n > len(b)-start
		n = min(n, len(b)-start)
		p.pieces = append(p.pieces, piece{len(p.body), start, n})
		p.body = append(p.body, b[start:start+min(n, maxBody)]...)
		p.end = start + n
		if !more || p.cut || len(p.body) >= maxBody {
			return p, true
		}
		var size int
		if n, size, more = chunk(b[p.end:]); size == 0 {
			p.cut = true
			return p, true
		}
		start = p.end + size
	}
}

// ranges returns where the bytes [g.Start, g.End) of the body lie in the source.
func (p *packet) ranges(g probe.Range) []probe.Range {
	var out []probe.Range
	for _, c := range p.pieces {
		lo, hi := max(g.Start, c.at), min(g.End, c.at+c.n)
		if lo < hi {
			out = append(out, probe.Range{Start: lo - c.at + c.from, End: hi - c.at + c.from})
		}
	}
	return out
}
