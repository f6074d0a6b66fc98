package jwtkey

import (
	"encoding/base64"
	"encoding/hex"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// text finds keys that are text, or base64 or hexadecimal of octets, as configuration and
// JWK ("k", RFC 7518, section 6.4.1) have them.
type text struct {
	proves  func(candidate []byte) bool
	spec    probe.Spec
	encoded bool // what base64 or hexadecimal stand for may be the key
	wide    bool
}

// Text returns the prover of keys in text of one byte a character, or nil when f has no token
// that proves one.
func Text(f probe.Facts) probe.Detector { return newText(f, false) }

// Wide is Text for UTF-16LE.
func Wide(f probe.Facts) probe.Detector { return newText(f, true) }

func newText(f probe.Facts, wide bool) probe.Detector {
	p := newProver(f)
	if p == nil {
		return nil
	}
	s := probe.Spec{
		ID: "jwt-key-text", About: "text that is the key of a signed token in the dump, as its code proves", Kinds: []string{Kind},
	}
	if wide {
		s.ID, s.About = "jwt-key-utf16", "UTF-16 that is the key of a signed token in the dump, as its code proves"
	}
	d := Strings(s, wide, p.proves).(text)
	d.encoded = true
	return d
}

// Strings returns the detector of the strings and words of eight to 128 characters, in UTF-16LE when they
// are wide, that prove themselves to be secrets of the one kind of s, whose reach is filled in here.
func Strings(s probe.Spec, wide bool, proves func(candidate []byte) bool) probe.Detector {
	s.Before, s.After = behindLength, mostKey+2
	if wide {
		s.After *= 2
	}
	return text{proves: proves, spec: s, wide: wide}
}

// Spec implements [probe.Detector].
func (d text) Spec() probe.Spec { return d.spec }

// Depth implements [probe.Shallow].
func (text) Depth() int { return 1 }

// Filter names the first characters of what could be a string or a word of eight
// characters: at the beginning of a run of text, or behind a space, a quote or a separator.
func (d text) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	step := d.step()
	reach := (leastKey - 1) * step
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
func (d text) step() int {
	if d.wide {
		return 2
	}
	return 1
}

// visible reports whether a character of text is at data[i].
func (d text) visible(data []byte, i int) bool {
	return data[i] >= ' ' && data[i] < 0x7f && (!d.wide || data[i+1] == 0)
}

// before returns the character before data[i], or 0 where there is none.
func (d text) before(data []byte, i int) byte {
	if d.wide {
		i--
	}
	if i--; i < 0 || !d.visible(data, i) {
		return 0
	}
	return data[i]
}

// starts reports whether a string may begin at data[i].
func (d text) starts(data []byte, i int) bool {
	c := d.before(data, i)
	if data[i] == ' ' || c != 0 && !quote(c) {
		return false
	}
	for k := range leastKey {
		if !d.visible(data, i+k*d.step()) {
			return false
		}
	}
	return true
}

// begins reports whether a string or a word may begin at data[i]. Of separators in a row
// only the last one begins a word.
func (d text) begins(data []byte, i int) bool {
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
func (d text) Detect(v probe.View, emit func(probe.Match)) {
	v.Wide = d.wide
	t, at := probe.TextOf(v)
	var chars [mostKey + 1]byte
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
		if m, ok := d.judge(chars[:end]); ok {
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
func (text) ends(p []byte, opening byte, whole bool, v probe.View) []int {
	var out []int
	add := func(n int) {
		if n < leastKey || n > min(mostKey, len(p)) {
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
		for _, n := range lengths(v.Data, v.At) {
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

// judge proves the characters, or what they encode.
func (d text) judge(chars []byte) (probe.Match, bool) {
	if len(chars) >= len(probe.TagOpen) && string(chars[:len(probe.TagOpen)]) == probe.TagOpen {
		return probe.Match{}, false
	}
	if d.proves(chars) {
		return probe.Match{
			Kind: d.spec.Kinds[0], Encoding: probe.ASCII, Confidence: probe.Confirmed, Identity: append([]byte(nil), chars...),
		}, true
	}
	if !d.encoded {
		return probe.Match{}, false
	}
	var room [mostKey]byte
	defer clear(room[:])
	for _, e := range []struct {
		name   string
		decode func(dst, p []byte) int
	}{{probe.Hex, fromHex}, {probe.Base64, fromBase64}} {
		n := e.decode(room[:], chars)
		if n < 2*leastKey || privkey.Redacted(room[:n]) || !d.proves(room[:n]) {
			continue
		}
		key := append([]byte(nil), room[:n]...)
		return probe.Match{
			Kind: Kind, Encoding: e.name, Confidence: probe.Confirmed, Identity: key, Values: [][]byte{key},
		}, true
	}
	return probe.Match{}, false
}

// fromHex decodes p, or returns 0.
func fromHex(dst, p []byte) int {
	for _, c := range p {
		if c > 'f' || c > '9' && c < 'A' || c < '0' {
			return 0
		}
	}
	if len(p)&1 != 0 {
		return 0
	}
	n, err := hex.Decode(dst, p)
	if err != nil {
		return 0
	}
	return n
}

// fromBase64 decodes p, of either alphabet, with or without padding, or returns 0.
func fromBase64(dst, p []byte) int {
	for k := 0; k < 2 && len(p) > 0 && p[len(p)-1] == '='; k++ {
		p = p[:len(p)-1]
	}
	digits := base64.RawStdEncoding
	for _, c := range p {
		switch {
		case c == '-' || c == '_':
			digits = base64.RawURLEncoding
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
		default:
			return 0
		}
	}
	n, err := digits.Decode(dst, p)
	if err != nil {
		return 0
	}
	return n
}
