package aeskey

import (
	"bytes"
	"crypto/aes"
	"encoding/binary"
	"errors"
	"math/bits"
	"testing"
)

// multiply is multiplication in the field of FIPS 197, section 4.2, bit by bit.
func multiply(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		high := a >> 7
		a = a<<1 ^ high*0x1b
	}
	return p
}

// substitute is the S-box as FIPS 197, section 5.1.1, defines it.
func substitute(a byte) byte {
	var inverse byte
	for b := range 256 {
		if multiply(a, byte(b)) == 1 {
			inverse = byte(b)
		}
	}
	s := inverse
	for n := 1; n <= 4; n++ {
		s ^= bits.RotateLeft8(inverse, n)
	}
	return s ^ 0x63
}

func TestTables(t *testing.T) {
	for a := range 256 {
		if sbox[a] != substitute(byte(a)) {
			t.Errorf("sbox[%#x] is wrong", a)
		}
	}
	c := byte(1)
	for j := range rounds {
		if rounds[j] != c {
			t.Errorf("constant of round %d is wrong", j+1)
		}
		c = multiply(c, 2)
	}
	for _, w := range []uint32{0, 1, 0x80000000, 0xdb135345, 0xffffffff} {
		if unmix(mix(w)) != w {
			t.Errorf("unmix(mix(%#x)) is another word", w)
		}
	}
}

// expandBytes expands a key byte by byte, as FIPS 197, section 5.2, says.
func expandBytes(key []byte) []byte {
	nk := len(key) / 4
	w := bytes.Clone(key)
	c := byte(1)
	for i := nk; i < 4*(nk+7); i++ {
		t := bytes.Clone(w[4*i-4:])
		if i%nk == 0 {
			t = []byte{substitute(t[1]) ^ c, substitute(t[2]), substitute(t[3]), substitute(t[0])}
			c = multiply(c, 2)
		} else if nk == 8 && i%nk == 4 {
			for k := range t {
				t[k] = substitute(t[k])
			}
		}
		for k := range t {
			w = append(w, w[4*(i-nk)+k]^t[k])
		}
	}
	return w
}

func TestExpand(t *testing.T) {
	for _, n := range sizes {
		for seed := range uint64(5) {
			key := testKey(seed, n)
			full, err := expand(key)
			if err != nil {
				t.Fatal(err)
			}
			ws := full[:words(n/4)]
			var got []byte
			for _, w := range ws {
				got = binary.BigEndian.AppendUint32(got, w)
			}
			want := expandBytes(key)
			if !bytes.Equal(got, want) {
				t.Errorf("%d bits: not the schedule of FIPS 197", 8*n)
			}
			if !bytes.Equal(mustEncode(t, key, Form{}), want) {
				t.Errorf("%d bits: the plain form is not the schedule", 8*n)
			}
			for i := 0; i <= len(ws)-n/4; i++ {
				var s schedule
				copy(s[i:], ws[i:i+n/4])
				s.complete(n/4, i)
				if !bytes.Equal(s.key(nil, n/4), key) {
					t.Errorf("%d bits: words from %d on do not give back the key", 8*n, i)
				}
			}
		}
	}
	for _, n := range []int{0, 15, 17, 20, 33} {
		if _, err := expand(make([]byte, n)); !errors.Is(err, ErrKeySize) {
			t.Errorf("%d bytes: error %v", n, err)
		}
		if _, err := Encode(make([]byte, n), Form{}); !errors.Is(err, ErrKeySize) {
			t.Errorf("%d bytes: error %v", n, err)
		}
	}
}

// The reversed, mixed form decrypts by the equivalent inverse cipher (FIPS 197,
// section 5.3.5) what crypto/aes has encrypted.
func TestDecryptionForm(t *testing.T) {
	var inverse [256]byte
	for a := range 256 {
		inverse[sbox[a]] = byte(a)
	}
	for _, n := range sizes {
		key, block := testKey(2, n), testKey(3, 16)
		c, err := aes.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		state := make([]byte, 16)
		c.Encrypt(state, block)
		rk := mustEncode(t, key, Form{Reversed: true, Mixed: true})
		for round := 0; ; round++ {
			for i := range state {
				state[i] ^= rk[16*round+i]
			}
			if round == len(rk)/16-1 {
				break
			}
			next := make([]byte, 16)
			for i, b := range state {
				next[(i+4*(i&3))&15] = inverse[b] // InvShiftRows moves row r by r columns
			}
			if round < len(rk)/16-2 {
				for c := 0; c < 16; c += 4 {
					binary.BigEndian.PutUint32(next[c:], unmix(binary.BigEndian.Uint32(next[c:])))
				}
			}
			state = next
		}
		if !bytes.Equal(state, block) {
			t.Errorf("%d bits: the decryption form does not decrypt", 8*n)
		}
	}
}

// The orders differ as their names say.
func TestOrders(t *testing.T) {
	key := testKey(1, 24)
	plain := mustEncode(t, key, Form{})
	for order, size := range map[Order]int{Swapped: 4, Swapped64: 8, Swapped128: 16} {
		got := mustEncode(t, key, Form{Order: order})
		for i := range plain {
			if got[i] != plain[i-i%size+size-1-i%size] {
				t.Errorf("order %d does not reverse %d bytes", order, size)
				break
			}
		}
	}
	rev := mustEncode(t, key, Form{Reversed: true})
	for i := range plain {
		if rev[i] != plain[len(plain)-16-i&^15+i&15] {
			t.Fatal("round keys are not reversed")
		}
	}
}
