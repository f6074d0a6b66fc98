package probe

// Fill is the byte that redacted binary data consists of. 0xDB is no ASCII, a
// run of it is no DER, no schedule and no dense data, as a 64-bit word it is not
// canonical on x86-64 and arm64, and as a 32-bit word it lies where no user
// mapping is on a 32-bit kernel: no debugger takes it for a pointer. Detectors
// must reject a structure whose private parts are filled with it.
const Fill = 0xDB

// TagOpen begins the text that stands in place of redacted text. Detectors must
// reject a secret that begins with it; its bracket is in no token alphabet.
const TagOpen = "[REDACTED:"

// Filled reports whether p is redacted binary data.
func Filled(p []byte) bool {
	for _, b := range p {
		if b != Fill {
			return false
		}
	}
	return len(p) > 0
}
