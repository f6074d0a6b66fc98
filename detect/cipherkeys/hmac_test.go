package cipherkeys

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"hash"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func onePad(key []byte, block int, mask byte) []byte {
	p := make([]byte, block)
	copy(p, key)
	for i := range p {
		p[i] ^= mask
	}
	return p
}

func twoPads(key []byte, block, gap int) []byte {
	p := append(onePad(key, block, ipad), make([]byte, gap)...)
	return append(p, onePad(key, block, opad)...)
}

func TestHMACPairs(t *testing.T) {
	var cases []probetest.Case
	for _, n := range []int{8, 16, 20, 32, 48, 64, 100, 128} {
		for _, block := range []int{64, 128} {
			for _, gap := range []int{0, 16} {
				if n > block {
					continue
				}
				key := randomBytes(uint64(90+n), n)
				data := twoPads(key, block, gap)
				cases = append(cases, probetest.Case{
					Name: fmt.Sprintf("key %d block %d gap %d", n, block, gap), Data: data, Kind: HMACKey, Encoding: probe.Expanded,
					Confidence: probe.Confirmed, Private: [][]byte{data[:n], data[block+gap:][:n]}, Cut: true,
				})
			}
		}
	}
	probetest.Accept(t, NewHMAC(), cases...)
}

func TestHMACSingle(t *testing.T) {
	var cases []probetest.Case
	for _, n := range []int{16, 20, 32, 48} {
		for _, block := range []int{64, 128} {
			for _, mask := range []byte{ipad, opad} {
				data := onePad(randomBytes(uint64(190+n), n), block, mask)
				cases = append(cases, probetest.Case{
					Name: fmt.Sprintf("key %d block %d mask %x", n, block, mask), Data: data, Kind: HMACKey, Encoding: probe.Expanded,
					Confidence: probe.Likely, Private: [][]byte{data[:n]},
				})
			}
		}
	}
	probetest.Accept(t, NewHMAC(), cases...)
}

func TestHMACValue(t *testing.T) {
	key := randomBytes(97, 32)
	m := only(t, NewHMAC(), twoPads(key, 64, 0), key)
	if m.Len() != 128 || len(m.Redact) != 2 {
		t.Errorf("%d bytes, %d ranges", m.Len(), len(m.Redact))
	}
	only(t, NewHMAC(), onePad(key, 64, opad), key)
	// A password is a key too, when both pads are there.
	only(t, NewHMAC(), twoPads([]byte("correct horse"), 64, 0), []byte("correct horse"))
	// The outer pad may come first.
	only(t, NewHMAC(), append(onePad(key, 64, opad), onePad(key, 64, ipad)...), key)
}

func TestHMACReject(t *testing.T) {
	d := NewHMAC()
	key := randomBytes(98, 32)
	probetest.Reject(t, d, "no key", twoPads(nil, 64, 0))
	probetest.Reject(t, d, "zeros", twoPads(make([]byte, 20), 128, 16))
	probetest.Reject(t, d, "text and sixes", append([]byte("this is no key, but text of 32 c"), bytes.Repeat([]byte{ipad}, 32)...))
	probetest.Reject(t, d, "odd length", append(randomBytes(99, 41), bytes.Repeat([]byte{opad}, 23)...)[:63])
	probetest.Reject(t, d, "wrong distance", append(append(onePad(key, 64, ipad)[:40], make([]byte, 200)...), onePad(key, 64, opad)[:40]...))
	broken := twoPads(key, 64, 0)
	for i := 0; i < 64; i += 20 {
		broken[i] ^= 1
	}
	broken[63], broken[127] = 1, 2
	probetest.Reject(t, d, "broken", broken[:120])
}

// TestHMACRecordKey holds that the key of ChaCha20 is hunted for that TLS 1.3 makes of a key of SHA-256's size,
// and nothing for other keys.
func TestHMACRecordKey(t *testing.T) {
	for _, c := range []struct {
		size, block int
		want        bool
	}{{32, 64, true}, {24, 64, false}, {48, 64, false}, {32, 128, false}} {
		key := randomBytes(98, c.size)
		h := func() hash.Hash { return sha256.New() }
		record, err := hkdf.Expand(h, key, "\x00\x20\x09tls13 key\x00", 32)
		if err != nil {
			t.Fatal(err)
		}
		got := false
		NewHMAC().Detect(probe.View{Data: twoPads(key, c.block, 0)}, func(m probe.Match) {
			for _, v := range m.Values {
				got = got || bytes.Equal(v, record)
			}
		})
		if got != c.want {
			t.Errorf("%d bytes in a block of %d: hunted for %v", c.size, c.block, got)
		}
	}
}
