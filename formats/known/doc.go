// Package known names the dumps, containers and encrypted files that no reader
// of ours lays out.
//
// [Identify] looks at the first bytes of a file and says what it is and what its
// owner can do. It exists so that a kdump is called a kdump and not scanned as
// noise: bytes that are compressed, encrypted or written as hexadecimal hide
// every secret from a scan, and a clean result would be a lie.
//
// Vocabulary:
//
//   - A signature is a fixed string at a fixed offset. It decides alone when it
//     is long enough not to arise by chance.
//   - A shape is what a format without a signature looks like: fields in order,
//     versions in range. Shapes are asked only after all signatures, and demand
//     enough that raw memory does not have them.
//
// Identify promises that its answer depends on head alone, that it returns
// constants and never bytes of the file, and that it reads no more than
// [HeadSize] bytes.
//
// Sources are named beside each signature.
package known
