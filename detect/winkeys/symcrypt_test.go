package winkeys

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// symInt writes a SYMCRYPT_INT of one-digit steps of 64 bytes.
func symInt(kind uint32, limbs []byte) []byte {
	digits := (len(limbs) + 63) / 64
	b := binary.LittleEndian.AppendUint32(nil, kind<<16)
	b = binary.LittleEndian.AppendUint32(b, uint32(digits))
	b = binary.LittleEndian.AppendUint32(b, uint32(64*digits+64))
	b = append(b, make([]byte, 20)...)
	b = append(b, limbs...)
	return append(b, make([]byte, 64*digits-len(limbs))...)
}

func TestSymCryptAccept(t *testing.T) {
	for _, n := range []int{32, 48, 66, 256, 512} {
		limbs := random(n)
		limbs[n-1] |= 1
		probetest.Accept(t, NewSymCrypt(), probetest.Case{
			Name: "int", Data: symInt(0x6749, limbs), Private: [][]byte{limbs},
			Kind: privkey.Other, Encoding: probe.LimbsLE, Confidence: probe.Likely, Cut: true,
		})
	}
}

func TestSymCryptReject(t *testing.T) {
	limbs := random(256)
	object := symInt(0x6749, limbs)
	size := slices.Clone(object)
	size[8]++
	divisor := append(symInt(0x6744, nil), object...)
	for name, data := range map[string][]byte{
		"another type": symInt(0x6744, limbs),
		"another size": size,
		"in a divisor": divisor,
		"small":        symInt(0x6749, limbs[:8]),
		"zero":         symInt(0x6749, make([]byte, 64)),
		"text":         symInt(0x6749, []byte("Content-Type: text/html; charset=utf-8")),
		"redacted":     symInt(0x6749, append(limbs[:8:8], slices.Repeat([]byte{probe.Fill}, 56)...)),
		"random":       random(1 << 20),
	} {
		probetest.Reject(t, NewSymCrypt(), name, data)
	}
}

func FuzzSymCrypt(f *testing.F) {
	f.Add(symInt(0x6749, random(32)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for i := 0; i+4 <= len(data); i++ {
			if string(data[i:i+4]) != symIntType {
				continue
			}
			NewSymCrypt().Detect(probe.View{Data: data, At: i}, func(m probe.Match) {
				if m.Start < 0 || m.End > len(data) || len(m.Redact) == 0 {
					t.Error("outside")
				}
			})
		}
	})
}
