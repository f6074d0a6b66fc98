// Package keytail finds private keys in DER of which the head is lost: in freed
// chunks, where an allocator has written over the first bytes, and in pieces of PEM
// bodies.
//
// What is left of an RSAPrivateKey (RFC 8017, appendix A.1.2) is found by the header
// of a prime, and proven by the CRT exponent that belongs to it. Without that, two
// INTEGERs of one size, odd and with the top bit set, are likely to be primes: no
// public structure has such a pair. What is left of an ECPrivateKey (RFC 5915,
// section 3) is found by its public key, which is the last member, and proven by
// multiplication when the whole scalar is there. The private number of DSA is the OCTET STRING behind q and g
// (RFC 5958, section 2), of which q is a prime and, when p is whole, the order of g.
//
// Structures of which nothing is lost are left to package keyder. RSA keys of
// 2048, 3072 and 4096 bits, the curves of 256, 384 and 521 bits, and DSA with orders of 160, 224 and 256 bits are covered.
package keytail
