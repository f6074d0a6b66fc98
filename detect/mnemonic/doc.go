// Package mnemonic finds the seeds of wallets that are written as words of the
// English list of BIP 39.
//
// Vocabulary:
//
//   - A phrase is 12, 15, 18, 21 or 24 words. The index of each in the list is 11 bits;
//     together they are 128 to 256 bits of entropy and, in the last 4 to 8, the
//     beginning of its SHA-256: the check sum (BIP 39, "Generating the mnemonic").
//   - A chain is a maximal sequence of words of the list with nothing between two of
//     them but separators: white space, one NUL, punctuation, digits that number them.
//   - The separators of a phrase are all alike, but for line ends among blanks and for the
//     numbers that count words. It is bounded when the chain ends, or has another
//     separator, on either side of it.
//
// A bounded phrase with its check sum is confirmed, and one that fails BIP 39's but
// passes Electrum's version check too. A phrase that is not bounded is likely with
// its check sum, for some words of a sentence around it may be in the list; bounded
// without one it is likely, too: words may have been mistyped. Words in the order of
// the list are the list.
//
// The chance of text that consists of words of the list alone to pass is 1 in 16 for
// twelve words (Electrum's version adds 1 in 215) and 1 in 256 for 24. Such text is rare:
// in 308 MB of documentation and sources and 537 MB of libraries nothing is found.
//
// The first and the last word may be glued to other letters. Phrases in which words recur
// as in the vectors of the standard are possible only.
//
// Other languages, words that lie apart in memory as strings of their own, and phrases
// of Monero and SLIP 39, which have other lists, are not found.
package mnemonic
