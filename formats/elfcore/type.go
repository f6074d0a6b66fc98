package elfcore

import "github.com/dumpscrub/dumpscrub/formats/layout"

// Note types of Linux and, from the same numbers, of System V
// (include/uapi/linux/elf.h; Solaris core(5)).
const (
	ntPRStatus   = 1 // also of FreeBSD, as are the next two
	ntFPRegSet   = 2 // NT_PRFPREG
	ntPRPSInfo   = 3
	ntTaskStruct = 4 // NT_PRXREG on Solaris
	ntPlatform   = 5
	ntAUXV       = 6
	ntGWindows   = 7
	ntASRs       = 8
	ntPStatus    = 10
	ntPSInfo     = 13
	ntPRCred     = 14
	ntUTSName    = 15
	ntLWPStatus  = 16
	ntLWPSInfo   = 17
	ntPRFPXReg   = 20
	ntSigInfo    = 0x53494749
	ntFile       = 0x46494c45
	ntPRXFPReg   = 0x46e62b7f

	// ntGDBTargetDescription is under gdb's own owner (NT_GDB_TDESC).
	ntGDBTargetDescription = 0xff000000
)

func classifyLinux(typ uint32) (string, layout.Kind) {
	switch typ {
	case ntPRStatus:
		return "NT_PRSTATUS", layout.Registers
	case ntFPRegSet:
		return "NT_FPREGSET", layout.Registers
	case ntPRPSInfo:
		return "NT_PRPSINFO", layout.Text // command and the start of its arguments
	case ntTaskStruct:
		return "NT_TASKSTRUCT", layout.Registers
	case ntAUXV:
		return "NT_AUXV", layout.Registers
	case ntSigInfo:
		return "NT_SIGINFO", layout.Registers
	case ntFile:
		return "NT_FILE", layout.Text // paths of the mapped files
	case ntPRXFPReg:
		return "NT_PRXFPREG", layout.Registers
	}
	if name, ok := registerSet(typ); ok {
		return name, layout.Registers
	}
	return classifySolaris(typ)
}

// classifySolaris knows the types that only Solaris and its heirs write.
func classifySolaris(typ uint32) (string, layout.Kind) {
	switch typ {
	case ntPlatform:
		return "NT_PLATFORM", layout.Text
	case ntGWindows:
		return "NT_GWINDOWS", layout.Registers
	case ntASRs:
		return "NT_ASRS", layout.Registers
	case ntPStatus:
		return "NT_PSTATUS", layout.Registers
	case ntPSInfo:
		return "NT_PSINFO", layout.Text
	case ntPRCred:
		return "NT_PRCRED", layout.Registers
	case ntUTSName:
		return "NT_UTSNAME", layout.Text
	case ntLWPStatus:
		return "NT_LWPSTATUS", layout.Registers
	case ntLWPSInfo:
		return "NT_LWPSINFO", layout.Text
	case ntPRFPXReg:
		return "NT_PRFPXREG", layout.Registers
	}
	return "", layout.Unclaimed
}

// registerSet names a type by the machine it belongs to: each has 256 numbers.
// Kernels add new ones, which are registers too, whatever their name; only 0x700,
// a device's own dump (NT_VMCOREDD), is something else.
func registerSet(typ uint32) (string, bool) {
	var names []string
	var rest string
	switch typ &^ 0xff {
	case 0x100:
		names, rest = powerSets(), "PowerPC registers"
	case 0x200:
		names, rest = x86Sets(), "x86 registers"
	case 0x300:
		names, rest = s390Sets(), "s390 registers"
	case 0x400:
		names, rest = armSets(), "Arm registers"
	case 0x600:
		names, rest = []string{"NT_ARC_V2"}, "ARC registers"
	case 0x800:
		names, rest = []string{"NT_MIPS_DSP", "NT_MIPS_FP_MODE", "NT_MIPS_MSA"}, "MIPS registers"
	case 0x900:
		names, rest = riscvSets(), "RISC-V registers"
	case 0xa00:
		names, rest = loongArchSets(), "LoongArch registers"
	default:
		return "", false
	}
	if i := int(typ & 0xff); i < len(names) && names[i] != "" {
		return names[i], true
	}
	return rest, true
}

// powerSets has the types from 0x100 on.
func powerSets() []string {
	return []string{
		"NT_PPC_VMX", "NT_PPC_SPE", "NT_PPC_VSX", "NT_PPC_TAR", "NT_PPC_PPR", "NT_PPC_DSCR",
		"NT_PPC_EBB", "NT_PPC_PMU", "NT_PPC_TM_CGPR", "NT_PPC_TM_CFPR", "NT_PPC_TM_CVMX",
		"NT_PPC_TM_CVSX", "NT_PPC_TM_SPR", "NT_PPC_TM_CTAR", "NT_PPC_TM_CPPR",
		"NT_PPC_TM_CDSCR", "NT_PPC_PKEY", "NT_PPC_DEXCR", "NT_PPC_HASHKEYR",
	}
}

// x86Sets has the types from 0x200 on. 0x203 was taken back before it was in use.
func x86Sets() []string {
	return []string{
		"NT_386_TLS", "NT_386_IOPERM", "NT_X86_XSTATE", "", "NT_X86_SHSTK",
		"NT_X86_XSAVE_LAYOUT",
	}
}

// s390Sets has the types from 0x300 on.
func s390Sets() []string {
	return []string{
		"NT_S390_HIGH_GPRS", "NT_S390_TIMER", "NT_S390_TODCMP", "NT_S390_TODPREG",
		"NT_S390_CTRS", "NT_S390_PREFIX", "NT_S390_LAST_BREAK", "NT_S390_SYSTEM_CALL",
		"NT_S390_TDB", "NT_S390_VXRS_LOW", "NT_S390_VXRS_HIGH", "NT_S390_GS_CB",
		"NT_S390_GS_BC", "NT_S390_RI_CB", "NT_S390_PV_CPU_DATA",
	}
}

// armSets has the types from 0x400 on. PACA_KEYS and PACG_KEYS are keys.
func armSets() []string {
	return []string{
		"NT_ARM_VFP", "NT_ARM_TLS", "NT_ARM_HW_BREAK", "NT_ARM_HW_WATCH",
		"NT_ARM_SYSTEM_CALL", "NT_ARM_SVE", "NT_ARM_PAC_MASK", "NT_ARM_PACA_KEYS",
		"NT_ARM_PACG_KEYS", "NT_ARM_TAGGED_ADDR_CTRL", "NT_ARM_PAC_ENABLED_KEYS",
		"NT_ARM_SSVE", "NT_ARM_ZA", "NT_ARM_ZT", "NT_ARM_FPMR", "NT_ARM_POE", "NT_ARM_GCS",
	}
}

// riscvSets has the types from 0x900 on.
func riscvSets() []string {
	return []string{
		"NT_RISCV_CSR", "NT_RISCV_VECTOR", "NT_RISCV_TAGGED_ADDR_CTRL", "NT_RISCV_USER_CFI",
	}
}

// loongArchSets has the types from 0xa00 on.
func loongArchSets() []string {
	return []string{
		"NT_LOONGARCH_CPUCFG", "NT_LOONGARCH_CSR", "NT_LOONGARCH_LSX", "NT_LOONGARCH_LASX",
		"NT_LOONGARCH_LBT", "NT_LOONGARCH_HW_BREAK", "NT_LOONGARCH_HW_WATCH",
	}
}
