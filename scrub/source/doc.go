// Package source brings the bytes of a dump into private memory.
//
// A [Source] is a dump that can be read at any offset: a regular file
// through memory-mapped windows, or a stream drained into a [Spool], which is a file
// without a name, encrypted under a key that only this process has. Whatever
// reads from a Source gets a copy in its own buffer, so that nobody can change
// the bytes between their examination and their use.
//
// Containers (gzip, zstd, …) are taken off by [Open]: what a Source yields are
// the bytes of the dump itself.
//
// A file that shrinks while it is read gives [ErrChanged], not a signal.
package source
