// Package cipherkeys finds the keys of symmetric ciphers other than AES, and of
// HMAC, in the form in which a program computes with them.
//
// None of these forms has a header. What gives them away is redundancy:
//
//   - SM4: 32 round keys of 32 bits. Five neighbours give the constant that
//     the key schedule adds between them, and with it the number of the round.
//   - DES: 16 subkeys of 48 bits that choose from 56 bits of key, so that
//     neighbours agree in some forty bits once their rotation is undone.
//   - Camellia: 26 or 34 subkeys, which are rotations of two or four values; two of them
//     differ by one word, so that twelve bytes come twice. Where the whitening keys are folded into
//     the others, pairs still are sums of two pairs, rotated.
//   - ARIA: 13 to 17 round keys, each the sum of one of four values and the next one, rotated
//     by one of five distances; those of one value are related.
//   - ChaCha20 and Salsa20: the constant in the state, with dense bytes where the key belongs.
//   - HMAC: the padded key under two masks, whose difference is the same byte everywhere;
//     or the two hash states that libraries keep in its place, each beside the count
//     of exactly one block.
//
// # Vocabulary
//
//   - A schedule is the list of round keys (SM4) or subkeys (DES) of one key.
//     It is reversed where the last one comes first, for decryption.
//   - A layout is the way in which a library stores a schedule: the byte order
//     of its words and, for DES, where the eight groups of six bits go.
//   - A slot is the place of a round key in memory, counted from the lowest address.
//   - A pad is one block of HMAC: the key, with zeros behind it, under a mask.
//   - Dense bytes are such as random ones are: with high bits, hardly a zero,
//     hardly a byte twice, no pointers.
//
// # Promises
//
// Filters sample: they look at one place in 8 to 64 bytes, at all byte offsets.
// Whatever covers such a place is found, at any offset: of SM4 schedules 21 round
// keys or more, of DES schedules 10 subkeys or more, of HMAC a pad with both masks
// or one pad with at least sixteen bytes of padding. Of ARIA's round keys the first two may be
// lost, or the last ones, of Camellia's folded subkeys those outside the fourth to the 21st (128 bits) or
// the ninth to the 29th. A whole schedule of which
// every word is what its key says is Confirmed, a part of one is Likely; of ARIA's and
// Camellia's folded ones parts are Confirmed, too, for 128 bits of key schedule prove them.
//
// Each subkey list of Triple DES is a match; the first one's values
// also hold the keys of two and three lists in a row, joined. The parity bits of a DES key
// leave no trace in its subkeys: keys are given with odd parity.
//
// Not covered are keys without structure, such as that of OpenSSL's ChaCha20 which lies
// alone; bit-sliced schedules; Go's crypto/des, which leaves neighbouring bits between
// the groups, and Java's; Camellia's subkeys in nettle on 32-bit machines, which are taken through half
// of a round backwards; hash states of HMAC on big-endian and 32-bit machines, in
// registers, of MD5 and SHA-3, and of SHA-1 and other short contexts when the second one is
// not within 8 KiB.
//
// # Sources
//
// RFC 3713 (Camellia). RFC 5794 (ARIA). GB/T 32907-2016 (SM4) and its English form, draft-ribose-cfrg-sm4-10. FIPS 46-3 (DES).
// RFC 8439 (ChaCha20). D. J. Bernstein, "The Salsa20 family of stream ciphers". FIPS 198-1 and RFC 2104 (HMAC).
// How OpenSSL and nettle arrange DES subkeys, and libgcrypt Salsa20's state, was worked
// out from what these libraries store. Folded subkeys are those of libgcrypt's cipher/camellia.c and nettle's
// camellia-absorb.c; ARIA's orders those of OpenSSL's crypto/aria/aria.c, libgcrypt's cipher/aria.c
// and Mbed TLS's library/aria.c.
package cipherkeys
