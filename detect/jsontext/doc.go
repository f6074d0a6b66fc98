// Package jsontext reads JSON (RFC 8259) as it lies in memory: without knowing
// where it begins, cut off at either end, in one- or two-byte characters, and
// often as a string inside other JSON, with its quotes escaped.
//
// There are two readers. [Doc] walks: [MemberAt] reads the member whose name one
// has found, and [Doc.Around] finds the others of its object, backwards to the
// opening brace and forwards to the closing one, or as far as they go.
// [Machine] decides, one character at a time and without storing any, whether
// what it is fed is a JSON object and where that object ends.
//
// Vocabulary:
//
//   - The level of a document is how often it was put into a JSON string: a
//     quote of level n has 2^n-1 backslashes before it. Quotes of a higher level
//     belong to the text of a string; one of a lower level ends the document.
//   - A cut is the place where the text stops being JSON: the end of the view,
//     a control character, a second member of the same name. It is no error.
//   - All positions are indices of characters in a [probe.Text].
//
// The walker is lenient: it wants brackets, quotes, colons and commas in their
// places and does not look into numbers, literals and escapes. It does not
// allocate beyond the members it returns, never leaves the view, and passes over
// a character only a few times, because it stops at the second member of the
// same name (RFC 7517, section 4 wants names to be unique) and because depth,
// white space, names and the number of members are bounded.
package jsontext
