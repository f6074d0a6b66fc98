// Package livetext plants tokens and passwords in the memory of live programs,
// dumps them, scrubs the dumps, and counts which kinds were found and what is left
// of them.
//
// Vocabulary:
//
//   - A [Kind] is a sort of secret as its issuer describes it. A [Sample] is a fresh
//     one: the secret, and the text that stands around it in real life. What has a
//     shape of its own stands in text that does not say what it is.
//   - A plant is a sample in one encoding. Each plant is a secret of its own that is
//     handed to the program only in that encoding, and under a mask.
//   - A plant is found when a finding of the report lies on a copy of it in its own
//     encoding. A copy is left when [Least] or more characters in a row of the random
//     part of a found secret lie in the scrubbed dump, in any encoding.
//
// The shapes are those of TOKENS.md, section 6, and of the issuers' documents.
// Nothing here imports any other part of the module: the rules that are tried here
// and the shapes that try them share no line.
package livetext
