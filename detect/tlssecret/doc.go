// Package tlssecret finds the secrets of TLS, DTLS and QUIC connections that lie
// in memory as bare octets.
//
// A traffic secret of TLS 1.3 has no structure; but a key is derived from it
// (RFC 8446, section 7.3), and whether a candidate is it, is certain: the key
// that it gives is one that the first pass found expanded, or stands beside it.
// By chance that happens once in 2^128 comparisons.
//
// Vocabulary:
//
//   - A window is 32 or 48 bytes, the size of a secret for SHA-256 or SHA-384; it
//     is dense when random data could look so.
//   - A protocol is a set of labels: those of TLS 1.3, of QUIC version 1 (RFC
//     9001) and 2 (RFC 9369), and of DTLS 1.3 (RFC 9147).
//   - The closure is the step from a window to its key. Keys of 16 and 32 bytes
//     are tried with SHA-256, of 32 bytes with SHA-384.
//   - A slot is one of the arrays of 64 bytes in which OpenSSL's SSL_CONNECTION
//     keeps all secrets of a connection in a row. Where one slot is proven, the
//     full ones within 1 KiB are [probe.Likely]: exporter, resumption
//     and handshake secrets give no key that could be found. Six full slots in a row, be
//     it one that two spoilt lines break, are likely without proof: that finds connections
//     with ChaCha20, and those that have ended.
//   - A parent is what a traffic secret was derived from, with a hash of the messages until then. It is proven when it makes the
//     secret again with a hash that lies behind it. Twins are two windows of the same octets side by side, as Go's HKDF
//     leaves them; of those near a proven pair the others are likely.
//   - A session is OpenSSL's SSL_SESSION with the master secret of TLS 1.2 or the
//     pre-shared key of TLS 1.3, as a struct or in ASN.1 (ssl_asn1.c), of which a freed
//     copy may have lost what comes before the secret; or one of rustls, as
//     octets behind version, suite and length.
//   - The randoms of a TLS 1.2 connection are one of each side. With them its keys are made
//     of the master secret, by the PRF (RFC 5246, sections 5 and 6.3); that is its
//     closure. They are marked when the server can do more than was asked of it (RFC 8446,
//     section 4.1.3), and a pair when they stand side by side, alone.
//
// [New] builds the prover of traffic secrets, [NewMaster] that of master secrets,
// [Randoms] the collectors of what that needs, [NewSession] the
// detector of sessions, which needs no facts.
//
// # What is looked at
//
// Every dense window that begins or ends where words do that could be random, at an
// address that is a multiple of four: OpenSSL's arrays end in zeros, and before what is
// allocated stands its length. Of the others those at multiples of eight within 32
// bytes of such an end, and those at multiples of sixteen, as runtimes place objects
// of one size side by side. What has the bytes of machine code is not dense. The key counts as found when it is a known private value, or
// when its first 16 bytes lie raw at most 4 KiB from the window, at a distance
// that is a multiple of four; so ChaCha20 keys, which are never expanded, and
// processors that take AES keys as they are, can leave proof too. OpenSSL allocates
// its cipher contexts elsewhere; there the row of slots must do.
//
// A master secret is looked for in the same places, with the nearest pairs of randoms:
// up to 64 marked ones and 16 others for a window in a row of objects of its size,
// three and one beside a word that cannot be random, two marked ones within 16 KiB elsewhere; with each as
// AEAD suites use them and, with the nearest two, as those in CBC mode do. A window
// with a pair costs five microseconds. OpenSSL, its forks, GnuTLS and NSS have
// both randoms side by side as long as the connection lives, Java and Go leave the
// array that was hashed.
//
// # What is left out
//
//   - Bulk data: positions with 2 KiB of nothing but dense 64-byte lines on either
//     side, as in compressed or encrypted data, are looked at only in the first 256 bytes
//     of each 64 KiB of the address space, and beside words that cannot be random.
//   - Windows that random data seldom looks like: about one in 1,600 of 32
//     bytes, one in 1,000 of 48.
//   - Secrets of which the key is not in the dump, or is ChaCha20's and further away,
//     and stand in no slot.
//   - Master secrets of which no key is in the dump, or ChaCha20's further away, or
//     whose randoms lie apart from each other, and those that stand at no multiple of four,
//     of which no other copy does.
//   - Sessions of libraries other than OpenSSL and its forks, and rustls.
//
// # Sources
//
// RFC 5869 and RFC 8446, sections 7.1 to 7.3, for the key schedule; RFC 5246, 7627, 5288,
// 5289, 6655 and 7905 for that of TLS 1.2; the RFCs
// above for the labels, of which DTLS has no blank behind its prefix (RFC 9147,
// section 5.9). The struct and the slots are described by OpenSSL's ssl_local.h,
// the latter as seen in cores of version 3.0.
package tlssecret
