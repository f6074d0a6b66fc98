// Package elfcore reads ELF core dumps: what Linux and the BSDs write when a
// process crashes, what gcore, qemu-user and createdump write of a live one, and
// what /proc/vmcore, makedumpfile -E and QEMU's dump-guest-memory write of a
// whole machine.
//
// [Open] walks the ELF header, the program headers and the notes, and names
// every byte after what they say:
//
//   - Structure: the ELF header, the program headers, the section headers, and of
//     each note the three length words and the padded owner name.
//   - Memory: the file bytes of each PT_LOAD segment, at p_vaddr. In a vmcore one
//     physical page may lie under two segments, at two offsets.
//   - Registers: note descriptors with the state of a thread or of the machine.
//     Vector registers carry strings and keys, so they are never Structure.
//     Of those of Linux, Open also says which bytes hold the values of vector
//     registers, and where the stacks of the threads are.
//   - Text: note descriptors with names, paths, arguments and kernel strings.
//   - Unclaimed: all else. Notes of unknown owners, section contents and string
//     tables, padding, memory tags, and what follows the last segment.
//
// # Vocabulary
//
// A segment is what a program header describes, its file size p_filesz the bytes
// present and its memory size p_memsz the bytes it had. A note has an owner (its
// name) and a descriptor (its contents). The types of one owner mean nothing
// under another.
//
// # Promises
//
// A note, segment or section that cannot be made sense of is left unclaimed, and
// what is unclaimed is searched like memory: a reader that gives up early hides
// nothing. Open gives an error only when the program headers themselves cannot
// be found or counted, because the address space would then be incomplete
// without saying so. Headers that point past the end of the file make the layout
// truncated.
//
// Xen's guest cores have no program headers: their memory lies in sections such
// as .xen_pages. They give a layout in which everything but the headers is
// unclaimed. It is searched in file order, which is not address order.
//
// Counts are checked against the bytes present; work and memory are linear in
// the number of headers and notes, and both numbers are bounded.
//
// # Sources
//
// System V ABI, chapters 4 and 5 (gABI, 2013 draft); Linux fs/binfmt_elf.c and
// include/uapi/linux/elf.h; FreeBSD sys/elf_common.h and sys/procfs.h; NetBSD
// core(5) and sys/exec_elf.h; OpenBSD sys/exec_elf.h; QEMU dump/dump.c; Xen
// docs/misc/dump-core-format.txt. Where they differ from the files in use, the
// comment at the place says which files.
package elfcore
