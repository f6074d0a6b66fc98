package livetext

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// The encodings in which samples are planted.
const (
	ASCII  = "ascii"
	UTF16  = "utf16"
	Base64 = "base64"
)

// Encodings returns them in the order of tables.
func Encodings() []string { return []string{ASCII, UTF16, Base64} }

// Plant is a sample in one encoding.
type Plant struct {
	Kind, Encoding string
	Sample
	lead string // before the text in base64, so that it lies at any alignment
}

// Plants returns a fresh plant of every kind in every encoding.
func Plants() []Plant {
	var ps []Plant
	for _, e := range Encodings() {
		for _, k := range Kinds() {
			ps = append(ps, Plant{k.Name, e, k.Make(), "> ~"[:below(3)]})
		}
	}
	return ps
}

// bytes returns the plant as it shall lie in memory.
func (p Plant) bytes() []byte {
	text := []byte(p.Text())
	switch p.Encoding {
	case UTF16:
		return widen(text)
	case Base64:
		return []byte(base64.StdEncoding.EncodeToString(append([]byte(p.lead), text...)))
	}
	return text
}

func widen(p []byte) []byte {
	w := make([]byte, 0, 2*len(p))
	for _, b := range p {
		w = append(w, b, 0)
	}
	return w
}

// mask hides what is handed to programs: exclusive or with it is in nobody's list
// of encodings.
const mask = 0xa7

// plan writes the plants for a program: a line each, of the encoding, whether the
// plant is a shape (it may stand anywhere) or placed, and the masked bytes in
// hexadecimal.
func plan(ps []Plant) []byte {
	var sb strings.Builder
	for _, p := range ps {
		b := p.bytes()
		for i := range b {
			b[i] ^= mask
		}
		stands := "shaped"
		if p.Before != "" {
			stands = "placed"
		}
		fmt.Fprintf(&sb, "%s %s %s\n", p.Encoding, stands, hex.EncodeToString(b))
	}
	return []byte(sb.String())
}
