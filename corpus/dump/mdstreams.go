package dump

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// systemInfo is MINIDUMP_SYSTEM_INFO of an x64 machine.
func (w *minidump) systemInfo(linux bool) []byte {
	le := binary.LittleEndian
	name := w.d.raw(mdString("Service Pack 0"), 4)
	platform := uint32(2) // VER_PLATFORM_WIN32_NT
	if linux {
		platform = 0x8201 // MD_OS_LINUX
	}
	p := le.AppendUint16(nil, 9) // PROCESSOR_ARCHITECTURE_AMD64
	p = le.AppendUint16(p, 6)
	p = le.AppendUint16(p, 0x9e0a)
	p = append(p, 8, 1) // processors, VER_NT_WORKSTATION
	p = append(p, le32(10, 0, 19045, platform, uint32(name), 0)...)
	return append(p, make([]byte, 24)...)
}

// modules writes MINIDUMP_MODULE_LIST with names and CodeView records behind it.
func (w *minidump) modules(linux bool) {
	names := []string{`C:\Program Files\Server\server.exe`, `C:\Windows\System32\ntdll.dll`}
	record := append([]byte("RSDS0123456789abcdef\x01\x00\x00\x00"), "server.pdb\x00"...) // CV_INFO_PDB70
	if linux {
		names = []string{"/usr/bin/server", "/usr/lib/x86_64-linux-gnu/libc.so.6"}
		record = []byte("LEpB0123456789abcdefghij") // MDCVInfoELF: signature, build ID
	}
	le := binary.LittleEndian
	list := le32(uint32(len(names)))
	for i, name := range names {
		at := w.d.raw(mdString(name), 4)
		cv := w.d.raw(record, 4)
		b := []*block{w.img.code, w.img.rodata}[i]
		list = le.AppendUint64(list, b.addr)
		list = append(list, le32(uint32(len(b.data)), 0, 0x6647_2b00, uint32(at))...)
		list = append(list, make([]byte, 52)...) // VS_FIXEDFILEINFO
		list = append(list, le32(uint32(len(record)), uint32(cv), 0, 0)...)
		list = append(list, make([]byte, 16)...)
	}
	if len(list) != 4+mdModule*len(names) {
		panic("internal error: a module has another size")
	}
	w.stream(moduleList, &block{data: list})
}

// texts writes the streams of free text, with secrets in them.
func (w *minidump) texts(breakpad bool) {
	img := w.img
	text := func(kind uint32, prefix, suffix string, p Plant) {
		b := &block{data: []byte(prefix)}
		if kind == commentW {
			b.data = wideOf(prefix)
			suffix = string(wideOf(suffix))
		}
		at := len(b.data)
		b.data = append(append(b.data, p.Data...), suffix...)
		if p.Data != nil {
			b.put(p.Secret, at, p.Place)
		}
		w.stream(kind, b)
	}
	text(commentA, "unhandled exception while loading ", "\x00", Plant{Secret: img.comment, Place: "comment"})
	text(commentW, "request body: ", "\x00", Plant{Secret: img.commentW, Place: "comment"})
	if breakpad {
		text(linuxStatus, "Name:\tserver\nState:\tR (running)\nTgid:\t4242\nPid:\t4242\n", "", Plant{})
		text(linuxMaps, w.maps(), "", Plant{})
		text(linuxCmdLine, "/usr/bin/server\x00--token\x00", "\x00--verbose\x00", Plant{Secret: img.argument, Place: "arguments"})
		text(linuxEnviron, "PATH=/usr/bin:/bin\x00SERVICE_KEY=", "\x00HOME=/root\x00", Plant{Secret: img.environ, Place: "environment"})
	}
}

// maps is /proc/PID/maps: proc(5).
func (w *minidump) maps() string {
	var s strings.Builder
	for _, b := range w.img.blocks {
		perm := []byte("---p")
		for i, bit := range []uint32{4, 2, 1} {
			if b.perm&bit != 0 {
				perm[i] = "rwx"[i]
			}
		}
		name := map[string]string{"heap": "[heap]", "code": "/usr/bin/server", "rodata": "/usr/lib/x86_64-linux-gnu/libc.so.6"}[b.name]
		fmt.Fprintf(&s, "%x-%x %s 00000000 08:01 1234 %s\n", b.addr, b.addr+uint64(len(b.data)), perm, name)
	}
	return s.String()
}

func wideOf(s string) []byte {
	p := make([]byte, 0, 2*len(s))
	for _, b := range []byte(s) {
		p = append(p, b, 0)
	}
	return p
}
