package minidump

import "github.com/dumpscrub/dumpscrub/formats/layout"

// Stream types: MINIDUMP_STREAM_TYPE (minidumpapiset.h).
const (
	unusedStream          = 0
	threadListStream      = 3
	moduleListStream      = 4
	memoryListStream      = 5
	exceptionStream       = 6
	systemInfoStream      = 7
	threadExListStream    = 8
	memory64ListStream    = 9
	commentStreamA        = 10
	commentStreamW        = 11
	handleDataStream      = 12
	unloadedModulesStream = 14
	miscInfoStream        = 15
	memoryInfoListStream  = 16
	javaScriptDataStream  = 20
	threadNamesStream     = 24

	// elfModulesStream is Wine's list of the host's modules, laid out as a
	// module list (wine, dlls/dbghelp/minidump.c).
	elfModulesStream = 0xfff0

	crashpadInfoStream = 0x43500001 // crashpad, minidump_extensions.h

	// Breakpad's own types and, from 0x4767000b, lldb's additions to them
	// (llvm, BinaryFormat/MinidumpConstants.def).
	assertionInfoStream = 0x47670002
	linuxCPUInfo        = 0x47670003
	linuxProcStatus     = 0x47670004
	linuxLSBRelease     = 0x47670005
	linuxCmdLine        = 0x47670006
	linuxEnviron        = 0x47670007
	linuxAuxv           = 0x47670008
	linuxMaps           = 0x47670009
	linuxDSODebug       = 0x4767000a
	linuxProcStat       = 0x4767000b
	linuxProcUptime     = 0x4767000c
	linuxProcFD         = 0x4767000d

	mozMacCrashInfo = 0x4d7a0001 // rust-minidump, format.rs
	mozMacBootArgs  = 0x4d7a0002

	// Vendors take the upper half of the type for themselves: "Mz" is Mozilla,
	// 0xface is Facebook (llvm, MinidumpConstants.def).
	vendorMozilla  = 0x4d7a
	vendorFacebook = 0xface
)

// assertionText is the length in bytes of the three UTF-16 arrays of 128 units
// that open MDRawAssertionInfo (breakpad, minidump_format.h).
const assertionText = 3 * 128 * 2

// streams walks all streams in file order. SystemInfo goes first, because the
// layout of the link map depends on the machine.
func (w *walker) streams(all []stream) {
	for _, s := range all {
		if s.kind == systemInfoStream {
			w.systemInfo(s)
		}
	}
	for _, s := range all {
		w.stream(s)
	}
}

func (w *walker) stream(s stream) {
	if stateStream(s.kind) {
		w.b.State(s.off, s.size)
	}
	switch s.kind {
	case threadListStream:
		w.threadList(s, threadSize)
	case threadExListStream:
		w.threadList(s, threadExSize)
	case moduleListStream, elfModulesStream:
		w.moduleList(s)
	case memoryListStream:
		w.memoryList(s)
	case memory64ListStream:
		w.memory64List(s)
	case exceptionStream:
		w.exception(s)
	case handleDataStream:
		w.handleData(s)
	case unloadedModulesStream:
		w.unloadedModules(s)
	case miscInfoStream:
		w.miscInfo(s)
	case memoryInfoListStream:
		w.memoryInfoList(s)
	case threadNamesStream:
		w.threadNames(s)
	case linuxDSODebug:
		w.linkMap(s)
	case crashpadInfoStream:
		w.crashpadInfo(s)
	case mozMacCrashInfo:
		w.macCrashInfo(s)
	case assertionInfoStream:
		w.claim(layout.Text, s.off, min(s.size, assertionText), 0, "assertion")
	default:
		if name := textStream(s.kind); name != "" {
			w.claim(layout.Text, s.off, s.size, 0, name)
		}
	}
}

// stateStream reports whether a debugger reads the numbers of a stream to know
// threads, modules and the machine.
func stateStream(kind uint32) bool {
	switch kind {
	case threadListStream, threadExListStream, moduleListStream, elfModulesStream, unloadedModulesStream,
		exceptionStream, systemInfoStream, miscInfoStream, threadNamesStream, linuxDSODebug, linuxAuxv:
		return true
	}
	return false
}

// textStream names the streams that are text throughout, and returns the empty
// string for all others. The auxiliary vector and Breakpad's thread ids are
// numbers and stay unclaimed.
func textStream(kind uint32) string {
	switch kind {
	case commentStreamA, commentStreamW:
		return "comment"
	case javaScriptDataStream:
		return "JavaScript data"
	case linuxCPUInfo:
		return "cpuinfo"
	case linuxProcStatus:
		return "process status"
	case linuxLSBRelease:
		return "lsb-release"
	case linuxCmdLine:
		return "command line"
	case linuxEnviron:
		return "environment"
	case linuxMaps:
		return "memory maps"
	case linuxProcStat:
		return "process stat"
	case linuxProcUptime:
		return "uptime"
	case linuxProcFD:
		return "file descriptors"
	}
	switch vendor := kind >> 16; {
	case vendor == vendorFacebook, vendor == vendorMozilla && kind != mozMacBootArgs:
		return "vendor stream"
	}
	return ""
}
