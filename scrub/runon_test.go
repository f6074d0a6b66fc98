package scrub

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

// What is longer than any detector looks goes to its end, in one piece or where memory goes on
// elsewhere in the file; what follows its end stays.
func TestRunOn(t *testing.T) {
	const size = 30000
	token := letters(size)
	for name, text := range map[string]string{
		"bearer": "\r\nAuthorization: Bearer %s\r\nHost: example\r\n", "cookie": "\r\nCookie: session=%s; a=b\r\n",
		"member": `{"access_token":"%s","expires":1}`, "environment": "\x00API_TOKEN=%s\x00LANG=C\x00",
	} {
		for wide, memory := range [][]byte{fmt.Appendf(nil, text, token), widen(fmt.Appendf(nil, text, token))} {
			memory = slices.Concat(make([]byte, 64), memory, make([]byte, 64))
			at := 20000 << wide
			_, out := scrubbed(t, job(t, file(t, core(segment{0x40000 + uint64(at), memory[at:]}, segment{0x10000, noise(500)}, segment{0x40000, memory[:at]}))))
			if wide > 0 {
				out = bytes.ReplaceAll(out, []byte{0}, nil)
			}
			for i := 0; i+12 <= size; i += 12 {
				if bytes.Contains(out, []byte(token[i:i+12])) {
					t.Errorf("%s, %d: characters from %d on are left", name, wide, i)
					break
				}
			}
			if rest := text[len(text)-4 : len(text)-1]; !bytes.Contains(out, bytes.Trim([]byte(rest), "\x00")) {
				t.Errorf("%s, %d: what follows is gone", name, wide)
			}
		}
	}
}
