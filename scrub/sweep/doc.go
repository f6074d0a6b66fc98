// Package sweep searches a whole dump for the values of secrets that were found,
// in every encoding in which a program may hold them.
//
// A [Set] takes private values as big-endian numbers (or octets) and derives
// their forms: big-endian and little-endian bytes, which are also the native
// limbs of either byte order, Java's int[] words, hexadecimal and the three
// base64 alignments, the texts in ASCII and UTF-16LE. Any run of [MinRun] or more
// bytes of a form, wherever it begins and ends, is a hit: half a copy of a key is
// the key.
//
// The forms are secret. They live in memory that is locked where the system
// allows it, left out of core dumps, and wiped by [Set.Close].
package sweep
