package pgp

import (
	"crypto/ed25519"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestGate counts what the gate loses of the shortest keys there are, unencrypted ones of Ed25519
// (RFC 9580, section 5.5.5.9), between zeros.
func TestGate(t *testing.T) {
	s, err := search.New([]probe.Detector{NewPacket()})
	if err != nil {
		t.Fatal(err)
	}
	const keys, most = 4000, 3
	lost := 0
	for i := range keys {
		r := rand.New(rand.NewPCG(uint64(i), 3))
		seed := make([]byte, ed25519.SeedSize)
		for k := range seed {
			seed[k] = byte(r.Uint32())
		}
		seed[0] |= 0x80
		body := binary.BigEndian.AppendUint32([]byte{4}, r.Uint32())
		body = append(body, 22, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1, 1, 7, 0x40)
		body = append(body, ed25519.NewKeyFromSeed(seed)[ed25519.SeedSize:]...)
		secret := slices.Concat([]byte{1, 0}, seed)
		sum := uint16(0)
		for _, b := range secret {
			sum += uint16(b)
		}
		body = binary.BigEndian.AppendUint16(slices.Concat(body, []byte{0}, secret), sum)
		data := slices.Concat(make([]byte, 200+i%8), []byte{0x94, byte(len(body))}, body, make([]byte, 300))
		found := false
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) { found = true })
		if !found {
			lost++
		}
	}
	if lost > most {
		t.Errorf("%d of %d keys are lost", lost, keys)
	}
}
