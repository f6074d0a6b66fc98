package context

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Header fields of HTTP/2 without Huffman's code (RFC 7541, sections 6.2.1 and 6.2.3), between others. The
// octet that counts the value is often a letter or a digit, and so is the one behind it, which is taken for a
// part of the token where the count is no help.
func TestAuthorizationHTTP2(t *testing.T) {
	s, err := search.New([]probe.Detector{NewAuthorization()})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 2))
	missed := 0
	for n := 24; n < 250; n++ {
		token := make([]byte, n)
		for i := range token {
			token[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[r.IntN(64)]
		}
		value := slices.Concat([]byte("Bearer "), token)
		length := []byte{byte(len(value))}
		if len(value) >= 127 {
			if length = []byte{127, byte(len(value) - 127)}; length[1] >= 128 {
				length = []byte{127, length[1], 1}
			}
		}
		for _, name := range []string{"\x57", "\x1f\x08", "\x40\x0dauthorization"} {
			data := slices.Concat([]byte("\x41\x0bexample.net"), []byte(name), length, value, []byte("\x58\x08no-cacheW"), make([]byte, 300))
			found := false
			s.Search(search.Window{Data: data, Hi: len(data)}, func(f search.Found) {
				found = found || f.Confidence == probe.Likely && len(f.Redact) == 1 &&
					(bytes.Equal(data[f.Redact[0].Start:f.Redact[0].End], token) ||
						!isAlnum(length[len(length)-1]) && bytes.HasPrefix(data[f.Redact[0].Start:f.Redact[0].End], token))
			})
			if !found {
				missed++
			}
		}
	}
	// A few tokens in a thousand do not look random; without the count it is three in ten.
	if missed > 12 {
		t.Errorf("%d of 678 not found", missed)
	}
}
