package terms

import (
	"bytes"
	"encoding/hex"
)

// mostEscapes is how many layers of escapes are taken off, as many as package
// encoded reads.
const mostEscapes = 3

// unescaped returns text without the escapes of JSON, layer by layer, or nothing when it has
// none: what was found in one string of JSON may lie elsewhere as the program uses it.
func unescaped(text []byte) (out [][]byte) {
	for range mostEscapes {
		if bytes.IndexByte(text, '\\') < 0 {
			break
		}
		plain := make([]byte, 0, len(text))
		for i := 0; i < len(text); i++ {
			c := text[i]
			if c == '\\' && i+1 < len(text) && bytes.IndexByte([]byte(`/"\'`), text[i+1]) >= 0 {
				i++
				c = text[i]
			} else if n, ok := numbered(text[i:]); ok {
				i += len(`\u0000`) - 1
				c = n
			}
			plain = append(plain, c)
		}
		if len(plain) == len(text) {
			break
		}
		out = append(out, plain)
		text = plain
	}
	return out
}

// numbered returns the character of ASCII that text begins with as an escape of four digits, as
// encoding/json of Go and Gson write < > and &.
func numbered(text []byte) (c byte, ok bool) {
	var n [1]byte
	if len(text) < len(`\u0000`) || string(text[:4]) != `\u00` {
		return 0, false
	}
	_, err := hex.Decode(n[:], text[4:6])
	return n[0], err == nil && n[0] < 0x80
}
