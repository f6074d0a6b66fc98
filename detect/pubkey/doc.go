// Package pubkey names public keys the way their owners find them: by the
// SHA-256 of the SubjectPublicKeyInfo, by the JWK thumbprint of RFC 7638, and by
// the fingerprint that ssh-keygen prints. A report carries these names so that
// the key whose private half was in a dump can be rotated.
package pubkey
