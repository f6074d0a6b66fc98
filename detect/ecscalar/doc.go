// Package ecscalar finds the private halves of known elliptic-curve keys as the
// numbers that programs compute with. A public key gives no clue how its scalar
// looks; but whether a candidate is it, is certain: the scalar times the base
// point is the public key. There are no false matches.
//
// Vocabulary:
//
//   - A candidate is as many bytes as a scalar or seed takes, of which each
//     aligned word is dense, which means that random data could look so; one of
//     them may be soft, which random data seldom is. What has the bytes of machine
//     code, or those of text in other scripts than Latin, or patterns ([entropy.Patterned]), is none.
//   - A form is how the number lies: bytes or limbs in either order, a Java int[],
//     a seed to be hashed, octets to be clamped. A number times R, which is
//     2^64 to the number of its words, modulo the order (Montgomery form) meets R
//     times the public key and is found at no extra cost.
//   - A lane is a candidate, on P-384 a row of candidates that share their words' point
//     multiplications; a batch is many lanes that share their inversions. On P-256 and secp256k1 a lane stands for both orders of its octets.
//
// What is looked at:
//
//   - Of each run of adjacent candidates, which begin at multiples of eight bytes,
//     the first and the last twelve, and all within 4 KiB of a public key. Numbers are
//     allocated with a length before them, or lie beside their point.
//   - On the quick curves, P-256, secp256k1 and Curve25519, of the next twenty from
//     either end those at multiples of 32 bytes, where runtimes place objects of one size
//     side by side.
//   - Seeds, and octets to be clamped, inside of runs at multiples of sixteen only.
//   - At positions that are four modulo eight, the first and the last candidate of
//     each run, and int[] behind their length.
//
// What is left out, and must be said where the tool's limits are told:
//
//   - Bulk data: positions with 2 KiB of nothing but dense 64-byte lines on
//     either side, as in compressed or encrypted data, are looked at only in the first 256
//     bytes of each 64 KiB of the stream, at the ends of runs, and within 4 KiB of the public key.
//   - Positions that are no multiple of four; one key in about 1,800, of
//     which a word is no candidate's; radix 2^26 and 2^28 digits as such. The sweep
//     for copies of a found value covers those of keys that lie in one of the forms
//     above, too.
//   - More than 4096 keys of one curve, the last ones first.
//
// The sources are SEC 1, section 3.2.1, RFC 7748 and RFC 8032 for keys, RFC 8410 and
// RFC 5480 for their public halves, and the copies counted in the memory of
// OpenSSL, Go, Java and libgcrypt for the forms.
package ecscalar
