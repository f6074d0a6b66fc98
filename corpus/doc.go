// Package corpus makes labelled crash dumps: files full of plausible memory,
// with fresh secrets at known places, and beside each file the truth about it.
//
// Vocabulary:
//
//   - A sample is one dump with its truth.
//   - The truth names every secret with its kind, its encoding, the file bytes
//     of the whole structure and those that are private, and the private values.
//     It is key material. It exists because the keys are made up on the spot and
//     guard nothing; never write one for a dump of a real process.
//   - Complete means that nothing is cut off: such a secret must be found.
//   - A clean sample holds decoys (certificates, public keys, texts that mention
//     keys, random data) and no secret: nothing in it may change.
//
// With one seed the samples are the same each time, bytes of machine code aside,
// which are those of the running program. Unless [Options] say otherwise the
// keys are fresh all the same.
//
// The folder secret writes keys, dump writes files around them, and score runs
// the program under test on the samples and counts. None of them imports a
// detector or a reader: writers and parsers share no mistakes.
package corpus
