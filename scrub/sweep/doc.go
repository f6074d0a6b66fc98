// Package sweep searches a whole dump for the values of secrets that were found,
// in every encoding in which a program may hold them.
//
// A [Set] takes private values as big-endian numbers (or octets). Of a number the
// forms are big-endian and little-endian bytes, which are also the native limbs of
// either machine, Java's int[], the limbs of s390x and ppc64, digits of radixes
// from 2^26 to 2^52 in words of either byte order, and decimal text; of a cipher
// key its AES schedules and its hash key of GCM. Hexadecimal and base64 text of
// every binary form is found by decoding what is searched, text also as UTF-16LE.
// Tokens are also searched for in the code of HTTP/2 header fields, each as a whole.
// Any run of [MinRun] or more bytes of a form, wherever it begins and ends, is
// a hit: half a copy of a key is the key. Where digits leave part of their words
// empty, a run holds as much of the value.
//
// The values are kept, their forms made when they are searched for. When the
// forms of all do not fit, they are searched for in rounds, see [NewRounds].
//
// Not searched for are p-1 of an RSA key, of which the sweep of p takes all
// but the last byte, and text with separators between its digits.
//
// The forms are secret. They live in memory that is locked where the system
// allows it, left out of core dumps, and wiped by [Set.Close].
package sweep
