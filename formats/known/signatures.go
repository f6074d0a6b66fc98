package known

// kernelDumps are the dumps of operating-system kernels.
func kernelDumps() []signature {
	const hintFlat = "restore it first with makedumpfile -R"
	const hintPages = "its pages are compressed one by one, which --format raw does not look through"
	return []signature{
		// makedumpfile, diskdump_mod.h and makedumpfile.h; crash, sadump.h.
		{0, "KDUMP   ", sealed("kdump", hintPages)},
		{0, "DISKDUMP", sealed("diskdump", hintPages)},
		{0, "makedumpfile\x00", sealed("flattened-kdump", hintFlat)},
		{0, "sadump\x00\x00", unread("sadump", "")},
		// Windows DUMP_HEADER: Signature and ValidDump (mindumpdef.h).
		{0, "PAGEDUMP", unread("windows-kernel-dump", hintRaw)},
		{0, "PAGEDU64", unread("windows-kernel-dump", hintRaw)},
		// FreeBSD, machine/minidump.h. The raw dump device is a shape.
		{0, "minidump FreeBSD/", unread("freebsd-kernel-dump", hintRaw)},
	}
}

// heapDumps are the dumps that language runtimes write.
func heapDumps() []signature {
	return []signature{
		// OpenJDK, heapDumper.cpp.
		{0, "JAVA PROFILE 1.0", unread("hprof", hintRaw)},
		// Eclipse OpenJ9: a string of 18 bytes with its big-endian u16 length.
		{0, "\x00\x12portable heap dump", unread("ibm-phd", hintRaw)},
		// OpenJDK, vmError.cpp.
		{0, "#\n# A fatal error has been detected by the Java Runtime Environment", unread("hotspot-error-log", hintText)},
		// V8, heap-snapshot-generator.cc: the serializer writes no blanks.
		{0, `{"snapshot":{"meta":`, unread("v8-heap-snapshot", hintText)},
	}
}

// guestMemory are the images of virtual and physical machines.
func guestMemory() []signature {
	const hintState = "have the virtual machine dumped as an ELF core instead"
	return []signature{
		// LiME, lime.h: u32 magic 0x4c694d45 little-endian, u32 version 1.
		{0, "EMiL\x01\x00\x00\x00", unread("lime", hintRaw)},
		// microsoft/avml, src/image.rs: version 2 holds snappy frames.
		{0, "AVML\x02\x00\x00\x00", sealed("avml", "convert it first with avml-convert")},
		// QEMU, migration/savevm.h: version 3, and 2 for compatibility.
		{0, "QEVM\x00\x00\x00\x03", unread("qemu-migration", hintState)},
		{0, "QEVM\x00\x00\x00\x02", unread("qemu-migration", hintState)},
		// Firecracker, snapshot/mod.rs: u64 0x0710_1984_MMMM_vvvv
		// little-endian, MMMM the machine and vvvv once a version.
		{2, "\x64\x86\x84\x19\x10\x07", unread("firecracker-state", "its memory file is raw: try --format raw on that")},
		{2, "\xaa\xaa\x84\x19\x10\x07", unread("firecracker-state", "its memory file is raw: try --format raw on that")},
	}
}

// encryptedFiles are files that no scan can see into.
func encryptedFiles() []signature {
	return []signature{
		// C2SP, age.md: the version line and the armor.
		{0, "age-encryption.org/v1\n", encrypted("age")},
		{0, "-----BEGIN AGE ENCRYPTED FILE-----", encrypted("age")},
		// RFC 9580, section 6.2. The binary form is a shape.
		{0, "-----BEGIN PGP MESSAGE-----", encrypted("pgp-message")},
		// LUKS on-disk formats 1 and 2, section "header".
		{0, "LUKS\xba\xbe\x00\x01", encrypted("luks")},
		{0, "LUKS\xba\xbe\x00\x02", encrypted("luks")},
		// BitLocker: the OEM name of the boot sector.
		{3, "-FVE-FS-", encrypted("bitlocker")},
		// openssl-enc(1), salted format.
		{0, "Salted__", encrypted("openssl-enc")},
	}
}

// containers are the archives and compressed streams that may hold a dump.
// gzip, zstd, bzip2 and lz4 are opened elsewhere; they end up here when a reader
// is handed the compressed bytes themselves.
func containers() []signature {
	return []signature{
		{0, "PK\x03\x04", archive("zip")},                // APPNOTE.TXT, section 4.3.7
		{0, "PK\x05\x06", archive("zip")},                // an empty one, section 4.3.16
		{0, "PK\x07\x08", archive("zip")},                // a spanned one, section 8.5.4
		{257, "ustar\x00", bundle("tar")},                // POSIX pax, ustar interchange format
		{257, "ustar  \x00", bundle("tar")},              // GNU tar manual, "Basic Tar Format"
		{0, "7z\xbc\xaf\x27\x1c", archive("7z")},         // 7zFormat.txt
		{0, "Rar!\x1a\x07", archive("rar")},              // RAR 5.0 archive format
		{0, "MSCF\x00\x00\x00\x00", archive("cab")},      // MS-CAB, section 2.1
		{0, "070701", bundle("cpio")},                    // cpio(5), new ASCII format
		{0, "070702", bundle("cpio")},                    // the same with checksums
		{0, "\xfd7zXZ\x00", archive("xz")},               // xz-file-format.txt, section 2.1.1.1
		{0, "LZIP\x01", archive("lzip")},                 // lzip manual, "File format"
		{0, "\x89LZO\x00\r\n\x1a\n", archive("lzop")},    // lzop, lzop.c
		{0, "\xff\x06\x00\x00sNaPpY", archive("snappy")}, // framing_format.txt, section 4.1
		{0, "\x1f\x9d", archive("compress")},             // compress(1)
		{0, "\x1f\x8b\x08", packed("gzip")},              // RFC 1952, section 2.3.1
		{0, "\x28\xb5\x2f\xfd", packed("zstd")},          // RFC 8878, section 3.1.1
		{0, "\x04\x22\x4d\x18", packed("lz4")},           // lz4_Frame_format.md
		{0, "\x02\x21\x4c\x18", packed("lz4")},           // the same, legacy frame
	}
}
