// Package encoded finds what other detectors find, inside base64, hexadecimal,
// percent-encoding and the escapes of JSON, to a depth of three.
//
// It does not decode everything, and it does not search for every anchor in every
// encoding either, for that table would grow with the number of rules. It looks
// at runs of digits only, and of those at the ones that can hold something:
//
//   - A run whose digits decode to twelve or more printable characters in a row,
//     ASCII or UTF-16, holds text. Random bytes do so once in 150,000 places, so
//     that certificates and pictures in base64 cost little, and the price does not
//     depend on how many text rules there are, nor on their anchors.
//   - A run that holds an anchor of a binary detector as it looks in base64 or
//     hexadecimal, at any alignment, may hold its structure.
//
// Such a run is decoded, and a searcher of all wrapped detectors runs over the
// bytes. What it finds is mapped back to the digits that hold it.
//
// Vocabulary:
//
//   - A run is a maximal sequence of digits, of the line breaks between them, and
//     of backslashes and percent signs, which may escape one or the other.
//   - A block is 16 Ki characters of memory, counted from address zero. Each block
//     of a run is decoded once, with context to both sides, and owns what begins in
//     it; so the work is linear in the length of a run, however many anchors it has.
package encoded
