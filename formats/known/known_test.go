package known

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// tar is the header block of a tar archive of one flavour.
func tar(magic string) string {
	return "core.1234" + strings.Repeat("\x00", 248) + magic + strings.Repeat("\x00", 250)
}

// freeBSD is a dump device's header with a key of n bytes.
func freeBSD(n uint32) string {
	h := make([]byte, 512)
	copy(h, "FreeBSD Kernel Dump\x00amd64")
	binary.BigEndian.PutUint32(h[56:], n)
	return string(h)
}

// machHeader is a mach_header_64.
func machHeader(order binary.AppendByteOrder, magic, kind uint32) string {
	var b []byte
	for _, v := range []uint32{magic, 0x01000007, 3, kind, 20, 3000, 0, 0} {
		b = order.AppendUint32(b, v)
	}
	return string(b)
}

// message is a field of a protocol buffer: its number and bytes.
func message(field byte, s string) string {
	return string(binary.AppendUvarint([]byte{field<<3 | 2}, uint64(len(s)))) + s
}

const fingerprint = "google/husky/husky:14/AP1A.240405.002/1146:user/release-keys"

func tombstoneFile(arch string) string {
	return arch + message(2, fingerprint) + message(3, "MP1.0") + message(4, "2024-11-24 16:26:18+0100") +
		"\x28\x83\xab\x01\x30\x83\xab\x01\x38\xbe\x50" + message(8, "u:r:untrusted_app:s0\x00") + message(9, "com.example")
}

// vmware is the header of a state file with n groups.
func vmware(magic, n uint32) string {
	b := binary.LittleEndian.AppendUint32(nil, magic)
	b = binary.LittleEndian.AppendUint32(b, 8)
	b = binary.LittleEndian.AppendUint32(b, n)
	return string(b) + "Checkpoint" + strings.Repeat("\x00", 70)
}

func TestIdentify(t *testing.T) {
	pkesk := "\x85\x00\x0e\x03\x01\x02\x03\x04\x05\x06\x07\x08\x01\x00\x20ab" + "\xd2\x3f\x01rest of the data"
	skesk := "\x8c\x0d\x04\x09\x03\x02\x01\x02\x03\x04\x05\x06\x07\x08\x60" + "\xd2\x3f\x01rest of the data"
	for _, c := range []struct{ name, why, head string }{
		{"kdump", whyUnread, "KDUMP   \x06\x00\x00\x00Linux"},
		{"diskdump", whyUnread, "DISKDUMP\x01\x00\x00\x00"},
		{"flattened-kdump", whyUnread, "makedumpfile\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"},
		{"sadump", whyUnread, "sadump\x00\x00\x01\x00\x00\x00"},
		{"windows-kernel-dump", whyUnread, "PAGEDU64\x0f\x00"},
		{"windows-kernel-dump", whyUnread, "PAGEDUMP\x0f\x00"},
		{"freebsd-kernel-dump", whyUnread, "minidump FreeBSD/amd64\x00\x00"},
		{"freebsd-kernel-dump", whyUnread, freeBSD(0)},
		{"freebsd-kernel-dump", whyEncrypted, freeBSD(600)},
		{"hprof", whyUnread, "JAVA PROFILE 1.0.2\x00\x00\x00\x00\x08"},
		{"ibm-phd", whyUnread, "\x00\x12portable heap dump\x00\x00\x00\x06"},
		{"hotspot-error-log", whyUnread, "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n"},
		{"v8-heap-snapshot", whyUnread, `{"snapshot":{"meta":{"node_fields":["type"`},
		{"node-report", whyUnread, "{\n  \"header\": {\n    \"reportVersion\": 3,\n"},
		{"go-heapdump", whyUnread, "go1.7 heap dump\n\x06\x00\x08"},
		{"lime", whyUnread, "EMiL\x01\x00\x00\x00\x00\x10\x00\x00"},
		{"avml", whyUnread, "AVML\x02\x00\x00\x00\x00\x10\x00\x00"},
		{"qemu-migration", whyUnread, "QEVM\x00\x00\x00\x03\x07"},
		{"firecracker-state", whyUnread, "\x00\x00\x64\x86\x84\x19\x10\x07"},
		{"firecracker-state", whyUnread, "\x01\x00\xaa\xaa\x84\x19\x10\x07"},
		{"vmware-state", whyUnread, vmware(0xbed2bed2, 90)},
		{"vmware-state", whyUnread, vmware(0xbed2bed0, 1)},
		{"mach-o-core", whyUnread, machHeader(binary.LittleEndian, 0xfeedfacf, 4)},
		{"mach-o-core", whyUnread, machHeader(binary.BigEndian, 0xfeedface, 4)},
		{"mach-o", whyNoDump, machHeader(binary.LittleEndian, 0xfeedfacf, 2)},
		{"breakpad-microdump", whyUnread, "some other line\nW/google-breakpad( 3728): -----BEGIN BREAKPAD MICRODUMP-----\n"},
		{"apport", whyUnread, "ProblemType: Crash\nArchitecture: amd64\n"},
		{"apport", whyUnread, "Date: Mon\nCoreDump: base64\n H4sICAAAAAAC/0NvcmVEdW1wAA==\n"},
		{"android-tombstone", whyUnread, tombstoneFile("\x08\x01")},
		{"android-tombstone", whyUnread, tombstoneFile("")}, // 32-bit ARM is the enum's zero
		{"android-tombstone", whyUnread, strings.Repeat("*** ", 15) + "***\nBuild fingerprint: "},
		{"age", whyEncrypted, "age-encryption.org/v1\n-> X25519 "},
		{"age", whyEncrypted, "-----BEGIN AGE ENCRYPTED FILE-----\n"},
		{"pgp-message", whyEncrypted, "-----BEGIN PGP MESSAGE-----\n"},
		{"pgp-message", whyEncrypted, pkesk},
		{"pgp-message", whyEncrypted, skesk},
		{"luks", whyEncrypted, "LUKS\xba\xbe\x00\x02"},
		{"bitlocker", whyEncrypted, "\xeb\x58\x90-FVE-FS-\x00\x02"},
		{"openssl-enc", whyEncrypted, "Salted__12345678"},
		{"zip", whyContainer, "PK\x03\x04\x14\x00"},
		{"tar", whyContainer, tar("ustar\x0000")},
		{"tar", whyContainer, tar("ustar  \x00")},
		{"7z", whyContainer, "7z\xbc\xaf\x27\x1c\x00\x04"},
		{"rar", whyContainer, "Rar!\x1a\x07\x01\x00"},
		{"xz", whyContainer, "\xfd7zXZ\x00\x00\x04"},
		{"cpio", whyContainer, "07070100000000"},
		{"gzip", whyPacked, "\x1f\x8b\x08\x00"},
		{"zstd", whyPacked, "\x28\xb5\x2f\xfd\x84"},
		{"lz4", whyPacked, "\x04\x22\x4d\x18\x64"},
		{"bzip2", whyPacked, "BZh91AY&SY\x01\x02"},
	} {
		u := Identify([]byte(c.head))
		if u == nil {
			t.Errorf("%s: not known", c.name)
			continue
		}
		if u.Format != c.name || u.Why != c.why {
			t.Errorf("%s, %s: got %s, %s", c.name, c.why, u.Format, u.Why)
		}
		if c.why != whyUnread && c.why != whyNoDump && u.Hint == "" {
			t.Errorf("%s: no hint", c.name)
		}
		if strings.Contains(u.Hint, "try --format raw") && c.why != whyUnread {
			t.Errorf("%s: raw mode would find nothing in it", c.name)
		}
	}
}

// TestUnknown: near misses, and memory.
func TestUnknown(t *testing.T) {
	for name, head := range map[string]string{
		"nothing":                            "",
		"one byte":                           "P",
		"zeros":                              strings.Repeat("\x00", 4096),
		"text":                               "just a text file\nwith two lines\n",
		"KDUMP in lower case":                "kdump   \x06",
		"LiME of another version":            "EMiL\x07\x00\x00\x00",
		"QEMU of another version":            "QEVM\x00\x00\x00\x09",
		"a Mach-O of no type":                machHeader(binary.LittleEndian, 0xfeedfacf, 77),
		"a VMware magic over pointers":       "\xd2\xbe\xd2\xbe" + strings.Repeat("\xff", 100),
		"go1.7 without a line":               "go1.7 heap dump " + strings.Repeat("x", 100),
		"BZh without a block":                "BZh9 is how it begins",
		"a microdump line in memory":         "\x00\x01\x02-----BEGIN BREAKPAD MICRODUMP-----",
		"a core key in memory":               "\x00\x7f\nCoreDump: base64\n H4s",
		"ustar elsewhere":                    strings.Repeat("\x00", 100) + "ustar\x00",
		"tombstone, fields out of turn":      message(4, "2024") + message(2, fingerprint) + "\x28\x01\x30\x01" + message(9, "x"),
		"tombstone without ids":              message(2, fingerprint) + message(4, "2024") + message(9, "x"),
		"tombstone, fingerprint of no build": message(2, "hello") + message(4, "2024") + "\x28\x01\x30\x01" + message(9, "x"),
		"a PGP public key":                   "\x99\x01\x0d\x04\x60\x00\x00\x00\x01" + strings.Repeat("\x7f", 300),
		"a PGP session key before nothing":   "\x85\x00\x0e\x03\x01\x02\x03\x04\x05\x06\x07\x08\x01\x00\x20ab\x00\x00\x00\x00\x00\x00\x00",
	} {
		if u := Identify([]byte(head)); u != nil {
			t.Errorf("%s: taken for %s", name, u.Format)
		}
	}
}

// TestNoise: random bytes are not named, but for the two-byte magics.
func TestNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	head := make([]byte, 256)
	n := 0
	for range 200000 {
		for i := 0; i < len(head); i += 8 {
			binary.LittleEndian.PutUint64(head[i:], r.Uint64())
		}
		if Identify(head) != nil {
			n++
		}
	}
	if n > 20 {
		t.Errorf("%d of 200,000 blocks of noise are named", n)
	}
}

// TestAlone: no signature shadows another.
func TestAlone(t *testing.T) {
	for _, s := range signatures() {
		head := append(bytes.Repeat([]byte{0}, s.at), s.magic...)
		u := Identify(head)
		if u == nil || *u != s.is {
			t.Errorf("%s: got %v", s.is.Format, u)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add([]byte(tombstoneFile("\x08\x03")))
	f.Add([]byte(freeBSD(1)))
	f.Add([]byte("\x8c\x0d\x04\x09\x03\x02\x01\x02\x03\x04\x05\x06\x07\x08\x60\xd2\x3f\x01"))
	f.Add([]byte(vmware(0xbed3bed3, 3)))
	f.Fuzz(func(t *testing.T, p []byte) {
		u := Identify(p)
		if u == nil {
			return
		}
		if u.Format == "" || u.Why == "" || bytes.ContainsAny([]byte(u.Error()), "\x00\n") {
			t.Errorf("named %q, %q", u.Format, u.Why)
		}
		// What the answer says is ours to change: it is a copy.
		*u = layout.Unsupported{}
		if again := Identify(p); again == nil || again.Format == "" {
			t.Error("a second look differs")
		}
	})
}
