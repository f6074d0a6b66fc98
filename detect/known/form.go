package known

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The encodings that only known values are found in.
const (
	encPercent  = "percent"
	encJSON     = "json-escaped"
	encReversed = "reversed"
	encUTF16BE  = "utf16be"
)

// style says how characters of a form may be written.
type style uint8

const (
	asIs    style = iota // every character stands for itself
	percent              // or is %XX, a space also + (RFC 3986, HTML forms)
	escaped              // or is a JSON escape (RFC 8259, section 7)
	digits               // base64: lines may break, and + and / be escaped either way
)

// form is one way in which a value may lie in memory.
type form struct {
	value    int // index in the list of values
	encoding string
	style    style
	text     []byte
	units    []uint16 // the text in UTF-16, for JSON
	// head and tail are the base64 digits beside text that hold bits of the value
	// and of its neighbours.
	head, tail part
	whole      bool // must stand alone, see [Value.Whole]
	binary     bool // is no text
}

// part is the bits of a base64 digit that belong to a value.
type part struct{ mask, bits byte }

// anchor is a literal that leads to a form.
type anchor struct {
	text string
	at   int // index in the form's text of the character that text begins with
}

// maxAnchor is the length of the longest anchor, in characters.
const maxAnchor = 32

// prefix returns the first characters of s as an anchor.
func prefix[T []byte | string](s T) string { return string(s[:min(len(s), maxAnchor)]) }

// add is told of every form of a value and of the anchors that lead to it.
type add func(f form, anchors ...anchor)

// forms tells put all forms of v, which is value i of the list.
func forms(i int, v Value, put add) {
	b := v.Bytes
	ascii := isASCII(b)
	put(form{value: i, encoding: plainName(ascii), text: b, whole: v.Whole, binary: !ascii}, rawAnchor(b))
	if v.Common {
		hexForms(i, b, put)
		base64Forms(i, b, put)
		if ascii && !plainEverywhere(b) {
			percentForms(i, b, put)
			jsonForms(i, b, put)
		}
		return
	}
	if r := reversed(b); !bytes.Equal(r, b) {
		put(form{value: i, encoding: encReversed, text: r, whole: v.Whole, binary: !ascii}, anchor{text: prefix(r)})
	}
	hexForms(i, b, put)
	base64Forms(i, b, put)
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		percentForms(i, b, put)
		return
	}
	le, be := utf16Of(b)
	hexForms(i, le, put)
	base64Forms(i, le, put)
	put(form{value: i, encoding: encUTF16BE, text: be, binary: true}, anchor{text: prefix(be)})
	if !ascii {
		put(form{value: i, encoding: probe.UTF16LE, text: le, binary: true}, anchor{text: prefix(le)})
	}
	percentForms(i, b, put)
	jsonForms(i, b, put)
}

func plainName(ascii bool) string {
	if ascii {
		return probe.ASCII
	}
	return probe.Raw
}

func isASCII(p []byte) bool {
	for _, b := range p {
		if b >= 0x80 || b == 0 {
			return false
		}
	}
	return true
}

func reversed(p []byte) []byte {
	r := bytes.Clone(p)
	slices.Reverse(r)
	return r
}

// utf16Of returns UTF-8 text as UTF-16 of both byte orders.
func utf16Of(p []byte) (le, be []byte) {
	for _, u := range utf16.Encode([]rune(string(p))) {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	return le, be
}

func hexForms(i int, p []byte, put add) {
	lower := hex.EncodeToString(p)
	for _, s := range []string{lower, strings.ToUpper(lower)} {
		put(form{value: i, encoding: probe.Hex, text: []byte(s)}, anchor{text: prefix(s)})
	}
}

// base64Forms tells put the digits of p when lead bytes stand before it.
func base64Forms(i int, p []byte, put add) {
	for lead := range 3 {
		std := ""
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all := enc.EncodeToString(append(make([]byte, lead), p...))
			if all == std {
				continue
			}
			std = all
			first, last := (8*lead+5)/6, 8*(lead+len(p))/6
			f := form{value: i, encoding: probe.Base64, style: digits, text: []byte(all[first:last])}
			if n := 6*first - 8*lead; n > 0 {
				f.head = part{mask: 1<<n - 1, bits: base64text.Digit(all[first-1])}
			}
			if n := 8*(lead+len(p)) - 6*last; n > 0 {
				f.tail = part{mask: (1<<n - 1) << (6 - n), bits: base64text.Digit(all[last])}
			}
			put(f, digitAnchors(f.text)...)
		}
	}
}

// digitAnchors returns two anchors, so that a break of line may fall into one, and
// the first one as URLs and JSON escape it.
func digitAnchors(text []byte) []anchor {
	const length = 16
	first := string(text[:min(len(text), length)])
	as := []anchor{{text: first}}
	if len(text) >= 2*length {
		as = append(as, anchor{text: string(text[length : 2*length]), at: length})
	}
	if !strings.ContainsAny(first, "+/") {
		return as
	}
	for _, r := range [][]string{{"+", "%2B", "/", "%2F"}, {"+", "%2b", "/", "%2f"}, {"/", `\/`}, {"+", `\u002b`}, {"+", `\u002B`}} {
		if e := strings.NewReplacer(r...).Replace(first); e != first {
			as = append(as, anchor{text: prefix(e)})
		}
	}
	return as
}
