// Package wrapped finds keys in the envelopes of single programs and protocols,
// each in its own file and with its own detector:
//
//   - age identities (age's documentation, "age-encryption.org/v1"; BIP 173).
//   - WireGuard configurations (wg(8), wg-quick(8)) and its configuration
//     protocol ("Cross-platform userspace implementation" at wireguard.com).
//   - Shared keys of OpenVPN in text and in its struct key2 (crypto.h and tls_crypt.h in its source).
//   - Secrets of IKEv2 to which strongSwan's keymat_v2_t points (keymat_v2.c; RFC 7296, section 2.14).
//   - Secret keys of signify and minisign (signify.c of OpenBSD, minisign.h).
//   - Lines of TLS key logs (RFC 9850) and OpenSSL's session print-outs.
//   - Kerberos keytabs, credential caches, EncryptionKey values (RFC 4120,
//     section 5.2.9; "Keytab file format" and "Credential cache file format" in
//     MIT Kerberos's documentation) and krb5_keyblock structures.
//   - DPAPI blobs, master key files and LSASS's cache of master keys; the
//     symmetric key objects of Windows's bcrypt (as SharpDPAPI, mimikatz and
//     pypykatz read them: Microsoft documents none of these).
//   - BouncyCastle's BKS and UBER key stores (BcKeyStoreSpi in its source). All but the header of
//     UBER is encrypted and has no length: it is known by the header, the range of the
//     iterations, and blocks that look random.
//
// Vocabulary:
//
//   - An enctype is a Kerberos encryption type (RFC 3961, section 8, and IANA's
//     registry), which fixes the length of its keys.
//   - A secret is live when it is neither redacted nor overwritten with zeros.
//   - What is sealed is ciphertext under a password or a key that may lie elsewhere
//     in the same dump: it is redacted, but never more than Likely.
//
// Only the private octets or digits are redacted: labels, names, lengths and key
// identifiers stay.
package wrapped
