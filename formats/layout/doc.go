// Package layout says where the bytes of a dump lie and what they are.
//
// A [Layout] is the answer a format's reader gives for one dump: [Region]s,
// sorted by file offset, that tile the whole file with no gap and no overlap,
// and [Extent]s, the address space as the dump describes it, which may name one
// file byte many times or not at all.
//
// Vocabulary:
//
//   - off is a file offset in bytes, addr an address in the dumped process;
//     the two never meet in one expression without a named conversion.
//   - Structure is what the reader itself walked to find the rest: headers,
//     directory entries, lengths and offsets. It is small, it is scanned like
//     everything else, and it is never redacted.
//   - Unclaimed is what no header claims. It is scanned and redacted like memory.
//   - Absent is not corrupt: a truncated dump has absent bytes and a layout, a
//     corrupt one has an [Error].
//
// Readers report what they claim to a [Builder], the one place that decides
// overlaps, aliases and ranges past the end of the file, and read through a
// [Cursor], which cannot run past the end.
package layout
