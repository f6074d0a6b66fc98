package cipherkeys

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// sm4Schedule expands a key in the words of the standard.
func sm4Schedule(key []byte, big, reversed bool) []byte {
	var k [36]uint32
	for i, fk := range []uint32{0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC} {
		k[i] = binary.BigEndian.Uint32(key[4*i:]) ^ fk
	}
	p := make([]byte, 128)
	for i := range 32 {
		k[i+4] = k[i] ^ sm4Mix(k[i+1]^k[i+2]^k[i+3]^sm4Constant(i))
		at := 4 * i
		if reversed {
			at = 124 - at
		}
		if big {
			binary.BigEndian.PutUint32(p[at:], k[i+4])
		} else {
			binary.LittleEndian.PutUint32(p[at:], k[i+4])
		}
	}
	return p
}

// The example of GB/T 32907-2016, annex A.1, with its published test key.
func TestSM4Example(t *testing.T) {
	key := unhex(t, "0123456789abcdeffedcba9876543210")
	p := sm4Schedule(key, true, false)
	if got := binary.BigEndian.Uint32(p); got != 0xf12186f9 {
		t.Errorf("the first round key is wrong")
	}
	if got := binary.BigEndian.Uint32(p[124:]); got != 0x9124a012 {
		t.Errorf("the last round key is wrong")
	}
	only(t, NewSM4(), p, key)
}

func TestSM4Unlinear(t *testing.T) {
	for i := range 32 {
		w := uint32(1)<<i | 5
		if got := sm4Unlinear(w ^ w<<13 ^ w>>19 ^ w<<23 ^ w>>9); got != w {
			t.Errorf("%#x comes back as %#x", w, got)
		}
	}
}

func TestSM4(t *testing.T) {
	var cases []probetest.Case
	for i := range 4 {
		big, reversed := i&1 != 0, i&2 != 0
		p := sm4Schedule(randomBytes(uint64(40+i), 16), big, reversed)
		cases = append(cases, probetest.Case{
			Name: fmt.Sprintf("big %t reversed %t", big, reversed), Data: p, Kind: SM4,
			Encoding: direction(reversed), Confidence: probe.Confirmed, Private: [][]byte{p}, Cut: true,
		})
	}
	probetest.Accept(t, NewSM4(), cases...)
}

// Any 21 round keys are found, and six never are.
func TestSM4Parts(t *testing.T) {
	key := randomBytes(50, 16)
	p := sm4Schedule(key, false, false)
	for first := range 12 {
		for off := range 8 {
			data := append(probetest.Noise(2, 100+off), p[4*first:4*first+84]...)
			data = append(data, probetest.Noise(4, 100)...)
			if m := only(t, NewSM4(), data, key); m.Confidence != probe.Likely || m.Start != 100+off {
				t.Errorf("from %d: %s at %d", first, m.Confidence, m.Start)
			}
		}
	}
	for first := range 26 {
		probetest.Reject(t, NewSM4(), "six", p[4*first:4*first+24])
	}
}

func TestSM4RejectDamaged(t *testing.T) {
	p := sm4Schedule(randomBytes(51, 16), false, false)
	for i := 0; i < len(p); i += 24 {
		p[i] ^= 1
	}
	probetest.Reject(t, NewSM4(), "damaged", p)
}
