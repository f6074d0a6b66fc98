package sweep

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
)

// A form is one way in which a value may lie in memory.
type form struct {
	start, end int   // in the arena
	value      int32 // which value it is a form of
	rank       int   // of the secret that it names; set by Seal
	encoding   string
	text, wide bool
	minRun     int // bytes of it that make a hit
}

// The encodings of a hit.
const (
	IntBE      = "int-be"
	LimbsLE    = "limbs64-le"
	Words32    = "words32-be" // big-endian order of native 32-bit words, as Java's int[]
	Hex        = "hex"
	Base64     = "base64"
	UTF16LE    = "utf16le"
	Literal    = "literal"   // the very bytes that were redacted elsewhere
	LiteralTxt = "text"      // the same, for text
	minValue   = 16          // a shorter value may occur by chance
	maxValue   = 1 << 16 / 3 // a form must stay within MaxForm
	MaxForm    = 1 << 16     // the longest form, and so the reach of a search, in bytes
)

// Plausible reports whether v is random enough to be searched for: the pattern
// keys of test vectors (00 01 02 …, repeated bytes) are also the contents of
// shuffle tables and padding, and removing those would damage the dump.
func Plausible(v []byte) bool {
	if len(v) < minValue || len(v) > maxValue {
		return false
	}
	var seen [256]bool
	distinct, ramp := 0, 0
	for i, b := range v {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if i > 1 && v[i]-v[i-1] == v[i-1]-v[i-2] {
			ramp++
		}
	}
	return distinct >= min(len(v)/2, 24) && ramp < len(v)/2
}

// densePiece is the size of the pieces, in bytes, in which a long value is
// judged: a structure that was cut off while its lengths say otherwise takes
// whatever memory follows for its own, and that memory must not be hunted for.
const densePiece = 64

// denseRuns returns the runs of v, in whole pieces, that could be random: a piece
// has few zeros and is not mostly text. Values of one piece are taken as they
// are, for a passphrase is one too.
func denseRuns(v []byte) [][]byte {
	if len(v) <= densePiece {
		return [][]byte{v}
	}
	var runs [][]byte
	start := 0
	for at := 0; at < len(v); {
		end := at + densePiece
		if len(v)-end < densePiece {
			end = len(v)
		}
		if !dense(v[at:end]) {
			runs = append(runs, v[start:at])
			start = end
		}
		at = end
	}
	return append(runs, v[start:])
}

// dense reports whether p could be random bytes. Of 64 such bytes a quarter of
// one is zero on average, 24 are printable and 57 differ; four zeros, 48
// printable ones or fewer than 40 different ones come up less than once in a
// hundred thousand.
func dense(p []byte) bool {
	zeros, printable, distinct := 0, 0, 0
	var seen [256]bool
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if b == 0 {
			zeros++
		}
		if b >= ' ' && b < 0x7f {
			printable++
		}
	}
	return zeros <= 3*len(p)/densePiece && printable <= 3*len(p)/4 && distinct >= 40
}

// numberForms calls add with every form of a private number or octet string.
func numberForms(v []byte, add func(encoding string, text bool, p []byte) error) error {
	rev := slices.Clone(v)
	slices.Reverse(rev)
	defer clear(rev)
	if err := add(IntBE, false, v); err != nil {
		return err
	}
	if err := add(LimbsLE, false, rev); err != nil {
		return err
	}
	if len(v)%4 == 0 {
		w := slices.Clone(v)
		defer clear(w)
		for i := 0; i < len(w); i += 4 {
			w[i], w[i+1], w[i+2], w[i+3] = w[i+3], w[i+2], w[i+1], w[i]
		}
		if err := add(Words32, false, w); err != nil {
			return err
		}
	}
	lower := hex.AppendEncode(nil, v)
	defer clear(lower)
	if err := add(Hex, true, lower); err != nil {
		return err
	}
	upper := slices.Clone(lower)
	defer clear(upper)
	for i, b := range upper {
		if b >= 'a' {
			upper[i] = b - 'a' + 'A'
		}
	}
	if err := add(Hex, true, upper); err != nil {
		return err
	}
	return base64Forms(v, add)
}

// base64Forms adds the three texts that v has inside a longer base64 text, one
// for each number of bytes before it modulo three. The characters at both ends
// that depend on neighbouring bytes are left out.
func base64Forms(v []byte, add func(string, bool, []byte) error) error {
	for lead := range 3 {
		padded := append(make([]byte, lead, lead+len(v)), v...)
		whole := len(padded) / 3 * 3 // complete groups only
		skip := 0
		if lead > 0 {
			skip = lead + 1
		}
		std := base64.StdEncoding.AppendEncode(nil, padded[:whole])
		clear(padded)
		err := add(Base64, true, std[skip:])
		url := false
		for i, b := range std {
			switch b {
			case '+':
				std[i], url = '-', true
			case '/':
				std[i], url = '_', true
			}
		}
		if err == nil && url {
			err = add(Base64, true, std[skip:])
		}
		clear(std)
		if err != nil {
			return err
		}
	}
	return nil
}
