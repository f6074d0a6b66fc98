// Package publickey finds public keys, which are no secrets but make secrets
// provable: a factor divides a modulus, a scalar gives a point. Its matches have
// [probe.Match.Public] set, redact nothing and carry the key as a
// SubjectPublicKeyInfo, equal for one key however it lay there.
//
// Vocabulary:
//
//   - A root is the key of a self-signed certificate of an authority, as trust
//     stores hold by the hundred. Their private halves are hardly ever in a dump,
//     and each costs provers time; so a match made from such a certificate has
//     the confidence [probe.Likely], and so has one made from an object of a
//     program that is not seen to compute with it, for OpenSSL makes one of every
//     root that it trusts. Every other match is [probe.Confirmed].
//   - A raw key is one without an encoding: the limbs of a modulus or of a point
//     as a program computes with them. It needs a proof of its own: an
//     equation of the curve, or a word that only that modulus explains.
//
// What is emitted never rests on looks alone, because a private exponent or a
// prime looks like a modulus: a raw modulus stands with its exponent in one
// object, or it is composite and stands with the word that Montgomery
// multiplication keeps of it.
//
// Sources: RFC 5280 and RFC 5480 (SubjectPublicKeyInfo), RFC 8017 (RSA), RFC
// 4253, section 6.6, RFC 5656 and PROTOCOL.certkeys (SSH), RFC 7517 and RFC 7518 (JWK),
// bcrypt.h and wincrypt.h (CNG and CryptoAPI blobs), SEC 1, section 2.3 (points).
package publickey
