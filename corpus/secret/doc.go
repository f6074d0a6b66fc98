// Package secret makes private keys and tokens and writes them the way programs
// hold them in memory, saying of every byte whether it is private.
//
// Vocabulary:
//
//   - A [Form] is one representation of one family: "pkcs8-ed25519",
//     "pem-escaped-sec1-p256-utf16le". [Forms] lists them all.
//   - A [Secret] is one form filled with one fresh key.
//   - Private bytes are those that carry bits of the private half and nothing
//     else: no tags, no lengths, no leading zeros, no modulus. In base64 they are
//     the characters that carry at least one such bit.
//   - Extent is how long a structure says it is; a truncated one says more than
//     it has, and what lies there instead may go with it.
//
// The encoders are written from the specifications, share no code with the
// detectors, and are checked in the tests against other people's parsers, so
// that one mistake cannot hide in a detector and in its test data. Everything is
// drawn from a [Source]: fresh from the operating system, or from a seed, in
// which case keys and layout are reproducible and worth nothing as keys.
//
// Sources: RFC 8017 (PKCS #1), RFC 5208 and 5958 (PKCS #8), RFC 5915 (SEC 1),
// RFC 8018 (PKCS #5), RFC 8410, RFC 9881 and 9935 (ML-DSA, ML-KEM), RFC 7468
// (PEM), OpenSSH PROTOCOL.key, the PuTTY manual appendix C, RFC 9580 (OpenPGP),
// RFC 7515 to 7518 (JOSE), bcrypt.h and wincrypt.h (CNG, CAPI), FIPS 197.
package secret
