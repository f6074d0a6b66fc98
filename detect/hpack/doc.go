// Package hpack finds secrets in header fields of HTTP/2 that are in Huffman's code
// (RFC 7541), as they lie in the buffers of servers and clients: octets that no search
// for text sees.
//
// Such a field is decoded and searched, as "name: value", by the detectors of text; what
// they find is mapped back to the octets that hold it. From the first secret on the whole
// string goes, for behind a cut the code is out of step and says something else.
//
// Random octets decode to text that looks random: seven of eight codes are letters,
// digits and signs. So a field counts only with evidence beside its value:
//
//   - It lies in a frame (RFC 9113, section 6.2) of which the fields end where its
//     header says.
//   - Its name is in Huffman's code before it, or an index of the static table stands
//     there and the value begins as credentials do or holds the name of a session's cookie.
//   - Its value begins with "Bearer ", whatever its name is.
//
// In each case the octets before the value count it, its last bits are the padding
// that the code demands, and what it decodes to is likely a secret by itself.
//
// Vocabulary:
//
//   - A string is a string literal: a count with the code's flag, and octets.
//   - A field is a header field representation: an index or a name, and a value.
package hpack
