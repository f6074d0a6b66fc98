package secret

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"fmt"
)

// scheduleForms are keys in the middle of being used: AES-XTS's two schedules, vpaes's, and
// the two hash states of HMAC as OpenSSL's contexts hold them.
func scheduleForms() (fs []Form) {
	for _, size := range []int{16, 32} {
		fs = append(fs, form(fmt.Sprintf("aes-xts-%d", 8*size), func(src *Source) Secret {
			data, tweak := src.Bytes(size), src.Bytes(size)
			w := append(expand(data), expand(tweak)...)
			return marked{b: w, priv: []Range{{0, len(w)}}}.secret("", KindAES, "schedule-enc", data, tweak)
		}))
	}
	for _, size := range []int{16, 24, 32} {
		for _, dec := range []bool{false, true} {
			name, encoding := fmt.Sprintf("aes-vpaes-%d-enc", 8*size), "schedule-enc"
			if dec {
				name, encoding = fmt.Sprintf("aes-vpaes-%d-dec", 8*size), "schedule-dec"
			}
			fs = append(fs, form(name, func(src *Source) Secret {
				key := src.Bytes(size)
				w := vpaes(expand(key), dec)
				return marked{b: w, priv: []Range{{0, len(w)}}}.secret("", KindAES, encoding, key)
			}))
		}
	}
	return append(fs, form("hmac-sha256-ctx", func(src *Source) Secret {
		var m marked
		key := src.Bytes(32)
		for _, mask := range []byte{0x36, 0x5c} {
			pad := make([]byte, sha256.BlockSize)
			copy(pad, key)
			for i := range pad {
				pad[i] ^= mask
			}
			m.hide(sha256State(pad))
			m.put(0, 2, 0, 0, 0, 0, 0, 0) // Nl, Nh: 512 bits
			m.put(make([]byte, 64+4)...)  // data, num
			m.put(32, 0, 0, 0)            // md_len
			m.put(make([]byte, 16)...)    // the allocator's
		}
		s := m.secret("", KindHMAC, "expanded")
		s.Confidence = likely
		return s
	}))
}

// sha256State returns the state of SHA-256 after a block, as native numbers.
func sha256State(block []byte) []byte {
	h := sha256.New()
	h.Write(block)
	b, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		panic(err) // crypto/sha256 documents that it is a marshaler
	}
	var out []byte
	for i := range 8 {
		out = binary.LittleEndian.AppendUint32(out, binary.BigEndian.Uint32(b[4+4*i:]))
	}
	return out
}

// vpaes writes a schedule in the form of OpenSSL's code for vector units without AES
// instructions: in a basis of the field that is given by the images of the bits, with
// MixColumns folded in and rows turned by the number of the round.
func vpaes(w []byte, dec bool) []byte {
	images, add, row := [8]byte{0x70, 0x2a, 0x98, 0x08, 0x4d, 0x7c, 0x7d, 0x81}, byte(0x5b), [4]byte{0, 1, 1, 1}
	if dec {
		images, add, row = [8]byte{0x5f, 0x54, 0x04, 0x1a, 0x65, 0x05, 0xe6, 0x94}, 0xe8, [4]byte{9, 14, 11, 13}
	}
	to := func(b byte) (r byte) {
		for i, m := range images {
			if b>>i&1 == 1 {
				r ^= m
			}
		}
		return r
	}
	last := len(w)/16 - 1
	out := make([]byte, len(w))
	for r := 0; r <= last; r++ {
		k, at := w[16*r:16*r+16], r
		turn := 4*last - r
		if dec {
			at = last - r
			turn = last - r
		}
		for c := range 4 {
			for j := range 4 {
				var b byte
				switch {
				case r == 0 && dec:
					b = k[4*c+j]
				case r == 0:
					b = to(k[4*c+j])
				case r == last && dec:
					b = to(k[4*c+j] ^ 0x63)
				case r == last:
					b = k[4*c+j] ^ 0x63
				default:
					for i := range 4 {
						b ^= mul(row[(i-j+4)%4], k[4*c+i])
					}
					b = to(b) ^ add
				}
				// ShiftRows, turn times.
				out[16*at+4*((c+4*turn-turn*j)%4)+j] = b
			}
		}
	}
	return out
}
