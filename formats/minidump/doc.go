// Package minidump lays out minidumps: the MDMP files that Windows, Breakpad,
// Crashpad, lldb and Wine write.
//
// A minidump is a header, a directory of typed streams, and whatever the
// streams point at. Pointers are RVAs, which here mean file offsets of 32 bits
// (64 in Memory64List and ThreadNames). Nothing orders the parts: lists may
// precede or follow the memory that they name, one stack is normally named by
// the thread list and by the memory list, and a stream type may occur twice.
//
// The reader promises:
//
//   - [Open] returns a layout that tiles the file, or an error. Only the header,
//     the directory, and the counts, lengths and RVAs that were walked become
//     structure; a list of memory ranges consists of nothing else and is
//     structure as a whole. What a stream holds besides (numbers, records,
//     unknown streams, the padding between them) stays unclaimed and is scanned.
//   - Streams that end past the end of the file make a truncated layout. A
//     header that cannot be used, and lists of memory or threads that contradict
//     their own stream, make a [*layout.Error].
//   - Work and memory are bounded by the size of the file, whatever the counts
//     in it claim.
//
// Sources: Microsoft, minidumpapiset.h reference; google/breakpad,
// src/google_breakpad/common/minidump_format.h; chromium/crashpad,
// minidump/minidump_extensions.h; rust-minidump, minidump-common/src/format.rs.
//
// For example:
//
//	l, err := minidump.Open(file, size)
//	if err != nil {
//		return err
//	}
//	memory := l.Bytes(layout.Memory)
package minidump
