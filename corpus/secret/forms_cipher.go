package secret

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"fmt"
	"hash"
	"math/bits"
	"slices"

	"crypto/sha256"
	"crypto/sha512"
)

// aesOrderForms are AES schedules in the orders that aesForms leaves out, with
// neighbours, and in parts.
func aesOrderForms() (fs []Form) {
	whole := func(name, encoding string, size int, order func(w []byte) []byte) {
		fs = append(fs, form(fmt.Sprintf("aes-%d-%s", 8*size, name), func(src *Source) Secret {
			key := src.Bytes(size)
			return chunks(hidden(order(expand(key)))).secret("", KindAES, encoding, key).aligned()
		}))
	}
	part := func(size int) {
		fs = append(fs, form(fmt.Sprintf("aes-%d-three-rounds", 8*size), func(src *Source) Secret {
			w := expand(src.Bytes(size))
			at := 16 * src.IntN(len(w)/16-2)
			s := chunks(hidden(w[at:at+48])).secret("", KindAES, "schedule-enc").aligned()
			s.Complete, s.Confidence = false, likely
			return s
		}))
	}
	for _, size := range []int{16, 24, 32} {
		whole("reversed", "schedule-dec", size, rounds)
		whole("mixed", "schedule-dec", size, func(w []byte) []byte { return rounds(inverse(w)) })
		whole("swapped-64", "schedule-enc", size, func(w []byte) []byte { return groupsReversed(w, 8) })
		whole("swapped-128", "schedule-enc", size, func(w []byte) []byte { return groupsReversed(w, 16) })
		whole("swapped-128-reversed", "schedule-dec", size, func(w []byte) []byte { return groupsReversed(rounds(w), 16) })
		part(size)
	}
	for _, size := range []int{16, 32} {
		fs = append(fs, form(fmt.Sprintf("aes-%d-xts", 8*size), func(src *Source) Secret {
			// Two AES_KEY of OpenSSL: room for 60 words and the number of rounds.
			var body marked
			var values [][]byte
			for range 2 {
				key := src.Bytes(size)
				values = append(values, key)
				body.hide(expand(key))
				body.put(make([]byte, (240-len(body.b)%248)%248)...)
				body.u32le(uint32(size/4+6), 0)
			}
			s := body.secret("", KindAES, "schedule-enc", values...)
			return s.aligned()
		}))
	}
	return fs
}

// contextForms are both schedules of an AES key, as two operating systems hold them.
func contextForms() (fs []Form) {
	add := func(name string, write func(m *marked, w []byte)) {
		for _, size := range []int{16, 24, 32} {
			fs = append(fs, form(fmt.Sprintf("aes-%d-%s", 8*size, name), func(src *Source) Secret {
				key := src.Bytes(size)
				var m marked
				write(&m, expand(key))
				return m.secret("", KindAES, "schedule-enc", key).or("schedule-dec").aligned()
			}))
		}
	}
	// struct crypto_aes_ctx of Linux's crypto/aes.h: room for sixty words of each, and the length of the key, by
	// which dm-crypt's keys lie in the kernel.
	add("linux-ctx", func(m *marked, w []byte) {
		for _, w := range [][]byte{w, inverse(w)} {
			m.hide(w)
			m.put(make([]byte, 240-len(w))...)
		}
		m.u32le(uint32(len(w)-7*16)/4, 0)
	})
	// SYMCRYPT_AES_EXPANDED_KEY of symcrypt_internal.h: up to 29 round keys, of which the last one to encrypt is the
	// first one to decrypt, then pointers to both ends.
	add("symcrypt", func(m *marked, w []byte) {
		all := append(bytes.Clone(w), inverse(w)[16:]...)
		m.hide(all)
		m.put(make([]byte, 29*16-len(all))...)
		m.word(0x0000_01a2_4c31_0c50)
		m.word(0x0000_01a2_4c31_0d30)
	})
	return fs
}

// rounds returns w with the last round key first.
func rounds(w []byte) []byte {
	var out []byte
	for r := len(w) - 16; r >= 0; r -= 16 {
		out = append(out, w[r:r+16]...)
	}
	return out
}

// groupsReversed returns w with the bytes of each group of n in reverse.
func groupsReversed(w []byte, n int) []byte {
	out := bytes.Clone(w)
	for i := 0; i < len(out); i += n {
		slices.Reverse(out[i : i+n])
	}
	return out
}

// cipherForms are schedules and states of ciphers other than AES.
func cipherForms() (fs []Form) {
	add := func(name, kind, encoding string, make func(*Source) (data []byte, values [][]byte)) {
		fs = append(fs, form(name, func(src *Source) Secret {
			data, values := make(src)
			s := chunks(hidden(data)).secret("", kind, encoding, values...).aligned()
			s.Confidence = likely
			return s
		}))
	}
	sm4 := func(name, encoding string, order binary.AppendByteOrder, back bool) {
		add("sm4-"+name, KindSM4, encoding, func(s *Source) (data []byte, values [][]byte) {
			key := s.Bytes(16)
			w := sm4Schedule(key)
			if back {
				slices.Reverse(w)
			}
			for _, x := range w {
				data = order.AppendUint32(data, x)
			}
			return data, [][]byte{key}
		})
	}
	sm4("enc", "schedule-enc", binary.LittleEndian, false)
	sm4("dec", "schedule-dec", binary.LittleEndian, true)
	sm4("enc-be", "schedule-enc", binary.BigEndian, false)
	des := func(name string, n int, schedule func([]byte) []byte) {
		add(name, KindDES, "schedule-enc", func(s *Source) (data []byte, values [][]byte) {
			var whole []byte
			for range n {
				key := s.Bytes(8)
				for i, b := range key { // odd parity
					key[i] = b&^1 | byte(bits.OnesCount8(b>>1)+1)&1
				}
				data = append(data, schedule(key)...)
				whole = append(whole, key...)
			}
			if n > 1 {
				values = append(values, whole)
			}
			return data, values
		})
	}
	des("des-openssl", 1, desSchedule)
	des("des-mbedtls", 1, desPlainSchedule)
	des("3des-openssl", 3, desSchedule)
	state := func(name, kind, constants string, long, diagonal bool) {
		fs = append(fs, form(name, func(src *Source) Secret {
			key := src.Bytes(32)
			var m marked
			if !long {
				copy(key[16:], key[:16])
			}
			counter := append([]byte{byte(1 + src.IntN(200)), 0, 0, 0}, src.Bytes(12)...)
			if diagonal {
				m.str(constants[:4])
				m.hide(key[:16])
				m.str(constants[4:8])
				m.put(append(counter[8:16:16], counter[0], 0, 0, 0, 0, 0, 0, 0)...)
				m.str(constants[8:12])
				m.hide(key[16:])
				m.str(constants[12:])
			} else {
				m.str(constants)
				m.hide(key)
				m.put(counter...)
			}
			value := key
			if !long {
				value = key[:16]
			}
			s := m.secret("", kind, "raw", value).aligned()
			s.Confidence = likely
			return s
		}))
	}
	const long, short = "expand 32-byte k", "expand 16-byte k"
	state("chacha20-256", KindChaCha, long, true, false)
	state("chacha20-128", KindChaCha, short, false, false)
	state("salsa20-256", KindSalsa, long, true, true)
	return fs
}

// hmacForms are the forms in which libraries hold the key of HMAC.
func hmacForms() (fs []Form) {
	add := func(name string, make func(*Source) (marked, [][]byte)) {
		fs = append(fs, form(name, func(src *Source) Secret {
			m, values := make(src)
			s := m.secret("", KindHMAC, "expanded", values...).aligned()
			s.Confidence = likely
			return s
		}))
	}
	pads := func(s *Source, block, size int) (inner, outer, key []byte) {
		key = s.Bytes(size)
		padded := append(bytes.Clone(key), make([]byte, block-size)...)
		inner, outer = bytes.Clone(padded), bytes.Clone(padded)
		for i := range padded {
			inner[i] ^= 0x36
			outer[i] ^= 0x5c
		}
		return inner, outer, key
	}
	for _, block := range []int{64, 128} {
		for _, size := range []int{20, 32, 48} {
			add(fmt.Sprintf("hmac-pads-%d-%d", block, size), func(s *Source) (marked, [][]byte) {
				inner, outer, key := pads(s, block, size)
				var m marked
				m.hide(inner)
				m.hide(outer)
				m.priv = []Range{{0, size}, {block, block + size}}
				return m, [][]byte{key}
			})
		}
		add(fmt.Sprintf("hmac-pad-alone-%d", block), func(s *Source) (marked, [][]byte) {
			inner, _, key := pads(s, block, 32)
			m := chunks(hidden(inner))
			m.priv[0].End = m.priv[0].Start + 32
			return m, [][]byte{key}
		})
	}
	context := func(name string, block, words, width int, hashed func() hash.Hash, counted func(m *marked)) {
		add("hmac-state-"+name, func(s *Source) (marked, [][]byte) {
			inner, outer, key := pads(s, block, 32)
			var m marked
			for _, pad := range [][]byte{inner, outer} {
				h := hashed()
				h.Write(pad)
				state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
				if err != nil {
					panic("internal error: " + err.Error())
				}
				// Behind a magic of four bytes the state stands, big-endian.
				m.hide(groupsReversed(state[4:4+words*width], width))
				counted(&m)
			}
			return m, [][]byte{key}
		})
	}
	// OpenSSL's SHA256_CTX and SHA512_CTX: state, count of bits in two words, block, what is
	// pending of it, length of the digest.
	context("sha256", 64, 8, 4, sha256.New, func(m *marked) {
		m.u32le(512, 0)
		m.put(make([]byte, 64)...)
		m.u32le(0, 32)
	})
	context("sha512", 128, 8, 8, sha512.New, func(m *marked) {
		m.word(1024)
		m.word(0)
		m.put(make([]byte, 128)...)
		m.u32le(0, 64)
	})
	return fs
}
