// Package digitpair finds private numbers in digits of fewer bits than their words, of
// which the public half lies near by in the same digits and in no other structure.
//
// Libraries that leave room for carries hold a number so: libtommath, and with it
// Dropbear and LibTomCrypt, in digits of 60 bits in words of eight bytes, or of 28 in four
// bytes on small machines; CPython's integers in digits of 30 bits in four bytes. All of
// a key then lies in such digits, its modulus or point too, and nothing else in a
// server's memory need say that there is a key.
//
// # Vocabulary
//
//   - A word is eight bytes at an address divisible by eight. It holds one digit, or two.
//   - A run is a row of words whose upper bits are clear and whose other bits are random. One of them may be
//     a gap: more of its upper bits are clear, as one word in 2,000 to 8,000 has it.
//     A number begins where a run begins, for an allocator's size, a count or zeros stand before it,
//     and ends with the run or one word behind it, since its top digit may be small.
//   - A candidate is a number that begins a run, with each number of digits that it may have.
//
// # Coverage
//
// A prime of 480 to 4096 bits is confirmed, after Baillie and Wagstaff's primality test of it and of
// its partner, when its product with another candidate begins a run within reach, or, after its own
// test, by 1/e modulo p-1 for e of 3, 17, 257 or 65537 there. The primes need not be of equal size. Of a prime that
// is proven by an exponent the partner is what an inverse or the private exponent ties to it, or what has an exponent of its own.
// A scalar of P-256, secp256k1, P-384 or P-521 is confirmed when a coordinate of its public point
// begins a run within reach, or lies there as octets. Where a heap scatters what belongs together, as
// CPython's does, [Points] finds points by the equation of their curve, and [NewScalar] the scalars of
// those and of all other known points, wherever they lie.
//
// Not covered: digits in big-endian words, and of other radixes (detect/rsaprime has all of 25 to
// 63 bits, for keys whose public half is known); numbers of which two words are gaps, or one is and looks like
// a pointer or a size; one number in 14,000, which has patterns ([entropy.DigitsPatterned]); points in projective coordinates only.
//
// # Sources
//
// tommath.h of libtommath (MP_DIGIT_BIT); Include/cpython/longintrepr.h of CPython; RFC 8017,
// section 3; SEC 1, section 3.2.1; Dropbear 2022.83 as seen in its memory.
package digitpair
