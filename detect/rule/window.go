package rule

import (
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textrun"
)

// window holds a run as one byte a character, which is what patterns run on.
// Characters outside ASCII are 0xff, no valid UTF-8, so that each is one
// character to them too.
type window struct {
	text []byte
	buf  []byte
	low  []byte // the text in lower case, empty until it is asked for
}

// windows lends buffers, which hold secrets and are cleared when given back.
var windows = sync.Pool{New: func() any { return &window{buf: make([]byte, 0, 1<<10)} }}

// takeWindow copies a run.
func takeWindow(t probe.Text, run textrun.Run) *window {
	w := windows.Get().(*window)
	w.buf = t.Append(w.buf[:0], run.Start, run.End)
	w.text = w.buf
	return w
}

// lower returns the text in lower case.
func (w *window) lower() []byte {
	if len(w.low) == 0 {
		w.low = appendLower(w.low, w.text)
	}
	return w.low
}

// appendLower appends p to dst, its ASCII letters in lower case.
func appendLower(dst, p []byte) []byte {
	for _, b := range p {
		if b-'A' < 26 {
			b |= 0x20
		}
		dst = append(dst, b)
	}
	return dst
}

func (w *window) release() {
	clear(w.buf)
	clear(w.low)
	w.text, w.low = nil, w.low[:0]
	windows.Put(w)
}

// at returns character i of the text that the window was taken from.
func (w *window) at(run textrun.Run, i int) byte { return w.text[i-run.Start] }

// slice returns the characters [i, j) of the text.
func (w *window) slice(run textrun.Run, i, j int) []byte { return w.text[i-run.Start : j-run.Start] }
