package elfcore

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Owner names of the systems that put a thread's number behind them.
const (
	netbsdOwner  = "NetBSD-CORE"
	openbsdOwner = "OpenBSD"
)

// classify says what the descriptor of a note is: its type's name in the
// owner's headers, and [layout.Unclaimed] when that is not known.
//
// Numbers that the system keeps about a process (signal, auxiliary vector) count
// as registers: they are state a debugger reads, not text, and nothing is lost if
// a byte of them is redacted.
func classify(owner string, typ uint32) (string, layout.Kind) {
	switch owner {
	case "CORE", "LINUX":
		return classifyLinux(typ)
	case "GDB":
		// gdb's own notes, and register sets that no kernel writes (RISC-V CSRs).
		if typ == ntGDBTargetDescription {
			return "NT_GDB_TDESC", layout.Text
		}
		return classifyLinux(typ)
	case "FreeBSD":
		return classifyFreeBSD(typ)
	case "VMCOREINFO", "VMCOREINFO_XEN":
		return "VMCOREINFO", layout.Text // lines of KEY=value from the kernel
	case "QEMU":
		return "QEMU CPU state", layout.Registers // with control registers
	case "Xen":
		return "XEN_ELFNOTE_CRASH", layout.Registers // of /proc/vmcore under Xen
	}
	system, _, thread := strings.Cut(owner, "@")
	switch {
	case system == netbsdOwner:
		return classifyNetBSD(typ, thread)
	case system == openbsdOwner:
		return classifyOpenBSD(typ, thread)
	}
	return "", layout.Unclaimed
}

// Types of FreeBSD (sys/elf_common.h).
func classifyFreeBSD(typ uint32) (string, layout.Kind) {
	switch typ {
	case ntPRStatus:
		return "NT_PRSTATUS", layout.Registers
	case ntFPRegSet:
		return "NT_FPREGSET", layout.Registers
	case ntPRPSInfo:
		return "NT_PRPSINFO", layout.Text
	case 7:
		return "NT_THRMISC", layout.Text // the thread's name
	case 8:
		return "NT_PROCSTAT_PROC", layout.Text // names of command, user and thread
	case 9:
		return "NT_PROCSTAT_FILES", layout.Text // paths and socket addresses
	case 10:
		return "NT_PROCSTAT_VMMAP", layout.Text // paths
	case 11:
		return "NT_PROCSTAT_GROUPS", layout.Registers
	case 12:
		return "NT_PROCSTAT_UMASK", layout.Registers
	case 13:
		return "NT_PROCSTAT_RLIMIT", layout.Registers
	case 14:
		return "NT_PROCSTAT_OSREL", layout.Registers
	case 15:
		return "NT_PROCSTAT_PSSTRINGS", layout.Registers // addresses
	case 16:
		return "NT_PROCSTAT_AUXV", layout.Registers
	case 17:
		return "NT_PTLWPINFO", layout.Text // numbers, and the thread's name
	case 0x200:
		return "NT_X86_SEGBASES", layout.Registers
	case 0x406:
		return "NT_ARM_ADDR_MASK", layout.Registers
	}
	if name, ok := registerSet(typ); ok {
		return name, layout.Registers
	}
	return "", layout.Unclaimed
}

// Types of NetBSD (sys/exec_elf.h). Those of a thread are numbers of ptrace
// requests, other ones on every machine, and all are registers or status.
func classifyNetBSD(typ uint32, thread bool) (string, layout.Kind) {
	switch {
	case thread:
		return "NetBSD registers", layout.Registers
	case typ == 1:
		return "NT_NETBSDCORE_PROCINFO", layout.Text // numbers, and the command's name
	case typ == 2:
		return "NT_NETBSDCORE_AUXV", layout.Registers
	}
	return "", layout.Unclaimed
}

// Types of OpenBSD (sys/exec_elf.h). A process of one thread may have them
// without a thread's number.
func classifyOpenBSD(typ uint32, thread bool) (string, layout.Kind) {
	switch typ {
	case 10:
		return "NT_OPENBSD_PROCINFO", layout.Text // numbers, and the command's name
	case 11:
		return "NT_OPENBSD_AUXV", layout.Registers
	case 20:
		return "NT_OPENBSD_REGS", layout.Registers
	case 21:
		return "NT_OPENBSD_FPREGS", layout.Registers
	case 22:
		return "NT_OPENBSD_XFPREGS", layout.Registers
	case 23:
		return "NT_OPENBSD_WCOOKIE", layout.Registers // stack protection, StackGhost
	case 24:
		return "NT_OPENBSD_PACMASK", layout.Registers
	}
	if thread {
		return "OpenBSD registers", layout.Registers
	}
	return "", layout.Unclaimed
}
