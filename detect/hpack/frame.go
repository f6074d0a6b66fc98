package hpack

import "github.com/dumpscrub/dumpscrub/detect/probe"

// frames is the detector of secrets in HEADERS frames: RFC 9113, section 6.2.
type frames struct{ *core }

const (
	headerLen   = 9
	typeAt      = 3 // where the type is in a frame's header
	headersType = 1
	padded      = 0x08
	prioritized = 0x20
	maxFrame    = 16 << 10 // the least that peers must accept, and what they use
	minFrame    = 8
)

// Spec implements [probe.Detector]. The anchors are the type, the flags of a frame that
// holds all of its fields, and the first octet of the number of a stream.
func (f frames) Spec() probe.Spec {
	return probe.Spec{
		ID: "http2-headers", About: "everything else in the header fields of HTTP/2 frames, in Huffman's code", Kinds: f.kinds,
		Anchors: []string{
			"\x01\x04\x00", "\x01\x05\x00", "\x01\x24\x00", "\x01\x25\x00",
			"\x01\x0c\x00", "\x01\x0d\x00", "\x01\x2c\x00", "\x01\x2d\x00",
		},
		Before: typeAt, After: headerLen - typeAt + maxFrame,
	}
}

// Glance implements [probe.Glancer]: the header of a frame is little else.
func (frames) Glance(data []byte, pos int, _ bool) bool {
	start, _, ok := payload(data, pos)
	return ok && start < len(data) && data[start] != 0 && data[start] != 0x80
}

// payload returns where the fields of the frame with its type at pos lie.
func payload(p []byte, pos int) (start, end int, ok bool) {
	h := pos - typeAt
	if h < 0 || h+headerLen > len(p) || p[h] != 0 {
		return 0, 0, false
	}
	n, flags := int(p[h+1])<<8|int(p[h+2]), p[pos+1]
	if n < minFrame || n > maxFrame || p[h+6]|p[h+7]|p[h+8] == 0 {
		return 0, 0, false
	}
	start = h + headerLen
	end = start + n
	pad := 0
	if flags&padded != 0 && start < len(p) {
		pad = int(p[start])
		start++
	}
	if flags&prioritized != 0 {
		start += 5
	}
	return start, end - pad, start < end-pad
}

// Detect implements [probe.Detector].
func (f frames) Detect(v probe.View, emit func(probe.Match)) {
	start, end, ok := payload(v.Data, v.At)
	if !ok || end > len(v.Data) {
		return
	}
	p := v.Data[:end]
	var fields []field
	for i := start; i < end; {
		fd, ok := readField(p, i)
		if !ok {
			return
		}
		if fd.value.huffman || fd.name.huffman {
			fields = append(fields, fd)
		}
		i = fd.end
	}
	v.Data = p
	for _, fd := range fields {
		f.judge(v, fd, nil, emit)
	}
}
