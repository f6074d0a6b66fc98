// Package pgp finds OpenPGP secret keys in their binary form.
//
// Vocabulary (RFC 9580 unless another source is named):
//
//   - A packet is a header, which holds a tag and a length, and a body (section
//     4.2). Secret keys are tag 5, secret subkeys tag 7; both have one layout
//     (section 5.5.3): public fields, a usage octet that tells how the rest is
//     protected, and the secret fields.
//   - An MPI is a count of bits in two bytes, big-endian, and the number,
//     big-endian without leading zeros (section 3.2).
//   - Versions 2 and 3 are of the time of PGP 2 (RFC 4880, section 5.5.2), 4 is
//     what everybody has, 5 is GnuPG's LibrePGP draft, 6 is RFC 9580.
//   - A stub is a secret key packet without a secret: GnuPG's S2K mode 101 marks
//     keys that are kept on a card or offline (GnuPG, doc/DETAILS). It is no match.
//
// What is redacted are the contents of the secret fields, or the encrypted
// octets with their check sum; header, public fields, bit counts and protection
// parameters stay. The kind is pgp-secret-key whether it is encrypted or not.
//
// A packet is Confirmed when its secret fields agree with its public ones, or
// when it is plain and its check sum holds; an encrypted packet is Confirmed when
// it parses to its last octet. Version, time and algorithm are no literal to
// search for, so [NewPacket] filters for itself; [NewFields] finds RSA keys whose
// header was overwritten by the end of their public fields.
//
// GnuPG's agent and libgcrypt keep keys as S-expressions (RFC 9804; GnuPG,
// agent/keyformat.txt): nested lists of octet strings, canonical in memory and in
// old key files, as text in new ones. [NewSexp] and [NewSexpText] find them. There
// the kind is that of the key, or encrypted-private-key.
//
// [ParsePackets] takes a sequence of packets, for callers that removed an armour.
package pgp
