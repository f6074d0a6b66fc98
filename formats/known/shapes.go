package known

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// shapes returns the tests for formats that a signature alone does not decide,
// strictest first.
func shapes() []func([]byte) *layout.Unsupported {
	return []func([]byte) *layout.Unsupported{
		machO, goHeapDump, bzip2, vmwareState, freeBSDDevice,
		microdump, apport, tombstoneText, nodeReport, openPGP, tombstone,
	}
}

// machO tests for mach_header (mach-o/loader.h): u32 magic in either order,
// cputype, cpusubtype, filetype.
func machO(head []byte) *layout.Unsupported {
	const coreFile = 4 // MH_CORE
	const maxType = 12 // MH_FILESET, the highest known
	if len(head) < 16 {
		return nil
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if m := order.Uint32(head); m != 0xfeedface && m != 0xfeedfacf {
			continue
		}
		switch kind := order.Uint32(head[12:]); {
		case kind == coreFile:
			return &layout.Unsupported{Format: "mach-o-core", Why: whyUnread, Hint: hintRaw}
		case kind >= 1 && kind <= maxType:
			return &layout.Unsupported{Format: "mach-o", Why: whyNoDump}
		}
	}
	return nil
}

// goHeapDump tests for the line that opens debug.WriteHeapDump's output
// (runtime/heapdump.go); the version in it is that of the format.
func goHeapDump(head []byte) *layout.Unsupported {
	line, _, ok := bytes.Cut(head[:min(len(head), 32)], []byte("\n"))
	if ok && bytes.HasPrefix(line, []byte("go1.")) && bytes.HasSuffix(line, []byte(" heap dump")) {
		return &layout.Unsupported{Format: "go-heapdump", Why: whyUnread, Hint: hintRaw}
	}
	return nil
}

// bzip2 tests for "BZh", a block size and the magic of a block or of the end.
func bzip2(head []byte) *layout.Unsupported {
	const block, end = "1AY&SY", "\x17rE8P\x90" // digits of pi and of its square root
	if len(head) < 10 || string(head[:3]) != "BZh" || head[3] < '1' || head[3] > '9' {
		return nil
	}
	if m := string(head[4:10]); m != block && m != end {
		return nil
	}
	u := packed("bzip2")
	return &u
}

// vmwareState tests for the header of .vmss and .vmsn files (crash,
// vmware_vmss.h): u32 magic, u32, u32 number of groups of 80 bytes, each of
// which begins with a name in ASCII.
func vmwareState(head []byte) *layout.Unsupported {
	const maxGroups = 4096 // files seen have below 200
	if len(head) < 14 {
		return nil
	}
	switch binary.LittleEndian.Uint32(head) {
	case 0xbed0bed0, 0xbed1bed1, 0xbed2bed2, 0xbed3bed3, 0xbed2bed0, 0xbed2bed3, 0xbad1bad1, 0xbad2bad2:
	default:
		return nil
	}
	n := binary.LittleEndian.Uint32(head[8:])
	if n == 0 || n > maxGroups || !printable(head[12:14]) {
		return nil
	}
	return &layout.Unsupported{Format: "vmware-state", Why: whyUnread, Hint: "its .vmem file is raw: try --format raw on that"}
}

// freeBSDDevice tests for struct kerneldumpheader (FreeBSD, sys/kerneldump.h),
// which opens a dump on its device: 20 bytes of magic, and at 56 a big-endian
// u32 dumpkeysize that is not zero when the dump is encrypted. What savecore
// makes of an encrypted dump has no header at all.
func freeBSDDevice(head []byte) *layout.Unsupported {
	const keySize = 56
	if len(head) < keySize+4 || !bytes.HasPrefix(head, []byte("FreeBSD Kernel Dump\x00")) {
		return nil
	}
	if binary.BigEndian.Uint32(head[keySize:]) != 0 {
		u := encrypted("freebsd-kernel-dump")
		return &u
	}
	return &layout.Unsupported{Format: "freebsd-kernel-dump", Why: whyUnread, Hint: hintRaw}
}

// openPGP tests for a binary OpenPGP message (RFC 9580, section 5): a packet
// that carries an encrypted session key. Public-key packets (tag 1) are version
// 3 or 6, passphrase packets (tag 3) version 4, 5 or 6.
func openPGP(head []byte) *layout.Unsupported {
	tag, body, rest, ok := pgpPacket(head)
	if !ok || len(body) < 3 {
		return nil
	}
	switch {
	case tag == 1 && body[0] == 3 && len(body) > 10:
		switch body[9] { // algorithm, behind an 8-byte key id (section 9.1)
		case 1, 2, 16, 18, 25, 26:
		default:
			return nil
		}
	case tag == 3 && body[0] == 4 && body[1] >= 1 && body[1] <= 13 && (body[2] == 0 || body[2] == 1 || body[2] == 3):
	default:
		return nil
	}
	// One more session key or the encrypted data: tags 1, 3, 9, 18, 20.
	switch next, _, _, ok := pgpPacket(rest); {
	case !ok:
		return nil
	case next == 1, next == 3, next == 9, next == 18, next == 20:
		u := encrypted("pgp-message")
		return &u
	}
	return nil
}

// pgpPacket splits the packet that opens p (RFC 9580, section 4.2). The body is
// cut where p ends; rest is empty then.
func pgpPacket(p []byte) (tag byte, body, rest []byte, ok bool) {
	if len(p) < 6 || p[0]&0x80 == 0 {
		return 0, nil, nil, false
	}
	n, at := 0, 0
	if p[0]&0x40 != 0 { // current format
		tag = p[0] & 0x3f
		switch l := p[1]; {
		case l < 192:
			n, at = int(l), 2
		case l < 224:
			n, at = int(l-192)<<8+int(p[2])+192, 3
		default: // four bytes or a partial length: data, never a session key
			n, at = len(p), 2
		}
	} else {
		tag = p[0] >> 2 & 0xf
		switch p[0] & 3 {
		case 0:
			n, at = int(p[1]), 2
		case 1:
			n, at = int(p[1])<<8|int(p[2]), 3
		default:
			n, at = len(p), 1
		}
	}
	body = p[at:]
	if n < len(body) {
		return tag, body[:n], body[n:], true
	}
	return tag, body, nil, true
}

// printable reports whether p is ASCII text without control characters.
func printable(p []byte) bool {
	for _, c := range p {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
