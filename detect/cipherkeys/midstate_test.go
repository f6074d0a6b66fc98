package cipherkeys

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding"
	"hash"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// stateAfter marshals h when it has hashed p.
func stateAfter(t testing.TB, h hash.Hash, p []byte) []byte {
	t.Helper()
	h.Write(p)
	b, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// denseState returns such a state of a random block which dense does not turn down.
func denseState(t testing.TB, h hash.Hash, words int) []byte {
	for seed := uint64(90); ; seed++ {
		h.Reset()
		b := stateAfter(t, h, randomBytes(seed, h.BlockSize()))
		if dense(b[4 : 4+words]) {
			return b
		}
	}
}

func TestHMACStateAccept(t *testing.T) {
	for name, c := range map[string]struct {
		h hash.Hash
		n int
	}{
		"sha-1": {sha1.New(), 20}, "sha-224": {sha256.New224(), 32}, "sha-256": {sha256.New(), 32},
		"sha-384": {sha512.New384(), 64}, "sha-512": {sha512.New(), 64},
	} {
		b := denseState(t, c.h, c.n)
		probetest.Accept(t, NewHMACState(), probetest.Case{
			Name: name, Data: b, Private: [][]byte{b[4 : 4+c.n]},
			Kind: HMACKey, Encoding: probe.Expanded, Confidence: probe.Likely,
		})
	}
}

func TestHMACStateReject(t *testing.T) {
	d, block := NewHMACState(), randomBytes(95, 64)
	probetest.Reject(t, d, "nothing hashed", stateAfter(t, sha256.New(), nil))
	probetest.Reject(t, d, "two blocks", stateAfter(t, sha256.New(), append(block, block...)))
	probetest.Reject(t, d, "a block and more", stateAfter(t, sha256.New(), append(block, 1)))
	probetest.Reject(t, d, "less than a block", stateAfter(t, sha256.New(), block[:63]))
	good := denseState(t, sha256.New(), 32)
	for _, i := range []int{3, 4 + 32, 4 + 32 + 63, len(good) - 1, len(good) - 8} {
		bad := bytes.Clone(good)
		bad[i] ^= 0x10
		probetest.Reject(t, d, "changed", bad)
	}
	probetest.Reject(t, d, "cut", good[:len(good)-1])
	probetest.Reject(t, d, "text", bytes.Repeat([]byte("sha\x03"), 64))
}

func FuzzHMACState(f *testing.F) {
	f.Add(stateAfter(f, sha256.New(), make([]byte, 64)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 4 {
			return
		}
		NewHMACState().Detect(probe.View{Data: data}, func(m probe.Match) {
			if m.End > len(data) || len(m.Redact) != 1 {
				t.Error("outside")
			}
		})
	})
}
