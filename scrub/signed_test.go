package scrub

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
)

// signedBy returns a token of HS256 with a header that names its key.
func signedBy(key []byte, kid string) []byte {
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"alg":"HS256","kid":"`+kid+`"}`)) + "." +
		enc.EncodeToString(fmt.Appendf(nil, `{"sub":"%s"}`, rand.Text()))
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return []byte(text + "." + enc.EncodeToString(h.Sum(nil)))
}

// TestSignedTokens scrubs a dump with tokens and the key of one, which no name gives
// away: text in several encodings, and octets.
func TestSignedTokens(t *testing.T) {
	key, octets := []byte(rand.Text()), make([]byte, 32)
	rand.Read(octets)
	octets[7], octets[15] = 0x91, 0x92 // what looks like two pointers is passed over
	heap := noise(8192)
	for at, p := range map[int][]byte{
		100: signedBy(key, "a"), 900: signedBy(octets, "b"),
		2000: slices.Concat([]byte{0}, key, []byte{0}),
		3000: slices.Concat([]byte("\x00..."), key, []byte("...\x00")),
		4000: slices.Concat([]byte{0}, []byte(base64.StdEncoding.EncodeToString(key)), []byte{0}),
		5000: slices.Concat([]byte{49, 0, 0, 0, 0, 0, 0, 0}, octets, make([]byte, 8)),
		6003: octets,
	} {
		copy(heap[at:], p)
	}
	var want []byte
	for _, chunk := range []int{0, 97, 4096} {
		j := job(t, file(t, core(segment{0x7f00_12340000, heap})))
		j.Provers, j.Chunk = detect.Provers, chunk
		_, out := scrubbed(t, j)
		for _, p := range [][]byte{key[:12], octets[:16], []byte(base64.StdEncoding.EncodeToString(key))[:16]} {
			if n := bytes.Count(out, p); n != 0 {
				t.Errorf("chunks of %d: %d copies of a key are left", chunk, n)
			}
		}
		if want == nil {
			want = out
		}
		if !bytes.Equal(out, want) {
			t.Errorf("chunks of %d: another copy", chunk)
		}
	}
}
