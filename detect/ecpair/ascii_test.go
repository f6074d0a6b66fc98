package ecpair

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestWordOfASCII holds that a seed is found of which any one word, by chance, has no byte from
// 0x80 on, wherever that word is.
func TestWordOfASCII(t *testing.T) {
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	gap := make([]byte, 64)
	for k := range keyWords {
		seed := make([]byte, 8*keyWords)
		for ok := false; !ok; {
			rand.Read(seed)
			for i := range 8 {
				seed[8*k+i] &= 0x7f
			}
			ok = lively(seed) && !bytes.Contains(seed, []byte{0, 0})
			for i := 0; i < len(seed); i += 8 {
				ok = ok && mixed(binary.LittleEndian.Uint64(seed[i:])) && !entropy.Hard(binary.LittleEndian.Uint64(seed[i:]))
			}
		}
		key := ed25519.NewKeyFromSeed(seed)
		data := bytes.Join([][]byte{gap, key, gap, key[ed25519.SeedSize:], gap}, nil)
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != 1 || fs[0].Start != len(gap) {
			t.Errorf("word %d: %d matches, want 1", k, len(fs))
		}
		if one := probetest.Matches(s, data, 8); len(one) != len(fs) {
			t.Errorf("word %d: %d matches in chunks of eight bytes, %d in one", k, len(one), len(fs))
		}
	}
}
