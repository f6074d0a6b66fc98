package mnemonic

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"slices"
)

// lengths are how many words a phrase can have, the longest first.
var lengths = [...]int{24, 21, 18, 15, 12}

const (
	wordBits = 11
	maxWords = 24
	minWords = 12
)

// entropy appends to dst what the words say, without the check sum, and reports
// whether that is right. Of 3k words it is 4k bytes and k bits of check sum.
func entropy(dst []byte, words []int) ([]byte, bool) {
	n := len(words) / 3 * 4
	acc, bits := 0, 0
	for _, w := range words {
		acc, bits = acc<<wordBits|w, bits+wordBits
		for bits >= 8 && len(dst) < n {
			bits -= 8
			dst = append(dst, byte(acc>>bits))
			acc &= 1<<bits - 1
		}
	}
	sum := sha256.Sum256(dst)
	return dst, int(sum[0])>>(8-bits) == acc
}

// electrum reports whether phrase, of lower-case words with one blank between two, is
// a seed of Electrum: HMAC-SHA-512 of it begins with 01 (standard) or with 100, 101
// or 102 (SegWit, with a second factor), in hexadecimal
// (electrum.readthedocs.io, "Electrum Seed Version System").
func electrum(phrase []byte) bool {
	mac := hmac.New(sha512.New, []byte("Seed version"))
	mac.Write(phrase)
	sum := mac.Sum(nil)
	return sum[0] == 0x01 || sum[0] == 0x10 && sum[1]>>4 <= 2
}

// sorted reports whether the words stand in the order of the list, or backwards: they
// are a list. Of random ones one in 2*10^8 are.
func sorted(words []int) bool {
	up, down := 0, 0
	for i := 1; i < len(words); i++ {
		switch {
		case words[i] > words[i-1]:
			up++
		case words[i] < words[i-1]:
			down++
		}
	}
	return up == len(words)-1 || down == len(words)-1
}

// repeated reports whether so many words stand there more than once as in one of 10^5
// random phrases: they are an example, as the vectors of BIP 39 are, or no phrase.
func repeated(words []int) bool {
	distinct := 0
	for i, w := range words {
		if !slices.Contains(words[:i], w) {
			distinct++
		}
	}
	return distinct < len(words)*5/6
}
