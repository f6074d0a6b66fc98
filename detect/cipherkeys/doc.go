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
//     differ by one word, so that twelve bytes come twice.
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
// or one pad with at least sixteen bytes of padding. A whole schedule of which
// every word is what its key says is Confirmed, a part of one is Likely.
//
// Each subkey list of Triple DES is a match; the first one's values
// also hold the keys of two and three lists in a row, joined. The parity bits of a DES key
// leave no trace in its subkeys: keys are given with odd parity.
//
// Not covered are keys without structure, such as that of OpenSSL's ChaCha20 which lies
// alone; bit-sliced schedules; Go's crypto/des, which leaves neighbouring bits between
// the groups, and Java's; Camellia's subkeys in libgcrypt and nettle, which fold the
// whitening keys into the others with AND and OR, so that no relation holds between
// few of them; ARIA, of whose round keys each is the sum of two values; hash states of HMAC on big-endian and 32-bit machines, in
// registers, of MD5 and SHA-3, and of SHA-1 and other short contexts when the second one is
// not within 8 KiB.
//
// # Sources
//
// RFC 3713 (Camellia). GB/T 32907-2016 (SM4) and its English form, draft-ribose-cfrg-sm4-10. FIPS 46-3 (DES).
// RFC 8439 (ChaCha20). D. J. Bernstein, "The Salsa20 family of stream ciphers". FIPS 198-1 and RFC 2104 (HMAC).
// How OpenSSL and nettle arrange DES subkeys, and libgcrypt Salsa20's state, was worked
// out from what these libraries store.
package cipherkeys
