// Package base64text reads base64 bodies (RFC 4648, section 4) as they lie in
// text in memory: broken into lines, indented, quoted line by line in source
// code, or escaped once or several times by JSON, a URL or HTML.
//
// Vocabulary:
//
//   - A digit is one character of the base64 alphabet, however it is written:
//     "+", "\u002B" and "%2B" are one digit each.
//   - A gap is what may stand between two digits of one body: blanks, line
//     breaks, the closing and opening quotes of concatenated string literals,
//     and the prefix that every line of a comment or a quoted mail carries.
//   - A line is a run of digits without a gap. Its text may be longer than its
//     digits, because escapes count as many characters.
//
// [Forward] reads from where a body begins, [Backward] from where it ends: the
// head of a body in a freed heap chunk is often overwritten while its tail and
// what follows are whole. Neither looks at a character twice more than a fixed
// number of times, and both stop at the first that cannot belong, so that a file
// of decoys costs linear time.
//
// What is returned is secret and holds copies: call [Body.Wipe] when done.
package base64text
