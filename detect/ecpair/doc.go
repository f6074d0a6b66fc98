// Package ecpair finds private scalars and seeds whose public half lies near by as
// a bare number: in the key objects of libraries, where no certificate, SPKI or
// other structure says that there is a key at all. A program allocates the halves
// of a key one after the other, so the public one, which is computed here from the
// candidate, is searched for in the candidate's surroundings only. What is found is
// certain: sixteen bytes of a coordinate do not agree by chance.
//
// Vocabulary:
//
//   - A word is eight bytes at an address divisible by eight. It is random when it
//     could be a part of a random number, and hard when it is a small number or a
//     pointer.
//   - A run is a row of random words. Keys lie in short runs between hard words, since
//     allocators and structures put sizes and pointers there, or at the hard end
//     of a longer run. Code and compressed data have runs too, but seldom between
//     hard words.
//
// Curves: Ed25519 (seeds), X25519, P-256, secp256k1 and P-384 in either byte order,
// P-521 as limbs; P-384 in runs of their own only. The public half is searched for as octets of either order at
// any alignment, within 4 KiB.
//
// Left out: keys in the middle of long runs, or not at a multiple of eight; keys that
// do not look random, one in 400 of 32 bytes and, as larger ones may have no word of ASCII behind
// those, one in 100; points in Jacobian or Montgomery
// coordinates only.
//
// Sources: RFC 8032, section 5.1.5; RFC 7748, section 6.1; SEC 1, section 3.2.1; and
// the key objects of mbedTLS, GnuTLS, libsodium and wolfSSL as seen in their memory.
package ecpair
