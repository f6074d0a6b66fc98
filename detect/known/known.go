package known

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Kind is the kind of what New's detectors find.
const Kind = "known-secret"

// The bounds of values, in bytes, and their number.
const (
	MinValue = 4       // shorter ones are everywhere by chance
	MaxValue = 1 << 16 // the reach of a view is twelve times as much
	MaxCount = 1 << 14
)

// Value is an exact secret.
type Value struct {
	Bytes []byte
	// Whole says that the text itself counts only where no letter, digit or
	// underscore stands beside it: short words are parts of other words.
	Whole bool
	// Common leaves out what programs rarely do: reversed bytes, UTF-16BE, UTF-16 in
	// hexadecimal and base64, and escapes where none are needed. It takes a fifth of
	// the memory.
	Common bool
}

// The reasons why a value cannot be looked for.
var (
	ErrShort   = fmt.Errorf("it has fewer than %d bytes", MinValue)
	ErrLong    = fmt.Errorf("it has more than %d bytes", MaxValue)
	ErrUniform = errors.New("all of its bytes are equal")
)

// Check returns why a value cannot be looked for, or nil.
func Check(p []byte) error {
	switch {
	case len(p) < MinValue:
		return ErrShort
	case len(p) > MaxValue:
		return ErrLong
	case len(bytes.TrimLeft(p, string(p[:1]))) == 0:
		return ErrUniform
	}
	return nil
}

// New returns detectors that find vs, each of which must pass [Check]. It keeps the
// bytes of vs; matches have them as identity.
func New(vs []Value) []probe.Detector {
	text := &detector{values: vs, spec: probe.Spec{
		ID: "known-text", About: "exact secrets that the user names, as text in any encoding", Text: true,
	}}
	binary := &detector{values: vs, spec: probe.Spec{
		ID: "known-bytes", About: "exact secrets that the user names, as bytes",
	}}
	for i, v := range vs {
		forms(i, v, func(f form, anchors ...anchor) {
			if f.binary {
				binary.add(f, anchors)
			} else {
				text.add(f, anchors)
			}
		})
	}
	var ds []probe.Detector
	for _, d := range []*detector{text, binary} {
		if len(d.forms) > 0 {
			d.finish()
			ds = append(ds, d)
		}
	}
	return ds
}

// detector finds the forms of values.
type detector struct {
	values  []Value
	spec    probe.Spec
	forms   []form
	byText  map[string][]entry // by anchor
	lengths []int              // of anchors, ascending
}

// entry is a form that an anchor leads to.
type entry struct{ form, at int32 }

func (d *detector) add(f form, anchors []anchor) {
	if d.byText == nil {
		d.byText = make(map[string][]entry)
	}
	n := int32(len(d.forms))
	d.forms = append(d.forms, f)
	for _, a := range anchors {
		e := entry{form: n, at: int32(a.at)}
		if !slices.Contains(d.byText[a.text], e) {
			d.byText[a.text] = append(d.byText[a.text], e)
		}
		before, after := f.reach(a.at)
		d.spec.Before, d.spec.After = max(d.spec.Before, before), max(d.spec.After, after)
	}
}

// tagReach is how far before a match the beginning of a tag is looked for: the
// longest kind and its number.
const tagReach = 80

// reach returns how far a match can extend around the character at of f.
func (f *form) reach(at int) (before, after int) {
	n := len(f.text)
	switch f.style {
	case percent:
		at, n = 3*at, 3*n
	case escaped:
		at, n = 6*at, 6*n
	case digits:
		// A break of four characters to 32 digits, or one digit in sixteen escaped.
		at, n = at+at/8+16, n+n/8+16
	}
	return at + tagReach, n + tagReach
}

func (d *detector) finish() {
	d.spec.Kinds = []string{Kind}
	for a := range d.byText {
		d.spec.Anchors = append(d.spec.Anchors, a)
		if !slices.Contains(d.lengths, len(a)) {
			d.lengths = append(d.lengths, len(a))
		}
	}
	slices.Sort(d.spec.Anchors)
	slices.Sort(d.lengths)
}

// Spec implements [probe.Detector].
func (d *detector) Spec() probe.Spec { return d.spec }

// Detect implements [probe.Detector].
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	var buf [maxAnchor]byte
	for _, n := range d.lengths {
		key := buf[:n]
		if d.spec.Text {
			if at+n > t.Len() {
				return
			}
			for i := range n {
				key[i] = t.At(at + i)
			}
		} else {
			if v.At+n > len(v.Data) {
				return
			}
			key = v.Data[v.At : v.At+n]
		}
		for _, e := range d.byText[string(key)] {
			f := &d.forms[e.form]
			if f.binary {
				d.binary(v, f, int(e.at), emit)
			} else {
				d.text(t, f, at, int(e.at), emit)
			}
		}
	}
}

func (d *detector) binary(v probe.View, f *form, at int, emit func(probe.Match)) {
	start := v.At - at
	end := start + len(f.text)
	if start < 0 || end > len(v.Data) || !bytes.Equal(v.Data[start:end], f.text) {
		return
	}
	d.emit(f, probe.Range{Start: start, End: end}, f.encoding, emit)
}

func (d *detector) text(t probe.Text, f *form, pos, at int, emit func(probe.Match)) {
	start, end, ok := f.match(t, pos, at)
	if !ok || tagged(t, start, end) {
		return
	}
	if f.whole && (wordly(t.At(start-1)) || wordly(t.At(end))) {
		return
	}
	if (f.style == percent || f.style == escaped) && end-start == len(f.text) && t.Has(start, string(f.text)) {
		return // nothing in it is escaped
	}
	d.emit(f, t.Range(start, end), t.Encoding(f.encoding), emit)
}

func (d *detector) emit(f *form, r probe.Range, encoding string, emit func(probe.Match)) {
	value := d.values[f.value].Bytes
	emit(probe.Match{
		Kind: Kind, Encoding: encoding, Confidence: probe.Confirmed,
		Range: r, Text: !f.binary, Identity: value, Values: [][]byte{value},
	})
}

// wordly reports whether c continues a word.
func wordly(c byte) bool { return alphanumeric(c) || c == '_' }

// tagged reports whether the characters [start, end) lie in a tag: what stands in
// place of a secret may spell another one, such as a word that is part of a kind.
func tagged(t probe.Text, start, end int) bool {
	for i := start; i >= max(0, start-tagReach); i-- {
		switch c := t.At(i); {
		case c == '[' && t.Has(i, probe.TagOpen):
			for j := i + len(probe.TagOpen); j < end-1; j++ {
				if c := t.At(j); !alphanumeric(c) && c != '-' && c != '#' {
					return false
				}
			}
			c := t.At(end - 1)
			return alphanumeric(c) || c == '-' || c == '#' || c == ']'
		case c == '*', c == ']' && i < start, c <= ' ', c >= 0x7f:
			return false
		}
	}
	return false
}
