package validate

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"strings"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// Base58Check verifies Bitcoin's private keys in wallet import format and its
// extended keys: the last four bytes are the beginning of the double SHA-256 of
// those before.
func Base58Check(token []byte) Verdict {
	v, radix := new(big.Int), big.NewInt(int64(len(base58)))
	for _, c := range token {
		d := strings.IndexByte(base58, c)
		if d < 0 {
			return Invalid
		}
		v.Mul(v, radix).Add(v, big.NewInt(int64(d)))
	}
	zeros := len(token) - len(bytes.TrimLeft(token, "1")) // a leading 1 is a zero byte
	p := append(make([]byte, zeros), v.Bytes()...)
	defer clear(p)
	n := len(p) - 4
	if n < 1 {
		return Invalid
	}
	sum := sha256.Sum256(p[:n])
	sum = sha256.Sum256(sum[:])
	return verdict(bytes.Equal(p[n:], sum[:4]))
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// Bech32 verifies the check sum of BIP 173 over a prefix, the separator 1 and
// the data, all of one case: Nostr's keys and age's.
func Bech32(token []byte) Verdict {
	lower := bytes.ToLower(token)
	defer clear(lower)
	if !bytes.Equal(lower, token) && !bytes.Equal(bytes.ToUpper(token), token) {
		return Invalid
	}
	i := bytes.LastIndexByte(lower, '1')
	if i < 1 || len(lower)-i-1 < 6 {
		return Undetermined
	}
	sum := uint32(1)
	step := func(five byte) {
		top := sum >> 25
		sum = sum&(1<<25-1)<<5 ^ uint32(five)
		for k, gen := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>k&1 == 1 {
				sum ^= gen
			}
		}
	}
	for _, c := range lower[:i] {
		step(c >> 5)
	}
	step(0)
	for _, c := range lower[:i] {
		step(c & 31)
	}
	for _, c := range lower[i+1:] {
		d := strings.IndexByte(bech32, c)
		if d < 0 {
			return Invalid
		}
		step(byte(d))
	}
	return verdict(sum == 1)
}
