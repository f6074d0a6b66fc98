package terms

import "bytes"

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
			if text[i] == '\\' && i+1 < len(text) && bytes.IndexByte([]byte(`/"\'`), text[i+1]) >= 0 {
				i++
			}
			plain = append(plain, text[i])
		}
		if len(plain) == len(text) {
			break
		}
		out = append(out, plain)
		text = plain
	}
	return out
}
