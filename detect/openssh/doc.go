// Package openssh finds private keys in OpenSSH's own binary form.
//
// Vocabulary:
//
//   - The blob is what the base64 of an OPENSSH PRIVATE KEY file decodes to: the
//     magic "openssh-key-v1", the names of a cipher and a key derivation, public
//     keys, and the private section (PROTOCOL.key in the OpenSSH source).
//   - The private section is two equal random check integers, then for each key
//     its serialised form and a comment, then padding 1, 2, 3, … With a cipher it
//     is encrypted as a whole.
//   - A serialised key is the name of the type as a string, the public fields and
//     the private ones (sshkey_private_serialize; section 3.2 of RFC draft
//     "SSH Agent Protocol" lists the same fields). It lies bare in agent messages
//     and in the memory of every program that has just read a key.
//   - A string is a length of four bytes, big-endian, and as many bytes; an mpint
//     is a string that holds a big-endian two's complement number (RFC 4251,
//     section 5).
//
// What is redacted are the contents of the private strings; lengths, names, the
// public half and the comment stay. A public key in wire format, as it stands in
// authorized_keys, certificates and key exchanges, is never a match: it ends
// where the private fields would begin, and what follows it by chance does not
// survive the arithmetic.
//
// [Parse] takes a blob, for callers that have decoded one from text;
// [NewBlob] and [NewSection] are the detectors.
package openssh
