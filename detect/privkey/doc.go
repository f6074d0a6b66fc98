// Package privkey is the shared vocabulary of everything that parses a private
// key: what kind it is, which of its bytes are private, its public half as a
// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), and the arithmetic that
// proves that the two halves belong together.
//
// A parser reads the numbers of a key as they lie, describes them by
// [RSAParts], [ECParts], [EdParts], [DSAParts], [DHParts] or [PQParts], and gets a
// [Key]. Because all parsers go this way, one key has one [Key.Identity] whether
// it lay there as PEM, DER, JWK, an OpenSSH file or a CNG blob.
//
// Vocabulary:
//
//   - A [Number] is one private integer or octet string and where it lies.
//   - A number is redacted when it holds a run of the fill byte; it then counts
//     as absent, and a key without any other private number is no key.
//   - A key is proven when its public half follows from its private half.
//   - Full says that the parser read the structure to its end, every length in
//     it fitting the others: the caller's part of [probe.Confirmed].
//
// All numbers are big-endian and may have leading zeros. Every proof is bounded:
// sizes beyond the named limits are not computed with, but count as unproven.
package privkey
