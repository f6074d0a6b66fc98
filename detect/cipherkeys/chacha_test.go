package cipherkeys

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func chachaState(constant string, key []byte) []byte {
	return append(append([]byte(constant), key...), 7, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
}

func salsaState(constant string, key []byte) []byte {
	p := make([]byte, 64)
	for i := range 4 {
		copy(p[20*i:], constant[4*i:4*i+4])
	}
	copy(p[4:20], key[:16])
	copy(p[44:60], key[16:])
	p[32] = 9
	return p
}

// columnState returns the state of Salsa20 word by word as libgcrypt keeps it.
func columnState(constant string, key []byte) []byte {
	p := make([]byte, 64)
	copy(p, constant)
	for i, word := range []int{5, 10, 15, 12, 7, 4, 9, 14} {
		copy(p[4*word:], key[4*i:4*i+4])
	}
	p[32] = 3
	return p
}

func TestChaCha(t *testing.T) {
	key, short := randomBytes(80, 32), randomBytes(81, 16)
	twice := bytes.Repeat(short, 2)
	c := func(name, kind string, data []byte, confidence probe.Confidence, private ...[]byte) probetest.Case {
		return probetest.Case{Name: name, Data: data, Kind: kind, Encoding: probe.Raw, Confidence: confidence, Private: private, Cut: true}
	}
	probetest.Accept(t, NewChaCha(),
		c("chacha", ChaCha, chachaState(sigma, key), probe.Confirmed, key),
		c("chacha without a count", ChaCha, append(chachaState(sigma, key)[:48], 0x91, 0x1c, 0x03, 0x55), probe.Likely, key),
		c("chacha big-endian", ChaCha, append(chachaState(sigmaBig, key)[:48], 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), probe.Confirmed, key),
		c("chacha of the other byte order", ChaCha, chachaState(sigmaBig, key), probe.Likely, key),
		c("chacha short", ChaCha, chachaState(tau, twice), probe.Confirmed, twice),
		c("salsa", Salsa, salsaState(sigma, key), probe.Likely, key[:16], key[16:]),
		c("salsa short", Salsa, salsaState(tau, twice), probe.Confirmed, short),
		probetest.Case{
			Name: "salsa by columns", Data: columnState(sigma, key), Kind: Salsa, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{key[20:24], key[0:4], key[8:12], key[28:32]},
		},
		c("salsa big-endian", Salsa, salsaState(tauBig, twice), probe.Confirmed, short),
	)
}

func TestChaChaValue(t *testing.T) {
	key := randomBytes(82, 32)
	only(t, NewChaCha(), chachaState(sigma, key), key)
	only(t, NewChaCha(), salsaState(sigma, key), key)
	only(t, NewChaCha(), columnState(sigma, key), key)
	swapped := bytes.Clone(key)
	for i := range swapped {
		swapped[i] = key[i^3]
	}
	only(t, NewChaCha(), chachaState(sigmaBig, swapped), key)
}

func TestChaChaReject(t *testing.T) {
	d := NewChaCha()
	reject := func(name string, p []byte) { probetest.Reject(t, d, name, chachaState(sigma, p)) }
	reject("zeros", make([]byte, 32))
	reject("text", []byte("expand 16-byte kgtls-chacha20-po"))
	reject("small numbers", []byte("\x02\x03\x00\x01\x06\x07\x04\x05\x0a\x0b\x08\x09\x0e\x0f\x0c\x0d\x03\x00\x01\x02\x07\x04\x05\x06\x0b\x08\x09\x0a\x0f\x0c\x0d\x0e"))
	reject("pointers", bytes.Repeat([]byte{0x10, 0xa2, 0x93, 0xc4, 0x55, 0x7f, 0, 0}, 4))
	reject("constants", append([]byte{0x98, 0x2f, 0x8a, 0x42, 0x91, 0x44, 0x37, 0x71}, randomBytes(83, 24)...))
	half := randomBytes(84, 32)
	copy(half[8:], bytes.Repeat([]byte{probe.Fill}, 8))
	reject("filled", half)
	// Vector code keeps constants once for each half of a register, those of other
	// functions behind them.
	table := func(ps ...string) []byte {
		var b []byte
		for _, p := range ps {
			b = append(append(b, p...), p...)
		}
		return b
	}
	x, y := string(randomBytes(87, 16)), string(randomBytes(88, 16))
	probetest.Reject(t, d, "doubled constants", table(sigma, x, y))
	probetest.Reject(t, d, "doubled constants behind one", append([]byte(sigma), table(x, y)...))
	probetest.Reject(t, d, "short key once", chachaState(tau, randomBytes(85, 32)))
	probetest.Reject(t, d, "constant cut", chachaState("expand 32-byte_k", randomBytes(86, 32)))
}

// Random bytes are dense but for one in some thousands.
func TestDense(t *testing.T) {
	for _, n := range []int{16, 20, 32, 48, 64, 112} {
		bad := 0
		for i := range 20000 {
			h := sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(n)})
			if !dense(randomBytes(uint64(h[0])<<32|uint64(i), n)) {
				bad++
			}
		}
		if bad > 20 {
			t.Errorf("%d of 20000 times %d random bytes are turned down", bad, n)
		}
	}
}
