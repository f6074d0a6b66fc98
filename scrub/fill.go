package scrub

import "github.com/dumpscrub/dumpscrub/detect/probe"

// pad follows a tag that is shorter than the text it replaces. It is in no
// base64, hexadecimal or token alphabet.
const pad = '*'

// write fills dst, which begins phase bytes into the redacted span of c.
func (p *Plan) write(c *cut, dst []byte, phase int64) {
	if !c.fill.text {
		for i := range dst {
			dst[i] = probe.Fill
		}
		return
	}
	var room [tagRoom]byte
	tag := p.res.tagger.append(room[:0], p.res, int(c.secret))
	for i := range dst {
		at := phase + int64(i)
		if c.fill.wide {
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
