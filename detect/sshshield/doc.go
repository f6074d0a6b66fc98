// Package sshshield finds private keys that OpenSSH keeps shielded in memory.
//
// Since release 8.1 ssh-agent, sshd and ssh hold a key that they do not use at
// the moment encrypted under a second, random one (sshkey_shield_private in
// OpenSSH's sshkey.c). That protects against reading memory slowly and with
// errors; a dump holds both halves, so that the key is as bare as without.
//
// Vocabulary:
//
//   - The pre-key is a block of 16 KiB of random bytes.
//   - The shielded blob is the serialised key (see package openssh), padded with
//     1, 2, 3, … to blocks of 16 bytes, under AES-256 in counter mode. Key and
//     counter are the first 48 bytes of the pre-key's SHA-512.
//   - The holder is the part of struct sshkey that points to both: four words of
//     the size of a pointer, shielded_private, shielded_len, shield_prekey and
//     shield_prekey_len. The last is always 0x4000, which is how it is found.
//
// A holder is a match only when the blob decrypts to a serialised private key; by
// chance that happens less than once in 2^64 candidates. The pointers stay, the
// pre-key and the blob, which lie elsewhere, are redacted. Where the dump lacks
// the pre-key, as it does where the allocator kept it out of core files, the blob
// is ciphertext without a key and no match.
//
// Holders of 32- and 64-bit processes in both byte orders are tried at every
// byte offset, because some formats store memory unaligned.
package sshshield
