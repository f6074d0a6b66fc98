package minidump

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// MINIDUMP_SYSTEM_INFO: u16 ProcessorArchitecture first, u32 CSDVersionRva at 24.
const (
	systemInfoSize = 56
	systemCSD      = 24
)

// MINIDUMP_MISC_INFO_N: u32 SizeOfInfo first; the strings are UTF-16 arrays at
// fixed places: the two names of TIME_ZONE_INFORMATION (from version 3 on),
// BuildString and DbgBldStr (from version 4 on).
const (
	miscStandardName = 64
	miscDaylightName = 148
	miscZoneName     = 32 * 2
	miscBuildString  = 232
	miscBuildStrings = (260 + 40) * 2
)

// systemInfo learns the machine and walks the name of the service pack, which
// on Linux is the whole line of uname.
func (w *walker) systemInfo(s stream) {
	var e [systemInfoSize]byte
	n := min(s.size, systemInfoSize)
	if n < systemCSD+4 || !w.fill(s.off, e[:n]) {
		return
	}
	if w.machineID < 0 {
		w.machineID = int(w.order.Uint16(e[:]))
	}
	if w.arch == "" {
		w.arch, w.wide = w.machine(w.order.Uint16(e[:]))
	}
	w.structure(s.off, 2, "processor architecture")
	w.structure(s.off+systemCSD, 4, "service pack location")
	w.counted(uint64(w.order.Uint32(e[systemCSD:])), "service pack")
}

// machine names a ProcessorArchitecture as the ELF reader names its machines,
// and says whether its pointers have 64 bits. Values from 0x8001 on are
// Breakpad's (minidump_format.h, MDCPUArchitecture); where a machine runs in
// either byte order, the order of the file is that of the machine.
func (w *walker) machine(v uint16) (name string, wide bool) {
	pick := func(big, little string) string {
		if w.order == binary.LittleEndian {
			return little
		}
		return big
	}
	switch v {
	case 0, 10: // PROCESSOR_ARCHITECTURE_INTEL, _IA32_ON_WIN64
		return "i386", false
	case 1:
		return pick("mips", "mipsel"), false
	case 3:
		return pick("ppc", "ppcle"), false
	case 5:
		return "arm", false
	case 6:
		return "ia64", true
	case 9:
		return "x86-64", true
	case 12, 0x8003: // PROCESSOR_ARCHITECTURE_ARM64 and Breakpad's older value
		return "arm64", true
	case 0x8001:
		return "sparc", false
	case 0x8002:
		return pick("ppc64", "ppc64le"), true
	case 0x8004:
		return pick("mips64", "mips64el"), true
	case 0x8005:
		return "loongarch64", true
	}
	return "", true
}

// miscInfo claims the strings of MINIDUMP_MISC_INFO_N, as far as the stream
// reaches.
func (w *walker) miscInfo(s stream) {
	text := func(off, n uint64, name string) {
		if off < s.size {
			w.claim(layout.Text, s.off+off, min(n, s.size-off), 0, name)
		}
	}
	text(miscStandardName, miscZoneName, "time zone name")
	text(miscDaylightName, miscZoneName, "time zone name")
	text(miscBuildString, miscBuildStrings, "build string")
}
