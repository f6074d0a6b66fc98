package plan

import "github.com/dumpscrub/dumpscrub/detect/probe"

// pad follows a tag that is shorter than the text it replaces. It is in no
// base64, hexadecimal or token alphabet.
const pad = '*'

// Fill says how a span is overwritten.
type Fill struct {
	Text bool // with the secret's tag; else with [probe.Fill]
	Wide bool // the tag in UTF-16LE
}

// tagRoom is a capacity in bytes that nearly every tag fits into.
const tagRoom = 128

// Write fills dst, which lies at off in the file, within c.
func (p *Plan) Write(c *Cut, dst []byte, off int64) {
	if !c.Fill.Text {
		for i := range dst {
			dst[i] = probe.Fill
		}
		return
	}
	var room [tagRoom]byte
	tag := p.tags(room[:0], int(c.Secret))
	for i := range dst {
		at := c.Phase + off - c.Off + int64(i)
		if c.Fill.Wide {
			if at&1 == 1 {
				dst[i] = 0
				continue
			}
			at /= 2
		}
		if at < int64(len(tag)) {
			dst[i] = tag[at]
		} else {
			dst[i] = pad
		}
	}
}
