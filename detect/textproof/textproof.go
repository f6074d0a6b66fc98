package textproof

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// least and most bound a candidate in characters.
	least, most = 8, 128
	// BehindLength is how far before a string its length may begin, in bytes: CPython's bytes have
	// a hash between them.
	BehindLength = 16
)

// Judge tells what characters prove themselves to be. It is called with many candidates, some of them several times,
// from several goroutines, and keeps none. What it returns lacks the places only; with the encoding
// [probe.ASCII] it is the text itself.
type Judge func(chars []byte) (probe.Match, bool)

// detector tries text.
type detector struct {
	judge Judge
	spec  probe.Spec
	wide  bool
}

// New returns the detector of what judge proves, in text of one byte a character, or in UTF-16LE when it is
// wide. Its reach is filled in here.
func New(s probe.Spec, wide bool, judge Judge) probe.Detector {
	s.Before, s.After = BehindLength, most+2
	if wide {
		s.After *= 2
	}
	return detector{judge: judge, spec: s, wide: wide}
}

// Plain returns the judge of characters that are a secret of this kind when they prove themselves.
func Plain(kind string, proves func(chars []byte) bool) Judge {
	return func(chars []byte) (probe.Match, bool) {
		if !proves(chars) {
			return probe.Match{}, false
		}
		return probe.Match{
			Kind: kind, Encoding: probe.ASCII, Confidence: probe.Confirmed, Identity: append([]byte(nil), chars...),
		}, true
	}
}

// Spec implements [probe.Detector].
func (d detector) Spec() probe.Spec { return d.spec }

// Depth implements [probe.Shallow].
func (detector) Depth() int { return 1 }

// Filter names the first characters of what could be a string or a word of eight
// characters: at the beginning of a run of text, or behind a space, a quote or a separator.
func (d detector) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	step := d.step()
	reach := (least - 1) * step
	for i := max(lo, 0); i < hi && i+reach+step <= len(data); {
		// The last character that breaks the word tells where the next one may begin.
		k := reach
		for k >= 0 && d.visible(data, i+k) && data[i+k] != ' ' {
			k -= step
		}
		switch {
		case k < 0:
			if d.begins(data, i) {
				hit(i)
			}
			i++
		case d.visible(data, i+k) && d.starts(data, i):
			// A pass phrase.
			hit(i)
			i++
		case d.wide:
			i++
		case !d.visible(data, i+k):
			i += k + 1
		default:
			i++
		}
	}
}

// step is the bytes of a character.
func (d detector) step() int {
	if d.wide {
		return 2
	}
	return 1
}

// visible reports whether a character of text is at data[i].
func (d detector) visible(data []byte, i int) bool {
	return data[i] >= ' ' && data[i] < 0x7f && (!d.wide || data[i+1] == 0)
}

// before returns the character before data[i], or 0 where there is none.
func (d detector) before(data []byte, i int) byte {
	if d.wide {
		i--
	}
	if i--; i < 0 || !d.visible(data, i) {
		return 0
	}
	return data[i]
}

// starts reports whether a string may begin at data[i].
func (d detector) starts(data []byte, i int) bool {
	c := d.before(data, i)
	if data[i] == ' ' || c != 0 && !quote(c) {
		return false
	}
	for k := range least {
		if !d.visible(data, i+k*d.step()) {
			return false
		}
	}
	return true
}

// begins reports whether a string or a word may begin at data[i]. Of separators in a row
// only the last one begins a word.
func (d detector) begins(data []byte, i int) bool {
	c := d.before(data, i)
	return c == 0 || quote(c) || c == ' ' || separates(c) && !separates(data[i])
}

func separates(c byte) bool {
	switch c {
	case '=', ':', ',', ';', '(', '[', '{', '<', '>', '|', '&', '@', '\\':
		return true
	}
	return false
}

func quote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// Detect tries what begins at v.At, by all the ends that it may have.
func (d detector) Detect(v probe.View, emit func(probe.Match)) {
	v.Wide = d.wide
	t, at := probe.TextOf(v)
	var chars [most + 1]byte
	defer clear(chars[:])
	n := 0
	for n < len(chars) {
		c := t.At(at + n)
		if c < ' ' || c >= 0x7f {
			break
		}
		chars[n] = c
		n++
	}
	opening := t.At(at - 1)
	whole := opening < ' ' || opening >= 0x7f
	var ends [8]int
	for _, end := range append(ends[:0], d.ends(chars[:n], opening, whole, v)...) {
		if m, ok := d.prove(chars[:end]); ok {
			m.Range = t.Range(at, at+end)
			m.Redact, m.Text, m.Wide = []probe.Range{m.Range}, true, d.wide
			if m.Encoding == probe.ASCII {
				m.Encoding = t.Encoding(probe.ASCII)
			}
			emit(m)
			return
		}
	}
}

// ends returns how long the string or word at the beginning of p may be, the longest first.
// opening is the character before it, whole says that it is none of text.
func (detector) ends(p []byte, opening byte, whole bool, v probe.View) []int {
	var out []int
	add := func(n int) {
		if n < least || n > min(most, len(p)) {
			return
		}
		for _, x := range out {
			if x == n {
				return
			}
		}
		out = append(out, n)
	}
	if whole {
		add(len(p))
		for _, n := range Lengths(v.Data, v.At) {
			add(n)
			if v.Wide && n&1 == 0 {
				add(n / 2)
			}
		}
	}
	if quote(opening) {
		for i, c := range p {
			if c == opening {
				add(i)
				break
			}
		}
	}
	blank, part := len(p), len(p)
	for i, c := range p {
		if c == ' ' || quote(c) {
			blank = i
			part = min(part, i)
			break
		}
		switch c {
		case ',', ';', '&', '<', '>', ')', ']', '}', '|', '\\', '@':
			part = min(part, i)
		}
	}
	add(blank)
	add(part)
	return out
}

// prove judges characters that are no tag of ours.
func (d detector) prove(chars []byte) (probe.Match, bool) {
	if len(chars) >= len(probe.TagOpen) && string(chars[:len(probe.TagOpen)]) == probe.TagOpen {
		return probe.Match{}, false
	}
	return d.judge(chars)
}

// Lengths returns what the words before data[i] say of the length of what begins there: as 32 bits, little-endian like the others,
// directly before it or with as many between, and as 64 bits at the latter place and as far
// again.
func Lengths(data []byte, i int) (out [4]int) {
	for k, w := range [...]struct{ before, size int }{{4, 4}, {8, 4}, {8, 8}, {16, 8}} {
		if i < w.before {
			continue
		}
		n := uint64(binary.LittleEndian.Uint32(data[i-w.before:]))
		if w.size == 8 {
			n = binary.LittleEndian.Uint64(data[i-w.before:])
		}
		if n <= 2*most {
			out[k] = int(n)
		}
	}
	return out
}
