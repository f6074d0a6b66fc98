package publickey

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

func TestDNSKey(t *testing.T) {
	record := func(flags, alg byte, key []byte) []byte {
		data := slices.Concat([]byte{1, flags, 3, alg}, key)
		return append(binary.BigEndian.AppendUint16(nil, uint16(len(data))), data...)
	}
	d := dnsDetector{}
	for _, bits := range []int{1024, 2048, 4096} {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		key := slices.Concat([]byte{3, 1, 0, 1}, k.N.Bytes())
		accept(t, "rsa", record(0, 8, key), spkiOf(t, &k.PublicKey), probe.Confirmed, false, d)
		other := record(1, 8, key)
		other[1]++
		if fs := found(t, other, len(other), d); len(fs) > 0 {
			t.Error("a modulus behind another length is found")
		}
	}
	for name, n := range map[string][]byte{
		"a multiple of three": new(big.Int).Mul(big.NewInt(3), new(big.Int).SetBit(new(big.Int).SetBytes(octetsOf(250)), 0, 1)).Bytes(),
		"a zero in front":     append([]byte{0}, octetsOf(128)...),
		"text":                bytes.Repeat([]byte("\x01\x00\x11com.sun.example.A"), 16),
	} {
		n[len(n)-1] |= 1
		r := record(0, 8, slices.Concat([]byte{3, 1, 0, 1}, n))
		if fs := found(t, r, len(r), d); len(fs) > 0 {
			t.Error(name, "is taken for a modulus")
		}
	}
	for alg, c := range map[byte]elliptic.Curve{13: elliptic.P256(), 14: elliptic.P384()} {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		point, _ := k.PublicKey.Bytes()
		accept(t, c.Params().Name, record(1, alg, point[1:]), spkiOf(t, &k.PublicKey), probe.Confirmed, false, d)
		point[9] ^= 1
		if fs := found(t, record(1, alg, point[1:]), 1<<20, d); len(fs) > 0 {
			t.Error("a point beside the curve is found")
		}
	}
	octets := octetsOf(32)
	accept(t, "ed25519", record(1, 15, octets), privkey.SPKIForEd25519(octets), probe.Confirmed, false, d)
}
