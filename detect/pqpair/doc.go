// Package pqpair finds seeds of ML-KEM and ML-DSA beside the public seed that is made of
// them, as in the key objects of Go and OpenSSL, where no structure says that there is a
// key. The public seed ρ is a part of a hash of the private one (FIPS 203, algorithm 13;
// FIPS 204, algorithm 6), so a candidate costs hashes only, and sixteen octets
// do not agree by chance.
//
// A candidate is 32 octets at a multiple of eight that look random, behind a word that does not,
// or 32 octets behind such a word: Go's key begins with d and z of ML-KEM, or with ξ
// of ML-DSA (crypto/internal/fips140/mlkem and mldsa), OpenSSL 3.5's has z and d in a row
// (crypto/ml_kem/ml_kem.c). ρ is looked for within 512 octets.
//
// Of ML-KEM the secret vector s goes too where it lies as 16-bit numbers behind the seed,
// as Go keeps it.
//
// Left out: seeds that do not look random, one in 3,000; vectors of ML-DSA; keys that forgot
// their seed.
package pqpair
