// Package keystore finds Java key stores of the types JKS and JCEKS.
//
// Vocabulary, by the source of the OpenJDK (sun.security.provider.JavaKeyStore and
// com.sun.crypto.provider.JceKeyStore); all numbers are big-endian:
//
//   - A store is a magic, a version, a count, so many entries, and a trailer: a
//     SHA-1 over password, a constant and all that went before.
//   - An entry is a tag, an alias, a date and a body. A key entry holds an
//     EncryptedPrivateKeyInfo (RFC 5958, section 3) and its certificate chain, a
//     trusted entry one certificate, a secret entry, in JCEKS only, a SealedObject
//     in Java's serialised form.
//   - A trust store has trusted entries only. It holds no secret and is no match.
//
// What is redacted are the encrypted octets and the trailer, against which a
// guessed password can be tried as well as against the keys. Aliases, dates,
// certificates and protection parameters stay, and the public key of the first
// certificate names the store when it holds one key.
//
// The trailer cannot be verified without the password; a store is Confirmed when
// it parses to the end of its trailer.
package keystore
