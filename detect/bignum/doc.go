// Package bignum writes large numbers as programs compute with them.
//
// A library holds a number as digits of some radix, each digit in a machine word
// that may be wider than the digit. All functions take numbers as big-endian
// bytes and return what lies in memory.
//
// Vocabulary:
//
//   - A word is two, four or eight bytes in the byte order of the machine.
//   - A digit is what a word holds of the number; radix 2^k has digits of k bits.
//   - Least first means that the least significant digit has the lowest address,
//     as nearly all libraries have it; Java's BigInteger is most first.
//
// Promises: no function keeps or changes its argument, the length of a result
// depends only on the length of the argument, and nothing panics for any number.
//
// The digits are those of CPython (2^30, Include/cpython/longintrepr.h), OpenSSL's
// AVX-512 IFMA code (2^52, crypto/bn/rsaz_exp_x2.c), OpenJDK's IntegerPolynomial (2^26
// and 2^28 in signed 64-bit words), bn.js and jsbn (2^26 and 2^28 in small
// integers), BearSSL (2^31, inner.h), libtommath (2^28 and 2^60, tommath.h) and implementations of
// Curve25519 (2^51).
package bignum
