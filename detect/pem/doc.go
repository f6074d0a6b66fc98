// Package pem finds private keys in textual encodings: PEM as RFC 7468 and RFC
// 1421 have it, the key files of OpenSSH, the armour of OpenPGP (RFC 9580,
// section 6) and the private key files of SSH Communications Security.
//
// In memory such text is seldom as it was in its file. It is UTF-16, escaped in
// JSON, URLs or source code, indented or prefixed line by line, on one line, and
// above all damaged: the end lies on a page that was not dumped, or the allocator
// wrote its list pointers over the first 16 to 32 bytes of a freed buffer, which is
// most of the line that every scanner looks for. So either boundary is enough.
//
// Vocabulary:
//
//   - A boundary is the line with the dashes: the opening one says BEGIN, the
//     closing one END. Between the word and the dashes stands the label.
//   - The headers are lines such as DEK-Info between the opening boundary and the
//     body (RFC 1421, section 4.6).
//   - A headless body has a closing boundary only.
//
// Promises: what has no body gives no match, so that the format strings of a
// library do not; certificates, requests and public keys have other labels. A
// match is Confirmed when its decoded body is parsed and proven by the package
// that knows the encoding, or when the check sum of the armour holds; else it is
// Likely, and its kind is what the label says. Boundaries, headers, line breaks and
// escapes of line breaks stay; the digits of the body go, line by line.
package pem
