// Package azurekey finds the keys of Azure's services as programs use them: the
// decoded bytes that go into an HMAC, where no text scanner looks. Microsoft
// aligned the signatures of identifiable keys so that they read as text in
// base64; so they are fixed bytes in the key too, and a check sum of 32 bits
// behind them proves it.
package azurekey

import (
	"encoding/base64"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

// CASKKey is the kind of a common annotated security key.
const CASKKey = "azure-annotated-key"

// mark is three fixed bytes of a key and where in it they stand.
type mark struct {
	text   string
	offset int
	length int
	kind   string
	verify func(key []byte) bool
}

// detector finds decoded keys around their marks.
type detector struct{ marks []mark }

// New returns the detector of Azure's decoded keys.
func New() probe.Detector {
	d := &detector{}
	for _, s := range validate.AzureServices() {
		text, offset := fixed(s.Signature, s.Len)
		d.marks = append(d.marks, mark{text, offset, s.Len, s.Kind, s.Verify})
	}
	for _, n := range []int{validate.CASKLonger, validate.CASKLen} {
		d.marks = append(d.marks, mark{"\x25\x04\x09", validate.CASKMark, n, CASKKey, annotated})
	}
	return d
}

// fixed returns the last three of the four bytes before the check sum of a key of
// n bytes, which its signature fills: it is shifted to the border of a base64
// character, and the bits below it are zero.
func fixed(signature string, n int) (text string, offset int) {
	p, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(p) != 3 {
		panic("azurekey: signature " + signature + " is not four characters of base64")
	}
	v := uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
	v <<= uint((n - 7) * 8 % 6)
	return string([]byte{byte(v >> 16), byte(v >> 8), byte(v)}), n - 7
}

// annotated reports whether key is a common annotated security key: proven by
// its check sum, which has 24 bits only in the shorter form, and by its text,
// of which the secret part holds letters and digits only.
func annotated(key []byte) bool {
	if !validate.VerifyCASK(key) {
		return false
	}
	var text [4 * validate.CASKMark / 3]byte
	base64.StdEncoding.Encode(text[:], key[:validate.CASKMark])
	ok := !slices.ContainsFunc(text[:], func(c byte) bool { return c == '+' || c == '/' })
	clear(text[:])
	return ok
}

// Spec implements [probe.Detector].
func (d *detector) Spec() probe.Spec {
	s := probe.Spec{ID: "azure-decoded-key", About: "keys of Azure's services, decoded from base64"}
	for _, m := range d.marks {
		if !slices.Contains(s.Anchors, m.text) {
			s.Anchors = append(s.Anchors, m.text)
		}
		if !slices.Contains(s.Kinds, m.kind) {
			s.Kinds = append(s.Kinds, m.kind)
		}
		s.Before = max(s.Before, m.offset)
		s.After = max(s.After, m.length-m.offset)
	}
	return s
}

// Detect implements [probe.Detector].
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	for i := range d.marks {
		m := &d.marks[i]
		start := v.At - m.offset
		end := start + m.length
		if start < 0 || end > len(v.Data) || string(v.Data[v.At:v.At+len(m.text)]) != m.text {
			continue
		}
		key := v.Data[start:end]
		if !m.verify(key) {
			continue
		}
		emit(probe.Match{
			Kind: m.kind, Encoding: probe.Raw, Confidence: probe.Confirmed,
			Range:    probe.Range{Start: start, End: end},
			Identity: key, Values: [][]byte{key},
		})
		return
	}
}
