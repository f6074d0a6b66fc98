// Package pkcs12 finds PKCS#12 key stores (RFC 7292), the .p12 and .pfx files that
// Java, Windows, macOS and browsers load whole into memory.
//
// Vocabulary, by RFC 7292, sections 4 and 5:
//
//   - A PFX is the outer structure, of version 3: an authenticated safe and a MAC.
//   - The authenticated safe is a sequence of content infos: data, which lie in
//     the clear, encrypted data, and enveloped data.
//   - Data are safe contents: a sequence of bags. A key bag is a PKCS#8 key in the
//     clear, a shrouded one is encrypted, a secret bag holds anything.
//
// What is redacted: encrypted contents, shrouded and plain private keys, secrets,
// and the MAC with its salt, from which a weak password can be guessed. What
// stays: all lengths and identifiers, certificates in the clear, and bag
// attributes such as friendly names.
//
// NSS and old Java versions write BER: indefinite lengths, and octet strings in
// pieces (X.690, section 8.7.3). Pieces are joined to be read, and redacted where
// they lie. A store of which the end is lost is found as far as it is present.
package pkcs12
