// Package dump writes crash dumps of processes that never ran: ELF cores and
// minidumps full of plausible memory, with secrets at known places.
//
// Vocabulary:
//
//   - A [Variant] is a kind of dump: a format, an architecture, and one thing
//     that is odd about it. [Variants] lists them.
//   - A block is bytes with consecutive addresses, or of no address at all.
//     Blocks are cut into segments, which lie in the file in any order: a secret
//     may begin at one end of the file and go on at the other.
//   - A plant is a secret at a place; a decoy is planted too, but is no secret.
//   - The noise around them is what heaps, stacks and code look like: chunk
//     headers, pointers, strings in two encodings, tables, compressed data, and
//     the machine code of the running program.
//
// The writers follow the specifications and share nothing with the parsers:
// System V ABI (ELF), Linux include/uapi/linux/elfcore.h and the kernel's
// elf_core_dump, Microsoft's minidumpapiset.h, Breakpad's minidump_format.h.
package dump
