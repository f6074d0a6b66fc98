package sweep

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	reference "golang.org/x/net/http2/hpack"
)

// newTokens returns a sealed set of the tokens, each its own secret.
func newTokens(t *testing.T, tokens ...string) *Set {
	t.Helper()
	s, err := NewSet(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ranks := map[ID]int{}
	for i, v := range tokens {
		id := s.ID([]byte(v))
		ranks[id] = i
		if err := s.AddToken(id, []byte(v)); err != nil {
			t.Fatal(err)
		}
	}
	s.Seal(func(id ID) (int, bool) { r, ok := ranks[id]; return r, ok })
	return s
}

// rareToken returns n random letters and digits of which every piece is rare.
func rareToken(n int) string {
	for {
		p := make([]byte, n)
		rand.Read(p)
		t := base64.RawStdEncoding.EncodeToString(p)[:n]
		ok := true
		for i := 0; i+minToken <= n; i++ {
			ok = ok && rareAt([]byte(t), i)
		}
		if ok {
			return t
		}
	}
}

// A whole token in the code of HTTP/2 is found, at any place, and a piece of it is not.
func TestTokensInHuffman(t *testing.T) {
	token := rareToken(40)
	s := newTokens(t, token)
	for _, text := range []string{"", "Bearer ", "sid=", "session=", "a", "ab=", "abc", "0aZ", "~"} {
		code := reference.AppendHuffmanString(nil, text+token)
		from, to := (hpackBits(text)+7)/8, hpackBits(text+token)/8
		for lead := range 9 {
			for _, n := range []int{1, 7, 4096} {
				data := slices.Concat(bytes.Repeat([]byte{0x87}, lead), code, make([]byte, 9))
				hit := covered(s, data, n)
				for i := range data {
					if want := i >= lead+from && i < lead+to; hit[i] != want {
						t.Fatalf("behind %d characters, lead %d, chunks of %d: byte %d covered: %t", len(text), lead, n, i, hit[i])
					}
				}
			}
		}
		if slices.Contains(covered(s, slices.Concat(code[:to-1], make([]byte, 40)), 4096), true) {
			t.Error("a piece is a hit")
		}
	}
}

// hpackBits returns the length of s in Huffman's code, in bits.
func hpackBits(s string) int { return int(reference.HuffmanEncodeLength(strings.Repeat(s, 8))) }

// Every piece of twelve characters is found, wherever it begins, in its place
// alone.
func TestPiecesOfTokens(t *testing.T) {
	token := rareToken(40)
	s := newTokens(t, token)
	for at := 0; at+minToken <= len(token); at++ {
		for lead := range 3 {
			piece := []byte(token[at : at+minToken])
			for name, data := range map[string][]byte{
				"narrow": slices.Concat(make([]byte, 8+lead), piece, make([]byte, 9)),
				"wide":   slices.Concat(make([]byte, 8+lead), wide(piece), make([]byte, 9)),
			} {
				hit := covered(s, data, len(data))
				for i, b := range data {
					if hit[i] != (b != 0) && b != 0 {
						t.Fatalf("%s piece at %d, lead %d: byte %d is not covered", name, at, lead, i)
					}
				}
				for _, n := range []int{1, 7} {
					if !slices.Equal(covered(s, data, n), hit) {
						t.Errorf("chunks of %d bytes give another result", n)
					}
				}
			}
			data := slices.Concat(make([]byte, lead), []byte(hex.EncodeToString(piece)), make([]byte, 9))
			if hit := covered(s, data, len(data)); !slices.Contains(hit, true) {
				t.Errorf("hexadecimal piece at %d, lead %d is not found", at, lead)
			}
			data = []byte(base64.StdEncoding.EncodeToString(slices.Concat(make([]byte, 3+lead), piece, make([]byte, 9))))
			if hit := covered(s, data, len(data)); !slices.Contains(hit, true) {
				t.Errorf("base64 piece at %d, lead %d is not found", at, lead)
			}
			if hit := covered(s, piece[:minToken-1], minToken); slices.Contains(hit, true) {
				t.Errorf("a piece of %d characters is a hit", minToken-1)
			}
		}
	}
}

func TestRare(t *testing.T) {
	for _, common := range []string{
		"correct horse battery staple", "DefaultEndpointsProtocol=https;AccountName=", "https://hooks.slack.com/services/",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUuY29tLyIs",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)", "2026-11-22T02:41:07.000Z", "0000000000000000",
		"Server=tcp:db.example.com,1433;Initial Catalog=prod;User ID=app;Password=", "/usr/lib/x86_64-linux-gnu/libc.so.6",
		"jdbc:sqlserver://db:1433;encrypt=true;trustServerCertificate=true", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
		`{"type":"service_account","project_id":"`, "application/x-www-form-urlencoded", "00007f3a1c000000", "1234567890123456",
		"Sun, 22 Nov 2026 02:41:07 GMT", "org.apache.catalina.session.StandardSession", "mongodb+srv://cluster0.mongodb.net/?w=majority",
	} {
		for i := 0; i+minToken <= len(common); i++ {
			if rareAt([]byte(common), i) {
				t.Errorf("%q of %q is rare", common[i:i+minToken], common)
			}
		}
	}
	// Random pieces are rare but for a few: of hexadecimal those with fewer than eight
	// different digits.
	for name, c := range map[string]struct {
		encode func([]byte) string
		least  int
	}{
		"base64": {base64.RawURLEncoding.EncodeToString, 850}, "hex": {hex.EncodeToString, 750},
	} {
		n := 0
		for range 1000 {
			p := make([]byte, 24)
			rand.Read(p)
			if rareAt([]byte(c.encode(p)), 0) {
				n++
			}
		}
		if n < c.least {
			t.Errorf("of 1000 random pieces of %s %d are rare, want %d", name, n, c.least)
		}
	}
}
