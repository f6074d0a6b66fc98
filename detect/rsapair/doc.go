// Package rsapair finds the primes of RSA keys of which no public key is known.
//
// Where the dump has been stripped of certificates, or a program keeps its modulus
// in a way that nobody recognises, a prime is a random number like any other, but
// for its company: the other prime, their product, or a CRT exponent lie
// in the same part of the heap, since a program allocates the numbers of a key one
// after the other. The low limb of p·q follows from the low limbs of p and q, and the
// exponent dp = 1/e modulo p-1 from p alone for each customary e, so each
// is one look-up among the words near by; what is found is then compared whole.
//
// # Vocabulary
//
//   - The lattice of a number are the positions at a multiple of eight bytes from its
//     first byte. Its words are read there.
//   - A word is dense when it could be a part of a random number.
//   - A window is as many bytes as a prime has, on the lattice, dense except for a
//     few words, and with as many different bytes as random ones have. It is bounded when there is a word that is not dense on both sides, and
//     is a window too when there are two on one side.
//   - A candidate is a window that, in some order of its limbs, is odd, has the top bit set,
//     and has no small factor. Its partners are the candidates of the same size and
//     order within reach.
//
// # Coverage
//
// Primes have 512, 768, 1024, 1536 or 2048 bits, and lie as limbs of 64 bits, least
// significant first, little-endian or each big-endian, as octets most
// significant first, or as Java's int[]. Windows that are not bounded are found
// at addresses divisible by eight, the others at any.
//
// A candidate is Confirmed, after Baillie and Wagstaff's primality test, when its
// product with a partner that is a prime too lies within reach in the same order,
// or its dp for e of 3, 17, 257 or 65537 does, or when the partner is proven so and the inverse of
// one modulo the other lies near by; such a partner may stand amid other numbers right beside it. Two bounded primes of 1024 bits or more
// without either, near each other, are Likely: of random bounded windows one in 2800 is
// such a prime. A prime whose own ends do not look random is found as
// the partner of one that its exponent proves, within 1 KiB. Primes of customary groups are left out where their shape or first
// word tells them: those with (p-1)/2 a prime, and those of RFC 5114.
//
// Not covered: primes in digits of fewer bits than their words, such as Python's and
// those of AVX-512 code; primes of unequal size; two primes whose first or
// last words, or two neighbours inside, look not random (one prime in fifty); residues
// modulo a prime that is not there, which nothing can prove without a modulus.
//
// # Sources
//
// RFC 8017, section 3, for the numbers. FIPS 186-5, appendix A.1.3, for the distance of p
// and q. RFC 5114, section 2, for the groups.
package rsapair
