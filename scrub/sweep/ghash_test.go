package sweep

import (
	"bytes"
	"crypto/aes"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/aeskey"
)

// product multiplies in GCM's field with numbers whose bit i is the coefficient
// of x^i, the way of algebra, and gives the block back.
func product(a, b []byte) []byte {
	poly := func(p []byte) *big.Int {
		n := new(big.Int)
		for i := range 128 {
			n.SetBit(n, i, uint(p[i/8]>>(7-i%8)&1))
		}
		return n
	}
	x, y, sum := poly(a), poly(b), new(big.Int)
	for i := range 128 {
		if y.Bit(i) == 1 {
			sum.Xor(sum, new(big.Int).Lsh(x, uint(i)))
		}
	}
	modulus := new(big.Int).SetBit(big.NewInt(0x87), 128, 1) // x^128 + x^7 + x^2 + x + 1
	for i := 255; i >= 128; i-- {
		if sum.Bit(i) == 1 {
			sum.Xor(sum, new(big.Int).Lsh(modulus, uint(i-128)))
		}
	}
	out := make([]byte, 16)
	for i := range 128 {
		out[i/8] |= byte(sum.Bit(i)) << (7 - i%8)
	}
	return out
}

// Every form of the hash key is found whatever the program keeps: each computed by algebra here.
// hashKeyed returns an AES key of which the halves of the hash key begin and end with five different
// bytes that are not zero, as 23 halves of 25 do: of others, alone between zeros at an odd address, no word
// tells enough to be indexed.
func hashKeyed() []byte {
	for {
		key := random(32)
		block, err := aes.NewCipher(key)
		if err != nil {
			panic(err)
		}
		h := make([]byte, 16)
		block.Encrypt(h, h)
		good := true
		for _, p := range [][]byte{h[:5], h[3:8], h[8:13], h[11:]} {
			var w [8]byte
			copy(w[:], p)
			good = good && varied(w[:]) == 5
		}
		if good {
			return key
		}
	}
}

func TestHashKeys(t *testing.T) {
	key := hashKeyed()
	s, err := NewSet(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.AddKey(s.ID(key), aeskey.Kind, key); err != nil {
		t.Fatal(err)
	}
	s.Seal(func(ID) (int, bool) { return 0, true })
	block, _ := aes.NewCipher(key)
	h := make([]byte, 16)
	block.Encrypt(h, h)
	reversed := func(p []byte) []byte {
		q := make([]byte, 0, len(p))
		for i := range p {
			q = append(q, p[len(p)-1-i])
		}
		return q
	}
	halves := func(p []byte) []byte { return append(bytes.Clone(p[8:]), p[:8]...) }
	forms := map[string][]byte{"octets": h, "reversed": reversed(h), "words": halves(reversed(h))}
	// x times the shifted element is the element: x is the second bit of the first byte.
	x := make([]byte, 16)
	x[0] = 0x40
	power := h
	for n := range 8 {
		e := element{binary.BigEndian.Uint64(power), binary.BigEndian.Uint64(power[8:])}.shifted()
		p := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, e.hi), e.lo)
		if !bytes.Equal(product(x, p), power) {
			t.Error("another shift")
		}
		forms["power"+string(rune('1'+n))] = reversed(p)
		forms["halves"+string(rune('1'+n))] = halves(reversed(p))
		power = product(power, h)
	}
	var hi, lo, table []byte
	for i := range byte(16) {
		m := make([]byte, 16)
		m[0] = i << 4
		m = reversed(product(h, m))
		table = append(table, halves(m)...)
		hi, lo = append(hi, m[8:]...), append(lo, m[:8]...)
	}
	forms["table"], forms["upper halves"], forms["lower halves"] = table, hi, lo
	lone := make([]byte, 256)
	copy(lone[64:], reversed(h)[:8])
	copy(lone[192:], reversed(h)[8:])
	forms["halves between zeros"] = lone
	for _, dec := range []bool{false, true} {
		p, err := aeskey.EncodeVPAES(key, dec)
		if err != nil {
			t.Fatal(err)
		}
		forms["vpaes"+map[bool]string{true: " decrypting"}[dec]] = p[16:64]
	}
	for name, p := range forms {
		data := append(bytes.Clone(p), make([]byte, 16)...)
		if left := uncovered(t, s, data); left > 0 {
			t.Errorf("%s: %d bytes are left", name, left)
		}
	}
}
