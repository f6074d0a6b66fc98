package context

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
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

// TestNeighbour holds that a header is found whose name and value are strings of V8 that lie
// side by side.
func TestNeighbour(t *testing.T) {
	object := func(s string) []byte {
		p := []byte{0x79, 0x08, 0x70, 0x18, 0x94, 0x2f, 0, 0, 3, 0, 0, 0, byte(len(s)), 0, 0, 0} // map, hash, length
		p = append(p, s...)
		return append(p, make([]byte, (8-len(s)%8)%8)...)
	}
	m := newMaker(6)
	for _, name := range []string{"X-Api-Key", "x-secret", "password", "X-Vault-Token"} {
		secret := m.token(36)
		probetest.Accept(t, NewNamed(), probetest.Case{
			Name: name, Data: slices.Concat(object(name), object(secret), object("Content-Type")), Kind: kindOf(ident{role: roleOf([]byte(name))}, value{}),
			Encoding: probe.ASCII, Confidence: probe.Likely, Private: [][]byte{[]byte(secret)},
		})
	}
}
