package needle

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
)

// be returns v as size bytes, big-endian.
func be(v *big.Int, size int) []byte { return v.FillBytes(make([]byte, size)) }

func reversed(p []byte) []byte {
	q := slices.Clone(p)
	slices.Reverse(q)
	return q
}

// javaInts returns the big-endian number p as the int[] of a java.math.BigInteger
// on a little-endian machine: words from the most significant on, each reversed.
func javaInts(p []byte) []byte {
	q := append(make([]byte, (4-len(p)%4)%4), p...)
	return swapWords(q)
}

// swapWords reverses the bytes of each 32-bit word.
func swapWords(p []byte) []byte {
	q := slices.Clone(p)
	for i := 0; i+4 <= len(q); i += 4 {
		slices.Reverse(q[i : i+4])
	}
	return q
}

// limbs returns v in digits of radix bits, least significant first, each in a
// little-endian word of word bytes (4 or 8).
func limbs(v *big.Int, radix uint, word int) []byte {
	var out []byte
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), radix), big.NewInt(1))
	for rest := new(big.Int).Set(v); rest.Sign() > 0; rest.Rsh(rest, radix) {
		digit := new(big.Int).And(rest, mask).Uint64()
		out = append(out, binary.LittleEndian.AppendUint64(nil, digit)[:word]...)
	}
	return out
}

// plain returns the everyday encodings of the value p, big-endian: what a program
// may have written or read without computing.
func plain(key, part string, p []byte) []Needle {
	ns := octets(key, part, "int-be", Plain, p)
	ns = append(ns,
		Needle{Key: key, Part: part, Encoding: "int-le", Class: Plain, Data: reversed(p)},
		Needle{Key: key, Part: part, Encoding: "int-java", Class: Plain, Data: javaInts(p)},
	)
	return ns
}

// octets returns the byte string p as it is, and as text.
func octets(key, part, encoding string, class Class, p []byte) []Needle {
	ns := []Needle{{Key: key, Part: part, Encoding: encoding, Class: class, Data: p}}
	text := func(encoding, s string, least int) {
		ns = append(ns, Needle{Key: key, Part: part, Encoding: encoding, Class: class, Data: []byte(s), Least: least})
		ns = append(ns, wide(ns[len(ns)-1]))
	}
	text("hex", hex.EncodeToString(p), hexLeast)
	text("hex", strings.ToUpper(hex.EncodeToString(p)), hexLeast)
	for skip := range 3 {
		text("base64", aligned(base64.RawStdEncoding, p, skip), base64Least)
		text("base64url", aligned(base64.RawURLEncoding, p, skip), base64Least)
	}
	return ns
}

// aligned returns the characters of p in base64 that depend on p alone when skip
// bytes of something else stand before it.
func aligned(enc *base64.Encoding, p []byte, skip int) string {
	s := enc.EncodeToString(append(make([]byte, skip), p...))
	first := (8*skip + 5) / 6
	end := 8 * (skip + len(p)) / 6
	return s[first:end]
}

// derived returns the limb encodings of the number v, which has size bytes, and
// with bytes also its everyday ones.
func derived(key, part string, v *big.Int, size int) []Needle {
	p := be(v, size)
	ns := []Needle{
		{Data: p, Encoding: "int-be"},
		{Data: reversed(p), Encoding: "int-le"},
		{Data: javaInts(p), Encoding: "int-java"},
	}
	ns = append(ns, limbForms(v)...)
	for i := range ns {
		ns[i].Key, ns[i].Part, ns[i].Class = key, part, Derived
	}
	return ns
}

// limbForms returns v in the radices that are no whole number of bytes.
func limbForms(v *big.Int) []Needle {
	return []Needle{
		{Data: limbs(v, 30, 4), Encoding: "radix-2^30"},
		{Data: limbs(v, 51, 8), Encoding: "radix-2^51"},
		{Data: limbs(v, 52, 8), Encoding: "radix-2^52"},
	}
}

// number returns all encodings of the private number v of size bytes.
func number(key, part string, v *big.Int, size int) []Needle {
	ns := plain(key, part, be(v, size))
	for _, n := range limbForms(v) {
		n.Key, n.Part, n.Class = key, part, Derived
		ns = append(ns, n)
	}
	return ns
}

// wide returns ASCII text as UTF-16LE.
func wide(n Needle) Needle {
	n.Data, n.Lead, n.Whole = widened(string(n.Data)), 2*n.Lead, 2*n.Whole
	n.Mark = string(widened(n.Mark))
	n.Encoding += "-utf16"
	n.Least = 2 * max(n.Least, piece)
	return n
}

func widened(s string) []byte {
	w := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		w = append(w, s[i], 0)
	}
	return w
}
