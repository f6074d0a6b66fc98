// Package putty finds PuTTY's private key files (PPK) in memory, in versions 1 to
// 3, encrypted or not, as they were in the file or inside a quoted, escaped or
// UTF-16 string. Source: PuTTY user manual, appendix "PPK file format".
//
// Vocabulary:
//
//   - The public blob is a public key in SSH wire format (RFC 4253, section 6.6),
//     in base64 after "Public-Lines".
//   - The private blob is the numbers that the public one lacks, as SSH strings (RFC
//     4251, section 5), in base64 after "Private-Lines", encrypted as a whole or not.
//   - The MAC is over the whole key, keyed with the passphrase; without one its key
//     is known to everybody.
//
// Promises: a plain key is Confirmed when its two blobs belong together or its MAC
// holds, an encrypted one when the whole file was read. What is cut is Likely. The
// private lines and the MAC are redacted: the MAC of a plain key would confirm
// guesses. Header, comment, public key and key derivation stay.
package putty
