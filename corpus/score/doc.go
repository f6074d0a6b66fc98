// Package score runs the program under test on labelled dumps and counts.
//
// The program is a black box: it is started as `dumpscrub scrub` and `dumpscrub
// scan`, and what counts is the file it wrote, byte by byte, and its report.
//
// Vocabulary:
//
//   - A secret is redacted when the report's redacted spans cover all its
//     private bytes, partly redacted when they cover some, else missed.
//     Recall is the share of secrets redacted.
//   - A finding is true when it touches a planted structure, else false.
//     Precision is the share of findings that are true.
//   - A private byte survives when sixteen bytes in a row, of a planted private
//     span or of a private value in either byte order or in hexadecimal, stand
//     anywhere in the output, the report, the receipt or what was printed.
//   - A byte is falsely redacted when it changed and lies in no planted
//     structure.
//   - A run fails when the program exits with an error, hangs, or writes a file
//     of another length. Everything in its dump then counts as missed.
//
// [Board.Verdict] says whether all this is good enough.
package score
