// Package privkey is the shared vocabulary of everything that parses a private
// key: what kind it is, which of its bytes are private, its public half as a
// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), and the arithmetic that
// proves that the two halves belong together.
package privkey
