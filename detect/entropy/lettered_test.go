package entropy

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestLettered(t *testing.T) {
	noise := strings.Repeat("\x91\xe3", 4)
	for _, w := range []string{"anna911\x00", "user@exa", "mple.org", "ben1\x00\x00\x00\x00", "a-b_c/d:", "Zz09Zz09"} {
		if !Lettered([]byte(w)) || !Lettered([]byte(noise+w+noise)) {
			t.Errorf("%q is none", w)
		}
		if Lettered([]byte(noise + noise[:3] + w + noise[:5])) {
			t.Errorf("%q is one between words", w)
		}
	}
	for _, w := range []string{
		"anna\x00911", "\x00anna911", "ben\x00\x00\x00\x00\x00", "anna 911", "anna911\x80", "anna91{1", "`anna911", "\x00\x00\x00\x00\x00\x00\x00\x00", "anna911",
	} {
		if Lettered([]byte(w)) {
			t.Errorf("%q is one", w)
		}
	}
	for c := range 128 {
		joins := strings.ContainsRune("-./:@_", rune(c))
		is := joins || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if Lettered([]byte("abcdefg"+string(rune(c)))) != (is || c == 0) {
			t.Errorf("octet %#x", c)
		}
	}
}

// TestLetteredRandom holds the share of random windows that have such a word below the one that is claimed.
func TestLetteredRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const windows = 1 << 20
	n := 0
	var p [32]byte
	for range windows {
		for i := 0; i < len(p); i += 8 {
			binary.LittleEndian.PutUint64(p[i:], rng.Uint64())
		}
		if Lettered(p[:]) {
			n++
		}
	}
	if n > windows/7000 {
		t.Errorf("%d of %d", n, windows)
	}
}
