// Package rsaprime proves raw private numbers of RSA keys by the public keys that
// lie in the same dump.
//
// Programs compute with integers, not with PEM: the primes of a key lie in memory
// as limbs, digits or octets without any structure. But a number that divides a
// known modulus is its prime, and no chance. So every number of the right size in
// random-looking memory is tried as a divisor, and every one as long as a modulus as a
// private exponent, whose top limbs follow from the public key.
//
// # Vocabulary
//
//   - A word is eight bytes at a multiple of eight in the stream. It is dense when
//     it could be a part of a random number; a run is consecutive dense words.
//   - An order is how the words or octets of a number follow one another, and
//     digits are a number in words that are not filled: CPython's radix 2^30, the 2^52 of
//     AVX-512 code. Digits of 25 to 31 and of 50 to 63 bits are read.
//   - A class is the candidates of one size.
//   - A modulus is near when it is one of the first, the most likely ones, in the facts.
//
// # Coverage
//
// Moduli have 1024 to 8192 bits; the keys have two primes of equal size, or three, from 4096 bits
// on four, and from 8192 on five, which are found where runs begin or end and are told as factors of
// which all together give the other numbers.
// For near moduli a number is found at every multiple of sixteen bytes (digits: four),
// behind a zero byte when it is big-endian, and at every byte where it
// begins or ends a run; for the others only in the last case.
// Limbs of big-endian machines are looked for when the machine may be one. Words that
// look like machine code are left out, and so are numbers in whole words of which more than two words and an eighth
// follow a pattern ([kernel.Patternless]), one in a million, primes with patterns ([entropy.Patterned]), one in 14,000,
// and numbers in digits with some, one in 20,000. The private exponent
// may be modulo phi or lambda, and may have lost its low bytes, up to three eighths.
// A prime of a near modulus, in little-endian limbs, may have lost its low 16 or 32
// bytes, where less than a third of it is gone; one of any other modulus, but for those of
// trust stores, when it is in a chunk of glibc's heap with its size before it.
//
// [NewResidues] proves R and R² modulo a prime, R being 2^64 to the number of its limbs, alone between words that
// do not look random.
//
// Not covered: primes with other damage; dp, dq, qinv and other Montgomery
// residues where no prime and no exponent is left whole, since a sweep for the values
// of a proven key finds them; exponents of keys with e of more than 24 bits, with a size
// that is no multiple of 64 bits, with gcd(p-1, q-1) not a divisor of 5354228880, or of
// keys of more than two primes, of which the primes tell it.
//
// # Sources
//
// A. Shamir and N. van Someren, "Playing hide and seek with stored keys", 1999. T.
// Jebelean, "An algorithm for exact division", 1993. RFC 8017 for the numbers.
package rsaprime
