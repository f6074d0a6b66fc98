// Package mirror writes the copy of a dump and compares it, byte for byte, with its input.
//
// Every tile of the input is read once more, into private memory, where it must have the digest
// that it had when it was examined; what the plan says is overwritten there, and only then is
// it written. Every tile of the copy is read back: outside the plan it is the input, inside
// it is the fills. What is read back is what gets digested.
package mirror
