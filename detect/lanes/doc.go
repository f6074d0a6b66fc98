// Package lanes computes HMAC with SHA-256 and SHA-384 (RFC 2104, FIPS 180-4) where one secret after the other
// is tried: from what a key leaves of the pads, so that a message of one block costs two, and with several
// computations side by side.
//
// # Vocabulary
//
//   - A lane is one of the computations that are done together: two of SHA-256 with the processor's
//     instructions for it, four of SHA-512 with AVX2. Elsewhere portable twins do the same.
//   - A state is what a hash is between blocks. A key is two of them: what follows from the secret added
//     to the inner pad, and to the outer one.
//   - A block is the words of a message, most significant byte first, as numbers.
package lanes

//go:generate go run -C asm . -out ../lanes_amd64.s -stubs ../stubs_amd64.go -pkg lanes
