// Package known finds exact secrets that the user names, in every encoding in
// which a program may hold them.
//
// Of each value it finds the bytes themselves, in either order; text also as
// UTF-16 of either byte order, percent-encoded and JSON-escaped to any extent;
// hexadecimal of either case; and base64 of either alphabet wherever the value
// begins among the bytes that were encoded, with breaks of line in it. All that
// is text is found as UTF-16LE too, and hexadecimal and base64 of UTF-16LE.
//
// Anchors are pieces of at most [maxAnchor] characters; the rest is compared where
// one is found. They and the values live in ordinary memory until the run ends:
// a process that holds them should not be dumpable.
package known
