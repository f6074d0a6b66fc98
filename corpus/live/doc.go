// Package live tries dumpscrub on real programs: it starts one with fresh keys,
// makes it use them, dumps its memory, scrubs the dump, and counts what is left
// of the keys.
//
// Vocabulary:
//
//   - A [Scenario] is a program and what is done to it. It may yield several
//     dumps, of its processes and in each [Mode].
//   - The debugger check compares what gdb and readelf say of a dump before and
//     after, and what a walker of glibc's heaps reads: sizes of chunks, pointers of
//     free ones, caches of threads. Nothing is normalised but lines that name threads as they are read.
//   - A key is revealed when a structure of it (PEM, DER, JWK, ...) lies in the
//     dump before. [Row.Verdict] tells what follows.
//
// A scenario fails when a structure survives, when a bare value survives of a
// key that was revealed, when a value of a key stands in the report, the receipt
// or the messages, or when the debugger sees something else than before. What
// else survives is listed as such: a tool that is not told the keys cannot yet
// know those numbers for what they are. It is a list of work, not an excuse.
//
// The searcher is package needle, which knows the keys and nothing of detectors.
// Nothing here imports any other part of the module.
//
// The dumps hold throw-away keys. One is kept on disk at a time, in a temporary
// folder that goes with its scenario, as do the processes.
package live
