// Package needle knows what a given key looks like in memory and counts how
// often it is there.
//
// It answers one question: of this key, which I hold in my hand, what is left in
// that file? It shares no code, no table and no idea of structure with the
// detectors, so that what they overlook it still sees.
//
// Vocabulary:
//
//   - A [Needle] is one private value of one key in one encoding.
//   - A piece is 16 bytes in a row of a needle: 128 bits of a random value do not
//     occur by chance, and so much of a key is a leak wherever it stands.
//   - A [Run] is a maximal stretch of a file that overlapping pieces of one key
//     cover; it is what the counts call a copy, whole or not.
//   - The [Class] of a needle says what may be demanded of a tool that does not
//     know the key: see [Structure], [Plain] and [Derived].
//
// Public bytes are in no needle, save up to eight before a private value that
// tell a structure (a DER header, a JSON name) from a bare number.
//
// Limits: values below 16 bytes (TLS initialisation vectors, short passwords)
// are not searched for. Neither are values masked by a random factor, split by
// other data, or encrypted.
//
// Sources: RFC 8017, RFC 5958, RFC 5915, RFC 8410 (DER), RFC 7468 (PEM), RFC 7517
// (JWK), RFC 8032 (Ed25519), RFC 8446 section 7 (TLS 1.3 keys), FIPS 197 (AES),
// and for the radices the arithmetic of CPython (30 bits), of OpenSSL's IFMA code
// (52 bits) and of Curve25519 code (51 bits).
package needle
