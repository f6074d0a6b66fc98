package livetext

import (
	"crypto/rand"
	"encoding/base64"
	"hash/crc32"
	"math/big"
	"strings"
)

// Alphabets of tokens.
const (
	digits   = "0123456789"
	lower    = "abcdefghijklmnopqrstuvwxyz"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alnum    = digits + upper + lower
	word     = alnum + "-_"
	b64      = alnum + "+/"
	hexa     = "0123456789abcdef"
	base32   = upper + "234567"
	keyboard = alnum + "!#%*-_=+.,~"
)

// random returns n characters of an alphabet.
func random(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[below(len(alphabet))]
	}
	return string(b)
}

// chosen returns what a person makes up: letters of both cases, a digit and a sign
// among them.
func chosen(n int) string {
	for {
		s := random(keyboard, n)
		if strings.ContainsAny(s, digits) && strings.ContainsAny(s, upper) && strings.ContainsAny(s, lower) &&
			strings.ContainsAny(s[:1]+s[n-1:], alnum) {
			return s
		}
	}
}

func below(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the system's generator does not fail
	}
	return int(v.Int64())
}

func octets(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// crc writes the CRC-32 of s in n digits of an alphabet, most significant first.
func crc(s, alphabet string, n int) string {
	v := uint64(crc32.ChecksumIEEE([]byte(s)))
	b := make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		b[i] = alphabet[v%uint64(len(alphabet))]
		v /= uint64(len(alphabet))
	}
	return string(b)
}

// jws returns a signed token of three parts whose signature is random.
func jws(header, claims string, signature int) (signed, signatureText string) {
	e := base64.RawURLEncoding
	sig := e.EncodeToString(octets(signature))
	return e.EncodeToString([]byte(header)) + "." + e.EncodeToString([]byte(claims)) + ".", sig
}
