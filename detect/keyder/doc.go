// Package keyder finds private keys in DER (ITU-T X.690) that stand in memory
// without any armour, whole or with their tail lost.
//
// Vocabulary, by the standards' names:
//
//   - PKCS#1 is an RSAPrivateKey (RFC 8017, appendix A.1.2).
//   - PKCS#8 is a PrivateKeyInfo (RFC 5208, section 5) or OneAsymmetricKey (RFC
//     5958, section 2) of any algorithm.
//   - SEC1 is an ECPrivateKey (RFC 5915, section 3).
//   - DSA is OpenSSL's own SEQUENCE of 0, p, q, g, y, x.
//   - Encrypted PKCS#8 is an EncryptedPrivateKeyInfo (RFC 5958, section 3).
//
// [Parse] reads any of them at the beginning of a slice; each constructor returns
// a detector for one. What is private is redacted inside its INTEGER or OCTET
// STRING, whose header stays, as the public half does: the copy still parses.
//
// A structure is cut when the data ends inside it, and damaged when its tail does
// not parse because something else was written there. Both are found as far as
// private octets are left; such a key is confirmed only by arithmetic. A head that
// is lost is not found.
//
// Certificates, requests, public keys and signatures share the beginnings of
// these structures. What tells them apart is said at each parser.
package keyder
